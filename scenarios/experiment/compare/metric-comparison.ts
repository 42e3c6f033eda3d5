/** What pairs of runs say of one figure. */
import { RandomSource } from '../../../sim/kernel/index.js';
import type { RandomStream } from '../../../sim/kernel/index.js';
import { mean } from '../../../sim/metrics/index.js';
import { bcaOf, commonNumbers, holm, pairedTest } from '../../../sim/statistics/index.js';
import type { Better, RunMetric } from '../run/index.js';

/** A figure of both variants, pair by pair; null where it is undefined. */
export interface MetricPairs {
  metric: RunMetric;
  a: readonly (number | null)[];
  b: readonly (number | null)[];
}

/** B against A. Numbers that cannot be told are NaN. */
export interface MetricComparison {
  name: string;
  unit: string;
  better: Better;
  /** Pairs in which both runs define the figure. */
  pairs: number;
  /** Pairs in which one run or both leave it undefined; they are left out. */
  undefinedPairs: number;
  meanA: number;
  meanB: number;
  /** Mean of B - A over pairs. */
  difference: number;
  low: number;
  high: number;
  interval: 'student' | 'bca';
  /** Two-sided, Student's paired t. */
  pValue: number;
  /** Corrected for the number of figures compared. */
  pHolm: number;
  /** Share of pairs in which B is better, with Wilson's interval; null where neither way is. */
  betterInB: { share: number; low: number; high: number } | null;
  /** Pairs in which B is above A, below A, and equal. */
  higher: number;
  lower: number;
  ties: number;
  /** Of A and B over pairs: what common random numbers achieved. */
  correlation: number;
  /** (Var A + Var B) / Var(B - A): independent runs needed for each paired one. */
  varianceRatio: number;
}

/** Pairs from which a skewness is judged, and what it may be for Student's interval to stand. */
const SKEW_PAIRS_MIN = 10;
const SKEWNESS_MAX = 1;

/** The rule, in words. */
export const INTERVAL_RULE =
  `Student's t; BCa bootstrap (2,000 resamples) where the skewness of the differences is beyond ` +
  `${SKEWNESS_MAX} and there are at least ${SKEW_PAIRS_MIN} pairs`;

/** Compares one figure; `pHolm` is its own p-value until it is corrected. */
export function compareMetric(
  { metric, a, b }: MetricPairs,
  { confidence, stream }: { confidence: number; stream: RandomStream },
): MetricComparison {
  const both = a.flatMap((x, i) => (x === null || b[i] === null ? [] : [i]));
  const ofA = both.map((i) => a[i] as number);
  const ofB = both.map((i) => b[i] as number);
  const test = pairedTest(ofA, ofB, confidence);
  const differences = ofB.map((y, i) => y - ofA[i]);
  const isSkewed =
    both.length >= SKEW_PAIRS_MIN && Math.abs(skewness(differences)) > SKEWNESS_MAX;
  const bca = isSkewed ? bcaOf(differences, mean, { stream, confidence }) : null;
  const { low, high } = bca ?? test.difference;
  const { name, unit, better } = metric;
  const { higher, lower } = test;
  const count = (share: number): number => Math.round(share * both.length) || 0;
  const { correlation, varianceRatio } = commonNumbers(ofA, ofB);
  const share = better === null || both.length === 0 ? null : better === 'higher' ? higher : lower;
  return {
    name,
    unit,
    better,
    pairs: both.length,
    undefinedPairs: a.length - both.length,
    meanA: mean(ofA),
    meanB: mean(ofB),
    difference: test.difference.mean,
    low,
    high,
    interval: bca === null ? 'student' : 'bca',
    pValue: test.pValue,
    pHolm: test.pValue,
    betterInB: share === null ? null : { share: share.value, low: share.low, high: share.high },
    higher: count(higher.value),
    lower: count(lower.value),
    ties: test.ties,
    correlation,
    varianceRatio,
  };
}

/** Compares figures and corrects their p-values for each other (Holm 1979). */
export function compareMetrics(
  pairs: readonly MetricPairs[],
  { confidence = 0.95 }: { confidence?: number } = {},
): MetricComparison[] {
  const source = new RandomSource(0);
  const rows = pairs.map((one) =>
    compareMetric(one, { confidence, stream: source.stream(`compare ${one.metric.name}`) }),
  );
  const corrected = holm(rows.map((one) => one.pValue));
  return rows.map((one, i) => ({ ...one, pHolm: corrected[i] }));
}

/** Returns the sample's skewness, 0 where nothing varies. */
function skewness(values: readonly number[]): number {
  const middle = mean(values);
  let [squares, cubes] = [0, 0];
  for (const x of values) {
    squares += (x - middle) * (x - middle);
    cubes += (x - middle) * (x - middle) * (x - middle);
  }
  const deviation = Math.sqrt(squares / values.length);
  return deviation === 0 ? 0 : cubes / values.length / (deviation * deviation * deviation);
}
