/** What a variant changes, on the seeds that all variants share. */
import { benjaminiHochberg, commonNumbers, holm, pairedTest } from '../../../sim/statistics/index.js';
import type { StudyPlan } from '../study/index.js';
import type { Outcome } from './outcome.js';
import { unitKindOf } from './sample.js';
import { scoreOf, statisticLabel } from './statistic.js';
import type { Statistic } from './statistic.js';
import type { StudyRuns } from './study-runs.js';

/** A variant against the first, on one outcome. */
export interface VariantDifference {
  variant: string;
  label: string;
  unit: string;
  /** Declared beforehand: adjusted by Holm, the rest by Benjamini and Hochberg. */
  primary: boolean;
  /** Mean over points of variant less reference. */
  difference: number;
  low: number;
  high: number;
  /** Pairs of runs, and the seeds or points they stand for. */
  pairs: number;
  units: number;
  pValue: number;
  adjusted: number;
  /** Share of pairs in which the variant lies below and above the reference. */
  below: number;
  above: number;
  better: 'lower' | 'higher' | null;
  /** What common random numbers gained; NaN where seeds make no difference or there is one. */
  varianceRatio: number;
  correlation: number;
}

/** Compares every variant with the first. Quantiles are not compared: their means stand in. */
export function variantDifferences(runs: StudyRuns, outcomes: readonly Outcome[]): VariantDifference[] {
  const { plan } = runs;
  const found: VariantDifference[] = [];
  const declared = outcomes.map(({ metric, statistic }) => ({
    metric,
    statistic: (statistic.kind === 'share' ? statistic : { kind: 'mean' }) as Statistic,
    primary: true,
  }));
  const names = new Set(declared.map((one) => one.metric.name));
  const rest = plan.metrics
    .filter((one) => !names.has(one.name))
    .map((metric) => ({ metric, statistic: { kind: 'mean' } as Statistic, primary: false }));
  for (let variant = 1; variant < plan.variants; variant++) {
    for (const { metric, statistic, primary } of [...declared, ...rest]) {
      const pairs = pairsOf(plan, runs.values(metric.name), variant, scoreOf(statistic));
      if (pairs.a.length === 0) continue;
      if (!primary && pairs.a.every((one, i) => one === pairs.b[i])) continue;
      const label = statisticLabel(statistic, metric.name);
      const unit = statistic.kind === 'share' ? 'probability' : metric.unit;
      const about = { variant: plan.study.variants[variant].name, label, unit, primary, better: metric.better };
      found.push({ ...about, ...compare(pairs, plan.study.confidence) });
    }
  }
  adjust(found.filter((one) => one.primary), holm);
  adjust(found.filter((one) => !one.primary), benjaminiHochberg);
  return found;
}

function adjust(family: VariantDifference[], method: (pValues: number[]) => Float64Array): void {
  const adjusted = method(family.map((one) => one.pValue));
  family.forEach((one, i) => {
    one.adjusted = adjusted[i];
  });
}

/** Runs of reference and variant at the same point on the same seed. */
interface Pairs {
  a: number[];
  b: number[];
  point: number[];
  /** Seed or block. */
  unit: number[];
}

function pairsOf(plan: StudyPlan, values: Float64Array, variant: number, score: (value: number) => number): Pairs {
  const pairs: Pairs = { a: [], b: [], point: [], unit: [] };
  const kind = unitKindOf(plan);
  for (let point = 0; point < plan.points; point++) {
    for (let replicate = 0; replicate < plan.replicates; replicate++) {
      const a = values[plan.indexOf({ point, variant: 0, replicate })];
      const b = values[plan.indexOf({ point, variant, replicate })];
      if (Number.isNaN(a) || Number.isNaN(b)) continue;
      pairs.a.push(score(a));
      pairs.b.push(score(b));
      pairs.point.push(point);
      pairs.unit.push(kind === 'seed' ? replicate : Math.floor(point / plan.design.blockSize));
    }
  }
  return pairs;
}

type Comparison = Pick<
  VariantDifference,
  'difference' | 'low' | 'high' | 'pairs' | 'units' | 'pValue' | 'adjusted' | 'below' | 'above' | 'varianceRatio' | 'correlation'
>;

function compare({ a, b, point, unit }: Pairs, confidence: number): Comparison {
  const [means, twins] = [a, b].map((side) => meansBy(unit, side));
  const { difference, pValue } = pairedTest([...means.values()], [...twins.values()], confidence);
  const [centredA, centredB] = [a, b].map((side) => {
    const middle = meansBy(point, side);
    return side.map((value, i) => value - (middle.get(point[i]) ?? 0));
  });
  const { varianceRatio, correlation } = commonNumbers(centredA, centredB);
  const count = a.length;
  return {
    difference: difference.mean,
    low: difference.low,
    high: difference.high,
    pairs: count,
    units: means.size,
    pValue,
    adjusted: NaN,
    below: b.filter((one, i) => one < a[i]).length / count,
    above: b.filter((one, i) => one > a[i]).length / count,
    varianceRatio,
    correlation,
  };
}

function meansBy(keys: readonly number[], values: readonly number[]): Map<number, number> {
  const sums = new Map<number, [number, number]>();
  keys.forEach((key, i) => {
    const [sum, count] = sums.get(key) ?? [0, 0];
    sums.set(key, [sum + values[i], count + 1]);
  });
  return new Map([...sums].map(([key, [sum, count]]) => [key, sum / count]));
}
