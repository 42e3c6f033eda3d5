export { crowdingMetrics } from './metrics.js';
export { gini, herfindahl } from './concentration.js';
export {
  concordance,
  decisionKappa,
  effectiveAgents,
  fleissKappa,
  herding,
  herdingAdjustment,
} from './concordance.js';
export {
  constantImpactReach,
  depthWalkReach,
  exitConvergence,
  exitOverlap,
} from './exit-convergence.js';
export type { DepthLadder, ExitConvergenceInput } from './exit-convergence.js';
export { exitMass, exitPressure } from './exit-pressure.js';
export type { ExitPressure, ExitPressureInput, ExitZone } from './exit-pressure.js';
export { liquidationDensity } from './liquidation-density.js';
export type { LiquidationDensity, LiquidationDensityInput } from './liquidation-density.js';
export {
  aggregateGain,
  amplificationOf,
  basketLoopGain,
  basketResponse,
  crowdResponse,
  endogenousCovariance,
  loopGain,
  loopGainPath,
} from './loop-gain.js';
export type { BasketFunds, EndogenousCovariance, LoopGainPath } from './loop-gain.js';
export {
  cosineOverlap,
  liquidityOverlap,
  liquidityOverlapOf,
  netCrowding,
  netCrowdingL1,
  positionOverlap,
} from './position-overlap.js';
export type { LiquidityOverlap } from './position-overlap.js';
export { dominantEigenpair, inverseOf, product, rowMatrix } from './row-matrix.js';
export type { Eigenpair, RowMatrix } from './row-matrix.js';
export { strategyHomogeneity } from './strategy-homogeneity.js';
export type { StrategyDiversity } from './strategy-homogeneity.js';
export { timeCrowding } from './time-crowding.js';
