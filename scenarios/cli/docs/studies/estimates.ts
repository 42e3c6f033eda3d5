/** Estimates over the runs of a study, each with its 95 % interval over seeds. */
import { RandomSource } from '../../../../sim/kernel/index.js';
import { mean, quantile, sorted } from '../../../../sim/metrics/index.js';
import { bcaInterval, bcaOf, meanInterval, shareInterval } from '../../../../sim/statistics/index.js';

/** A value with its interval; NaN where nothing can be said. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** Fixed, so that pages do not change by themselves. */
const bootstrap = () => ({ stream: new RandomSource(11).stream('studies'), resamples: 1000 });

/** Returns the mean; Student's t. */
export function meanOf(values: readonly number[]): Estimate {
  const { mean: value, low, high } = meanInterval(values);
  return { value, low, high };
}

/** Returns the share of values above a bound; Wilson. */
export function shareAbove(values: readonly number[], bound: number): Estimate {
  const { share: value, low, high } = shareInterval(values.filter((one) => one > bound).length, values.length);
  return { value, low, high };
}

/** Returns a quantile; bootstrap. */
export function quantileEstimate(values: readonly number[], probability: number): Estimate {
  return bcaOf(values, (sample) => quantile(sorted(sample), probability), bootstrap());
}

/** Returns the ratio of the means of pairs; bootstrap over pairs. */
export function pairedRatio(ys: readonly number[], twins: readonly number[]): Estimate {
  const over = (values: readonly number[], rows: Int32Array): number => {
    let sum = 0;
    for (const row of rows) sum += values[row];
    return sum;
  };
  return bcaInterval(ys.length, (rows) => over(ys, rows) / over(twins, rows), bootstrap());
}

/** Returns any statistic of the seeds with these places; bootstrap over seeds. */
export function overSeeds(count: number, statistic: (seeds: Int32Array) => number): Estimate {
  return bcaInterval(count, statistic, bootstrap());
}

/** Returns the mean of the values with these places. */
export function meanAt(values: readonly number[], places: Int32Array): number {
  return mean(Float64Array.from(places, (place) => values[place]));
}

/**
 * Returns where a broken line first passes a level, upwards or downwards as `direction` says;
 * NaN where it never does.
 */
export function crossing(
  xs: readonly number[],
  ys: readonly number[],
  level: number,
  direction: 1 | -1,
): number {
  for (let k = 1; k < xs.length; k++) {
    const [before, after] = [direction * (ys[k - 1] - level), direction * (ys[k] - level)];
    if (before < 0 && after >= 0) return xs[k - 1] + ((xs[k] - xs[k - 1]) * -before) / (after - before);
  }
  return Number.NaN;
}

/** Writes a value with its interval. */
export function told({ value, low, high }: Estimate, digits: number, scale = 1): string {
  if (!Number.isFinite(value)) return '-';
  const one = (x: number): string => (Number.isFinite(x) ? (x * scale).toFixed(digits) : '-');
  return `${one(value)} [${one(low)}, ${one(high)}]`;
}
