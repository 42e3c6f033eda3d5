export { blockOrder } from './block-order.js';
export { levelEffects, rankEffects, regressionEffects } from './factor-effects.js';
export type { FactorEffects, LevelEffects } from './factor-effects.js';
export { checkFactorLaw, factorValue, shareIndex } from './factor-law.js';
export type {
  FactorLaw,
  FactorLevel,
  ListLaw,
  LognormalLaw,
  NormalLaw,
  RangeLaw,
  TriangularLaw,
} from './factor-law.js';
export { gridDesign } from './grid.js';
export type { GridOptions } from './grid.js';
export { latinHypercube } from './latin-hypercube.js';
export type { LatinHypercubeOptions } from './latin-hypercube.js';
export { morrisDesign } from './morris.js';
export type { MorrisOptions } from './morris.js';
export { morrisEffects } from './morris-effects.js';
export type { MorrisEffect, MorrisEffects } from './morris-effects.js';
export { randomDesign } from './random-design.js';
export type { RandomDesignOptions } from './random-design.js';
export { saltelliDesign } from './saltelli.js';
export type { SaltelliOptions } from './saltelli.js';
export { simplexLattice, simplexShares } from './simplex.js';
export { sobolDesign, SOBOL_DIMENSIONS_MAX } from './sobol.js';
export type { SobolOptions } from './sobol.js';
export { sobolIndices } from './sobol-indices.js';
export type { SobolIndices } from './sobol-indices.js';
export { centredDiscrepancy, minimalDistance, SPREAD_POINTS_MAX } from './spread.js';
export {
  gFunction,
  gFunctionIndices,
  interactionFunction,
  ishigami,
  ishigamiIndices,
} from './test-functions.js';
export type { KnownIndices } from './test-functions.js';
export { COORDINATES_MAX, emptyDesign } from './unit-design.js';
export type { UnitDesign } from './unit-design.js';
