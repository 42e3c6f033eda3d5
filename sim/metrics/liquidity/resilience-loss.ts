/** The resilience triangle: how much quality was missing, for how long. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

export const resilienceLossInfo: MetricInfo = {
  name: 'resilienceLoss',
  group: 'liquidity',
  over: 'trace',
  doc: 'Time of total loss that would have cost as much as the dip in quality did.',
  formula: 'integral of (1 - Q(t) / Q_0) dt; Q = quality such as depth, Q_0 = its normal value',
  unit: 'us',
  estimator: 'trapezoids between samples; quality above normal counts against the loss',
  interval: 'cluster bootstrap by run',
  source: 'Bruneau et al. 2003 (Earthquake Spectra 19), eq. 1',
  test: 'triangle of depth d and length T: d T / 2',
};

/** Returns the integral of 1 - Q / Q_0 over sampled quality; 0 with fewer than two samples. */
export function resilienceLoss(
  timeMicros: ArrayLike<number>,
  quality: ArrayLike<number>,
  normalQuality: number,
): number {
  assert(timeMicros.length === quality.length, 'one value for each time');
  assert(normalQuality > 0, `normal quality was ${normalQuality}, must be positive`);
  let loss = 0;
  for (let t = 1; t < quality.length; t++) {
    const mean = (quality[t - 1] + quality[t]) / 2;
    loss += (timeMicros[t] - timeMicros[t - 1]) * (1 - mean / normalQuality);
  }
  return loss;
}
