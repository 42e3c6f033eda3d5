/** The metrics of systemic risk. */
import type { MetricInfo } from '../metric.js';
import { ratioSalesMetrics } from './capital-ratio-sales.js';
import { coVarMetrics } from './covar.js';
import { debtRankMetrics } from './debt-rank.js';
import { clearingMetrics } from './eisenberg-noe.js';
import { jointFailureMetrics } from './joint-failure.js';
import { fireSaleMetrics } from './leverage-targeting.js';
import { shortfallMetrics } from './shortfall.js';

/** Every metric of the group. */
export const systemicMetrics: readonly MetricInfo[] = [
  ...coVarMetrics,
  ...shortfallMetrics,
  ...debtRankMetrics,
  ...clearingMetrics,
  ...fireSaleMetrics,
  ...ratioSalesMetrics,
  ...jointFailureMetrics,
];
