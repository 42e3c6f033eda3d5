/** Every metric's declaration. */
import type { MetricInfo } from './metric.js';

/** Every metric, group by group. */
export const metricInfos: readonly MetricInfo[] = [];
