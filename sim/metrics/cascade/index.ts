export {
  amplification,
  amplificationOf,
  contagionShare,
  contagionShareByWeight,
} from './amplification.js';
export type { ShareRows } from './amplification.js';
export { fanoBranchingRatio, fanoFactor, hawkesFano, treeBranchingRatio, windowCounts } from './branching-ratio.js';
export { cascadeMetrics } from './cascade-metrics.js';
export { cascadeSizes, cascadesOf, episodesByGap } from './forest.js';
export type { Cascades, CascadeSizes } from './forest.js';
export {
  borelPmf,
  cascadeLaw,
  generalisedPoissonPmf,
  survivalProbability,
} from './generalised-poisson.js';
export type { CascadeLaw, CascadeLawTerms } from './generalised-poisson.js';
export { fitHawkes, hawkesLogLikelihood } from './hawkes.js';
export type { HawkesFit, HawkesTerms } from './hawkes.js';
export { hillExponent, hillPair } from './hill.js';
export type { HillPair } from './hill.js';
export { compareWithLognormal } from './lognormal-tail.js';
export type { TailComparison } from './lognormal-tail.js';
export { MEAN_FIELD_EXPONENT, meanFieldCutoff } from './mean-field.js';
export { nextGenerationMatrix } from './next-generation.js';
export type { NextGeneration } from './next-generation.js';
export { poissonPmf } from './poisson-pmf.js';
export { fitPowerLaw } from './power-law.js';
export type { PowerLawFit, PowerLawOptions } from './power-law.js';
export {
  censoredNear,
  offspringSums,
  reproductionByGeneration,
  reproductionByWindow,
  reproductionNumber,
  reproductionNumberBootstrap,
} from './reproduction.js';
export type { BinnedReproduction, OffspringSums, PoolOptions } from './reproduction.js';
export { exAnteReproduction, mapPeak, staticCascadeEnd } from './static-map.js';
export type { MapPeak, StaticMap } from './static-map.js';
export { hurwitzZeta } from './zeta.js';
