/** What trades pay: the effective spread, and what of it the maker keeps. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

export const effectiveSpreadInfo: MetricInfo = {
  name: 'effectiveSpread',
  group: 'liquidity',
  over: 'trace',
  doc: 'Twice the distance between trade price and mid price, weighted by quantity.',
  formula: '10^4 sum of q 2 d (p - m) / m / sum of q; d = +1 for a buy, -1 for a sell',
  unit: 'bps',
  estimator: 'quantity-weighted mean',
  interval: 'cluster bootstrap by run',
  source: 'Huang & Stoll 1996 (JFE 41)',
  test: 'effective = realised + impact',
};

export const realisedSpreadInfo: MetricInfo = {
  ...effectiveSpreadInfo,
  name: 'realisedSpread',
  doc: 'What a maker keeps of the effective spread once the mid price has moved.',
  formula: '10^4 sum of q 2 d (p - m_later) / m / sum of q; m_later = mid price after a horizon',
};

/** Trades with the mid price before each, and at a horizon after it. */
export interface TradeCosts {
  /** > 0: the aggressor bought; < 0: it sold. */
  side: ArrayLike<number>;
  price: ArrayLike<number>;
  quantity: ArrayLike<number>;
  midPrice: ArrayLike<number>;
  midPriceLater: ArrayLike<number>;
}

/** Spreads in basis points; effective = realised + impact. NaN without trades. */
export interface TradeSpreads {
  effectiveBps: number;
  realisedBps: number;
  impactBps: number;
}

/** Returns the effective and realised spread and the impact between them. */
export function tradeSpreads(trades: TradeCosts): TradeSpreads {
  const { side, price, quantity, midPrice, midPriceLater } = trades;
  assert(price.length === side.length && quantity.length === side.length, 'one row per trade');
  let [effective, realised, all] = [0, 0, 0];
  for (let i = 0; i < side.length; i++) {
    const scale = ((side[i] > 0 ? 2e4 : -2e4) * quantity[i]) / midPrice[i];
    effective += scale * (price[i] - midPrice[i]);
    realised += scale * (price[i] - midPriceLater[i]);
    all += quantity[i];
  }
  return {
    effectiveBps: effective / all,
    realisedBps: realised / all,
    impactBps: (effective - realised) / all,
  };
}
