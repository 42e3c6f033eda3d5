/** The reproduction number pooled over runs: children over liquidations, summed before they are divided. */
import { bcaInterval } from '../../../sim/statistics/index.js';
import type { Outcome } from './outcome.js';
import { groupsOf, sampleOf, unitsOf } from './sample.js';
import type { Sample } from './sample.js';
import type { EstimateTerms, OutcomeEstimate } from './sample-estimate.js';
import type { StudyRuns } from './study-runs.js';

/** Reproduction numbers, with the figure that each run weighs by. */
const WEIGHTS: Readonly<Record<string, string>> = {
  'reproductionNumber': 'liquidations.count',
  'reproductionNumber.early': 'contagion.earlyNodes',
};

/** Whether an outcome is the mean of a ratio that is better pooled. */
export function isPooled({ metric, statistic }: Pick<Outcome, 'metric' | 'statistic'>): boolean {
  return statistic.kind === 'mean' && Object.hasOwn(WEIGHTS, metric.name);
}

/** Sums that a ratio is made of, run by run. */
export interface RatioSample extends Sample {
  weight: Float64Array;
}

/** Collects the runs of a variant that have liquidations. */
export function ratioSampleOf(
  { plan, values }: Pick<StudyRuns, 'plan' | 'values'>,
  name: string,
  choice: { variant: number; isIn?: (point: number) => boolean },
): RatioSample {
  const counts = values(WEIGHTS[name]);
  const sample = sampleOf(plan, values(name), choice);
  const { variant } = choice;
  const weight = Float64Array.from(sample.point, (point, i) => counts[plan.indexOf({ point, variant, replicate: sample.seed[i] })]);
  return { ...sample, weight };
}

interface RatioSums {
  above: number;
  below: number;
}

function sumsOf({ value, weight }: RatioSample, rows: readonly number[]): RatioSums {
  const sums = { above: 0, below: 0 };
  for (const i of rows) {
    sums.above += value[i] * weight[i];
    sums.below += weight[i];
  }
  return sums;
}

function ratioOf(parts: readonly RatioSums[]): number {
  let above = 0;
  let below = 0;
  for (const one of parts) {
    above += one.above;
    below += one.below;
  }
  return below > 0 ? above / below : NaN;
}

/** Estimates the ratio with a bootstrap that draws seeds (or points) whole; at one point, runs. */
export function estimateRatio(sample: RatioSample, terms: EstimateTerms): OutcomeEstimate {
  const units = unitsOf(sample, terms.unit, terms.blockSize);
  // Sums of every group are all that is drawn.
  const sums = groupsOf(units).map((rows) => sumsOf(sample, rows));
  const { value, low, high } = bcaInterval(
    sums.length,
    (drawn) => ratioOf(Array.from(drawn, (group) => sums[group])),
    { stream: terms.stream, resamples: terms.resamples ?? 1000, confidence: terms.confidence },
  );
  const interval = `BCa over ${terms.unitName}`;
  return { value, low, high, runs: sample.value.length, units: units.length, interval };
}
