/** Depth near the mid price, and how far a shock empties it. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

export const depthInfo: MetricInfo = {
  name: 'depth',
  group: 'liquidity',
  over: 'world',
  doc: 'Quantity resting within x basis points of the mid price, both sides.',
  formula: 'sum of sizes with |price / mid - 1| <= x 10^-4',
  unit: 'quantity',
  estimator: 'exact at one instant',
  interval: 'cluster bootstrap by run',
  source: 'standard',
  test: 'a book of four levels',
};

export const depletionInfo: MetricInfo = {
  ...depthInfo,
  name: 'depth.depletion',
  over: 'trace',
  doc: 'Share of the depth before a shock that is gone at the worst moment after it.',
  formula: '1 - D_min / D_pre; D_pre = time-weighted mean before the shock, D_min = least after it',
  unit: '1 (at most 1; negative when depth only grew)',
  estimator: 'one path',
  test: 'depth 100 that falls to 15: .85',
};

export const imbalanceInfo: MetricInfo = {
  ...depthInfo,
  name: 'depth.imbalance',
  doc: 'Excess of bids over asks near the mid price.',
  formula: '(D_bid - D_ask) / (D_bid + D_ask)',
  unit: '1 (-1..1)',
  test: '5 bid, 3 offered: .25',
};

/** Levels of a book, best first on each side. */
export interface BookLevels {
  bidPrice: ArrayLike<number>;
  bidSize: ArrayLike<number>;
  askPrice: ArrayLike<number>;
  askSize: ArrayLike<number>;
}

/** Depth of both sides. */
export interface DepthNearMid {
  bid: number;
  ask: number;
  both: number;
  /** (bid - ask) / both; NaN without depth. */
  imbalance: number;
}

/** Returns the depth within `bps` basis points of the mid; nothing when a side is empty. */
export function depthWithin(book: BookLevels, bps: number): DepthNearMid {
  const { bidPrice, bidSize, askPrice, askSize } = book;
  const quoted = bidPrice.length > 0 && askPrice.length > 0;
  const mid = quoted ? (bidPrice[0] + askPrice[0]) / 2 : NaN;
  const width = mid * bps * 1e-4;
  let [bid, ask] = [0, 0];
  for (let k = 0; k < bidPrice.length && mid - bidPrice[k] <= width; k++) bid += bidSize[k];
  for (let k = 0; k < askPrice.length && askPrice[k] - mid <= width; k++) ask += askSize[k];
  return { bid, ask, both: bid + ask, imbalance: bookImbalance(bid, ask) };
}

/** Returns (bid - ask) / (bid + ask), -1..1; NaN when there is neither. */
export function bookImbalance(bidSize: number, askSize: number): number {
  return (bidSize - askSize) / (bidSize + askSize);
}

/**
 * Returns 1 - D_min / D_pre of a sampled depth; a sample holds until the next one. NaN without a
 * sample on each side of the shock, or without depth before it.
 */
export function depthDepletion(
  timeMicros: ArrayLike<number>,
  depth: ArrayLike<number>,
  shockMicros: number,
): number {
  assert(timeMicros.length === depth.length, 'one depth for each time');
  let [weighted, micros, least] = [0, 0, NaN];
  for (let t = 0; t < depth.length; t++) {
    if (timeMicros[t] >= shockMicros) {
      if (!(depth[t] >= least)) least = depth[t];
      continue;
    }
    const next = t + 1 < depth.length ? timeMicros[t + 1] : shockMicros;
    const stands = Math.min(next, shockMicros) - timeMicros[t];
    weighted += stands * depth[t];
    micros += stands;
  }
  return weighted > 0 ? 1 - least / (weighted / micros) : NaN;
}
