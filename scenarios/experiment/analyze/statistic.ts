/** Statistics that an outcome may be summarised by. */
import { quantile, sorted } from '../../../sim/metrics/index.js';
import { quantileOf } from '../../../sim/statistics/index.js';

/** A statistic of values. */
export type Statistic =
  | { kind: 'mean' }
  | { kind: 'share'; above: number }
  | { kind: 'quantile'; q: number };

/** Reads a statistic as studies write it. */
export function statisticOf(word: string, above?: number): Statistic {
  if (word === 'share') return { kind: 'share', above: above ?? 0 };
  const q = quantileOf(word);
  return q === null ? { kind: 'mean' } : { kind: 'quantile', q };
}

/** Names a statistic of a figure: `mean badDebtQuote`, `P(x > 0.1)`. */
export function statisticLabel(statistic: Statistic, metric: string): string {
  switch (statistic.kind) {
    case 'mean':
      return `mean ${metric}`;
    case 'share':
      return `P(${metric} > ${statistic.above})`;
    case 'quantile':
      return statistic.q === 0.5 ? `median ${metric}` : `p${Number((100 * statistic.q).toPrecision(8))} ${metric}`;
  }
}

/** What a mean is taken of: shares are means of 0 and 1. */
export function scoreOf(statistic: Statistic): (value: number) => number {
  if (statistic.kind !== 'share') return (value) => value;
  const { above } = statistic;
  return (value) => (value > above ? 1 : 0);
}

/** Computes a statistic of values; NaN of none. */
export function compute(statistic: Statistic, values: ArrayLike<number>): number {
  if (values.length === 0) return NaN;
  if (statistic.kind === 'quantile') return quantile(sorted(values), statistic.q);
  const score = scoreOf(statistic);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += score(values[i]);
  return sum / values.length;
}
