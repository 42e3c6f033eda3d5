/**
 * An index whose volatility is the product of components of many lifetimes, so that it clusters and
 * its memory fades slowly. Source: Calvet & Fisher 2004, binomial Markov-switching multifractal.
 */
import { assert, exp, pow } from '../kernel/index.js';
import { MICROS_PER_YEAR } from './price-path.js';
import type { PricePath } from './price-path.js';
import type { BrownianTerms } from './process-path.js';

/** Terms of the multifractal: those of a Brownian motion, whose volatility is the long-run one. */
export interface MultifractalTerms extends BrownianTerms {
  /** Number of components. */
  components: number;
  /** A component multiplies the variance by 1 - spread or 1 + spread, each half of the time. */
  spread: number;
  /** Mean time between renewals of the fastest and of the slowest; the others lie between. */
  shortestMicros: number;
  longestMicros: number;
}

/**
 * Walks the multifractal in steps up to the duration. Component k is drawn anew at exponential times
 * of mean shortest x (longest / shortest)^(k / (components - 1)); the variance of a step is the
 * long-run one times the product of the components, whose mean is 1. With a spread of 0 it is
 * `brownianPath`, bit for bit.
 *
 * Step i draws under key (0, i), renewal n of component k under (k + 1, n): a longer run starts
 * with the same prices. O(steps + renewals).
 */
export function multifractalPath(terms: MultifractalTerms): PricePath {
  const { startPrice, volatility, drift, stepMicros, durationMicros, random } = terms;
  const { components, spread } = terms;
  assert(startPrice > 0 && stepMicros >= 1, 'a price and a step are above 0');
  assert(components >= 1 && spread >= 0 && spread <= 1, 'components and their spread are in range');
  const count = Math.floor(durationMicros / stepMicros) + 1;
  const timesMicros = new Float64Array(count);
  const prices = new Float64Array(count);
  const years = stepMicros / MICROS_PER_YEAR;
  const deviation = volatility * Math.sqrt(years);
  const lifetimes = lifetimesOf(terms);
  const renewals = new Float64Array(components);
  const due = new Float64Array(components);
  const level = new Float64Array(components);
  for (let k = 0; k < components; k++) renew(k);
  let variance = product(level);
  let logReturn = 0;
  prices[0] = startPrice;
  for (let i = 1; i < count; i++) {
    const time = i * stepMicros;
    let renewed = false;
    for (let k = 0; k < components; k++) {
      while (due[k] <= time) {
        renew(k);
        renewed = true;
      }
    }
    if (renewed) variance = product(level);
    const sigma = deviation * Math.sqrt(variance);
    logReturn += drift * years - 0.5 * sigma * sigma + sigma * random.normal(0, i, 0);
    timesMicros[i] = time;
    prices[i] = startPrice * exp(logReturn);
  }
  return { timesMicros, prices };

  function renew(k: number): void {
    const n = renewals[k]++;
    level[k] = random.uniform(k + 1, n, 0) < 0.5 ? 1 - spread : 1 + spread;
    due[k] += lifetimes[k] * random.exponential(k + 1, n, 1);
  }
}

/** Mean times between renewals, from the fastest to the slowest, in a geometric row. */
function lifetimesOf(terms: MultifractalTerms): Float64Array {
  const { components, shortestMicros, longestMicros } = terms;
  assert(shortestMicros > 0 && longestMicros >= shortestMicros, 'lifetimes are in order');
  const ratio = longestMicros / shortestMicros;
  return Float64Array.from({ length: components }, (_, k) =>
    components === 1 ? longestMicros : shortestMicros * pow(ratio, k / (components - 1)),
  );
}

function product(factors: Float64Array): number {
  let all = 1;
  for (const factor of factors) all *= factor;
  return all;
}
