/** Exit pressure: what would be sold (or bought) at a price against what rests there to take it. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

export const exitPressureInfo: MetricInfo = {
  name: 'exitPressureRatio.max',
  group: 'crowding',
  over: 'world',
  doc: 'Largest ratio, over prices, of the quantity that exits to the quantity resting there.',
  formula:
    'max over p of EPR(p) = X(p) / D(p); X(p) = sum of q_i K_h(p - LEP_i),' +
    ' LEP_i = exit point of agent i, D = depth per unit of price',
  unit: '1',
  estimator: 'Epanechnikov kernel integrated over cells of price',
  interval: 'cluster bootstrap by run',
  source: 'liquidation-price density over depth, R(p) = Q(p) / D(p), extended to all rules',
  test: 'uniform exits and depth: their ratio; mass of the kernel is kept',
};

export const exitZonesInfo: MetricInfo = {
  ...exitPressureInfo,
  name: 'exitPressureRatio.zones',
  doc: 'Maximal intervals of price in which exits outweigh depth: the predicted run-ways.',
  formula: 'maximal intervals with EPR(p) >= 1',
  unit: 'intervals of price',
  test: 'two clusters of exits in uniform depth',
};

/** Exits of one direction, and the depth that would take them. */
export interface ExitPressureInput {
  /** Liquidity exit points, any order. */
  exitPrice: ArrayLike<number>;
  /** Quantity that leaves at each, >= 0. */
  exitQuantity: ArrayLike<number>;
  /** Cell k of the ladder spans [lowPrice + k stepPrice, lowPrice + (k + 1) stepPrice). */
  lowPrice: number;
  stepPrice: number;
  /** Quantity resting in each cell on the side that the exits take. */
  depth: ArrayLike<number>;
  /** Half width of the kernel in price; 0 counts each exit in its own cell. */
  halfWidth: number;
  /** Half width for the depth, by default the same: resting orders come in lumps as well. */
  depthHalfWidth?: number;
}

/** A maximal interval in which EPR >= 1. */
export interface ExitZone {
  lowPrice: number;
  highPrice: number;
  exitQuantity: number;
  depthQuantity: number;
  ratioMax: number;
}

/** Exit pressure by cell. */
export interface ExitPressure {
  /** Smoothed quantities of each cell. */
  exits: Float64Array;
  depth: Float64Array;
  /** EPR of each cell; Infinity where exits meet no depth, 0 where nothing exits. */
  ratio: Float64Array;
  max: number;
  /** Centre of the first cell with the largest ratio; NaN when nothing exits within the ladder. */
  maxPrice: number;
  zones: ExitZone[];
}

/** Returns exit pressure over the cells of a ladder. O((exits + cells) x cells under a kernel). */
export function exitPressure(input: ExitPressureInput): ExitPressure {
  const { lowPrice, stepPrice, halfWidth } = input;
  assert(input.exitPrice.length === input.exitQuantity.length, 'one quantity for each exit');
  assert(stepPrice > 0 && halfWidth >= 0, 'steps are positive, kernels not negative');
  const cells = input.depth.length;
  const exits = exitMass(input);
  const depth = smoothDepth(input.depth, (input.depthHalfWidth ?? halfWidth) / stepPrice);
  const ratio = new Float64Array(cells);
  let top = -1;
  for (let k = 0; k < cells; k++) {
    ratio[k] = exits[k] > 0 ? exits[k] / depth[k] : 0;
    if (ratio[k] > 0 && (top < 0 || ratio[k] > ratio[top])) top = k;
  }
  const zones: ExitZone[] = [];
  for (let k = 0; k < cells; k++) {
    if (!(ratio[k] >= 1)) continue;
    const from = k;
    const zone = { exitQuantity: 0, depthQuantity: 0, ratioMax: 0 };
    for (; k < cells && ratio[k] >= 1; k++) {
      zone.exitQuantity += exits[k];
      zone.depthQuantity += depth[k];
      zone.ratioMax = Math.max(zone.ratioMax, ratio[k]);
    }
    const highPrice = lowPrice + k * stepPrice;
    zones.push({ lowPrice: lowPrice + from * stepPrice, highPrice, ...zone });
  }
  return {
    exits,
    depth,
    ratio,
    max: top < 0 ? 0 : ratio[top],
    maxPrice: top < 0 ? NaN : lowPrice + (top + 0.5) * stepPrice,
    zones,
  };
}

/**
 * Returns the quantity of exits in each cell, every exit spread by an Epanechnikov kernel of the
 * half width; what lies beyond the ladder is lost.
 */
export function exitMass(
  input: Pick<
    ExitPressureInput,
    'exitPrice' | 'exitQuantity' | 'lowPrice' | 'stepPrice' | 'halfWidth'
  > & { depth: { length: number } },
): Float64Array {
  const { exitPrice, exitQuantity, lowPrice, stepPrice } = input;
  const cells = input.depth.length;
  const width = input.halfWidth / stepPrice;
  const mass = new Float64Array(cells);
  for (let i = 0; i < exitPrice.length; i++) {
    const at = (exitPrice[i] - lowPrice) / stepPrice;
    if (width === 0) {
      const k = Math.floor(at);
      if (k >= 0 && k < cells) mass[k] += exitQuantity[i];
      continue;
    }
    const from = Math.max(0, Math.floor(at - width));
    const to = Math.min(cells - 1, Math.floor(at + width));
    let below = kernelBelow((from - at) / width);
    for (let k = from; k <= to; k++) {
      const above = kernelBelow((k + 1 - at) / width);
      mass[k] += exitQuantity[i] * (above - below);
      below = above;
    }
  }
  return mass;
}

/** Integral of the kernel 3/4 (1 - u^2) from -1 to u. */
function kernelBelow(u: number): number {
  if (u <= -1) return 0;
  return u >= 1 ? 1 : 0.25 * (2 + u * (3 - u * u));
}

/** Local mean of depth under the kernel, its weights cut off at the ladder's ends. */
function smoothDepth(depth: ArrayLike<number>, width: number): Float64Array {
  const cells = depth.length;
  const smooth = Float64Array.from(depth);
  if (width === 0) return smooth;
  const reach = Math.floor(width + 0.5);
  const weights = new Float64Array(reach + 1);
  for (let d = 0; d <= reach; d++) {
    weights[d] = kernelBelow((d + 0.5) / width) - kernelBelow((d - 0.5) / width);
  }
  for (let k = 0; k < cells; k++) {
    let sum = 0;
    let weight = 0;
    const to = Math.min(cells - 1, k + reach);
    for (let j = Math.max(0, k - reach); j <= to; j++) {
      const w = weights[j < k ? k - j : j - k];
      sum += w * depth[j];
      weight += w;
    }
    smooth[k] = sum / weight;
  }
  return smooth;
}
