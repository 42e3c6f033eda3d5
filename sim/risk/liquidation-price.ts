/** Textbook liquidation and bankruptcy prices: display, tests, and what strategies reckon with. */

/** Returns the bankruptcy price of an isolated linear position entered at leverage L; side +1 long, -1 short. */
export function bankruptcyLinear(entry: number, leverage: number, side: number): number {
  return entry * (1 - side / leverage);
}

/** Returns (openNotional - side x margin) / size: the linear bankruptcy price from the margin left. */
export function bankruptcyFromMargin(
  openNotional: number,
  margin: number,
  size: number,
  side: number,
): number {
  return (openNotional - side * margin) / size;
}

/** Returns the bankruptcy price of an isolated inverse position: entry x L / (L +- 1). */
export function bankruptcyInverse(entry: number, leverage: number, side: number): number {
  return (entry * leverage) / (leverage + side);
}

/** Returns the liquidation price of an isolated linear position with a flat maintenance rate. */
export function liquidationLinear(
  entry: number,
  leverage: number,
  maintenanceRate: number,
  side: number,
): number {
  return bankruptcyLinear(entry, leverage, side) / (1 - side * maintenanceRate);
}

/** Returns the liquidation price of an isolated inverse position with a flat maintenance rate. */
export function liquidationInverse(
  entry: number,
  leverage: number,
  maintenanceRate: number,
  side: number,
): number {
  return (entry * leverage) / (leverage + side * (1 - maintenanceRate * leverage));
}

/** Inputs of Binance's cross-margin liquidation price; `position` is an absolute size, side +1 or -1. */
export interface CrossPosition {
  walletBalance: number;
  maintenanceOther: number;
  unrealisedOther: number;
  deduction: number;
  side: number;
  position: number;
  entry: number;
  maintenanceRate: number;
}

/** Returns Binance's liquidation price within a known bracket. Source: Binance FAQ b3c689c1. */
export function liquidationCross(p: CrossPosition): number {
  const numerator =
    p.walletBalance - p.maintenanceOther + p.unrealisedOther + p.deduction -
    p.side * p.position * p.entry;
  return numerator / (p.position * p.maintenanceRate - p.side * p.position);
}
