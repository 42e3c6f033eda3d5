/** Whether runs show that a claim on a metric holds. */
import { assert } from '../kernel/index.js';
import { mean, quantile, sorted } from '../metrics/index.js';
import {
  type Assertion,
  constantRunsMin,
  isUpper,
  MEAN_RUNS_MIN,
  quantileOf,
  satisfies,
  shareClaimed,
} from './assertion.js';
import { binomialTails } from './binomial.js';
import { type BoundErrors, type Bounds, isConstant } from './interval.js';
import { meanBounds } from './mean-bounds.js';
import { quantileBounds } from './order-interval.js';
import { shareBounds } from './share-bounds.js';

/** With how much error a verdict may come. */
export interface VerdictOptions {
  /** .95 unless given: a wrong pass, and a wrong fail, each have 1 - confidence at most. */
  confidence?: number;
  /** The errors of one look among several (see `planLooks`); 1 - confidence each unless given. */
  errors?: { pass: number; fail: number };
  /**
   * What a run says in which the metric is undefined: nothing, or that the claim is violated, as
   * where it is the time of something that never came. `leftOut` unless given.
   */
  undefinedRuns?: 'leftOut' | 'violating';
}

/** A verdict and what it rests on. */
export interface AssertionVerdict {
  verdict: 'pass' | 'fail' | 'undecided';
  /** The statistic of the runs; NaN of none. */
  estimate: number;
  /** One-sided bounds of the statistic; infinite where the runs are too few for one. */
  low: number;
  high: number;
  /** Runs that count. */
  n: number;
  /** Runs in which the metric is undefined. */
  undefinedRuns: number;
  /**
   * If undecided, runs that count in which the claim can pass at best; for a mean, in which it is
   * likely to be decided. Left out where that cannot be told.
   */
  needs?: number;
  /** If undecided, why. */
  reason?: string;
}

/**
 * Judges a claim by the values of one metric over runs; null and NaN are undefined. Mean: one-sided
 * bounds that allow for skewness, from 5 runs, or one value alone from `constantRunsMin`. Quantiles
 * and shares: exact binomial bounds, with ties and atoms too, so p99 <= x passes from 299 runs at
 * 95 %. Minimum and maximum: of the runs made, without inference. O(n log n).
 */
export function assertionVerdict(
  values: ArrayLike<number | null | undefined>,
  assertion: Assertion,
  options: VerdictOptions = {},
): AssertionVerdict {
  const { confidence = 0.95, undefinedRuns: undefinedAs = 'leftOut' } = options;
  assert(Number.isFinite(assertion.threshold), `a threshold is finite, was ${assertion.threshold}`);
  assert(confidence > 0 && confidence < 1, `a confidence lies in (0, 1), was ${confidence}`);
  const defined = Array.from(values, (value) => value ?? NaN).filter((x) => !Number.isNaN(x));
  const undefinedRuns = values.length - defined.length;
  if (undefinedAs === 'violating') {
    const worst = isUpper(assertion) ? Infinity : -Infinity;
    for (let i = 0; i < undefinedRuns; i++) defined.push(worst);
  }
  const { pass, fail } = options.errors ?? { pass: 1 - confidence, fail: 1 - confidence };
  const upper = isUpper(compared(assertion));
  const errors = upper ? { low: fail, high: pass } : { low: pass, high: fail };
  const judge = { n: defined.length, undefinedRuns };
  if (defined.length === 0) {
    const reason = values.length === 0 ? 'there are no runs' : 'it is undefined in every run';
    return {
      verdict: 'undecided',
      estimate: NaN,
      low: -Infinity,
      high: Infinity,
      ...judge,
      reason,
    };
  }
  const found = measure(defined, assertion, { errors, confidence });
  const verdict = decide(found, assertion);
  const { estimate, low, high } = found;
  if (verdict !== 'undecided') return { verdict, estimate, low, high, ...judge };
  const needs = runsNeeded(defined, assertion, { found, confidence });
  const reason = found.reason ?? 'the bounds enclose the threshold';
  const rest = needs === undefined ? { reason } : { needs, reason };
  return { verdict, estimate, low, high, ...judge, ...rest };
}

interface Found extends Bounds {
  estimate: number;
  reason?: string;
}

function measure(
  values: readonly number[],
  assertion: Assertion,
  { errors, confidence }: { errors: BoundErrors; confidence: number },
): Found {
  const { statistic, operator, threshold } = assertion;
  if (statistic === 'mean') return measureMean(values, errors, confidence);
  if (statistic === 'share') {
    const hits = values.filter((value) => satisfies(value, operator, threshold)).length;
    const bounds = shareBounds(hits, values.length, errors);
    return { estimate: hits / values.length, ...bounds };
  }
  const ascending = sorted(values);
  const q = quantileOf(statistic);
  if (q === null) {
    assert(statistic === 'min' || statistic === 'max', `no statistic is called ${statistic}`);
    const estimate = ascending[statistic === 'min' ? 0 : ascending.length - 1];
    return { estimate, low: estimate, high: estimate };
  }
  const bounds = quantileBounds(ascending, q, errors);
  const tooFew = !Number.isFinite(isUpper(assertion) ? bounds.high : bounds.low);
  const reason = tooFew ? 'the runs are too few for a bound of this quantile' : undefined;
  return { estimate: quantile(ascending, q), ...bounds, reason };
}

function measureMean(values: readonly number[], errors: BoundErrors, confidence: number): Found {
  const unbounded = { low: -Infinity, high: Infinity };
  if (!values.every(Number.isFinite)) {
    return { estimate: mean(values), ...unbounded, reason: 'the mean is not finite' };
  }
  if (isConstant(values)) {
    const estimate = values[0];
    const enough = values.length >= constantRunsMin(confidence);
    if (enough) return { estimate, low: estimate, high: estimate };
    return { estimate, ...unbounded, reason: 'too few runs, which all give one value' };
  }
  const estimate = mean(values);
  if (values.length >= MEAN_RUNS_MIN) return { estimate, ...meanBounds(values, errors) };
  return { estimate, ...unbounded, reason: 'too few runs for a mean' };
}

/** What the statistic is compared with: of a share, the share claimed. */
function compared(assertion: Assertion): Pick<Assertion, 'operator' | 'threshold'> {
  if (assertion.statistic !== 'share') return assertion;
  return { operator: '>=', threshold: shareClaimed(assertion) ?? NaN };
}

function decide({ low, high }: Bounds, assertion: Assertion): AssertionVerdict['verdict'] {
  const { operator, threshold } = compared(assertion);
  const upper = isUpper({ operator });
  if (satisfies(upper ? high : low, operator, threshold)) return 'pass';
  return satisfies(upper ? low : high, operator, threshold) ? 'undecided' : 'fail';
}

function runsNeeded(
  values: readonly number[],
  assertion: Assertion,
  { found, confidence }: { found: Found; confidence: number },
): number | undefined {
  const count = values.length;
  const share = shareClaimed(assertion);
  if (share !== null) {
    const { operator, threshold } = assertion;
    const misses = values.filter((value) => !satisfies(value, operator, threshold)).length;
    return Math.max(count + 1, runsToOutweigh(misses, 1 - share, 1 - confidence));
  }
  if (!values.every(Number.isFinite)) return undefined;
  if (isConstant(values)) return Math.max(count + 1, constantRunsMin(confidence));
  if (count < MEAN_RUNS_MIN) return MEAN_RUNS_MIN;
  const gap = Math.abs(found.estimate - assertion.threshold);
  const error = 1 - confidence;
  const { high } = meanBounds(values, { low: error, high: error });
  const ratio = (high - found.estimate) / gap;
  const likely = Math.max(count + 1, Math.ceil(count * ratio * ratio));
  return Number.isFinite(likely) ? likely : undefined;
}

/** Returns the least n with P(Bin(n, missShare) <= misses) <= error. */
function runsToOutweigh(misses: number, missShare: number, error: number): number {
  const outweighs = (n: number): boolean => binomialTails(misses, n, missShare).atMost <= error;
  let high = misses + 1;
  while (!outweighs(high)) high *= 2;
  let low = misses;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (outweighs(middle)) high = middle;
    else low = middle;
  }
  return high;
}
