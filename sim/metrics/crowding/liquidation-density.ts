/** Where liquidation prices lie, relative to the mark. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { gini } from './concentration.js';

export const liquidationDensityInfo: MetricInfo = {
  name: 'liquidationDensity.within5Percent',
  group: 'crowding',
  over: 'world',
  doc: 'Share of open quantity that is liquidated by a move of at most 5 % (also 1, 2 and 10 %).',
  formula: 'sum of q_i over |p_i / mark - 1| <= .05, over the sum of q_i; p_i = liquidation price',
  unit: '1 (0..1)',
  estimator: 'exact at one instant',
  interval: 'cluster bootstrap by run',
  source: 'liquidation maps of exchanges',
  test: 'four positions at known distances',
};

const within = (percent: number): MetricInfo => ({
  ...liquidationDensityInfo,
  name: `liquidationDensity.within${percent}Percent`,
  doc: `Share of open quantity that is liquidated by a move of at most ${percent} %.`,
  formula: liquidationDensityInfo.formula.replace('.05', `${percent / 100}`),
});

export const nearestClusterInfo: MetricInfo = {
  ...liquidationDensityInfo,
  name: 'liquidationDensity.nearestCluster',
  doc: 'Distance from the mark to the nearest bin that holds a cluster of liquidation prices.',
  formula: 'least |centre| of a bin with at least clusterShare of the quantity',
  unit: 'fraction of the mark',
};

export const liquidationGiniInfo: MetricInfo = {
  ...liquidationDensityInfo,
  name: 'liquidationDensity.gini',
  doc: 'How unequally liquidation prices are spread over the bins of the histogram.',
  formula: 'Gini coefficient of the quantity by bin',
  test: 'all in one bin: 1 - 1/bins; the same in each: 0',
};

/** All that this file declares. */
export const liquidationDensityMetrics: readonly MetricInfo[] = [
  ...[1, 2, 5, 10].map(within),
  nearestClusterInfo,
  liquidationGiniInfo,
];

/** Positions with their liquidation prices. */
export interface LiquidationDensityInput {
  /** Liquidation price of each position; 0 or Infinity for one that has none. */
  price: ArrayLike<number>;
  /** Quantity of each position, >= 0. */
  quantity: ArrayLike<number>;
  markPrice: number;
  /** Width of a bin as a fraction of the mark; default .005. */
  binWidth?: number;
  /** The histogram spans 1 - span .. 1 + span of the mark; default .25. */
  span?: number;
  /** Share of all quantity that makes a bin a cluster; default .05. */
  clusterShare?: number;
}

/** The density of liquidation prices around the mark. */
export interface LiquidationDensity {
  /** Quantity by bin, from 1 - span up; bin edges meet at the mark. */
  bins: Float64Array;
  binWidth: number;
  /** Sum of all quantities, those beyond the histogram and without a price too. */
  total: number;
  /** Shares of the total within 1, 2, 5 and 10 % of the mark. */
  within1Percent: number;
  within2Percent: number;
  within5Percent: number;
  within10Percent: number;
  /** Distance to the centre of the nearest cluster, fraction of the mark; NaN without one. */
  nearestCluster: number;
  gini: number;
}

/** Returns the histogram of liquidation prices relative to the mark, and what it amounts to. */
export function liquidationDensity(input: LiquidationDensityInput): LiquidationDensity {
  const { price, quantity, markPrice, binWidth = 0.005, span = 0.25 } = input;
  assert(price.length === quantity.length, 'one quantity for each liquidation price');
  assert(markPrice > 0 && binWidth > 0 && span >= binWidth, 'mark, bins and span are positive');
  const half = Math.round(span / binWidth);
  const bins = new Float64Array(2 * half);
  const limits = [0.01, 0.02, 0.05, 0.1];
  const inside = [0, 0, 0, 0];
  let total = 0;
  for (let i = 0; i < price.length; i++) {
    total += quantity[i];
    const ratio = price[i] / markPrice;
    if (!(ratio > 0 && ratio < Infinity)) continue;
    // Compared in prices, so that a distance of exactly 5 % of a whole price counts.
    const distance = Math.abs(price[i] - markPrice);
    limits.forEach((limit, n) => {
      if (distance <= limit * markPrice) inside[n] += quantity[i];
    });
    const bin = half + Math.floor((price[i] - markPrice) / (markPrice * binWidth));
    if (bin >= 0 && bin < bins.length) bins[bin] += quantity[i];
  }
  const needed = (input.clusterShare ?? 0.05) * total;
  let nearest = Infinity;
  for (let bin = 0; bin < bins.length; bin++) {
    if (bins[bin] > 0 && bins[bin] >= needed) {
      nearest = Math.min(nearest, Math.abs(bin + 0.5 - half) * binWidth);
    }
  }
  return {
    bins,
    binWidth,
    total,
    within1Percent: inside[0] / total,
    within2Percent: inside[1] / total,
    within5Percent: inside[2] / total,
    within10Percent: inside[3] / total,
    nearestCluster: nearest === Infinity ? NaN : nearest,
    gini: gini(bins),
  };
}
