/** What factors do to an outcome: level by level, and as correlations of ranks. */
import { rankEffects, regressionEffects } from '../../../sim/design/index.js';
import type { Estimate } from '../../../sim/metrics/index.js';
import type { FactorLevels } from './factor-levels.js';
import type { Outcome } from './outcome.js';
import { sampleOf } from './sample.js';
import type { Sample } from './sample.js';
import { clusterInterval, estimateSample, meanInfluence } from './sample-estimate.js';
import type { EstimateTerms, OutcomeEstimate } from './sample-estimate.js';
import { compute } from './statistic.js';
import type { StudyRuns } from './study-runs.js';

/** An outcome at one level of a factor, over all values of the others. */
export interface LevelOutcome {
  label: string;
  /** Null for words. */
  control: number | null;
  estimate: OutcomeEstimate;
}

/** A change of an outcome between levels. */
export interface LevelContrast extends OutcomeEstimate {
  from: string;
  to: string;
}

/** The effect of a factor on an outcome. */
export interface FactorEffect {
  factor: string;
  unit: string;
  binned: boolean;
  isNumber: boolean;
  log: boolean;
  levels: LevelOutcome[];
  /** Outcome at the last level that has values less that at the first, pairing what they share. */
  contrast: LevelContrast | null;
  /** Standardised regression coefficient and partial rank correlation, where points are drawn. */
  regression: Estimate | null;
  rank: Estimate | null;
}

/** Effects of all factors. */
export interface Effects {
  factors: FactorEffect[];
  /** Share of the variance between points that a linear model, and one of ranks, accounts for. */
  rSquared: { linear: number; ranks: number } | null;
}

/** Computes the effects on an outcome of one variant. */
export function effectsOf(
  runs: StudyRuns,
  outcome: Outcome,
  variant: number,
  { levels, terms }: { levels: readonly FactorLevels[]; terms: EstimateTerms },
): Effects {
  const { plan } = runs;
  const values = runs.values(outcome.metric.name);
  const { statistic } = outcome;
  const trends = trendsOf(runs, outcome, variant, terms);
  const factors = levels.map((one): FactorEffect => {
    const samples = one.levels.map(({ points }) => sampleOf(plan, values, { variant, isIn: (point) => points.has(point) }));
    const found = one.levels.map(({ label, control }, k): LevelOutcome => ({
      label,
      control: Number.isNaN(control) ? null : control,
      estimate: estimateSample(samples[k], statistic, terms),
    }));
    const { name: factor, unit, binned, isNumber, log } = one;
    const known = samples.flatMap((sample, k) => (sample.value.length > 0 ? [{ sample, label: one.levels[k].label }] : []));
    const [first, last] = [known[0], known[known.length - 1]];
    return {
      factor, unit, binned, isNumber, log,
      levels: found,
      contrast: known.length < 2 ? null : { from: first.label, to: last.label, ...contrastOf(first.sample, last.sample, outcome, terms) },
      regression: trends?.regression[one.factor] ?? null,
      rank: trends?.ranks[one.factor] ?? null,
    };
  });
  return { factors, rSquared: trends?.rSquared ?? null };
}

/** Difference of two levels; seeds that ran at both are paired. */
function contrastOf(first: Sample, last: Sample, { statistic }: Outcome, terms: EstimateTerms): OutcomeEstimate {
  const runs = first.value.length + last.value.length;
  const [a, b] = [first, last].map((one) => compute(statistic, one.value));
  if (statistic.kind === 'quantile') {
    return { value: b - a, low: NaN, high: NaN, runs, units: 0, interval: 'none' };
  }
  const parts = [first, last].map((sample) => ({ sample, ...meanInfluence(sample, statistic, terms) }));
  const value = parts[1].value - parts[0].value;
  const influence = new Map<number, number>();
  parts.forEach(({ sample, influence: own }, side) => {
    unitKeys(sample, terms).forEach((key, k) => {
      influence.set(key, (influence.get(key) ?? 0) + (side === 0 ? -own[k] : own[k]));
    });
  });
  const both = Float64Array.from(influence.values());
  return { ...clusterInterval(value, both, { kind: 'mean' }, terms), runs };
}

/** Keys of the units of a sample, ascending as `unitsOf` has them. */
function unitKeys({ seed, point }: Sample, { unit, blockSize }: EstimateTerms): number[] {
  const keys = unit === 'seed' ? seed : point.map((one) => Math.floor(one / blockSize));
  return [...new Set(keys)].sort((x, y) => x - y);
}

interface Trends {
  regression: Estimate[];
  ranks: Estimate[];
  rSquared: { linear: number; ranks: number };
}

/** Only where points are drawn by themselves: trajectories and rows of a scheme have estimators of their own. */
function trendsOf({ plan, values }: StudyRuns, outcome: Outcome, variant: number, terms: EstimateTerms): Trends | null {
  const { study, design, points } = plan;
  const numbers = design.points.every((point) => point.values.every((one) => typeof one === 'number'));
  if (design.unit === null || design.blockSize > 1 || !numbers) return null;
  const table = {
    rows: points,
    columns: study.factors.length,
    values: Float64Array.from(design.points.flatMap((point) => point.values as number[])),
  };
  const outcomes = pointOutcomes({ plan, values }, outcome, variant);
  const options = { stream: terms.stream, confidence: terms.confidence };
  const linear = regressionEffects(table, outcomes, options);
  const ranks = rankEffects(table, outcomes, options);
  const rSquared = { linear: linear.rSquared, ranks: ranks.rSquared };
  return { regression: linear.effects, ranks: ranks.effects, rSquared };
}

/** Returns the statistic of every point; NaN where nothing is known. */
export function pointOutcomes(
  { plan, values }: Pick<StudyRuns, 'plan' | 'values'>,
  { metric, statistic }: Outcome,
  variant: number,
): Float64Array {
  const all = values(metric.name);
  return Float64Array.from({ length: plan.points }, (_, point) => {
    const from = plan.indexOf({ point, variant, replicate: 0 });
    return compute(statistic, all.slice(from, from + plan.replicates).filter((one) => !Number.isNaN(one)));
  });
}
