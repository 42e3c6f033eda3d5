/**
 * Whether two means are as good as equal: two one-sided tests (TOST), which need a margin of
 * practical relevance. That a difference is not significant shows nothing. Sources: Schuirmann
 * 1987; Welch 1947 for unpaired samples.
 */
import { assert } from '../kernel/index.js';
import { mean, studentQuantile, studentTail, variance } from '../metrics/index.js';
import { isConstant } from './interval.js';

/** What counts as equal: low < mean difference < high. */
export interface EquivalenceMargin {
  low: number;
  high: number;
}

/** The outcome of both tests. */
export interface Equivalence {
  /** Mean of b less mean of a. */
  difference: number;
  standardError: number;
  /** Whole for pairs, Welch's otherwise; NaN for too few values. */
  degrees: number;
  /** Interval with confidence 1 - 2 alpha: within the margin exactly if `equivalent`. */
  low: number;
  high: number;
  /** That the difference is not above the lower end, and not below the upper end. */
  pLow: number;
  pHigh: number;
  /** The larger of the two. */
  pValue: number;
  equivalent: boolean;
}

/** Tests b - a over pairs that share their seeds. */
export function pairedEquivalence(
  a: readonly number[],
  b: readonly number[],
  margin: EquivalenceMargin,
  alpha = 0.05,
): Equivalence {
  assert(a.length === b.length, `${a.length} runs of one variant for ${b.length} of the other`);
  const differences = b.map((y, i) => y - a[i]);
  const standardError = errorOf(differences);
  const degrees = differences.length < 2 ? NaN : differences.length - 1;
  return twoTests({ difference: mean(differences), standardError, degrees }, margin, alpha);
}

/** Tests mean b - mean a of independent samples, whose variances may differ. */
export function welchEquivalence(
  a: readonly number[],
  b: readonly number[],
  margin: EquivalenceMargin,
  alpha = 0.05,
): Equivalence {
  const [errorA, errorB] = [errorOf(a), errorOf(b)];
  const [squareA, squareB] = [errorA * errorA, errorB * errorB];
  const square = squareA + squareB;
  const parts = (squareA * squareA) / (a.length - 1) + (squareB * squareB) / (b.length - 1);
  const fewest = Math.min(a.length, b.length) - 1;
  // Rounding must not take Welch's degrees below their least.
  const degrees = square === 0 ? fewest : Math.max(fewest, (square * square) / parts);
  const difference = mean(b) - mean(a);
  return twoTests({ difference, standardError: Math.sqrt(square), degrees }, margin, alpha);
}

function errorOf(values: readonly number[]): number {
  if (values.length < 2) return NaN;
  return isConstant(values) ? 0 : Math.sqrt(variance(values) / values.length);
}

/** Without any spread the difference itself decides. */
function twoTests(
  found: Pick<Equivalence, 'difference' | 'standardError' | 'degrees'>,
  margin: EquivalenceMargin,
  alpha: number,
): Equivalence {
  assert(margin.low < margin.high, `a margin runs upwards, was ${margin.low} to ${margin.high}`);
  const { difference, standardError, degrees } = found;
  const tail = (gap: number): number => {
    if (Number.isNaN(standardError)) return NaN;
    if (standardError === 0) return gap > 0 ? 0 : 1;
    return studentTail(gap / standardError, degrees);
  };
  const pLow = tail(difference - margin.low);
  const pHigh = tail(margin.high - difference);
  const half =
    standardError === 0 || Number.isNaN(standardError)
      ? standardError
      : studentQuantile(1 - alpha, degrees) * standardError;
  return {
    ...found,
    low: difference - half,
    high: difference + half,
    pLow,
    pHigh,
    pValue: Math.max(pLow, pHigh),
    equivalent: difference - half > margin.low && difference + half < margin.high,
  };
}
