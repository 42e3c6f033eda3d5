export { FlatAccounts } from './account.js';
export { openFlat } from './population.js';
export { flatTerms, STEP_TICKS } from './terms.js';
export type { FlatTerms } from './terms.js';
export { countThresholds, Thresholds } from './thresholds.js';
