/** How restless quotes are. */
import type { MetricInfo } from '../metric.js';

export const cancelRatioInfo: MetricInfo = {
  name: 'cancelSubmitRatio',
  group: 'liquidity',
  over: 'trace',
  doc: 'Orders cancelled for each order submitted.',
  formula: 'cancels / submits',
  unit: '1',
  estimator: 'ratio of counts',
  interval: 'cluster bootstrap by run',
  source: 'standard',
  test: 'counts',
};

/** Returns cancels for each submit; NaN without submits. */
export function cancelSubmitRatio(cancels: number, submits: number): number {
  return submits > 0 ? cancels / submits : NaN;
}
