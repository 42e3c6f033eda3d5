/** All metrics of solvency. */
import type { MetricInfo } from '../metric.js';
import {
  haircutInfo,
  haircutVarianceInfo,
  incidenceGiniInfo,
  incidenceInfo,
  overshootInfo,
  proRataDistanceInfo,
} from './deleveraging.js';
import { hedgeBreakingInfo, hedgeBreakingLossInfo } from './hedge-breaking.js';
import {
  fundDepletionProbabilityInfo,
  fundDepletionTimeInfo,
  fundDrawdownInfo,
  fundDrawdownQuoteInfo,
} from './insurance-fund.js';
import {
  badDebtInfo,
  badDebtRatioInfo,
  lossGivenDefaultInfo,
  socialisedLossInfo,
  uncoveredInfo,
} from './losses.js';
import { rankConsistencyInfo } from './rank-consistency.js';

/** Declarations of the group. */
export const solvencyMetrics: readonly MetricInfo[] = [
  badDebtInfo,
  uncoveredInfo,
  socialisedLossInfo,
  lossGivenDefaultInfo,
  badDebtRatioInfo,
  fundDrawdownInfo,
  fundDrawdownQuoteInfo,
  fundDepletionTimeInfo,
  fundDepletionProbabilityInfo,
  overshootInfo,
  incidenceInfo,
  incidenceGiniInfo,
  proRataDistanceInfo,
  haircutInfo,
  haircutVarianceInfo,
  rankConsistencyInfo,
  hedgeBreakingInfo,
  hedgeBreakingLossInfo,
];
