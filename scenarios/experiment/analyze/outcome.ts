/** What is looked at in a study: outcomes declared beforehand, or asked for now. */
import { hillPair } from '../../../sim/metrics/index.js';
import type { HillPair } from '../../../sim/metrics/index.js';
import { metricPlace } from '../run/index.js';
import type { RunMetric } from '../run/index.js';
import type { StudyPlan } from '../study/index.js';
import { statisticLabel, statisticOf } from './statistic.js';
import type { Statistic } from './statistic.js';
import type { StudyRuns } from './study-runs.js';

/** An outcome. */
export interface Outcome {
  metric: RunMetric;
  statistic: Statistic;
  /** `mean badDebtQuote`. */
  label: string;
  unit: string;
  /** Whether it was declared before the runs were made. */
  declared: boolean;
  /** Level at which its boundary lies: 1 of a reproduction number, 1/2 of a probability; null for none. */
  level: number | null;
  /** Of the runs of all variants. */
  tail: TailCheck | null;
}

/** Whether means of an outcome may be used. */
export interface TailCheck {
  hill: HillPair;
  /** The outcome declared, in place of which the median stands. */
  replaced: string | null;
}

/** Values above 0 before a tail is judged: the narrower of the two estimates has ten of them. */
const TAIL_VALUES_MIN = 1000;
/** Of the wider estimate alone. */
const WIDE_VALUES_MIN = 200;
/** A mean has a finite error above this index only. */
const HEAVY = 2;

/** What is looked at where a study declares nothing. */
const FALLBACK = ['reproductionNumber.early', 'liquidations.count', 'y'];

/**
 * Returns the outcomes of a study: the declared ones, else usual ones; or the one asked for.
 * @throws UserError `metric/unknown`
 */
export function outcomesOf(runs: StudyRuns, asked?: string): Outcome[] {
  const { plan } = runs;
  const declared = plan.study.primary.map((one) => ({ ...one, declared: true }));
  if (asked !== undefined) {
    const { name } = plan.metrics[metricPlace(asked, '--metric: ', plan.metrics)];
    const known = declared.filter((one) => one.metric === name);
    const chosen = known.length > 0 ? known : [{ metric: name, statistic: 'mean', above: undefined, declared: false }];
    return chosen.map((one) => outcomeOf(runs, one));
  }
  if (declared.length > 0) return declared.map((one) => outcomeOf(runs, one));
  const names = FALLBACK.filter((name) => plan.metrics.some((one) => one.name === name));
  return names.map((metric) => outcomeOf(runs, { metric, statistic: 'mean', above: undefined, declared: false }));
}

interface Choice {
  metric: string;
  statistic: string;
  above?: number | undefined;
  declared: boolean;
}

function outcomeOf(runs: StudyRuns, { metric: name, statistic: word, above, declared }: Choice): Outcome {
  const metric = metricNamed(runs.plan, name);
  const wanted = statisticOf(word, above);
  const tail = tailOf(runs.values(name));
  const heavy = wanted.kind === 'mean' && tail !== null && isHeavy(tail);
  const statistic: Statistic = heavy ? { kind: 'quantile', q: 0.5 } : wanted;
  return {
    metric,
    statistic,
    label: statisticLabel(statistic, name),
    unit: statistic.kind === 'share' ? 'probability' : metric.unit,
    declared,
    // R over whole cascades cannot reach 1, nor be seen to stay below it for a reason.
    level: statistic.kind === 'share' ? 0.5 : name === 'reproductionNumber.early' ? 1 : null,
    tail: tail === null ? null : { hill: tail, replaced: heavy ? statisticLabel(wanted, name) : null },
  };
}

/** Contagion as it is looked for whatever a study declares: R of early generations, and cascades that span. */
const CONTAGION: readonly { name: string; statistic: Statistic; level: number }[] = [
  { name: 'reproductionNumber.early', statistic: { kind: 'mean' }, level: 1 },
  { name: 'cascade.largestShare', statistic: { kind: 'share', above: 0.2 }, level: 0.5 },
];

/** Returns those outcomes of contagion that a study of a scenario does not declare. */
export function contagionOutcomes(plan: StudyPlan, declared: readonly Outcome[]): Outcome[] {
  return CONTAGION.flatMap(({ name, statistic, level }): Outcome[] => {
    const label = statisticLabel(statistic, name);
    const isThere = plan.metrics.some((one) => one.name === name);
    if (!isThere || declared.some((one) => one.label === label)) return [];
    const metric = metricNamed(plan, name);
    const unit = statistic.kind === 'share' ? 'probability' : metric.unit;
    return [{ metric, statistic, label, unit, declared: false, level, tail: null }];
  });
}

function metricNamed({ metrics }: StudyPlan, name: string): RunMetric {
  return metrics[metricPlace(name, '', metrics)];
}

/** Hill's index of the values above 0; null where they are too few to tell. */
function tailOf(values: Float64Array): HillPair | null {
  const positive = values.filter((one) => one > 0);
  return positive.length < WIDE_VALUES_MIN ? null : hillPair(positive);
}

/** Both estimates below 2, where both can be had: what differs between them is no power law. */
function isHeavy({ wide, narrow }: HillPair): boolean {
  if (!(wide.value < HEAVY)) return false;
  return narrow.count * 100 < TAIL_VALUES_MIN || narrow.value < HEAVY;
}
