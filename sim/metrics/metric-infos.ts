/** Every metric's declaration. */
import { cascadeMetrics } from './cascade/index.js';
import { fragilityMetrics } from './fragility/index.js';
import type { MetricInfo } from './metric.js';
import { systemicMetrics } from './systemic/index.js';

/** Every metric, group by group. */
export const metricInfos: readonly MetricInfo[] = [
  ...cascadeMetrics,
  ...systemicMetrics,
  ...fragilityMetrics,
];
