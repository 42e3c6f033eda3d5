/** One-sided bounds of a mean that skewed values do not make too narrow. */
import { pow } from '../kernel/index.js';
import { studentQuantile } from '../metrics/index.js';
import { type BoundErrors, type Bounds, isConstant, meanInterval } from './interval.js';

/** By how much more than 1, over the runs, the sample's skewness is enlarged: it falls short. */
const SKEWNESS_SHORTFALL = 12;

/**
 * Returns one-sided bounds of a mean, each the wider of Student's and of Hall's, which corrects t
 * for skewness (Hall 1992, JRSS B 54: the cubic transformation). With 30 runs and 2.5 % meant,
 * Student's upper bound alone misses a lognormal mean (sigma .8) in 9 %, these in 4 %. Infinite for
 * fewer than three values or no error; the value itself where all are the same. Differs: Student's
 * quantiles for normal ones, and a skewness times 1 + 12 / n (12 by simulation), as that of a
 * small skewed sample falls short.
 */
export function meanBounds(values: readonly number[], errors: BoundErrors): Bounds {
  const { count, mean, standardDeviation } = meanInterval(values);
  if (count < 3) return { low: -Infinity, high: Infinity };
  if (isConstant(values)) return { low: values[0], high: values[0] };
  const error = standardDeviation / Math.sqrt(count);
  const a = skewness(values, mean) / Math.sqrt(count);
  // How far the bound lies from the mean, in standard errors, on the side of the sign.
  const reach = (t: number, sign: 1 | -1): number =>
    t === Infinity ? t : Math.max(t, -sign * untransformed(-sign * t, a));
  const quantileOf = (wrong: number): number =>
    wrong > 0 ? studentQuantile(1 - wrong, count - 1) : Infinity;
  const low = quantileOf(errors.low);
  const high = errors.high === errors.low ? low : quantileOf(errors.high);
  return { low: mean - reach(low, -1) * error, high: mean + reach(high, 1) * error };
}

/** Inverts g(T) = T + a T^2 / 3 + a^2 T^3 / 27 + a / 6, which is about normal. */
function untransformed(y: number, a: number): number {
  // Where there is hardly a skewness its cube root would be all rounding.
  if (Math.abs(a) < 1e-6) return y;
  const cube = 1 + a * (y - a / 6);
  const root = cube < 0 ? -pow(-cube, 1 / 3) : pow(cube, 1 / 3);
  return (3 * (root - 1)) / a;
}

/** Returns the adjusted skewness of Fisher and Pearson, enlarged for small samples. */
function skewness(values: readonly number[], mean: number): number {
  const n = values.length;
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    const gap = value - mean;
    squares += gap * gap;
    cubes += gap * gap * gap;
  }
  const plain = (cubes * Math.sqrt(n)) / (squares * Math.sqrt(squares));
  return (plain * (1 + SKEWNESS_SHORTFALL / n) * Math.sqrt(n * (n - 1))) / (n - 2);
}
