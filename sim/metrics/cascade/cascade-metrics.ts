/** The metrics of cascades. */
import type { MetricInfo } from '../metric.js';
import { amplificationMetrics } from './amplification.js';
import { branchingMetrics } from './branching-ratio.js';
import { forestMetrics } from './forest.js';
import { hillMetrics } from './hill.js';
import { lawMetrics } from './law-metrics.js';
import { tailComparisonMetrics } from './lognormal-tail.js';
import { meanFieldMetrics } from './mean-field.js';
import { nextGenerationMetrics } from './next-generation.js';
import { powerLawMetrics } from './power-law.js';
import { reproductionMetrics } from './reproduction.js';
import { staticMapMetrics } from './static-map.js';

/** Every metric of the group. */
export const cascadeMetrics: readonly MetricInfo[] = [
  ...reproductionMetrics,
  ...nextGenerationMetrics,
  ...staticMapMetrics,
  ...forestMetrics,
  ...amplificationMetrics,
  ...branchingMetrics,
  ...hillMetrics,
  ...powerLawMetrics,
  ...tailComparisonMetrics,
  ...meanFieldMetrics,
  ...lawMetrics,
];
