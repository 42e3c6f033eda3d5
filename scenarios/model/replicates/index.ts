export { flatResult } from './flat-figures.js';
export type { FlatResult } from './flat-figures.js';
export { flatLaw } from './flat-law.js';
export type { FlatFigures } from './flat-law.js';
export { FlatTally, SUM } from './flat-tally.js';
export { FlatRun, FlatWorld } from './flat-world.js';
