export { adaptiveSwitching, logitShare } from './adaptive-switching.js';
export { disposition } from './disposition.js';
export type { Training } from './forest.js';
export { askForest, FEATURES, Forest, forgetForests, trainForest } from './forest.js';
export { herding } from './herding.js';
export {
  filterStress,
  fitRegimes,
  logLikelihood,
  orderRegimes,
  Regime,
  setSample,
  stationaryStress,
} from './hidden-regime.js';
export { prospectValue } from './prospect-value.js';
export { regimeForest } from './regime-forest.js';
export { regimeHmm } from './regime-hmm.js';
export { sentiment } from './sentiment.js';
