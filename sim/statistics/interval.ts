/** Intervals of means, paired differences and shares. */
import { assert } from '../kernel/index.js';
import { studentQuantile, wilsonShare } from '../metrics/index.js';

/** A mean over runs with Student's t interval. */
export interface MeanInterval {
  count: number;
  mean: number;
  /** Of the single values, with count - 1; NaN for one value. */
  standardDeviation: number;
  /** NaN for fewer than two values. */
  low: number;
  high: number;
}

/** A share of runs with Wilson's score interval. */
export interface ShareInterval {
  count: number;
  /** Runs with the property. */
  hits: number;
  /** NaN, as the ends, where there are no runs. */
  share: number;
  low: number;
  high: number;
}

/** Returns the mean of values and its interval. The mean is taken to be near normal. */
export function meanInterval(values: readonly number[], confidence = 0.95): MeanInterval {
  const count = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / count;
  const squares = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0);
  const standardDeviation = count < 2 ? NaN : Math.sqrt(squares / (count - 1));
  const error = standardDeviation / Math.sqrt(count);
  const half = count < 2 ? NaN : studentQuantile(0.5 + confidence / 2, count - 1) * error;
  return { count, mean, standardDeviation, low: mean - half, high: mean + half };
}

/** The chance, for each of two one-sided bounds, that the truth lies beyond it. */
export interface BoundErrors {
  low: number;
  high: number;
}

/** A pair of one-sided bounds: each holds by itself with its own confidence. */
export interface Bounds {
  low: number;
  high: number;
}

/** Whether all values are one: what rounding leaves of their spread then means nothing. */
export function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/** Returns the mean of y - twin over pairs that share their random numbers, and its interval. */
export function pairedDifference(
  ys: readonly number[],
  twins: readonly number[],
  confidence = 0.95,
): MeanInterval {
  assert(ys.length === twins.length, 'every run has its twin');
  return meanInterval(
    ys.map((y, k) => y - twins[k]),
    confidence,
  );
}

/** Returns the share of `hits` among `count` runs with Wilson's interval (Wilson 1927). */
export function shareInterval(hits: number, count: number, confidence = 0.95): ShareInterval {
  if (count === 0) return { count, hits, share: NaN, low: NaN, high: NaN };
  const { value, low, high } = wilsonShare(hits, count, confidence);
  return { count, hits, share: value, low, high };
}
