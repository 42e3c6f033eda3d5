/** Rank consistency: was anybody closed before somebody with a higher score? */
import { sortByKey } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

export const rankConsistencyInfo: MetricInfo = {
  name: 'adl.rankConsistency',
  group: 'solvency',
  over: 'trace',
  doc: 'Share of pairs of deleveraged accounts that were closed in the order of their scores.',
  formula: '1 - inversions / pairs; inversion = a higher score closed after a lower one',
  unit: '1 (0..1; 1 without a pair)',
  estimator: 'exact over one deleveraging',
  interval: 'cluster bootstrap by run',
  source: "Kendall's tau, one-sided",
  test: 'R19 queue: 1; reversed: 0; differential with every pair',
};

/** How well a deleveraging kept to its ranking. */
export interface RankConsistency {
  /** Pairs in which a higher score was closed after a lower one. */
  inversions: number;
  /** 1 - inversions / pairs, 1 without a pair. */
  share: number;
  /** Accounts left alone although their score is above the lowest that was closed. */
  passedOver: number;
}

/**
 * Returns the consistency of scores in the order in which accounts were closed, all ranked at one
 * time, and of the scores of those left alone. Equal scores are in order. O(n log n).
 */
export function rankConsistency(
  closedScores: ArrayLike<number>,
  openScores: ArrayLike<number> = [],
): RankConsistency {
  const count = closedScores.length;
  const keys = Float64Array.from(closedScores);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  sortByKey(keys, order, count);
  // Accounts enter from the lowest score up; those that stand earlier in the queue are inversions.
  const tree = new Int32Array(count + 1);
  let inversions = 0;
  for (let from = 0; from < count; ) {
    let to = from;
    for (; to < count && keys[order[to]] === keys[order[from]]; to++) {
      for (let at = order[to]; at > 0; at -= at & -at) inversions += tree[at];
    }
    for (; from < to; from++) {
      for (let at = order[from] + 1; at <= count; at += at & -at) tree[at]++;
    }
  }
  let lowest = Infinity;
  for (const score of keys) if (score < lowest) lowest = score;
  let passedOver = 0;
  for (let i = 0; i < openScores.length; i++) if (openScores[i] > lowest) passedOver++;
  const pairs = (count * (count - 1)) / 2;
  return { inversions, share: pairs > 0 ? 1 - inversions / pairs : 1, passedOver };
}
