/** Signs that a system recovers ever more slowly. Source: Scheffer et al. 2009, Nature 461. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { autocorrelation, variance } from '../numeric/index.js';

/** Indicators in windows that slide over a series. */
export interface EarlyWarnings {
  /** Index of the last value of each window. */
  last: Int32Array;
  /** Autocorrelation at lag 1. */
  autocorrelation: Float64Array;
  variance: Float64Array;
}

/** Computes both in windows of `length` values, `step` apart, around a straight line in each. */
export function earlyWarnings(
  series: ArrayLike<number>,
  { length, step = 1 }: { length: number; step?: number },
): EarlyWarnings {
  assert(length >= 4 && step >= 1, `windows of ${length}, ${step} apart`);
  const windows = Math.max(0, Math.floor((series.length - length) / step) + 1);
  const found: EarlyWarnings = {
    last: new Int32Array(windows),
    autocorrelation: new Float64Array(windows),
    variance: new Float64Array(windows),
  };
  const residual = new Float64Array(length);
  for (let w = 0; w < windows; w++) {
    detrend(series, w * step, residual);
    found.last[w] = w * step + length - 1;
    found.autocorrelation[w] = autocorrelation(residual);
    found.variance[w] = variance(residual);
  }
  return found;
}

/** Fills `residual` with what the least-squares line leaves of the values from `from` on. */
function detrend(series: ArrayLike<number>, from: number, residual: Float64Array): void {
  const n = residual.length;
  const middle = 0.5 * (n - 1);
  let sum = 0;
  let across = 0;
  let along = 0;
  for (let i = 0; i < n; i++) {
    sum += series[from + i];
    across += (i - middle) * series[from + i];
    along += (i - middle) * (i - middle);
  }
  for (let i = 0; i < n; i++) {
    residual[i] = series[from + i] - sum / n - (across / along) * (i - middle);
  }
}

/**
 * Returns Kendall's tau of a series against time, -1..1: how steadily an indicator rises. Ties count
 * for neither side. O(values^2). Source: Kendall 1938; tau-a.
 */
export function kendallTrend(series: ArrayLike<number>): number {
  const n = series.length;
  let sum = 0;
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      if (series[i] > series[j]) sum++;
      else if (series[i] < series[j]) sum--;
    }
  }
  return sum / ((n * (n - 1)) / 2);
}

const common = {
  group: 'fragility',
  over: 'trace',
  interval: 'bootstrap over runs',
  source: 'Scheffer et al. 2009, Nature 461',
} as const;

export const earlyWarningMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'earlyWarning.autocorrelation',
    doc: 'Memory of depth or imbalance from one sample to the next; it rises before a tipping point.',
    formula: 'r_1 = sum (x_t - m)(x_(t-1) - m) / sum (x_t - m)^2, x without its straight line',
    unit: 'correlation',
    estimator: 'sliding windows; Kendall\'s tau says how steadily it rises',
    test: 'AR(1) whose coefficient rises',
  },
  {
    ...common,
    name: 'earlyWarning.variance',
    doc: 'Variance of depth or imbalance in a window; it rises before a tipping point.',
    formula: 'sum (x_t - m)^2 / (n - 1), x without its straight line',
    unit: 'that of the series, squared',
    estimator: 'sliding windows; Kendall\'s tau says how steadily it rises',
    test: 'AR(1) whose coefficient rises',
  },
];
