/** Realised volatility: how much a price moved over its samples. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

/** Microseconds of a day, which volatility is told for. */
const DAY_MICROS = 86_400e6;

export const volatilityInfo: MetricInfo = {
  name: 'volatility',
  group: 'liquidity',
  over: 'trace',
  doc: 'Realised volatility of a day: root of the sum of squared returns between samples, per root of time.',
  formula: 'sqrt(sum r^2 / T), T in days; r = relative change of the last price between samples',
  unit: 'fraction per square root of a day',
  estimator: 'realised variance over samples',
  interval: 'bootstrap over runs',
  source: 'Andersen, Bollerslev, Diebold & Labys 2003 (Econometrica 71)',
  test: 'returns of 1 % and -2 % over half a day each: .02236',
};

/**
 * Returns the realised volatility of a day.
 * @param returns relative changes; those that are not finite are left out, and so is their time
 * @param barMicros time between samples
 * @returns NaN without a return
 */
export function realisedVolatility(returns: ArrayLike<number>, barMicros: number): number {
  assert(barMicros > 0, 'samples a positive time apart');
  let squares = 0;
  let n = 0;
  for (let t = 0; t < returns.length; t++) {
    if (!Number.isFinite(returns[t])) continue;
    squares += returns[t] * returns[t];
    n++;
  }
  return n > 0 ? Math.sqrt((squares * DAY_MICROS) / (n * barMicros)) : Number.NaN;
}
