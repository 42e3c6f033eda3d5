/** How an autocorrelation fades: as a power of the lag, or exponentially. */
import { assert, log } from '../kernel/index.js';
import { fitLine } from '../metrics/index.js';

/** A fit of rho(tau) ~ tau^-exponent. */
export interface PowerDecay {
  /** NaN where fewer than three values are above 0. */
  exponent: number;
  /** Part of the values that are above 0: the others are left out of the fit. */
  positiveShare: number;
  /** Log-likelihood of the power law less that of exp(-tau / T), Gaussian errors of log rho. */
  overExponential: number;
}

/**
 * Fits log rho on log lag by least squares. Values at or below 0 have no logarithm: they are left out
 * and counted. Means over bins of lags are less noisy than single lags, and weigh decades alike.
 */
export function fitPowerDecay(lag: readonly number[], rho: readonly number[]): PowerDecay {
  assert(lag.length === rho.length, `${rho.length} values at ${lag.length} lags`);
  const at: number[] = [];
  const height: number[] = [];
  rho.forEach((value, i) => {
    if (!(value > 0)) return;
    at.push(lag[i]);
    height.push(log(value));
  });
  const positiveShare = at.length / rho.length;
  if (at.length < 3) return { exponent: NaN, positiveShare, overExponential: NaN };
  const power = fitLine(at.map((x) => log(x)), height);
  const exponential = fitLine(at, height);
  const half = at.length / 2;
  const overExponential = half * log((1 - exponential.explained) / (1 - power.explained));
  return { exponent: -power.slope.value, positiveShare, overExponential };
}
