/** Index paths that need no data: a constant, and geometric Brownian motion. */
import { assert, exp } from '../kernel/index.js';
import type { RandomStream } from '../kernel/index.js';
import { MICROS_PER_YEAR } from './price-path.js';
import type { PricePath } from './price-path.js';

/** Returns one update at time 0. */
export function constantPath(price: number): PricePath {
  assert(price > 0, 'a price is above 0');
  return { timesMicros: Float64Array.of(0), prices: Float64Array.of(price) };
}

/** Terms of a geometric Brownian motion. */
export interface BrownianTerms {
  startPrice: number;
  /** Annualised standard deviation of log returns, fraction (a year has 365 days). */
  volatility: number;
  /** Annualised expected simple growth, as a continuously compounded rate. */
  drift: number;
  stepMicros: number;
  durationMicros: number;
  random: RandomStream;
}

/**
 * Walks geometric Brownian motion in steps up to the duration.
 *
 * Step k draws under key (0, k): a longer run starts with the same prices.
 */
export function brownianPath(terms: BrownianTerms): PricePath {
  const { startPrice, volatility, drift, stepMicros, durationMicros, random } = terms;
  assert(startPrice > 0 && stepMicros >= 1, 'a price and a step are above 0');
  const count = Math.floor(durationMicros / stepMicros) + 1;
  const timesMicros = new Float64Array(count);
  const prices = new Float64Array(count);
  const years = stepMicros / MICROS_PER_YEAR;
  const deviation = volatility * Math.sqrt(years);
  const growth = drift * years - 0.5 * deviation * deviation;
  let logReturn = 0;
  prices[0] = startPrice;
  for (let i = 1; i < count; i++) {
    logReturn += growth + deviation * random.normal(0, i, 0);
    timesMicros[i] = i * stepMicros;
    prices[i] = startPrice * exp(logReturn);
  }
  return { timesMicros, prices };
}
