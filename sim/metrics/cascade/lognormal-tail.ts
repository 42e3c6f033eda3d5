/** A power law against the lognormal law on the same tail. Source: Vuong 1989; CSN 2009, appendix C. */
import { assert, exp, log, normalCdf, pow } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { mean, minimise, sorted, variance } from '../numeric/index.js';
import type { PowerLawFit } from './power-law.js';
import { hurwitzZeta } from './zeta.js';

/** Beyond so many deviations the tail's mass is too small for a number. */
const DEVIATIONS_MAX = 36;

/** How two laws compare. */
export interface TailComparison {
  /** ln L(power law) - ln L(lognormal); positive speaks for the power law. */
  logLikelihoodRatio: number;
  /** The ratio over its standard error: normal where neither law is better. */
  vuong: number;
  /** Two-sided probability of so large a ratio where neither is better. */
  pValue: number;
  /** Mean and deviation of the logarithm before the cut at xMin. */
  lognormal: { mu: number; sigma: number };
}

/** Compares a fitted power law with the lognormal law cut off below the same lower end. */
export function compareWithLognormal(
  values: ArrayLike<number>,
  fit: PowerLawFit,
  { isDiscrete }: { isDiscrete: boolean },
): TailComparison {
  const tail = sorted(values).filter((x) => x >= fit.xMin);
  assert(tail.length === fit.tailCount, `${tail.length} values above a fit of ${fit.tailCount}`);
  const density = isDiscrete ? discreteLognormal : continuousLognormal;
  const law = (mu: number, sigma: number) => density(mu, sigma, fit.xMin);
  const logs = tail.map((x) => log(x));
  const cost = (at: ArrayLike<number>): number => {
    const each = law(at[0], exp(at[1]));
    let sum = 0;
    for (const x of tail) sum -= each(x);
    return sum / tail.length;
  };
  const start = [mean(logs), 0.5 * log(variance(logs))];
  const { at } = minimise(cost, start, { tolerance: 1e-9 });
  const lognormal = { mu: at[0], sigma: exp(at[1]) };
  const other = law(lognormal.mu, lognormal.sigma);
  const power = isDiscrete ? discretePower(fit) : continuousPower(fit);
  const differences = tail.map((x) => power(x) - other(x));
  const logLikelihoodRatio = mean(differences) * tail.length;
  const vuong = logLikelihoodRatio / Math.sqrt(tail.length * variance(differences));
  return { logLikelihoodRatio, vuong, pValue: 2 * normalCdf(-Math.abs(vuong)), lognormal };
}

type LogDensity = (x: number) => number;

function continuousPower({ alpha, xMin }: PowerLawFit): LogDensity {
  const scale = log((alpha.value - 1) / xMin);
  return (x) => scale - alpha.value * log(x / xMin);
}

function discretePower({ alpha, xMin }: PowerLawFit): LogDensity {
  const scale = log(hurwitzZeta(alpha.value, xMin));
  return (x) => log(pow(x, -alpha.value)) - scale;
}

function continuousLognormal(mu: number, sigma: number, xMin: number): LogDensity {
  const mass = upperMass((log(xMin) - mu) / sigma);
  const scale = log(sigma * Math.sqrt(2 * Math.PI)) + log(mass);
  return (x) => {
    const y = log(x);
    const z = (y - mu) / sigma;
    return -scale - y - 0.5 * z * z;
  };
}

/** The mass of whole x is that of (x - 1/2, x + 1/2). */
function discreteLognormal(mu: number, sigma: number, xMin: number): LogDensity {
  const scale = log(upperMass((log(xMin - 0.5) - mu) / sigma));
  return (x) => {
    const a = (log(x - 0.5) - mu) / sigma;
    const b = (log(x + 0.5) - mu) / sigma;
    // On the side where the two are small, so that their difference keeps its digits.
    const mass = a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a);
    return log(mass) - scale;
  };
}

/** Returns P(Z > z); NaN where it underflows, which ends the search there. */
function upperMass(z: number): number {
  return z > DEVIATIONS_MAX ? NaN : normalCdf(-z);
}

export const tailComparisonMetrics: readonly MetricInfo[] = [
  {
    name: 'tail.lognormalRatio',
    group: 'cascade',
    over: 'runs',
    doc: 'Whether a power law describes the tail better than a lognormal law does.',
    formula: 'V = sum_i d_i / (sqrt(n) sd(d)), d_i = ln p_power(x_i) - ln p_lognormal(x_i), x_i >= x_min',
    unit: 'standard deviations',
    estimator: 'both laws by maximum likelihood above the same x_min',
    interval: 'p = 2 Phi(-|V|): a large p decides for neither',
    source: 'Vuong 1989; Clauset, Shalizi & Newman 2009, appendix C',
    test: 'samples of each law decide for it',
  },
];
