/** Auto-deleveraging: more than was needed? and shared out how? */
import { assert } from '../../kernel/index.js';
import { gini, herfindahl } from '../crowding/index.js';
import type { MetricInfo } from '../metric.js';

export const overshootInfo: MetricInfo = {
  name: 'adl.overshoot',
  group: 'solvency',
  over: 'trace',
  doc: 'Notional closed by deleveraging for each quote unit that had to be closed.',
  formula: 'notional deleveraged / least notional that covers the shortfall',
  unit: '1 (1 when exact)',
  estimator: 'exact over one run',
  interval: 'cluster bootstrap by run',
  source: 'Chitra 2025 (arXiv 2512.01112)',
  test: "R19's bankrupt long needs 10; 40 closed: 4",
};

export const incidenceInfo: MetricInfo = {
  ...overshootInfo,
  name: 'adl.incidenceHerfindahl',
  doc: 'Concentration of what was closed over those it was closed for.',
  formula: 'sum of squared shares of the quantity closed',
  unit: '1 (1/n..1)',
  source: 'Herfindahl-Hirschman',
  test: 'R19: queue .625, pro rata .3223',
};

export const incidenceGiniInfo: MetricInfo = {
  ...incidenceInfo,
  name: 'adl.incidenceGini',
  doc: 'Inequality of what was closed over all winners, the untouched included.',
  formula: 'Gini coefficient of the quantity closed, over winners',
  unit: '1 (0..1)',
  source: 'Gini',
  test: 'R19: (10, 30, 0, 0): .625',
};

export const proRataDistanceInfo: MetricInfo = {
  ...incidenceInfo,
  name: 'adl.proRataDistance',
  doc: 'Share of what was closed that pro rata would have closed elsewhere.',
  formula:
    '1/2 sum of |a_i - a_i^pr| / sum of a_i;' +
    ' a = quantity closed, a^pr = the same total in proportion to size',
  unit: '1 (0..1)',
  source: 'total variation',
  test: 'R19: .636',
};

export const haircutInfo: MetricInfo = {
  ...incidenceInfo,
  name: 'adl.haircut',
  doc: 'Share of their unrealised profit that winners lose.',
  formula: 'sum of lost profit / sum of unrealised profit, over winners',
  unit: '1',
  source: 'Chitra 2025 (arXiv 2512.01112)',
  test: 'two winners by hand',
};

export const haircutVarianceInfo: MetricInfo = {
  ...haircutInfo,
  name: 'adl.haircutVariance',
  doc: 'Spread of haircut rates over winners: 0 when all bear the same.',
  formula: 'mean of (h_i - mean h)^2; h_i = lost profit / unrealised profit of winner i',
};

/**
 * Returns the least quantity of a bankrupt position that must be closed against winners, when each
 * unit sold in the market loses `lossPerUnitQuote` beyond the bankruptcy price and a fund stands
 * before them: max(0, quantity - fund / loss).
 */
export function neededDeleverage(
  quantity: number,
  lossPerUnitQuote: number,
  fundQuote: number,
): number {
  if (!(lossPerUnitQuote > 0)) return 0;
  return Math.max(0, quantity - fundQuote / lossPerUnitQuote);
}

/** Returns closed / needed; Infinity when none was needed, NaN when none was closed either. */
export function deleverageOvershoot(closed: number, needed: number): number {
  assert(closed >= 0 && needed >= 0, `closed ${closed}, needed ${needed}`);
  return closed / needed;
}

/** How a deleveraging was shared out. */
export interface Incidence {
  herfindahl: number;
  gini: number;
  proRataDistance: number;
}

/**
 * Returns the incidence over winners of the quantities closed, against their sizes before; both by
 * winner, the untouched with 0. NaN when nothing was closed.
 */
export function deleverageIncidence(
  closed: ArrayLike<number>,
  size: ArrayLike<number>,
): Incidence {
  return {
    herfindahl: herfindahl(closed),
    gini: gini(closed),
    proRataDistance: proRataDistance(closed, size),
  };
}

/** Returns the quantity that pro rata by size would have closed of each. */
export function proRata(quantity: number, size: ArrayLike<number>): Float64Array {
  let all = 0;
  for (let i = 0; i < size.length; i++) all += size[i];
  return Float64Array.from(size, (one) => (quantity * one) / all);
}

/** Total variation distance between what was closed and pro rata, as a share of the total. */
function proRataDistance(closed: ArrayLike<number>, size: ArrayLike<number>): number {
  assert(closed.length === size.length, 'one size for each winner');
  let all = 0;
  for (let i = 0; i < closed.length; i++) all += closed[i];
  const even = proRata(all, size);
  let distance = 0;
  for (let i = 0; i < closed.length; i++) distance += Math.abs(closed[i] - even[i]);
  return distance / 2 / all;
}

/** Haircuts of winners. */
export interface Haircuts {
  /** Lost over unrealised profit, by winner; NaN for accounts that had none to lose. */
  rate: Float64Array;
  /** Of all winners together. */
  total: number;
  /** Over winners, each counting once; NaN without winners. */
  variance: number;
}

/** Returns the haircuts of accounts: lost profit >= 0 against unrealised profit before. */
export function haircuts(
  lostQuote: ArrayLike<number>,
  unrealisedQuote: ArrayLike<number>,
): Haircuts {
  assert(lostQuote.length === unrealisedQuote.length, 'one loss for each profit');
  const rate = new Float64Array(lostQuote.length).fill(NaN);
  let [lost, profit, winners, sum] = [0, 0, 0, 0];
  for (let i = 0; i < rate.length; i++) {
    if (!(unrealisedQuote[i] > 0)) continue;
    rate[i] = lostQuote[i] / unrealisedQuote[i];
    lost += lostQuote[i];
    profit += unrealisedQuote[i];
    sum += rate[i];
    winners++;
  }
  let squares = 0;
  for (const one of rate) if (one === one) squares += (one - sum / winners) * (one - sum / winners);
  return { rate, total: lost / profit, variance: squares / winners };
}
