/** How much of an outcome each factor accounts for, and how much the seed. */
import { morrisEffects, sobolIndices } from '../../../sim/design/index.js';
import type { MorrisEffect } from '../../../sim/design/index.js';
import { studentQuantile } from '../../../sim/metrics/index.js';
import type { Estimate } from '../../../sim/metrics/index.js';
import type { StudyPlan } from '../study/index.js';
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

/** Scores by point and seed, of the points that have all of them. */
interface PointSeedTable {
  points: number;
  seeds: number;
  /** Point * seeds + seed. */
  score: Float64Array;
}

/** Seeds below which nothing can be said of how seeds vary. */
const SEEDS_MIN = 5;
/** Groups of units that the jackknife leaves out in turn, at most. */
const GROUPS_MAX = 100;

/**
 * Two-way random effects of points and seeds, which all points share. With mean squares P, S and E of points,
 * seeds and what is left, the components are (P - E) / seeds, (S - E) / points, not below 0, and E. The seed
 * accounts for the latter two: what it does everywhere, and what it does at one point alone. Source: Searle,
 * Casella & McCulloch 1992, chapter 4. The interval is that of a jackknife over units: a bootstrap would draw
 * seeds twice, which then agree with each other.
 */
function aleatoryShare(
  { plan, values }: StudyRuns,
  { metric, statistic }: Outcome,
  variant: number,
  terms: EstimateTerms,
): VarianceShare | null {
  const table = tableOf(plan, values(metric.name), variant, scoreOf(statistic));
  if (table.points < 2) return null;
  const bySeed = terms.unit === 'seed';
  const all = { points: Int32Array.from({ length: table.points }, (_, i) => i), seeds: Int32Array.from({ length: table.seeds }, (_, i) => i) };
  const value = shareOf(table, all);
  if (Number.isNaN(value)) return null;
  if (table.seeds < SEEDS_MIN) return { value, low: NaN, high: NaN };
  const units = bySeed ? all.seeds : all.points;
  const groups = Math.min(units.length, GROUPS_MAX);
  if (groups < SEEDS_MIN) return { value, low: NaN, high: NaN };
  const without = Array.from({ length: groups }, (_, group) => {
    const kept = units.filter((unit) => unit % groups !== group);
    return shareOf(table, bySeed ? { ...all, seeds: kept } : { ...all, points: kept });
  });
  const half = studentQuantile(0.5 + terms.confidence / 2, groups - 1) * jackknifeError(without);
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
}

/** Returns the standard error from estimates that each leave a group out (Efron & Tibshirani 1993, chapter 11). */
function jackknifeError(without: readonly number[]): number {
  const groups = without.length;
  const middle = without.reduce((sum, one) => sum + one, 0) / groups;
  const squares = without.reduce((sum, one) => sum + (one - middle) * (one - middle), 0);
  return Math.sqrt(((groups - 1) / groups) * squares);
}

function tableOf(plan: StudyPlan, values: Float64Array, variant: number, score: (value: number) => number): PointSeedTable {
  const seeds = plan.replicatesMin;
  const scores: number[] = [];
  let points = 0;
  for (let point = 0; point < plan.points; point++) {
    const from = plan.indexOf({ point, variant, replicate: 0 });
    const own = values.subarray(from, from + seeds);
    if (own.some(Number.isNaN)) continue;
    points++;
    for (const one of own) scores.push(score(one));
  }
  return { points, seeds, score: Float64Array.from(scores) };
}

function shareOf({ seeds: width, score }: PointSeedTable, { points, seeds }: { points: Int32Array; seeds: Int32Array }): number {
  const [p, s] = [points.length, seeds.length];
  const pointMean = new Float64Array(p);
  const seedMean = new Float64Array(s);
  let middle = 0;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < s; j++) {
      const one = score[points[i] * width + seeds[j]];
      pointMean[i] += one / s;
      seedMean[j] += one / p;
      middle += one / p / s;
    }
  }
  let rest = 0;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < s; j++) {
      const gap = score[points[i] * width + seeds[j]] - pointMean[i] - seedMean[j] + middle;
      rest += gap * gap;
    }
  }
  const spread = (means: Float64Array): number => means.reduce((sum, one) => sum + (one - middle) * (one - middle), 0);
  const error = rest / ((p - 1) * (s - 1));
  const ofPoints = Math.max(0, (s * spread(pointMean)) / (p - 1) - error) / s;
  const ofSeeds = Math.max(0, (p * spread(seedMean)) / (s - 1) - error) / p;
  const total = ofPoints + ofSeeds + error;
  return total > 0 ? (ofSeeds + error) / total : NaN;
}
