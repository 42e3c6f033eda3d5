/** Whether there are enough runs: how estimates settle, what failed, what is undefined. */
import { precisionOf } from '../../../sim/statistics/index.js';
import { metricPlace } from '../run/index.js';
import type { Outcome } from './outcome.js';
import { sampleOf, unitsOf } from './sample.js';
import type { Sample } from './sample.js';
import { estimateSample } from './sample-estimate.js';
import type { EstimateTerms } from './sample-estimate.js';
import { OK } from './study-runs.js';
import type { StudyRuns } from './study-runs.js';

/** An estimate as seeds (or points) come in. */
export interface RunningEstimate {
  outcome: string;
  variant: string;
  unitName: string;
  steps: { units: number; value: number; low: number; high: number }[];
  /** Half of the last interval over the value's size; NaN where there is none. */
  relative: number;
}

/** How a sequential rule came out. */
export interface RuleOutcome {
  metric: string;
  precision: number;
  /** Points, by variant, that reached the precision, and those with the most replicates that did not. */
  reached: number;
  short: number;
}

/** Convergence of a study. */
export interface Convergence {
  running: RunningEstimate[];
  rule: RuleOutcome | null;
  failures: { reason: string; runs: number }[];
  /** Figures without a value in some of the runs that ended well. */
  undefinedIn: { metric: string; runs: number }[];
}

const STEPS_MAX = 40;

/** Looks at outcomes and figures. */
export function convergenceOf(runs: StudyRuns, outcomes: readonly Outcome[], terms: EstimateTerms): Convergence {
  const { plan } = runs;
  const running = outcomes.flatMap((outcome) =>
    plan.study.variants.map(({ name }, variant): RunningEstimate => {
      const sample = sampleOf(plan, runs.values(outcome.metric.name), { variant });
      return { outcome: outcome.label, variant: name, ...runningOf(sample, outcome, terms) };
    }),
  );
  const failures = [...runs.failures].map(([reason, count]) => ({ reason, runs: count }));
  return {
    running,
    rule: ruleOutcome(runs),
    failures: failures.sort((a, b) => b.runs - a.runs),
    undefinedIn: undefinedFigures(runs),
  };
}

function runningOf(sample: Sample, { statistic }: Outcome, terms: EstimateTerms): Pick<RunningEstimate, 'steps' | 'relative' | 'unitName'> {
  const single = sample.point.every((one) => one === sample.point[0]);
  const kind = single ? 'seed' : terms.unit;
  const units = unitsOf(sample, kind, terms.blockSize);
  const counts = new Set<number>();
  // Quantiles are resampled at every step.
  const most = statistic.kind === 'quantile' ? STEPS_MAX / 4 : STEPS_MAX;
  for (let k = 1; k <= most; k++) counts.add(Math.max(2, Math.round((k * units.length) / most)));
  const quick = { ...terms, resamples: 200 };
  const steps = [...counts].filter((count) => count <= units.length).map((count) => {
    const rows = units.slice(0, count).flat();
    const part: Sample = {
      value: Float64Array.from(rows, (i) => sample.value[i]),
      point: Int32Array.from(rows, (i) => sample.point[i]),
      seed: Int32Array.from(rows, (i) => sample.seed[i]),
    };
    const { value, low, high } = estimateSample(part, statistic, quick);
    return { units: count, value, low, high };
  });
  const last = steps[steps.length - 1];
  const relative = last === undefined ? NaN : (last.high - last.low) / 2 / Math.abs(last.value);
  return { steps, relative, unitName: single ? 'runs' : terms.unitName };
}

function ruleOutcome({ plan, values }: StudyRuns): RuleOutcome | null {
  const { rule, study } = plan;
  if (rule === null) return null;
  const target = { relative: rule.precision, confidence: study.confidence, pilot: rule.min };
  const all = values(plan.metrics[metricPlace(rule.metric, '', plan.metrics)].name);
  const found = { reached: 0, short: 0 };
  for (let point = 0; point < plan.points; point++) {
    for (let variant = 0; variant < plan.variants; variant++) {
      const from = plan.indexOf({ point, variant, replicate: 0 });
      const own = all.slice(from, from + plan.replicates).filter((one) => !Number.isNaN(one));
      if (precisionOf(own, target).enough) found.reached++;
      else found.short++;
    }
  }
  return { metric: rule.metric, precision: rule.precision, ...found };
}

function undefinedFigures({ plan, values, status }: StudyRuns): Convergence['undefinedIn'] {
  return plan.metrics
    .map(({ name }) => {
      const own = values(name);
      let count = 0;
      for (let i = 0; i < own.length; i++) if (status[i] === OK && Number.isNaN(own[i])) count++;
      return { metric: name, runs: count };
    })
    .filter((one) => one.runs > 0)
    .sort((a, b) => b.runs - a.runs);
}
