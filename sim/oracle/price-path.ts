/** Prices over time, as real numbers, and their conversion to whole ticks. */
import { assert, exp, log } from '../kernel/index.js';

/** Microseconds of a year of 365 days: markets here trade around the clock. */
export const MICROS_PER_YEAR = 31_536_000_000_000;

/** Updates of a price in quote units; times are whole microseconds, ascending, from 0. */
export interface PricePath {
  timesMicros: Float64Array;
  prices: Float64Array;
}

/** The same updates in whole ticks. */
export interface TickPath {
  timesMicros: Float64Array;
  priceTicks: Int32Array;
}

/**
 * Multiplies every log return of a path by `shock`: p(t) becomes p(0) (p(t) / p(0))^shock.
 *
 * A shock of 1 returns the path itself; 0 freezes the price; a negative one mirrors it.
 */
export function scaleLogReturns(path: PricePath, shock: number): PricePath {
  if (shock === 1) return path;
  const { timesMicros, prices } = path;
  const first = prices[0];
  const scaled = new Float64Array(prices.length);
  for (let i = 0; i < prices.length; i++) scaled[i] = first * exp(shock * log(prices[i] / first));
  scaled[0] = first;
  return { timesMicros, prices: scaled };
}

/** Rounds a path to the nearest tick of `quotePerTick` quote units, at least 1 tick. */
export function toTicks(path: PricePath, quotePerTick: number): TickPath {
  assert(quotePerTick > 0, 'a tick is above 0');
  const { timesMicros, prices } = path;
  const priceTicks = new Int32Array(prices.length);
  for (let i = 0; i < prices.length; i++) {
    const ticks = Math.round(prices[i] / quotePerTick);
    assert(ticks < 2147483648, 'a price fits 31 bits of ticks');
    priceTicks[i] = Math.max(1, ticks);
  }
  return { timesMicros, priceTicks };
}

/** Returns the highest price of a path. */
export function highestPrice(path: PricePath): number {
  let highest = 0;
  for (let i = 0; i < path.prices.length; i++) {
    if (path.prices[i] > highest) highest = path.prices[i];
  }
  return highest;
}

/** Returns the lowest price of a path. */
export function lowestPrice(path: PricePath): number {
  let lowest = Infinity;
  for (let i = 0; i < path.prices.length; i++) {
    if (path.prices[i] < lowest) lowest = path.prices[i];
  }
  return lowest;
}
