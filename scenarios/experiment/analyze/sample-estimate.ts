/** An outcome over a sample, with an interval that knows what the values share. */
import type { RandomStream } from '../../../sim/kernel/index.js';
import { studentQuantile } from '../../../sim/metrics/index.js';
import { bcaInterval, meanInterval, quantileInterval, shareInterval } from '../../../sim/statistics/index.js';
import { groupsOf, unitsOf } from './sample.js';
import type { Sample, UnitKind } from './sample.js';
import { compute, scoreOf } from './statistic.js';
import type { Statistic } from './statistic.js';

/** An estimate over runs. */
export interface OutcomeEstimate {
  /** NaN without values. */
  value: number;
  /** NaN where there is no interval. */
  low: number;
  high: number;
  /** Values it rests on. */
  runs: number;
  /** Independent units of the interval: runs, seeds or blocks of points. */
  units: number;
  /** How the interval was made. */
  interval: string;
}

/** How to estimate. */
export interface EstimateTerms {
  unit: UnitKind;
  /** What units are called: seeds, points, trajectories, rows. */
  unitName: string;
  /** Points of the design that only say something together. */
  blockSize: number;
  confidence: number;
  stream: RandomStream;
  resamples?: number;
}

/**
 * Estimates a statistic. Means and shares are those over points of what each point has, so that a point with
 * more runs weighs no more; quantiles are of all runs.
 *
 * Values of one seed at several points share their draws: the interval takes seeds as the units (blocks of
 * points where points are drawn). At a single point, runs are independent.
 */
export function estimateSample(sample: Sample, statistic: Statistic, terms: EstimateTerms): OutcomeEstimate {
  const runs = sample.value.length;
  const none = { value: NaN, low: NaN, high: NaN, runs, units: 0, interval: 'none' };
  if (runs === 0) return none;
  if (sample.point.every((one) => one === sample.point[0])) return estimatePoint(sample.value, statistic, terms);
  if (statistic.kind === 'quantile') return resampledQuantile(sample, statistic, terms);
  const { value, influence } = meanInfluence(sample, statistic, terms);
  return { ...clusterInterval(value, influence, statistic, terms), runs };
}

/** Independent runs of one point. */
function estimatePoint(values: Float64Array, statistic: Statistic, { confidence }: EstimateTerms): OutcomeEstimate {
  const runs = values.length;
  const about = { runs, units: runs };
  switch (statistic.kind) {
    case 'mean': {
      const { mean: value, low, high } = meanInterval(Array.from(values), confidence);
      return { value, low, high, ...about, interval: runs > 1 ? 't over runs' : 'none' };
    }
    case 'share': {
      const hits = values.filter((one) => one > statistic.above).length;
      const { share: value, low, high } = shareInterval(hits, runs, confidence);
      return { value, low, high, ...about, interval: 'Wilson' };
    }
    case 'quantile': {
      const bounds = quantileInterval(values.slice().sort(), statistic.q, confidence);
      const [low, high] = [bounds.low, bounds.high].map((one) => (Number.isFinite(one) ? one : NaN));
      return { value: compute(statistic, values), low, high, ...about, interval: 'order statistics' };
    }
  }
}

/** A mean over points of means, and what each unit adds to its error. */
export interface MeanInfluence {
  value: number;
  influence: Float64Array;
}

/** Computes the mean of a sample's scores and the influence of its units. O(values). */
export function meanInfluence(
  sample: Sample,
  statistic: Statistic,
  { unit, blockSize }: Pick<EstimateTerms, 'unit' | 'blockSize'>,
): MeanInfluence {
  const score = scoreOf(statistic);
  const sums = new Map<number, { sum: number; count: number }>();
  sample.value.forEach((value, i) => {
    const found = sums.get(sample.point[i]);
    if (found === undefined) sums.set(sample.point[i], { sum: score(value), count: 1 });
    else {
      found.sum += score(value);
      found.count++;
    }
  });
  const points = sums.size;
  let value = 0;
  for (const { sum, count } of sums.values()) value += sum / count / points;
  const units = unitsOf(sample, unit, blockSize);
  const influence = Float64Array.from(units, (rows) =>
    rows.reduce((total, i) => {
      const { sum, count } = sums.get(sample.point[i])!;
      const centre = unit === 'seed' ? sum / count : value;
      return total + (score(sample.value[i]) - centre) / count / points;
    }, 0),
  );
  return { value, influence };
}

/** Student's interval from the influence of units, with one degree of freedom less than units. */
export function clusterInterval(
  value: number,
  influence: Float64Array,
  statistic: Statistic,
  { unitName, confidence }: Pick<EstimateTerms, 'unitName' | 'confidence'>,
): Omit<OutcomeEstimate, 'runs'> {
  const units = influence.length;
  if (units < 2) return { value, low: NaN, high: NaN, units, interval: 'none' };
  const squares = influence.reduce((sum, one) => sum + one * one, 0);
  const error = Math.sqrt((squares * units) / (units - 1));
  const half = studentQuantile(0.5 + confidence / 2, units - 1) * error;
  if (statistic.kind !== 'share') return { value, low: value - half, high: value + half, units, interval: `t over ${unitName}` };
  if (value === 0 || value === 1) {
    const { low, high } = shareInterval(value * units, units, confidence);
    return { value, low, high, units, interval: `Wilson, ${unitName} as trials` };
  }
  const [low, high] = [Math.max(0, value - half), Math.min(1, value + half)];
  return { value, low, high, units, interval: `t over ${unitName}` };
}

/** Values that resamples of a quantile may sort in all: well under a second. */
const SORTED_MAX = 2_000_000;

function resampledQuantile(sample: Sample, statistic: Statistic, terms: EstimateTerms): OutcomeEstimate {
  const units = unitsOf(sample, terms.unit, terms.blockSize);
  const affordable = Math.max(100, Math.floor(SORTED_MAX / sample.value.length));
  const resamples = Math.min(terms.resamples ?? 1000, affordable);
  const groups = groupsOf(units, affordable);
  const { value, low, high } = bcaInterval(
    groups.length,
    (drawn) => {
      const values: number[] = [];
      for (const group of drawn) for (const i of groups[group]) values.push(sample.value[i]);
      return compute(statistic, values);
    },
    { stream: terms.stream, resamples, confidence: terms.confidence },
  );
  const interval = `BCa over ${terms.unitName}`;
  return { value, low, high, runs: sample.value.length, units: units.length, interval };
}
