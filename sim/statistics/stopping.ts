/**
 * How many runs a mean needs: sequential stopping at a relative precision. Sources: Law & Kelton
 * 2000, 9.4.1; Chow & Robbins 1965. The interval at the stop covers a little less often than it
 * says (.93 to .94 for .95 with skewed values), as it stops when the spread happens to look small.
 */
import { assert, normalQuantile } from '../kernel/index.js';
import { studentQuantile } from '../metrics/index.js';

/** What precision is wanted. */
export interface PrecisionTarget {
  /** Relative error gamma of the mean, above 0; .1 unless given. */
  relative?: number;
  confidence?: number;
  /** Runs before the rule is asked at all; 30 unless given. */
  pilot?: number;
}

/** How precise the mean of what there is has become. */
export interface Precision {
  count: number;
  mean: number;
  /** Half of Student's interval; NaN for fewer than two values. */
  halfWidth: number;
  /** gamma / (1 + gamma) |mean|, so that the error relative to the true mean is gamma at most. */
  halfWidthMax: number;
  /** Whether the pilot is done and the half-width small enough. */
  enough: boolean;
  /**
   * Runs in all that are likely to do, were mean and spread to stay; at least the pilot. Infinity
   * for a mean of 0 with spread, which has no relative precision.
   */
  runsLikely: number;
}

/** Returns the precision of the mean of the first `count` values, of all unless given. O(count). */
export function precisionOf(
  values: ArrayLike<number>,
  target: PrecisionTarget = {},
  count = values.length,
): Precision {
  const { confidence = 0.95, pilot = 30 } = target;
  const sums = new RunningSums();
  for (let i = 0; i < count; i++) sums.add(values[i]);
  const halfWidthMax = factorOf(target) * Math.abs(sums.mean);
  if (count < 2) {
    return {
      count,
      mean: sums.mean,
      halfWidth: NaN,
      halfWidthMax,
      enough: false,
      runsLikely: pilot,
    };
  }
  const error = sums.standardError();
  const half = (n: number): number => studentQuantile(0.5 + confidence / 2, n - 1);
  const halfWidth = half(count) * error;
  const enough = count >= pilot && halfWidth <= halfWidthMax;
  // The quantile hardly moves beyond the pilot: one step of the fixed point does.
  const ratio = halfWidth === 0 ? 0 : halfWidth / halfWidthMax;
  const fixed = Math.ceil(count * ratio * ratio);
  const likely = fixed > Number.MAX_SAFE_INTEGER ? Infinity : Math.max(pilot, fixed);
  const runsLikely = enough ? count : Math.max(likely, count >= pilot ? count + 1 : pilot);
  return { count, mean: sums.mean, halfWidth, halfWidthMax, enough, runsLikely };
}

/**
 * Returns the first n at which the rule, asked after every run in the order of `values`, stops;
 * null if it does not within them. O(values), and exact.
 */
export function stoppingPoint(
  values: ArrayLike<number>,
  target: PrecisionTarget = {},
): number | null {
  const { confidence = 0.95, pilot = 30 } = target;
  assert(pilot >= 2, `a pilot has two runs or more, was ${pilot}`);
  const factor = factorOf(target);
  const least = normalQuantile(0.5 + confidence / 2);
  const sums = new RunningSums();
  for (let i = 0; i < values.length; i++) {
    sums.add(values[i]);
    if (i + 1 < pilot) continue;
    const error = sums.standardError();
    const most = factor * Math.abs(sums.mean);
    // Student's quantile is above the normal one, so most steps need no more than this.
    if (error > 0 && least * error > most) continue;
    if (studentQuantile(0.5 + confidence / 2, i) * error <= most) return i + 1;
  }
  return null;
}

/**
 * Returns the number of runs at which to ask next, given the values of those up to the last time
 * asked and nothing else, so that no order in which runs end can move it: the likely number, but a
 * tenth more runs at least and twice as many at most. The same as `count` where that is enough.
 */
export function nextCheckpoint(values: ArrayLike<number>, target: PrecisionTarget = {}): number {
  const { pilot = 30 } = target;
  const count = values.length;
  if (count < pilot) return pilot;
  const { enough, runsLikely } = precisionOf(values, target);
  if (enough) return count;
  return Math.min(2 * count, Math.max(runsLikely, count + Math.ceil(count / 10)));
}

function factorOf({ relative = 0.1 }: PrecisionTarget): number {
  assert(relative > 0, `a relative precision is above 0, was ${relative}`);
  return relative / (1 + relative);
}

/** Welford's running mean and squares (1962). */
class RunningSums {
  count = 0;
  mean = 0;
  private squares = 0;

  add(value: number): void {
    this.count++;
    const gap = value - this.mean;
    this.mean += gap / this.count;
    this.squares += gap * (value - this.mean);
  }

  standardError(): number {
    return Math.sqrt(this.squares / (this.count - 1) / this.count);
  }
}
