/** Diversity of strategies: how many there effectively are, and how far that is from the most. */
import { exp, log } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

export const strategyHomogeneityInfo: MetricInfo = {
  name: 'strategyHomogeneity',
  group: 'crowding',
  over: 'world',
  doc: 'How near the crowd is to one strategy: 1 when one holds all, 0 when all hold the same.',
  formula: '1 - (N1 - 1) / (S - 1); N1 = effective strategies, S = strategies listed',
  unit: '1 (0..1)',
  estimator: 'exact at one instant',
  interval: 'cluster bootstrap by run',
  source: 'Hill 1973 (Ecology 54)',
  test: 'shares (.5,.3,.2): N1 2.80009, N2 2.63158',
};

export const effectiveStrategiesInfo: MetricInfo = {
  ...strategyHomogeneityInfo,
  name: 'strategyHomogeneity.effectiveStrategies',
  doc: 'Hill number of order 1: strategies of one size that would be as diverse.',
  formula: 'N1 = exp(-sum of w ln w); w = share of gross notional of a strategy',
  unit: 'strategies',
};

export const dominantStrategiesInfo: MetricInfo = {
  ...strategyHomogeneityInfo,
  name: 'strategyHomogeneity.dominantStrategies',
  doc: 'Hill number of order 2: as order 1, with more weight on the largest strategies.',
  formula: 'N2 = 1 / sum of w^2; w = share of gross notional of a strategy',
  unit: 'strategies',
};

/** Hill numbers of a mix of strategies. */
export interface StrategyDiversity {
  /** N1, of order 1: exp of Shannon's entropy; 1..S. */
  effectiveStrategies: number;
  /** N2, of order 2: the inverse Herfindahl index; 1..N1. */
  dominantStrategies: number;
  /** 1 - (N1 - 1) / (S - 1), 0..1; 1 for a single strategy. */
  homogeneity: number;
}

/**
 * Returns the Hill numbers of gross notional by strategy, amounts >= 0. S counts every strategy
 * listed, those without notional too, so that homogeneity does not jump when one loses its last
 * position. NaN when nobody holds anything.
 */
export function strategyHomogeneity(grossNotional: ArrayLike<number>): StrategyDiversity {
  const count = grossNotional.length;
  let gross = 0;
  for (let s = 0; s < count; s++) gross += grossNotional[s];
  let entropy = gross > 0 ? 0 : NaN;
  let squares = gross > 0 ? 0 : NaN;
  for (let s = 0; s < count; s++) {
    const share = grossNotional[s] / gross;
    if (share > 0) entropy -= share * log(share);
    squares += share * share;
  }
  const effective = exp(entropy);
  return {
    effectiveStrategies: effective,
    dominantStrategies: 1 / squares,
    homogeneity: count > 1 ? 1 - (effective - 1) / (count - 1) : 1 + 0 * entropy,
  };
}
