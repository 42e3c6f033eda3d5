/** Intervals of means, paired differences and shares. */
import { assert, normalQuantile } from '../kernel/index.js';

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

/** Returns the mean of y - twin over pairs that share their random numbers, and its interval. */
export function pairedDifference(
  ys: readonly number[],
  twins: readonly number[],
  confidence = 0.95,
): MeanInterval {
  assert(ys.length === twins.length, 'every run has its twin');
  return meanInterval(ys.map((y, k) => y - twins[k]), confidence);
}

/** Returns the share of `hits` among `count` runs with Wilson's interval (Wilson 1927). */
export function shareInterval(hits: number, count: number, confidence = 0.95): ShareInterval {
  if (count === 0) return { count, hits, share: NaN, low: NaN, high: NaN };
  const z = normalQuantile(0.5 + confidence / 2);
  const share = hits / count;
  const squared = (z * z) / count;
  const centre = (share + squared / 2) / (1 + squared);
  const half =
    (z / (1 + squared)) * Math.sqrt((share * (1 - share)) / count + squared / (4 * count));
  return { count, hits, share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * Returns the quantile of Student's t: bisection on its distribution function.
 *
 * @param probability in (0.5, 1)
 * @param degrees of freedom, a whole number from 1
 */
export function studentQuantile(probability: number, degrees: number): number {
  assert(probability > 0.5 && probability < 1, 'a probability in (0.5, 1)');
  assert(Number.isInteger(degrees) && degrees >= 1, 'whole degrees of freedom');
  const wanted = 2 * probability - 1;
  let low = 0;
  let high = 1;
  while (withinStudent(high, degrees) < wanted) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (withinStudent(middle, degrees) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(|T| < t), a finite sum for whole degrees of freedom (Abramowitz & Stegun 26.7.3, 26.7.4). */
function withinStudent(t: number, degrees: number): number {
  const ratio = t / Math.sqrt(degrees);
  const cosine = 1 / Math.sqrt(1 + ratio * ratio);
  const sine = ratio * cosine;
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = isOdd ? 2 : 1; k <= degrees - 3; k += 2) {
    term *= (k / (k + 1)) * cosine * cosine;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (arctangent(ratio) + sine * sum) : sine * sum;
}

/** Arctangent of x >= 0: three half-angle steps, then the power series. */
function arctangent(x: number): number {
  let y = x;
  for (let step = 0; step < 3; step++) y /= 1 + Math.sqrt(1 + y * y);
  let power = y;
  let sum = 0;
  for (let k = 1; k < 40; k += 2) {
    sum += (k % 4 === 1 ? power : -power) / k;
    power *= y * y;
  }
  return 8 * sum;
}
