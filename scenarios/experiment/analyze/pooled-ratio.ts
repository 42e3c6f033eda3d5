/** The reproduction number pooled over runs: children over liquidations, summed before they are divided. */
import { bcaInterval } from '../../../sim/statistics/index.js';
import type { Outcome } from './outcome.js';
import { sampleOf, unitsOf } from './sample.js';
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

/** Returns the ratio of sums over some rows; NaN without liquidations. */
export function pooledRatio({ value, weight }: RatioSample, rows: readonly number[]): number {
  let above = 0;
  let below = 0;
  for (const i of rows) {
    above += value[i] * weight[i];
    below += weight[i];
  }
  return below > 0 ? above / below : NaN;
}

/** Estimates the ratio with a bootstrap that draws seeds (or points) whole; at one point, runs. */
export function estimateRatio(sample: RatioSample, terms: EstimateTerms): OutcomeEstimate {
  const units = unitsOf(sample, terms.unit, terms.blockSize);
  const { value, low, high } = bcaInterval(
    units.length,
    (drawn) => pooledRatio(sample, Array.from(drawn).flatMap((unit) => units[unit])),
    { stream: terms.stream, resamples: terms.resamples ?? 1000, confidence: terms.confidence },
  );
  const interval = `BCa over ${terms.unitName}`;
  return { value, low, high, runs: sample.value.length, units: units.length, interval };
}
