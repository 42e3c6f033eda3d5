export { liquidityMetrics } from './metrics.js';
export { bookImbalance, depthDepletion, depthWithin } from './depth.js';
export type { BookLevels, DepthNearMid } from './depth.js';
export { amihud, kyleSlope, squareRootImpact } from './impact.js';
export type { ParentImpacts } from './impact.js';
export { kaplanMeier } from './kaplan-meier.js';
export type { SurvivalCurve } from './kaplan-meier.js';
export { fitLine, fitThroughOrigin, meanEstimate } from './least-squares.js';
export type { FittedLine, IntervalEstimate } from './least-squares.js';
export { cancelSubmitRatio } from './order-flow.js';
export { autoregressiveHalfLife, fitRecovery, medianPath } from './recovery.js';
export type { RecoveryFit } from './recovery.js';
export { resilienceLoss } from './resilience-loss.js';
export { timeWeightedSpread } from './spread.js';
export type { QuotePath, SpreadMeans } from './spread.js';
export {
  extremeIndex,
  preShockBand,
  timeToRecovery,
  twinBand,
} from './time-to-recovery.js';
export type { Duration, RecoveryBand } from './time-to-recovery.js';
export { tradeSpreads } from './trade-cost.js';
export type { TradeCosts, TradeSpreads } from './trade-cost.js';
export { realisedVolatility } from './volatility.js';
