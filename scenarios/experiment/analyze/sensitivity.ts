/** How much of an outcome each factor accounts for, and how much the seed. */
import { morrisEffects, sobolIndices } from '../../../sim/design/index.js';
import type { MorrisEffect } from '../../../sim/design/index.js';
import type { Estimate } from '../../../sim/metrics/index.js';
import { bcaInterval } from '../../../sim/statistics/index.js';
import { pointOutcomes } from './effects.js';
import type { Outcome } from './outcome.js';
import type { EstimateTerms } from './sample-estimate.js';
import { scoreOf } from './statistic.js';
import type { StudyRuns } from './study-runs.js';

/** A share of variance with its interval. */
export interface VarianceShare {
  value: number;
  low: number;
  high: number;
}

/** Indices of one outcome. */
export interface Sensitivity {
  /** Axes of the design: factors, and mixes whose shares move together. */
  axes: string[];
  morris: { effects: MorrisEffect[]; trajectories: number; dropped: number } | null;
  sobol: { first: Estimate[]; total: Estimate[]; rows: number; dropped: number; variance: number } | null;
  /** Share of the variance of a single run that the seed accounts for, points held; null for one replicate. */
  aleatory: VarianceShare | null;
}

/** Computes the indices that the design allows. */
export function sensitivityOf(runs: StudyRuns, outcome: Outcome, variant: number, terms: EstimateTerms): Sensitivity {
  const { plan } = runs;
  const { design, study } = plan;
  const options = { stream: terms.stream, confidence: terms.confidence };
  const axes = design.axes.map((one) => one.name);
  const aleatory = plan.replicates > 1 ? aleatoryShare(runs, outcome, variant, terms) : null;
  const { unit } = design;
  const { kind } = study.design;
  if (unit === null || (kind !== 'morris' && kind !== 'saltelli')) return { axes, morris: null, sobol: null, aleatory };
  const outcomes = pointOutcomes(runs, outcome, variant);
  if (kind === 'morris') {
    const { factors: effects, trajectories, dropped } = morrisEffects(unit, outcomes, options);
    return { axes, morris: { effects, trajectories, dropped }, sobol: null, aleatory };
  }
  const { first, total, rows, dropped, variance } = sobolIndices(unit, outcomes, options);
  return { axes, morris: null, sobol: { first, total, rows, dropped, variance }, aleatory };
}

/** Sums of one point that the decomposition needs. */
interface PointTerms {
  count: number;
  mean: number;
  /** Variance within the point. */
  within: number;
}

/**
 * One-way random effects: within points w = mean s_p^2, between points b = Var(mean_p) - mean(s_p^2 / n_p),
 * not below 0; the share is w / (w + b). A bootstrap over points. Source: Searle, Casella & McCulloch 1992,
 * chapter 3.
 */
function aleatoryShare(
  { plan, values }: StudyRuns,
  { metric, statistic }: Outcome,
  variant: number,
  terms: EstimateTerms,
): VarianceShare | null {
  const score = scoreOf(statistic);
  const all = values(metric.name);
  const points: PointTerms[] = [];
  for (let point = 0; point < plan.points; point++) {
    const from = plan.indexOf({ point, variant, replicate: 0 });
    const own = Array.from(all.slice(from, from + plan.replicates)).filter((one) => !Number.isNaN(one)).map(score);
    if (own.length < 2) continue;
    const mean = own.reduce((sum, one) => sum + one, 0) / own.length;
    const squares = own.reduce((sum, one) => sum + (one - mean) * (one - mean), 0);
    points.push({ count: own.length, mean, within: squares / (own.length - 1) });
  }
  if (points.length < 2) return null;
  const { value, low, high } = bcaInterval(points.length, (rows) => shareOf(points, rows), {
    stream: terms.stream,
    resamples: 1000,
    confidence: terms.confidence,
  });
  return { value, low, high };
}

function shareOf(points: readonly PointTerms[], rows: Int32Array): number {
  let [within, error, sum] = [0, 0, 0];
  for (const i of rows) {
    const { count, mean, within: own } = points[i];
    within += own / rows.length;
    error += own / count / rows.length;
    sum += mean / rows.length;
  }
  let squares = 0;
  for (const i of rows) squares += (points[i].mean - sum) * (points[i].mean - sum);
  const between = Math.max(0, squares / (rows.length - 1) - error);
  return within + between > 0 ? within / (within + between) : NaN;
}
