/** Recovery after a shock: how long until half of what was lost is back. */
import { assert, exp, log } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { fitLine } from './least-squares.js';
import type { IntervalEstimate } from './least-squares.js';

const LN2 = 0.6931471805599453;

export const recoveryHalfLifeInfo: MetricInfo = {
  name: 'recovery.halfLife',
  group: 'liquidity',
  over: 'runs',
  doc: 'Time in which half of the way back from the trough is covered.',
  formula: 'tau ln 2 of D(t) = D_inf - (D_inf - D_min) exp(-t / tau), t since the trough',
  unit: 'time of the input',
  estimator: 'least squares on the path of medians over runs',
  interval: 'bootstrap over runs',
  source: 'exponential resilience: Obizhaeva & Wang 2013 (JFM 16)',
  test: 'kappa = .05: 13.51',
};

export const autoregressiveHalfLifeInfo: MetricInfo = {
  ...recoveryHalfLifeInfo,
  name: 'recovery.autoregressiveHalfLife',
  over: 'trace',
  doc: 'Half-life of deviations of a first-order autoregression, the check of the fitted one.',
  formula: '-ln 2 / ln phi; x_t+1 = a + phi x_t + noise',
  unit: 'samples',
  estimator: 'ordinary least squares; phi is biased down by about (1 + 3 phi) / n',
  interval: "Student's interval of phi, transformed",
  source: 'AR(1)',
};

/** A fitted recovery. */
export interface RecoveryFit {
  /** tau ln 2; Infinity when the path shows no bend, NaN when it is flat. */
  halfLife: number;
  tau: number;
  /** D_inf and D_min of the fit. */
  level: number;
  trough: number;
}

/** Time constants tried per factor e, from a tenth of a step to 100 times the path. */
const GRID_PER_E = 8;

/**
 * Returns the exponential recovery that fits a path best, times ascending from the trough on. For
 * each tau level and trough are linear; tau is found on a logarithmic grid, then by golden section.
 * O(samples x grid). @throws Error with fewer than four samples.
 */
export function fitRecovery(time: ArrayLike<number>, value: ArrayLike<number>): RecoveryFit {
  const count = time.length;
  assert(count >= 4 && value.length === count, `a recovery needs four samples, has ${count}`);
  let isFlat = true;
  for (let t = 1; t < count; t++) if (value[t] !== value[0]) isFlat = false;
  if (isFlat) return { halfLife: NaN, tau: NaN, level: value[0], trough: value[0] };
  const span = time[count - 1] - time[0];
  const shape = new Float64Array(count);
  const low = log(span / count / 10);
  const high = log(100 * span);
  const steps = Math.ceil((high - low) * GRID_PER_E);
  let best = 0;
  let least = Infinity;
  for (let k = 0; k <= steps; k++) {
    const error = misfit(time, value, shape, exp(low + k / GRID_PER_E));
    if (error < least) {
      least = error;
      best = k;
    }
  }
  let [from, to] = [low + (best - 1) / GRID_PER_E, low + (best + 1) / GRID_PER_E];
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let step = 0; step < 60; step++) {
    const a = to - golden * (to - from);
    const b = from + golden * (to - from);
    if (misfit(time, value, shape, exp(a)) < misfit(time, value, shape, exp(b))) to = b;
    else from = a;
  }
  const tau = exp((from + to) / 2);
  misfit(time, value, shape, tau);
  const { slope, intercept } = fitLine(shape, value);
  const shownTau = best >= steps ? Infinity : tau;
  const trough = intercept + slope.value;
  return { halfLife: shownTau * LN2, tau: shownTau, level: intercept, trough };
}

/** Fills `shape` with exp(-t / tau) and returns the squared error left by a line on it. */
function misfit(
  time: ArrayLike<number>,
  value: ArrayLike<number>,
  shape: Float64Array,
  tau: number,
): number {
  const count = time.length;
  let [meanX, meanY] = [0, 0];
  for (let t = 0; t < count; t++) {
    shape[t] = exp((time[0] - time[t]) / tau);
    meanX += shape[t] / count;
    meanY += value[t] / count;
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (let t = 0; t < count; t++) {
    const x = shape[t] - meanX;
    const y = value[t] - meanY;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  return xx > 0 ? yy - (xy * xy) / xx : yy;
}

/**
 * Returns the half-life, in samples, of an autoregression of order 1 fitted to evenly spaced
 * values; Infinity at phi >= 1, 0 at phi <= 0.
 */
export function autoregressiveHalfLife(
  values: ArrayLike<number>,
  confidence = 0.95,
): IntervalEstimate {
  const count = values.length - 1;
  const before = Float64Array.from({ length: count }, (_, t) => values[t]);
  const after = Float64Array.from({ length: count }, (_, t) => values[t + 1]);
  const { slope } = fitLine(before, after, confidence);
  return {
    value: halfLifeOf(slope.value),
    low: halfLifeOf(slope.low),
    high: halfLifeOf(slope.high),
  };
}

function halfLifeOf(phi: number): number {
  if (phi >= 1) return Infinity;
  return phi <= 0 ? 0 : -LN2 / log(phi);
}

/** Returns, at each time, the median over paths of one length. */
export function medianPath(paths: readonly ArrayLike<number>[]): Float64Array {
  const runs = paths.length;
  const length = runs === 0 ? 0 : paths[0].length;
  const column = new Float64Array(runs);
  const medians = new Float64Array(length);
  for (let t = 0; t < length; t++) {
    for (let i = 0; i < runs; i++) column[i] = paths[i][t];
    column.sort();
    medians[t] = (column[(runs - 1) >> 1] + column[runs >> 1]) / 2;
  }
  return medians;
}
