/** Loop gain: how much of a price move comes back as the trades that it makes rules do. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { inverseOf, product } from './row-matrix.js';
import type { RowMatrix } from './row-matrix.js';

export const aggregateGainInfo: MetricInfo = {
  name: 'aggregateGain',
  group: 'crowding',
  over: 'world',
  doc: 'Quote traded by all rules together, signed, per unit of return.',
  formula: 'sum of g_i; g_i = d(signed quote traded) / d(return) at the present state',
  unit: 'quote',
  estimator: 'sum of closed or measured gains',
  interval: 'none: exact at one instant',
  source: 'R14; Cheng & Madhavan 2009',
  test: 'R14',
};

export const loopGainInfo: MetricInfo = {
  name: 'loopGain',
  group: 'crowding',
  over: 'world',
  doc: 'Return that the crowd adds to a return of 1; at 1 and above moves feed themselves.',
  formula: 'G = lambda * sum of g_i; lambda = return per quote traded',
  unit: '1',
  estimator: 'impact times the aggregate gain',
  interval: 'cluster bootstrap by run',
  source: 'R14; Frey & Stremme 1997; Cheng & Madhavan 2009',
  test: 'R14: loop gain .144',
};

export const loopGainMaxInfo: MetricInfo = {
  ...loopGainInfo,
  name: 'loopGain.max',
  over: 'trace',
  doc: 'Largest loop gain of a run.',
  formula: 'max over t of G_t',
};

export const loopGainTimeInfo: MetricInfo = {
  ...loopGainInfo,
  name: 'loopGain.timeAboveOne',
  over: 'trace',
  doc: 'Time that a run spends with a loop gain above 1.',
  formula: 'sum of the time between samples whose G_t > 1',
  unit: 'us',
  test: 'a stair of four samples',
};

export const basketLoopGainInfo: MetricInfo = {
  name: 'basketLoopGain',
  group: 'crowding',
  over: 'world',
  doc: 'Loop gain of leveraged funds that hold one basket: w . u with u = lambda w E b (b - 1).',
  formula: 'sum of lambda_k w_k^2 E b (b - 1); w = weights, E = equity, b = leverage',
  unit: '1',
  estimator: 'closed form',
  interval: 'none: exact at one instant',
  source: 'R14; Greenwood, Landier & Thesmar 2015; Cont & Wagalath 2013',
  test: 'R14: .144',
};

export const basketAmplificationInfo: MetricInfo = {
  ...basketLoopGainInfo,
  name: 'basketLoopGain.amplification',
  doc: 'Return of the basket per unit of its exogenous return, all rounds together.',
  formula: '1 / (1 - w . u)',
  test: 'R14: 1.168224; vols and correlations of the endogenous covariance',
};

/** Returns the sum of gains, quote per unit of return. */
export function aggregateGain(gainQuote: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < gainQuote.length; i++) sum += gainQuote[i];
  return sum;
}

/** Returns G, given the return that a quote unit traded makes. */
export function loopGain(gainQuote: ArrayLike<number>, impactPerQuote: number): number {
  return impactPerQuote * aggregateGain(gainQuote);
}

/** Loop gain over a run. */
export interface LoopGainPath {
  max: number;
  /** Time of the first sample with the largest gain. */
  maxAtMicros: number;
  timeAboveOneMicros: number;
}

/**
 * Returns the extremes of a sampled loop gain; a sample holds until the next one, the last until
 * `endMicros`. Max -Infinity and time NaN without samples.
 */
export function loopGainPath(
  timeMicros: ArrayLike<number>,
  gain: ArrayLike<number>,
  endMicros: number,
): LoopGainPath {
  assert(timeMicros.length === gain.length, 'one gain for each time');
  const path = { max: -Infinity, maxAtMicros: NaN, timeAboveOneMicros: 0 };
  for (let t = 0; t < gain.length; t++) {
    if (gain[t] > path.max) {
      path.max = gain[t];
      path.maxAtMicros = timeMicros[t];
    }
    const until = t + 1 < gain.length ? timeMicros[t + 1] : endMicros;
    if (gain[t] > 1) path.timeAboveOneMicros += until - timeMicros[t];
  }
  return path;
}

/** Leveraged funds that hold one basket and keep their leverage. */
export interface BasketFunds {
  /** Return per quote traded, by instrument. */
  impactPerQuote: ArrayLike<number>;
  /** Weights of the basket. */
  weight: ArrayLike<number>;
  /** Equity of all funds together. */
  equityQuote: number;
  /** Leverage that they keep. */
  leverage: number;
}

/** Returns w . u, the loop gain of the basket. */
export function basketLoopGain(funds: BasketFunds): number {
  const { weight, impactPerQuote, equityQuote, leverage } = funds;
  const traded = equityQuote * leverage * (leverage - 1);
  let sum = 0;
  for (let k = 0; k < weight.length; k++) sum += impactPerQuote[k] * weight[k] * weight[k] * traded;
  return sum;
}

/** Returns 1 / (1 - loop gain); Infinity at 1 and above, where no round is the last. */
export function amplificationOf(gain: number): number {
  return gain < 1 ? 1 / (1 - gain) : Infinity;
}

/**
 * Returns M = I + u w' / (1 - w . u), the total response of returns to exogenous ones (Sherman and
 * Morrison: the inverse of I - u w'); null when the loop gain is 1 or more.
 */
export function basketResponse(funds: BasketFunds): RowMatrix | null {
  const { weight, impactPerQuote, equityQuote, leverage } = funds;
  const gain = basketLoopGain(funds);
  if (!(gain < 1)) return null;
  const n = weight.length;
  const traded = equityQuote * leverage * (leverage - 1);
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const u = impactPerQuote[i] * weight[i] * traded;
    for (let j = 0; j < n; j++) values[i * n + j] = (u * weight[j]) / (1 - gain);
    values[i * n + i] += 1;
  }
  return { rows: n, columns: n, values };
}

/**
 * Returns (I - Lambda K)^-1 for any crowd: K_kl is the quote traded in k per unit of return of l.
 * Null when the matrix is singular; whether the loop is stable is the spectral radius's matter.
 */
export function crowdResponse(
  impactPerQuote: ArrayLike<number>,
  gainQuote: RowMatrix,
): RowMatrix | null {
  const n = gainQuote.rows;
  const values = Float64Array.from(
    gainQuote.values,
    (gain, at) => (at % (n + 1) === 0 ? 1 : 0) - impactPerQuote[Math.floor(at / n)] * gain,
  );
  return inverseOf({ rows: n, columns: n, values });
}

/** Volatilities and correlations. */
export interface EndogenousCovariance {
  volatility: Float64Array;
  correlation: RowMatrix;
}

/** Returns the moments of M Sigma M' for a response M and the covariance Sigma of what comes in. */
export function endogenousCovariance(
  response: RowMatrix,
  exogenous: RowMatrix,
): EndogenousCovariance {
  const n = response.rows;
  const half = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const row = response.values.subarray(j * n, (j + 1) * n);
    // Sigma is symmetric: row j of this is (Sigma M') transposed.
    half.set(product(exogenous, row), j * n);
  }
  const values = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const column = product(response, half.subarray(j * n, (j + 1) * n));
    for (let i = 0; i < n; i++) values[i * n + j] = column[i];
  }
  const volatility = Float64Array.from({ length: n }, (_, i) => Math.sqrt(values[i * n + i]));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) values[i * n + j] /= volatility[i] * volatility[j];
  }
  return { volatility, correlation: { rows: n, columns: n, values } };
}
