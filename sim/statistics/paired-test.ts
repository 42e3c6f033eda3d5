/** Whether two variants that ran with the same seeds differ. */
import { assert } from '../kernel/index.js';
import { type Share, studentTail, wilsonShare } from '../metrics/index.js';
import { binomialTails } from './binomial.js';
import { isConstant, meanInterval, type MeanInterval } from './interval.js';

/** What pairs (a, b) say of b - a. */
export interface PairedTest {
  /** Of b - a, with Student's interval. */
  difference: MeanInterval;
  /** Two-sided, that the mean difference is 0; NaN for fewer than two pairs. */
  pValue: number;
  /** The sign test's: that b is as often above a as below; 1 where all pairs tie. */
  signPValue: number;
  /** Share of all pairs in which b is above a, with Wilson's interval. */
  higher: Share;
  /** Share of all pairs in which b is below a. */
  lower: Share;
  /** Pairs in which they are equal. */
  ties: number;
}

/**
 * Tests the mean of b - a by Student's paired t. Differs: where all differences are the same, t
 * says nothing: no difference has p = 1, one that never varies the sign test's p, which is exact.
 */
export function pairedTest(
  a: readonly number[],
  b: readonly number[],
  confidence = 0.95,
): PairedTest {
  assert(a.length === b.length, `${a.length} runs of one variant for ${b.length} of the other`);
  const differences = b.map((y, i) => y - a[i]);
  const difference = meanInterval(differences, confidence);
  const count = differences.length;
  const above = differences.filter((d) => d > 0).length;
  const below = differences.filter((d) => d < 0).length;
  const signPValue = signTest(above, below);
  return {
    difference,
    pValue: count < 2 ? NaN : isConstant(differences) ? signPValue : studentTest(difference),
    signPValue,
    higher: wilsonShare(above, count, confidence),
    lower: wilsonShare(below, count, confidence),
    ties: count - above - below,
  };
}

/** Returns the exact two-sided p-value of as many pluses as minuses; ties are left out. */
export function signTest(above: number, below: number): number {
  return Math.min(1, 2 * binomialTails(Math.min(above, below), above + below, 0.5).atMost);
}

function studentTest({ mean, standardDeviation, count }: MeanInterval): number {
  const t = Math.abs(mean) / (standardDeviation / Math.sqrt(count));
  return 2 * studentTail(t, count - 1);
}
