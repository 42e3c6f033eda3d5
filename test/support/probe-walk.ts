/** Random paths for rules that are probed without a market. */
import { exp, RandomSource } from '../../sim/kernel/index.js';
import { Probe, type ProbeOptions } from '../../sim/probe/index.js';

/** Prices of a geometric random walk from 100. */
export function walkOf(seed: number, volatility: number, steps: number): number[] {
  const stream = new RandomSource(seed).stream('walk');
  const prices = [100];
  for (let k = 1; k < steps; k++) {
    prices.push(prices[k - 1] * exp(volatility * stream.normal(0, 0, k)));
  }
  return prices;
}

/** A probe for a path. */
export function probeOn(
  prices: readonly number[],
  options: Omit<ProbeOptions, 'startPrice' | 'priceMax'>,
): Probe {
  return new Probe({ ...options, startPrice: prices[0], priceMax: Math.max(...prices) });
}
