/** What an assertion claims of a metric over runs, and how few runs could show it. */
import { assert } from '../kernel/index.js';
import { runsForUpperBound } from './order-interval.js';

/** How the metric compares with the threshold. */
export const operators = ['<', '<=', '>', '>='] as const;
export type Operator = (typeof operators)[number];

/** `pNN` is a percentile above 0 and below 100, with decimals if need be: p99, p99.9. */
export type AssertionStatistic = 'mean' | 'median' | 'min' | 'max' | 'share' | `p${number}`;

/** A claim: statistic of the metric, operator, threshold. */
export interface Assertion {
  statistic: AssertionStatistic;
  operator: Operator;
  /** Finite, in the metric's unit. */
  threshold: number;
  /** `share` alone: what share of runs, between 0 and 1, must satisfy the comparison at least. */
  atLeast?: number;
}

/** Fewest runs with a spread that a claim on their mean is decided by. */
export const MEAN_RUNS_MIN = 5;
/** Runs that all agree decide once it is known that this share of runs gives just their value. */
const CONSTANT_SHARE = 0.9;

/** Returns whether a word names a statistic. */
export function isStatistic(word: string): word is AssertionStatistic {
  return ['mean', 'min', 'max', 'share'].includes(word) || quantileOf(word) !== null;
}

/** Returns q of a quantile, .999 of p99.9 and .5 of median; null of any other word. */
export function quantileOf(statistic: string): number | null {
  if (statistic === 'median') return 0.5;
  const digits = /^p(\d{1,2}(?:\.\d+)?)$/.exec(statistic)?.[1];
  // Shifted as text: a division would miss the nearest number to .999.
  const q = digits === undefined ? 0 : Number(`${digits}e-2`);
  return q > 0 ? q : null;
}

/** Returns whether value operator threshold. NaN satisfies nothing. */
export function satisfies(value: number, operator: Operator, threshold: number): boolean {
  if (operator === '<') return value < threshold;
  if (operator === '<=') return value <= threshold;
  return operator === '>' ? value > threshold : value >= threshold;
}

/** Whether a claim bounds its metric from above. */
export function isUpper({ operator }: Pick<Assertion, 'operator'>): boolean {
  return operator === '<' || operator === '<=';
}

/**
 * Returns the share of runs that must satisfy the comparison, which is what a claim on a quantile
 * comes to: p99 <= x is P(value <= x) >= .99, p05 >= x is P(value >= x) >= .95. Null of other
 * claims.
 */
export function shareClaimed(assertion: Assertion): number | null {
  if (assertion.statistic === 'share') {
    const { atLeast = NaN } = assertion;
    assert(atLeast > 0 && atLeast < 1, `a share claimed lies between 0 and 1, was ${atLeast}`);
    return atLeast;
  }
  const q = quantileOf(assertion.statistic);
  return q === null ? null : isUpper(assertion) ? q : 1 - q;
}

/** Returns the fewest runs in which a claim can pass with this error: all satisfy it. */
export function runsToPass(assertion: Assertion, error: number): number {
  const share = shareClaimed(assertion);
  if (share !== null) return runsForUpperBound(share, error);
  return assertion.statistic === 'mean' ? MEAN_RUNS_MIN : 1;
}

/** Returns the fewest runs in which a claim can fail with this error: none satisfies it. */
export function runsToFail(assertion: Assertion, error: number): number {
  const share = shareClaimed(assertion);
  if (share !== null) return runsForUpperBound(1 - share, error);
  return assertion.statistic === 'mean' ? MEAN_RUNS_MIN : 1;
}

/**
 * Returns how many runs that all give one value decide a claim on their mean: 29 at 95 %. Without
 * spread t says nothing; fewer runs would too often pass a claim that one run in ten breaks.
 */
export function constantRunsMin(confidence: number): number {
  return Math.max(MEAN_RUNS_MIN, runsForUpperBound(CONSTANT_SHARE, 1 - confidence));
}
