/** An assertion on a figure over many runs, and how it is written. */
import { durationText } from '../duration.js';

/** How the two sides of an assertion compare. */
export type Comparison = '<' | '<=' | '>' | '>=';

/** A number as written: plain, or a duration in microseconds. */
export interface Amount {
  value: number;
  isDuration: boolean;
}

/** What is taken of a figure's values over runs. */
export type Statistic =
  | { kind: 'mean' | 'median' | 'min' | 'max' }
  /** `percent` in 0.1 to 99.9, in steps of 0.1. */
  | { kind: 'quantile'; percent: number }
  /** Share of runs in which the figure compares so with the level. */
  | { kind: 'share'; comparison: Comparison; level: Amount };

/** What must hold: statistic of a figure, against a threshold. */
export interface Assertion {
  metric: string;
  statistic: Statistic;
  comparison: Comparison;
  /** Above 0 and below 1 for a share, which is bounded by <= or >=. */
  threshold: Amount;
  /** Runs that leave the figure undefined do not count, for or against. */
  definedOnly: boolean;
}

/** Writes an assertion; `parseAssertion` reads it back. */
export function assertionText(assertion: Assertion): string {
  const { metric, statistic, comparison, threshold, definedOnly } = assertion;
  const end = `${comparison} ${amountText(threshold)}${definedOnly ? ' where defined' : ''}`;
  if (statistic.kind === 'share') {
    return `P(${metric} ${statistic.comparison} ${amountText(statistic.level)}) ${end}`;
  }
  return `${metric} ${statisticText(statistic)} ${end}`;
}

/** Writes what is taken of a figure: `p99`, `mean`, `share`. */
export function statisticText(statistic: Statistic): string {
  return statistic.kind === 'quantile' ? `p${statistic.percent}` : statistic.kind;
}

function amountText({ value, isDuration }: Amount): string {
  return isDuration ? durationText(value) : String(value);
}
