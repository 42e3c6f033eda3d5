/** An assertion joined with the figure of a run that it is about. */
import { UserError } from '../../../sim/kernel/index.js';
import { satisfies } from '../../../sim/statistics/index.js';
import type { Assertion as StatisticalClaim, AssertionStatistic, Operator } from '../../../sim/statistics/index.js';
import { assertionText, durationText, isFault, parseAssertion, statisticText } from '../../model/index.js';
import type { Amount, Assertion, TextPlace } from '../../model/index.js';
import { metricPlace } from '../run/index.js';
import type { RunMetric } from '../run/index.js';

/** An assertion as it was given. */
export interface AssertionSource {
  text: string;
  /** Why it must hold. */
  doc?: string | undefined;
  /** Where it stands in the scenario's file. */
  at?: TextPlace | undefined;
  /** Returns what stands before a refusal about a column of the text. */
  where(column: number): string;
}

/** What is judged. */
export interface Claim {
  /** As written anew: one spelling for equal assertions. */
  text: string;
  doc: string | undefined;
  at: TextPlace | undefined;
  assertion: Assertion;
  metric: RunMetric;
  /** Place of the figure among a run's values. */
  place: number;
  /** What it comes to: every claim says which runs satisfy it. */
  claimed: StatisticalClaim;
  /** The share asserted is that of runs which do not satisfy `claimed`. */
  isComplement: boolean;
}

/** Unit of figures whose thresholds are durations. */
const MICROSECONDS = 'us';

const OPPOSITE: Readonly<Record<Operator, Operator>> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

/**
 * Reads an assertion and finds its figure.
 * @throws UserError `assertion/syntax`, `metric/unknown` or `assertion/unit`, with the place
 */
export function claimOf(source: AssertionSource, metrics: readonly RunMetric[]): Claim {
  const parsed = parseAssertion(source.text);
  if (isFault(parsed)) {
    const { column, was, must } = parsed;
    throw new UserError('assertion/syntax', `${source.where(column)}was ${was}, ${must}`);
  }
  const { assertion, columns } = parsed;
  const place = metricPlace(assertion.metric, source.where(columns.metric), metrics);
  const metric = metrics[place];
  const { statistic } = assertion;
  if (statistic.kind === 'share') checkUnit(statistic.level, metric, source.where(columns.level));
  else checkUnit(assertion.threshold, metric, source.where(columns.threshold));
  const { doc, at } = source;
  return { text: assertionText(assertion), doc, at, assertion, metric, place, ...claimedBy(assertion) };
}

/** Returns whether a run with this value speaks for the claim. */
export function isSatisfied({ claimed }: Claim, value: number): boolean {
  return satisfies(value, claimed.operator, claimed.threshold);
}

/** Returns whether larger values are worse for the claim. */
export function isBoundAbove({ claimed }: Claim): boolean {
  return claimed.operator === '<' || claimed.operator === '<=';
}

function claimedBy(assertion: Assertion): Pick<Claim, 'claimed' | 'isComplement'> {
  const { statistic, comparison, threshold } = assertion;
  if (statistic.kind !== 'share') {
    const name = statisticText(statistic) as AssertionStatistic;
    const claimed = { statistic: name, operator: comparison, threshold: threshold.value };
    return { claimed, isComplement: false };
  }
  const isComplement = comparison === '<=';
  const operator = isComplement ? OPPOSITE[statistic.comparison] : statistic.comparison;
  const atLeast = isComplement ? 1 - threshold.value : threshold.value;
  const claimed = { statistic: 'share' as const, operator, threshold: statistic.level.value, atLeast };
  return { claimed, isComplement };
}

/** A plain number against microseconds would be read as seconds by most: the unit must be written. */
function checkUnit({ value, isDuration }: Amount, { name, unit }: RunMetric, where: string): void {
  const isTime = unit === MICROSECONDS;
  if (isDuration === isTime || (isTime && value === 0)) return;
  const was = `was ${isDuration ? durationText(value) : value}`;
  const must = isTime ? 'must be a duration such as 10m' : 'must be a number';
  throw new UserError('assertion/unit', `${where}${was}, ${must}: the unit of ${name} is ${unit}`);
}
