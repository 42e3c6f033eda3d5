export { assertionVerdict } from './assertion-verdict.js';
export type { AssertionVerdict, VerdictOptions } from './assertion-verdict.js';
export {
  constantRunsMin,
  isStatistic,
  MEAN_RUNS_MIN,
  operators,
  quantileOf,
  runsToFail,
  runsToPass,
  satisfies,
} from './assertion.js';
export type { Assertion, AssertionStatistic, Operator } from './assertion.js';
export { bcaInterval, bcaOf } from './bca.js';
export type { BcaOptions, BootstrapInterval, RowStatistic } from './bca.js';
export { binomialTails } from './binomial.js';
export type { BinomialTails } from './binomial.js';
export { pairedEquivalence, welchEquivalence } from './equivalence.js';
export type { Equivalence, EquivalenceMargin } from './equivalence.js';
export { meanInterval, pairedDifference, shareInterval } from './interval.js';
export type { BoundErrors, Bounds, MeanInterval, ShareInterval } from './interval.js';
export { meanBounds } from './mean-bounds.js';
export { commonWarmUp, warmUp } from './mser.js';
export type { WarmUp } from './mser.js';
export { benjaminiHochberg, benjaminiYekutieli, holm } from './multiple-tests.js';
export {
  orderRanks,
  quantileBounds,
  quantileInterval,
  runsForUpperBound,
} from './order-interval.js';
export type { OrderRanks } from './order-interval.js';
export { pairedTest, signTest } from './paired-test.js';
export type { PairedTest } from './paired-test.js';
export { lookErrors, looks, planLooks } from './sequential.js';
export type { Look, LookPlan } from './sequential.js';
export { exactShare, ruleOfThree, shareBounds } from './share-bounds.js';
export { nextCheckpoint, precisionOf, stoppingPoint } from './stopping.js';
export type { Precision, PrecisionTarget } from './stopping.js';
export { commonNumbers } from './variance-ratio.js';
export type { CommonNumbers } from './variance-ratio.js';
