/** All metrics of liquidity. */
import type { MetricInfo } from '../metric.js';
import { depletionInfo, depthInfo, imbalanceInfo } from './depth.js';
import { amihudInfo, impactCoefficientInfo, kyleSlopeInfo } from './impact.js';
import { cancelRatioInfo } from './order-flow.js';
import { autoregressiveHalfLifeInfo, recoveryHalfLifeInfo } from './recovery.js';
import { resilienceLossInfo } from './resilience-loss.js';
import { quotedShareInfo, relativeSpreadInfo, spreadInfo } from './spread.js';
import { timeToRecoveryInfo } from './time-to-recovery.js';
import { effectiveSpreadInfo, realisedSpreadInfo } from './trade-cost.js';
import { volatilityInfo } from './volatility.js';

/** Declarations of the group. */
export const liquidityMetrics: readonly MetricInfo[] = [
  spreadInfo,
  relativeSpreadInfo,
  quotedShareInfo,
  depthInfo,
  depletionInfo,
  imbalanceInfo,
  kyleSlopeInfo,
  impactCoefficientInfo,
  amihudInfo,
  effectiveSpreadInfo,
  realisedSpreadInfo,
  cancelRatioInfo,
  recoveryHalfLifeInfo,
  autoregressiveHalfLifeInfo,
  timeToRecoveryInfo,
  resilienceLossInfo,
  volatilityInfo,
];
