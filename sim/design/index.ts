export { latinHypercube } from './latin-hypercube.js';
export type { LatinHypercubeOptions } from './latin-hypercube.js';
export { randomDesign } from './random-design.js';
export type { RandomDesignOptions } from './random-design.js';
export { sobolDesign, SOBOL_DIMENSIONS_MAX } from './sobol.js';
export type { SobolOptions } from './sobol.js';
export { COORDINATES_MAX, emptyDesign } from './unit-design.js';
export type { UnitDesign } from './unit-design.js';
