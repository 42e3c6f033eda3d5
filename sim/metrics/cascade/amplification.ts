/** How much of a fall, and of its losses, the liquidations themselves made. */
import type { MetricInfo } from '../metric.js';
import { type Estimate, ratioOfSums } from '../numeric/index.js';

/** Returns 1 / (1 - R), what every unit of an exogenous fall becomes; Infinity from R = 1. */
export function amplificationOf(R: number): number {
  return R < 1 ? 1 / (1 - R) : Infinity;
}

/**
 * Returns total over exogenous moves, a ratio of sums over pairs of runs: the run, and its twin
 * whose liquidations are warehoused (same seed, or the exogenous move where that is known).
 */
export function amplification(
  full: ArrayLike<number>,
  twin: ArrayLike<number>,
): Estimate {
  return ratioOfSums(full, twin);
}

/**
 * Returns the share of notional on nodes of generation 2 and later: what other liquidations tipped.
 * NaN without notional.
 */
export function contagionShare(
  generation: ArrayLike<number>,
  notionalQuote: ArrayLike<number>,
): number {
  let pushed = 0;
  let all = 0;
  for (let i = 0; i < generation.length; i++) {
    all += notionalQuote[i];
    if (generation[i] >= 2) pushed += notionalQuote[i];
  }
  return pushed / all;
}

/** Shares of forced trades in rows: who moved the mark towards whom. */
export interface ShareRows {
  /** Node of each row. */
  subject: ArrayLike<number>;
  /** Part of the node's fall that the row's owner made; a node's weights sum to 1. */
  weight: ArrayLike<number>;
  /** 1 where the owner is a liquidation order. */
  liquidation: ArrayLike<number>;
}

/** Returns the share of notional that liquidation orders moved to its threshold. NaN without any. */
export function contagionShareByWeight(
  { subject, weight, liquidation }: ShareRows,
  notionalQuote: ArrayLike<number>,
): number {
  let pushed = 0;
  for (let row = 0; row < subject.length; row++) {
    if (liquidation[row] > 0) pushed += weight[row] * notionalQuote[subject[row]];
  }
  let all = 0;
  for (let i = 0; i < notionalQuote.length; i++) all += notionalQuote[i];
  return pushed / all;
}

const common = { group: 'cascade', unit: 'fraction' } as const;

export const amplificationMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'amplification',
    over: 'runs',
    doc: 'How many times larger the fall was than without the liquidations\' own trades.',
    formula: 'A = fall / fall of the twin whose liquidations are warehoused; 1 / (1 - R) on a flat book',
    unit: 'ratio',
    estimator: 'ratio of sums over pairs with common random numbers',
    interval: 'delta method over pairs',
    source: 'Harris 1963: expected progeny of a subcritical branching process',
    test: 'R13',
  },
  {
    ...common,
    name: 'contagionShare',
    over: 'trace',
    doc: 'Share of the liquidated notional that other liquidations tipped.',
    formula: 'sum of notional with generation >= 2 / sum of notional',
    estimator: 'tipping parents (one parent per liquidation)',
    interval: 'bootstrap over runs',
    source: 'definition on the forest of tipping parents',
    test: 'hand-drawn forest',
  },
  {
    ...common,
    name: 'contagionShare.shared',
    over: 'trace',
    doc: 'Share of the liquidated notional\'s falls that liquidation orders made.',
    formula:
      'sum_i notional_i sum_e w_ie / sum_i notional_i, e over liquidation orders; w_ie: part of the ' +
      'way to i\'s threshold that e moved the mark',
    estimator: 'shares of the price-interval ledger',
    interval: 'bootstrap over runs',
    source: 'definition on the ownership ledger',
    test: 'ledger golden: weights .25, .2167, .5333',
  },
];
