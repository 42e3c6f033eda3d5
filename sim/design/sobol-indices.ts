/** Sobol indices: the shares of an outcome's variance that factors account for. */
import { assert } from '../kernel/index.js';
import type { BootstrapOptions, Estimate } from '../metrics/index.js';
import { completeBlocks, percentileEstimates } from './resample.js';
import type { UnitDesign } from './unit-design.js';

/** Shares of variance by factor. */
export interface SobolIndices {
  /** Alone: Var(E(Y | x_i)) / Var(Y). By chance it may come out below 0. */
  first: Estimate[];
  /** With all interactions it takes part in: E(Var(Y | others)) / Var(Y). */
  total: Estimate[];
  mean: number;
  variance: number;
  /** Rows of the scheme used. */
  rows: number;
  /** Rows left out, as an outcome of theirs was missing. */
  dropped: number;
}

/**
 * Returns first-order and total indices from the outcomes a, b and c_i of the points A, B and A_B^i
 * of `saltelliDesign`. NaN where the outcome does not vary.
 *
 * First order: correlation of b and c_i, which share factor i alone (Janon et al. 2014, "Asymptotic
 * normality and efficiency of two Sobol index estimators"). Total: half the mean square of
 * a - c_i, which differ in factor i alone (Jansen 1999), over the variance of those two. Differs:
 * Saltelli et al. 2010 take b (c_i - a) for the first and the variance of a and b for both; the
 * errors of the estimators used here are smaller where they are largest.
 *
 * Intervals are percentile bootstrap over rows. It takes rows as independent; those of a scrambled
 * Sobol sequence estimate better than that, so the intervals are wide, and the error between seeds
 * is smaller than they say.
 *
 * @param outcomes by point of the design; NaN where the run failed
 */
export function sobolIndices(
  design: UnitDesign,
  outcomes: ArrayLike<number>,
  options: BootstrapOptions,
): SobolIndices {
  const { count, blockSize } = design;
  assert(outcomes.length === count, `${outcomes.length} outcomes of ${count} points`);
  const factors = blockSize - 2;
  assert(factors >= 1 && count % blockSize === 0, 'rows of A, B and a point for every factor');
  const kept = completeBlocks(outcomes, blockSize);
  const rows = kept.length;
  let sum = 0;
  for (const block of kept) sum += outcomes[block * blockSize] + outcomes[block * blockSize + 1];
  const mean = sum / (2 * rows);
  const terms = termsOf(outcomes, kept, blockSize, mean);
  const width = 4 + 4 * factors;
  const sums = new Float64Array(width);
  const statistic = (drawn: Int32Array, out: Float64Array): void => {
    sums.fill(0);
    for (let n = 0; n < drawn.length; n++) {
      const at = drawn[n] * width;
      for (let w = 0; w < width; w++) sums[w] += terms[at + w];
    }
    for (let w = 0; w < width; w++) sums[w] /= rows;
    const [a, b, aa, bb] = sums;
    for (let i = 0; i < factors; i++) {
      const at = 4 + 4 * i;
      const c = sums[at];
      const cc = sums[at + 1];
      const shared = 0.5 * (b + c);
      out[i] = ratio(sums[at + 2] - shared * shared, 0.5 * (bb + cc) - shared * shared);
      const differing = 0.5 * (a + c);
      out[factors + i] = ratio(sums[at + 3], 0.5 * (aa + cc) - differing * differing);
    }
    out[2 * factors] = 0.5 * (aa + bb) - 0.25 * (a + b) * (a + b);
  };
  const found = percentileEstimates(rows, 2 * factors + 1, statistic, options);
  return {
    first: found.slice(0, factors),
    total: found.slice(factors, 2 * factors),
    mean,
    variance: found[2 * factors].value,
    rows,
    dropped: count / blockSize - rows,
  };
}

function ratio(part: number, variance: number): number {
  return variance > 0 ? part / variance : NaN;
}

/**
 * What each row adds, with outcomes a, b and c_i less the mean of all: a, b, a^2, b^2, then of
 * every factor c_i, c_i^2, b c_i and (a - c_i)^2 / 2.
 */
function termsOf(
  outcomes: ArrayLike<number>,
  kept: Int32Array,
  blockSize: number,
  mean: number,
): Float64Array {
  const factors = blockSize - 2;
  const width = 4 + 4 * factors;
  const terms = new Float64Array(kept.length * width);
  kept.forEach((block, row) => {
    const a = outcomes[block * blockSize] - mean;
    const b = outcomes[block * blockSize + 1] - mean;
    terms.set([a, b, a * a, b * b], row * width);
    for (let i = 0; i < factors; i++) {
      const c = outcomes[block * blockSize + 2 + i] - mean;
      terms.set([c, c * c, b * c, 0.5 * (a - c) * (a - c)], row * width + 4 + 4 * i);
    }
  });
  return terms;
}
