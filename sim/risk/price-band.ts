/** Circuit breaker: a band around the index outside which orders are refused. */

/** Width of the band, parts per million of the index. */
export interface PriceBandSpec {
  widthPpm: number;
}

/** Returns the lowest price allowed, in ticks, at least 1. */
export function bandLow(indexTicks: number, widthPpm: number): number {
  const low = Math.ceil((indexTicks * (1_000_000 - widthPpm)) / 1_000_000);
  return low < 1 ? 1 : low;
}

/** Returns the highest price allowed, in ticks, at most ticksMax - 1. */
export function bandHigh(indexTicks: number, widthPpm: number, ticksMax: number): number {
  const high = Math.floor((indexTicks * (1_000_000 + widthPpm)) / 1_000_000);
  return high >= ticksMax ? ticksMax - 1 : high;
}
