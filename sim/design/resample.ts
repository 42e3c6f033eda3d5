/** The bootstrap of several statistics of the same rows at once. */
import type { BootstrapOptions, Estimate } from '../metrics/index.js';
import { quantile } from '../metrics/index.js';

/**
 * Returns a statistic of width `width` of rows 0..count-1 with percentile intervals of a bootstrap
 * that draws rows with replacement (Efron & Tibshirani 1993, chapter 13). Resamples in which an
 * entry is NaN do not count for it. O(resamples (count + cost of the statistic)).
 *
 * @param statistic writes its entries for the given rows, of which some may come up repeatedly
 */
export function percentileEstimates(
  count: number,
  width: number,
  statistic: (rows: Int32Array, out: Float64Array) => void,
  { stream, resamples = 2000, confidence = 0.95 }: BootstrapOptions,
): Estimate[] {
  const rows = Int32Array.from({ length: count }, (_, i) => i);
  const values = new Float64Array(width);
  statistic(rows, values);
  const drawn = Array.from({ length: width }, () => new Float64Array(resamples));
  const out = new Float64Array(width);
  for (let b = 0; b < resamples && count > 0; b++) {
    for (let i = 0; i < count; i++) rows[i] = Math.floor(stream.uniform(b, 0, i) * count);
    statistic(rows, out);
    for (let w = 0; w < width; w++) drawn[w][b] = out[w];
  }
  return drawn.map((column, w) => {
    const ascending = column.filter((x) => !Number.isNaN(x)).sort();
    const known = count >= 2 && !Number.isNaN(values[w]);
    return {
      value: values[w],
      standardError: known ? deviationOf(ascending) : NaN,
      low: known ? quantile(ascending, 0.5 - 0.5 * confidence) : NaN,
      high: known ? quantile(ascending, 0.5 + 0.5 * confidence) : NaN,
      count,
    };
  });
}

function deviationOf(values: Float64Array): number {
  let sum = 0;
  for (const x of values) sum += x;
  const middle = sum / values.length;
  let squares = 0;
  for (const x of values) squares += (x - middle) * (x - middle);
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * Returns the blocks of a design of which every outcome is known: a failed run is NaN, and takes
 * its whole block along.
 */
export function completeBlocks(outcomes: ArrayLike<number>, blockSize: number): Int32Array {
  const kept: number[] = [];
  for (let block = 0; block * blockSize < outcomes.length; block++) {
    let complete = true;
    for (let i = 0; i < blockSize; i++) {
      complete &&= Number.isFinite(outcomes[block * blockSize + i]);
    }
    if (complete) kept.push(block);
  }
  return Int32Array.from(kept);
}
