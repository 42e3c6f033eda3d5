/** Crowding of time: how much of the trading falls into the busiest moments. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

export const timeCrowdingInfo: MetricInfo = {
  name: 'timeCrowding',
  group: 'crowding',
  over: 'trace',
  doc: 'Share of volume that rule trades execute in the busiest 5 % of bars.',
  formula: 'sum of the largest .05 n of n bar volumes / sum of all; the last bar counts in part',
  unit: '1 (.05 when even, 1 when in one bar)',
  estimator: 'exact over the bars of a run',
  interval: 'cluster bootstrap by run',
  source: 'concentration of volume in time',
  test: 'even bars: .05; one bar: 1; 1..100: .0970',
};

/**
 * Returns the share of volume in the busiest `fraction` of bars (default .05); when that is no
 * whole number of bars, the next busiest counts in part, so even bars give the fraction exactly.
 * NaN without volume. O(n log n).
 */
export function timeCrowding(volume: ArrayLike<number>, fraction = 0.05): number {
  assert(fraction > 0 && fraction <= 1, `fraction was ${fraction}, must be in (0, 1]`);
  const sorted = Float64Array.from(volume).sort();
  const bars = fraction * sorted.length;
  let all = 0;
  let busiest = 0;
  for (let k = 0; k < sorted.length; k++) {
    const one = sorted[sorted.length - 1 - k];
    all += one;
    if (k < bars) busiest += one * Math.min(1, bars - k);
  }
  return busiest / all;
}
