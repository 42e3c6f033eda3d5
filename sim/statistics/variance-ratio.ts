/** What common random numbers gained. */
import { assert } from '../kernel/index.js';
import { mean, variance } from '../metrics/index.js';

/** How alike two variants ran with the same seeds. */
export interface CommonNumbers {
  count: number;
  /** Pearson's, of the pairs; NaN where one variant never varies. */
  correlation: number;
  /**
   * (Var A + Var B) / Var(A - B): how many times the runs that independent seeds would need for the
   * same interval of the difference. Infinity where the difference never varies, NaN where nothing
   * does.
   */
  varianceRatio: number;
}

/** Returns what running both variants with the same seeds gained, pair by pair. */
export function commonNumbers(a: ArrayLike<number>, b: ArrayLike<number>): CommonNumbers {
  assert(a.length === b.length, `${a.length} runs of one variant for ${b.length} of the other`);
  const [meanA, meanB] = [mean(a), mean(b)];
  const differences = Float64Array.from(a, (x, i) => x - b[i]);
  const [varianceA, varianceB] = [variance(a), variance(b)];
  let products = 0;
  for (let i = 0; i < a.length; i++) products += (a[i] - meanA) * (b[i] - meanB);
  const correlation = products / (a.length - 1) / Math.sqrt(varianceA * varianceB);
  return {
    count: a.length,
    correlation: Math.max(-1, Math.min(1, correlation)),
    varianceRatio: (varianceA + varianceB) / variance(differences),
  };
}
