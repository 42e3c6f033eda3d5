export { momentum } from './momentum.js';
export { value } from './value.js';
export { valueFund } from './value-fund.js';
export { zeroIntelligence } from './zero-intelligence.js';
