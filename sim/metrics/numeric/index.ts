export { normalEstimate } from './estimate.js';
export type { Estimate } from './estimate.js';
export { minimise } from './nelder-mead.js';
export type { Minimum, MinimiseOptions } from './nelder-mead.js';
export { bootstrapRatio, ratioOfSums } from './ratio-of-sums.js';
export type { BootstrapOptions } from './ratio-of-sums.js';
export { autocorrelation, mean, quantile, sorted, variance } from './sample.js';
export { spectralRadius } from './spectral-radius.js';
