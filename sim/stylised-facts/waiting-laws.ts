/** Laws of positive values: Weibull and exponential times, Gamma counts. */
import { assert, exp, log, pow } from '../kernel/index.js';
import { mean, minimise, sorted } from '../metrics/index.js';

/** A Weibull fit with its log-likelihood beside that of the exponential and the Gamma. */
export interface WaitingFit {
  /** Below 1: waiting times are clustered. */
  shape: number;
  scale: number;
  /** AIC of the exponential less that of the Weibull: above 0 the Weibull is better. */
  overExponential: number;
  /** AIC of the Gamma less that of the Weibull. */
  overGamma: number;
}

/** Fits positive values by maximum likelihood: the Weibull's shape by Newton's method. */
export function fitWaiting(values: ArrayLike<number>): WaitingFit {
  const n = values.length;
  assert(n >= 10, `a law of ${n} waiting times`);
  const middle = mean(values);
  const x = Float64Array.from(values, (value) => value / middle);
  const logs = x.map((one) => log(one));
  const meanLog = mean(logs);
  let shape = 1;
  for (let step = 0; step < 100; step++) {
    let [a, b, c] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const power = exp(shape * logs[i]);
      a += power;
      b += power * logs[i];
      c += power * logs[i] * logs[i];
    }
    const score = b / a - 1 / shape - meanLog;
    const slope = c / a - (b / a) * (b / a) + 1 / (shape * shape);
    const next = Math.max(shape - score / slope, shape / 2);
    const moved = Math.abs(next - shape);
    shape = next;
    if (moved < 1e-10) break;
  }
  let powers = 0;
  for (let i = 0; i < n; i++) powers += exp(shape * logs[i]);
  const scale = pow(powers / n, 1 / shape);
  const weibull = n * (log(shape) - shape * log(scale) + (shape - 1) * meanLog - 1);
  const gamma = fitGamma(x);
  return {
    shape,
    scale: scale * middle,
    overExponential: 2 * (weibull - -n) - 2,
    overGamma: 2 * (weibull - gammaLogLikelihood(x, gamma)),
  };
}

/** A Gamma law. */
export interface GammaTerms {
  shape: number;
  scale: number;
}

/** Fits a Gamma law to positive values by maximum likelihood, over the logarithm of its shape. */
export function fitGamma(values: ArrayLike<number>): GammaTerms {
  const middle = mean(values);
  const meanLog = mean(Float64Array.from(values, (value) => log(value)));
  const cost = (at: ArrayLike<number>): number => {
    const k = exp(at[0]);
    return logGamma(k) + k * log(middle / k) + k - (k - 1) * meanLog;
  };
  const gap = log(middle) - meanLog;
  // Minka 2002's first guess; values that hardly differ have a large shape.
  const guess = (3 - gap + Math.sqrt((gap - 3) * (gap - 3) + 24 * gap)) / (12 * Math.max(gap, 1e-9));
  const { at } = minimise(cost, [log(guess)], { step: 0.1, tolerance: 1e-10 });
  const shape = exp(at[0]);
  return { shape, scale: middle / shape };
}

function gammaLogLikelihood(values: Float64Array, { shape, scale }: GammaTerms): number {
  let sum = 0;
  for (const x of values) sum += (shape - 1) * log(x) - x / scale;
  return sum - values.length * (logGamma(shape) + shape * log(scale));
}

/** Returns the largest distance of a sample's distribution function from the law's. */
export function gammaDistance(values: ArrayLike<number>, { shape, scale }: GammaTerms): number {
  const ascending = sorted(values);
  const n = ascending.length;
  let distance = 0;
  for (let from = 0; from < n; ) {
    let until = from + 1;
    while (until < n && ascending[until] === ascending[from]) until++;
    const model = gammaCdf(shape, ascending[from] / scale);
    distance = Math.max(distance, Math.abs(model - from / n), Math.abs(model - until / n));
    from = until;
  }
  return distance;
}

/** ln Gamma(x), x > 0: Lanczos with nine terms (Godfrey's coefficients, g = 7), to 1e-14. */
export function logGamma(x: number): number {
  if (x < 0.5) return logGamma(x + 1) - log(x);
  let sum = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i] / (x - 1 + i);
  const t = x + 6.5;
  return HALF_LOG_TWO_PI + (x - 0.5) * log(t) - t + log(sum);
}

const HALF_LOG_TWO_PI = 0.9189385332046727;
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** Regularised lower incomplete gamma function: series, or Lentz's fraction beyond a + 1. */
export function gammaCdf(a: number, x: number): number {
  if (!(x > 0)) return 0;
  const front = exp(a * log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 10_000 && term > sum * 1e-16; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return front * sum;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 10_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return 1 - front * h;
}
