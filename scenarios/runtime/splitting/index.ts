export { PARTICLES_DEFAULT, REPLICATIONS_DEFAULT, startSplitting } from './splitting.js';
export type {
  RareLevel,
  Splitting,
  SplittingHandle,
  SplittingOptions,
  SplittingProgress,
} from './splitting.js';
