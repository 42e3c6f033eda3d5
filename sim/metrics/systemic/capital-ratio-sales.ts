/**
 * Sales to keep a capital ratio into one market that values them all. Source: Cifuentes, Ferrucci &
 * Shin 2005, JEEA 3.
 */
import { exp } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

/** Banks with cash, one illiquid asset and net debt. */
export interface RatioConstrainedBanks {
  liquid: ArrayLike<number>;
  /** Units of the illiquid asset. */
  illiquid: ArrayLike<number>;
  netDebt: ArrayLike<number>;
  /** r*: equity over illiquid assets held, at the least. */
  ratioMin: number;
  /** alpha: the price is exp(-alpha x units sold). */
  impact: number;
}

/** The greatest price that is its own consequence. */
export interface SalesEquilibrium {
  price: number;
  /** Units each sells. */
  sold: Float64Array;
  /** 1 where equity is gone. */
  insolvent: Uint8Array;
  /** Times the price was taken to its consequence: many near a critical point. */
  iterations: number;
}

/**
 * Returns the equilibrium by iteration from price 1 downwards, until the price moves by no more than
 * `tolerance`. Each sells what brings equity over what is left back to the ratio, everything once
 * equity is gone.
 */
export function ratioSales(banks: RatioConstrainedBanks, tolerance = 1e-15): SalesEquilibrium {
  const { liquid, illiquid, netDebt, ratioMin, impact } = banks;
  const sold = new Float64Array(liquid.length);
  const insolvent = new Uint8Array(liquid.length);
  let price = 1;
  for (let iterations = 1; ; iterations++) {
    let total = 0;
    for (let i = 0; i < sold.length; i++) {
      const equity = price * illiquid[i] + liquid[i] - netDebt[i];
      insolvent[i] = equity <= 0 ? 1 : 0;
      const needed = illiquid[i] - equity / (ratioMin * price);
      sold[i] = equity <= 0 ? illiquid[i] : Math.max(0, needed);
      total += sold[i];
    }
    const next = exp(-impact * total);
    // Rounding may lift the price by a last bit; it never rises otherwise.
    const isAtRest = price - next <= tolerance;
    price = next;
    if (isAtRest) return { price, sold, insolvent, iterations };
  }
}

export const ratioSalesMetrics: readonly MetricInfo[] = [
  {
    name: 'fireSale.price',
    group: 'systemic',
    over: 'world',
    doc: 'Price that is left when all sell to keep their capital ratio and are valued at that price.',
    formula: 'p = exp(-alpha sum s_i), s_i = clip(e_i - (p e_i + c_i - l_i) / (r* p), 0, e_i)',
    unit: 'fraction of the price before',
    estimator: 'greatest fixed point, from 1 downwards',
    interval: 'none within a state; bootstrap over runs',
    source: 'Cifuentes, Ferrucci & Shin 2005',
    test: 'R12',
  },
];
