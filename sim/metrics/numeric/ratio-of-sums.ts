/** A ratio pooled over clusters: sum of numerators over sum of denominators. */
import { assert, type RandomStream } from '../../kernel/index.js';
import { type Estimate, normalEstimate } from './estimate.js';
import { quantile, sorted } from './sample.js';

/**
 * Returns sum y / sum x over clusters, with the interval of the delta method: the variance is that
 * of y - Rx between clusters (Cochran 1977, chapter 6). NaN without denominator; the error is NaN of
 * fewer than two clusters.
 */
export function ratioOfSums(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  confidence = 0.95,
): Estimate {
  assert(y.length === x.length, `${y.length} numerators for ${x.length} denominators`);
  const clusters = y.length;
  let above = 0;
  let below = 0;
  for (let c = 0; c < clusters; c++) {
    above += y[c];
    below += x[c];
  }
  const value = above / below;
  let squares = 0;
  for (let c = 0; c < clusters; c++) {
    const residual = y[c] - value * x[c];
    squares += residual * residual;
  }
  const variance = clusters < 2 ? NaN : (squares * clusters) / (clusters - 1) / (below * below);
  return normalEstimate(value, Math.sqrt(variance), clusters, confidence);
}

/** How to resample. */
export interface BootstrapOptions {
  stream: RandomStream;
  /** Resamples; 2000 unless given. */
  resamples?: number;
  confidence?: number;
}

/**
 * Returns sum y / sum x over clusters with the percentile interval of a bootstrap that draws whole
 * clusters (Efron & Tibshirani 1993, chapter 13). O(resamples x clusters).
 */
export function bootstrapRatio(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  { stream, resamples = 2000, confidence = 0.95 }: BootstrapOptions,
): Estimate {
  const clusters = y.length;
  const ratios = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    let above = 0;
    let below = 0;
    for (let c = 0; c < clusters; c++) {
      const drawn = Math.floor(stream.uniform(b, 0, c) * clusters);
      above += y[drawn];
      below += x[drawn];
    }
    ratios[b] = above / below;
  }
  const { value } = ratioOfSums(y, x);
  const ascending = sorted(ratios);
  let squares = 0;
  for (const ratio of ratios) squares += (ratio - value) * (ratio - value);
  return {
    value,
    standardError: Math.sqrt(squares / resamples),
    low: quantile(ascending, 0.5 - 0.5 * confidence),
    high: quantile(ascending, 0.5 + 0.5 * confidence),
    count: clusters,
  };
}
