/** The insurance fund over a run, and over runs. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { wilsonShare } from '../numeric/index.js';
import type { Share } from '../numeric/index.js';

export const fundDrawdownInfo: MetricInfo = {
  name: 'insuranceFund.drawdown',
  group: 'solvency',
  over: 'trace',
  doc: 'Largest fall of the fund from a peak, as a share of that peak.',
  formula: 'max over t of 1 - F(t) / max over s<=t of F(s)',
  unit: '1 (0..1)',
  estimator: 'exact over one run',
  interval: 'cluster bootstrap by run',
  source: 'standard',
  test: '100, 120, 30, 90: 90 of 120',
};

export const fundDrawdownQuoteInfo: MetricInfo = {
  ...fundDrawdownInfo,
  name: 'insuranceFund.drawdownQuote',
  doc: 'Largest fall of the fund from a peak.',
  formula: 'max over t of max over s<=t of F(s) - F(t)',
  unit: 'quote',
};

export const fundDepletionTimeInfo: MetricInfo = {
  ...fundDrawdownInfo,
  name: 'insuranceFund.depletionTime',
  doc: 'When the fund is first empty.',
  formula: 'min of t with F(t) <= 0',
  unit: 'us',
  test: 'first of two empty samples',
};

export const fundDepletionProbabilityInfo: MetricInfo = {
  ...fundDrawdownInfo,
  name: 'insuranceFund.depletionProbability',
  over: 'runs',
  doc: 'Share of runs in which the fund is emptied.',
  formula: 'runs with a depletion time / runs',
  estimator: 'share of runs',
  interval: 'Wilson',
  source: 'Wilson 1927 (JASA 22)',
  test: '10 of 20: .299 to .701',
};

/** A fund over one run. */
export interface FundPath {
  drawdownQuote: number;
  /** Largest relative fall from a peak, 0..1; 0 for a fund that never held anything. */
  drawdown: number;
  leastQuote: number;
  /** First time at which it was empty; NaN when it never was. */
  depletedAtMicros: number;
}

/** Returns the drawdowns and the depletion time of a sampled balance. @throws Error when empty. */
export function fundPath(timeMicros: ArrayLike<number>, balanceQuote: ArrayLike<number>): FundPath {
  const count = balanceQuote.length;
  assert(count > 0 && timeMicros.length === count, 'one balance for each time, at least one');
  let peak = balanceQuote[0];
  const path = { drawdownQuote: 0, drawdown: 0, leastQuote: peak, depletedAtMicros: NaN };
  for (let t = 0; t < count; t++) {
    const balance = balanceQuote[t];
    if (balance > peak) peak = balance;
    if (balance < path.leastQuote) path.leastQuote = balance;
    path.drawdownQuote = Math.max(path.drawdownQuote, peak - balance);
    if (peak > 0) path.drawdown = Math.max(path.drawdown, (peak - balance) / peak);
    if (balance <= 0 && !(path.depletedAtMicros >= 0)) path.depletedAtMicros = timeMicros[t];
  }
  return path;
}

/** Returns the share of runs, by their depletion times (NaN = never), in which the fund ran out. */
export function depletionProbability(
  depletedAtMicros: ArrayLike<number>,
  confidence = 0.95,
): Share {
  let hits = 0;
  for (let i = 0; i < depletedAtMicros.length; i++) {
    if (depletedAtMicros[i] === depletedAtMicros[i]) hits++;
  }
  return wilsonShare(hits, depletedAtMicros.length, confidence);
}
