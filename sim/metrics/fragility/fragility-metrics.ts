/** The metrics of fragility. */
import type { MetricInfo } from '../metric.js';
import { bimodalityMetrics } from './bimodality.js';
import { criticalPointMetrics } from './critical-point.js';
import { earlyWarningMetrics } from './early-warning.js';
import { elasticityMetrics } from './elasticity.js';
import { reverseStressMetrics } from './isotonic.js';

/** Every metric of the group. */
export const fragilityMetrics: readonly MetricInfo[] = [
  ...elasticityMetrics,
  ...reverseStressMetrics,
  ...criticalPointMetrics,
  ...bimodalityMetrics,
  ...earlyWarningMetrics,
];
