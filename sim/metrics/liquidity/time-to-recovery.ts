/** Time to recovery: when a variable is back in its band, and stays. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

export const timeToRecoveryInfo: MetricInfo = {
  name: 'recovery.time',
  group: 'liquidity',
  over: 'runs',
  doc: 'Time from the trough until a variable is back in its band and stays for some bars.',
  formula:
    'first t with low <= x <= high for w bars from t on;' +
    ' band = x % around the twin, or mean +- 2 deviations before the shock',
  unit: 'us',
  estimator: 'median of Kaplan and Meier over runs; runs that do not recover are censored',
  interval: 'log-log (Kalbfleisch & Prentice)',
  source: 'Kaplan & Meier 1958 (JASA 53)',
  test: 'leukaemia remissions of Freireich et al. 1963',
};

/** The band in which a variable counts as recovered, by sample. */
export interface RecoveryBand {
  low: Float64Array;
  high: Float64Array;
}

/** Returns the band within a fraction of a twin's values, as from the run without the shock. */
export function twinBand(twin: ArrayLike<number>, fraction: number): RecoveryBand {
  return {
    low: Float64Array.from(twin, (one) => one - fraction * Math.abs(one)),
    high: Float64Array.from(twin, (one) => one + fraction * Math.abs(one)),
  };
}

/** Returns the band of `deviations` sample deviations around the mean of the first values. */
export function preShockBand(
  values: ArrayLike<number>,
  before: number,
  deviations = 2,
): RecoveryBand {
  assert(before >= 2 && before <= values.length, `${before} values before the shock`);
  let mean = 0;
  for (let t = 0; t < before; t++) mean += values[t] / before;
  let squares = 0;
  for (let t = 0; t < before; t++) squares += (values[t] - mean) * (values[t] - mean);
  const half = deviations * Math.sqrt(squares / (before - 1));
  return {
    low: new Float64Array(values.length).fill(mean - half),
    high: new Float64Array(values.length).fill(mean + half),
  };
}

/** A duration, observed or cut off by the end of the run. */
export interface Duration {
  micros: number;
  isCensored: boolean;
}

/**
 * Returns the time from sample `trough` to the first sample from which the variable stays in its
 * band for `bars` samples; censored at the last sample when it does not, or when the run ends
 * before it has stayed long enough.
 */
export function timeToRecovery(
  timeMicros: ArrayLike<number>,
  value: ArrayLike<number>,
  band: RecoveryBand,
  options: { trough: number; bars: number },
): Duration {
  const { trough, bars } = options;
  const count = value.length;
  assert(timeMicros.length === count && band.low.length === count, 'one band for each sample');
  assert(trough >= 0 && trough < count && bars >= 1, `trough ${trough}, bars ${bars}`);
  let inside = 0;
  for (let t = trough; t < count; t++) {
    inside = value[t] >= band.low[t] && value[t] <= band.high[t] ? inside + 1 : 0;
    if (inside === bars) {
      return { micros: timeMicros[t - bars + 1] - timeMicros[trough], isCensored: false };
    }
  }
  return { micros: timeMicros[count - 1] - timeMicros[trough], isCensored: true };
}

/** Returns the lowest (`side` -1) or highest (+1) sample from `from` on; the first of ties. */
export function extremeIndex(value: ArrayLike<number>, from: number, side: -1 | 1): number {
  let at = from;
  for (let t = from + 1; t < value.length; t++) if ((value[t] - value[at]) * side > 0) at = t;
  return at;
}
