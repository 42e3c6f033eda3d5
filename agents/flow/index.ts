export { momentum } from './momentum.js';
export { valueFund } from './value-fund.js';
export { value } from './value.js';
export { zeroIntelligence } from './zero-intelligence.js';
