/** GARCH(1,1): what a volatility that remembers one shock explains. Source: Bollerslev 1986. */
import { exp, log } from '../kernel/index.js';
import { minimise } from '../metrics/index.js';

/** sigma_t^2 = (1 - alpha - beta) s^2 + alpha r_(t-1)^2 + beta sigma_(t-1)^2, s^2 the mean square. */
export interface GarchTerms {
  alpha: number;
  beta: number;
}

/** A fit, and the returns over their conditional deviation. */
export interface GarchFit extends GarchTerms {
  standardised: Float64Array[];
  converged: boolean;
}

/**
 * Fits by Gaussian quasi-likelihood with the variance targeted at the mean square of all runs (Francq,
 * Horvath & Zakoian 2011); each run starts there. O(observations) an evaluation.
 */
export function fitGarch(runs: readonly Float64Array[]): GarchFit {
  let squares = 0;
  let count = 0;
  for (const run of runs) {
    for (const r of run) squares += r * r;
    count += run.length;
  }
  const target = squares / count;
  const cost = (x: ArrayLike<number>): number => {
    const { alpha, beta } = termsOf(x);
    let sum = 0;
    for (const run of runs) {
      let variance = target;
      for (const r of run) {
        sum += log(variance) + (r * r) / variance;
        variance = (1 - alpha - beta) * target + alpha * r * r + beta * variance;
      }
    }
    return (0.5 * sum) / count;
  };
  const start = [log(0.9 / 0.1), log(0.1 / 0.9)];
  const { at, converged } = minimise(cost, start, { tolerance: 1e-7, evaluationsMax: 400 });
  const terms = termsOf(at);
  return { ...terms, converged, standardised: runs.map((run) => standardise(run, terms, target)) };
}

/** Persistence and its part that is alpha, each by the logistic of an unbounded number. */
function termsOf(x: ArrayLike<number>): GarchTerms {
  const persistence = 0.9999 / (1 + exp(-x[0]));
  const alpha = persistence / (1 + exp(-x[1]));
  return { alpha, beta: persistence - alpha };
}

function standardise(run: Float64Array, { alpha, beta }: GarchTerms, target: number): Float64Array {
  let variance = target;
  return run.map((r) => {
    const standard = r / Math.sqrt(variance);
    variance = (1 - alpha - beta) * target + alpha * r * r + beta * variance;
    return standard;
  });
}
