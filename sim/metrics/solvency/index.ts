export { solvencyMetrics } from './metrics.js';
export {
  deleverageIncidence,
  deleverageOvershoot,
  haircuts,
  neededDeleverage,
  proRata,
} from './deleveraging.js';
export type { Haircuts, Incidence } from './deleveraging.js';
export { hedgeBreaking } from './hedge-breaking.js';
export type { HedgeBreaking, HedgeBreakingInput } from './hedge-breaking.js';
export { depletionProbability, fundPath } from './insurance-fund.js';
export type { FundPath } from './insurance-fund.js';
export { badDebt, coverLosses, lossRatios } from './losses.js';
export type { FundCover, LossAmounts, LossRatios } from './losses.js';
export { rankConsistency } from './rank-consistency.js';
export type { RankConsistency } from './rank-consistency.js';
