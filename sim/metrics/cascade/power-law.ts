/**
 * A power law with a lower end, fitted as Clauset, Shalizi & Newman 2009 (SIAM Review 51) do: the
 * exponent by maximum likelihood, the lower end where the fit lies nearest the data.
 */
import { log, pow } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { type Estimate, normalEstimate, sorted } from '../numeric/index.js';
import { hurwitzZeta } from './zeta.js';

/** Fewer values than these above a lower end fit anything. */
const TAIL_MIN = 10;
const CANDIDATES_MAX = 200;
const EXPONENT_MIN = 1.001;
const EXPONENT_MAX = 12;

/** A fit of P(X = x), or of the density, ~ x^-alpha for x >= xMin. */
export interface PowerLawFit {
  /** alpha of the density: one more than Hill's. */
  alpha: Estimate;
  xMin: number;
  /** Values from xMin on. */
  tailCount: number;
  /** Largest distance of the two distribution functions (Kolmogorov & Smirnov). */
  distance: number;
}

/** How the values are made. */
export interface PowerLawOptions {
  /** Whole numbers from 1 (cascade sizes), not reals. */
  isDiscrete: boolean;
  /** The lower end, where it is known. */
  xMin?: number;
}

/**
 * Fits a power law to positive values; `undefined` where no lower end leaves ten values that differ.
 * Differs: of more than 200 distinct values, 200 evenly spaced ones are tried as lower ends.
 */
export function fitPowerLaw(
  values: ArrayLike<number>,
  { isDiscrete, xMin }: PowerLawOptions,
): PowerLawFit | undefined {
  const ascending = sorted(values);
  const fit = isDiscrete ? fitDiscrete : fitContinuous;
  let best: PowerLawFit | undefined;
  for (const end of xMin === undefined ? candidates(ascending) : [xMin]) {
    const from = ascending.findIndex((x) => x >= end);
    if (from < 0 || ascending.length - from < TAIL_MIN) continue;
    if (ascending[from] === ascending[ascending.length - 1]) continue;
    const found = fit(ascending.subarray(from), end);
    if (best === undefined || found.distance < best.distance) best = found;
  }
  return best;
}

/** Returns distinct positive values that leave enough above them. */
function candidates(ascending: Float64Array): number[] {
  const distinct: number[] = [];
  for (let i = 0; i <= ascending.length - TAIL_MIN; i++) {
    if (ascending[i] > 0 && (i === 0 || ascending[i] !== ascending[i - 1])) distinct.push(ascending[i]);
  }
  const step = Math.max(1, distinct.length / CANDIDATES_MAX);
  const few: number[] = [];
  for (let at = 0; at < distinct.length; at += step) few.push(distinct[Math.floor(at)]);
  return few;
}

/** alpha = 1 + n / sum ln(x / xMin), error (alpha - 1) / sqrt(n): eqs. 3.1 and 3.2. */
function fitContinuous(tail: Float64Array, xMin: number): PowerLawFit {
  const n = tail.length;
  let sum = 0;
  for (const x of tail) sum += log(x / xMin);
  const alpha = 1 + n / sum;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const model = 1 - pow(tail[i] / xMin, 1 - alpha);
    distance = Math.max(distance, model - i / n, (i + 1) / n - model);
  }
  const estimate = normalEstimate(alpha, (alpha - 1) / Math.sqrt(n), n);
  return { alpha: estimate, xMin, tailCount: n, distance };
}

/** Maximises -n ln zeta(alpha, xMin) - alpha sum ln x: eq. 3.5, error by its curvature. */
function fitDiscrete(tail: Float64Array, xMin: number): PowerLawFit {
  const n = tail.length;
  let sum = 0;
  for (const x of tail) sum += log(x);
  const likelihood = (alpha: number): number => -log(hurwitzZeta(alpha, xMin)) - (alpha * sum) / n;
  const alpha = argmax(likelihood, EXPONENT_MIN, EXPONENT_MAX);
  const step = 1e-3;
  const bend =
    (2 * likelihood(alpha) - likelihood(alpha - step) - likelihood(alpha + step)) / (step * step);
  const whole = hurwitzZeta(alpha, xMin);
  let distance = 0;
  for (let i = 0; i < n; i++) {
    if (i + 1 < n && tail[i + 1] === tail[i]) continue;
    const model = 1 - hurwitzZeta(alpha, tail[i] + 1) / whole;
    distance = Math.max(distance, Math.abs(model - (i + 1) / n));
  }
  return {
    alpha: normalEstimate(alpha, 1 / Math.sqrt(n * bend), n),
    xMin,
    tailCount: n,
    distance,
  };
}

/** Returns where a function with one peak has it, within 1e-9: golden section. */
function argmax(f: (x: number) => number, from: number, to: number): number {
  const part = 0.5 * (Math.sqrt(5) - 1);
  let low = from;
  let high = to;
  let a = high - part * (high - low);
  let b = low + part * (high - low);
  let atA = f(a);
  let atB = f(b);
  while (high - low > 1e-9) {
    if (atA > atB) {
      high = b;
      b = a;
      atB = atA;
      a = high - part * (high - low);
      atA = f(a);
    } else {
      low = a;
      a = b;
      atA = atB;
      b = low + part * (high - low);
      atB = f(b);
    }
  }
  return 0.5 * (low + high);
}

export const powerLawMetrics: readonly MetricInfo[] = [
  {
    name: 'tail.powerLaw',
    group: 'cascade',
    over: 'runs',
    doc: 'Exponent and lower end of a power law of cascade sizes or losses.',
    formula: 'P(x) ~ x^-alpha for x >= x_min',
    unit: 'exponent',
    estimator: 'maximum likelihood, x_min by the smallest Kolmogorov-Smirnov distance',
    interval: '(alpha - 1) / sqrt(n), or the curvature of the likelihood for whole numbers',
    source: 'Clauset, Shalizi & Newman 2009, eqs. 3.1 to 3.9',
    test: 'samples of exact power laws, at several exponents and lower ends',
  },
];
