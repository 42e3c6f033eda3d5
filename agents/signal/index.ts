export { regimeForest } from './regime-forest.js';
export { regimeHmm } from './regime-hmm.js';
