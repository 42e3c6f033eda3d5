/** Ex-ante reproduction number and exit pressure by price: what leaves over what could take it. */
import { assert } from '../kernel/index.js';
import type { VenueSide } from './venue-side.js';

/**
 * What stands against those who leave at a price: orders that rest there now, or orders that follow
 * the price, as many a tick as rest near the mark now.
 */
export type DepthModel = 'resting' | 'following';

/** Returns the lots that could be executed in each bucket. */
export function depthLots(side: VenueSide, model: DepthModel): Float64Array {
  if (model === 'resting') return side.restingLots;
  const { edges, nearLotsPerTick } = side;
  const ticks = (k: number): number => Math.abs(edges[k + 1] - edges[k]);
  return Float64Array.from(side.restingLots, (_, k) => nearLotsPerTick * ticks(k));
}

/** Adds columns of lots by bucket. */
export function sumLots(...columns: readonly Float64Array[]): Float64Array {
  const total = (k: number): number => columns.reduce((sum, column) => sum + column[k], 0);
  return Float64Array.from(columns[0], (_, k) => total(k));
}

/**
 * Returns R(p) = Q'(p) / D(p) by bucket: 0 where nothing leaves, Infinity where nothing could take
 * it. A bucket's width cancels.
 */
export function ratioByPrice(leavingLots: Float64Array, depth: Float64Array): Float64Array {
  assert(leavingLots.length === depth.length, 'both have the same buckets');
  return Float64Array.from(leavingLots, (lots, k) => (lots === 0 ? 0 : lots / depth[k]));
}

/**
 * Returns the largest ratio and the bucket it lies in, the nearest of equals; -1 where all are 0.
 */
export function peakOf(ratios: Float64Array): { ratio: number; bucket: number } {
  let bucket = -1;
  let ratio = 0;
  for (let k = 0; k < ratios.length; k++) {
    if (ratios[k] <= ratio) continue;
    ratio = ratios[k];
    bucket = k;
  }
  return { ratio, bucket };
}

/**
 * Returns running sums: entry k is the total of buckets 0..k. What the static cascade map takes.
 */
export function cumulative(column: Float64Array): Float64Array {
  let total = 0;
  return Float64Array.from(column, (value) => (total += value));
}
