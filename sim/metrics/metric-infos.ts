/** Every metric's declaration. */
import { cascadeMetrics } from './cascade/index.js';
import { crowdingMetrics } from './crowding/index.js';
import { fragilityMetrics } from './fragility/index.js';
import { liquidityMetrics } from './liquidity/index.js';
import type { MetricInfo } from './metric.js';
import { solvencyMetrics } from './solvency/index.js';
import { systemicMetrics } from './systemic/index.js';

/** Every metric, group by group. */
export const metricInfos: readonly MetricInfo[] = [
  ...cascadeMetrics,
  ...crowdingMetrics,
  ...liquidityMetrics,
  ...solvencyMetrics,
  ...systemicMetrics,
  ...fragilityMetrics,
];
