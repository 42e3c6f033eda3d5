export { informed } from './informed.js';
export { momentum } from './momentum.js';
export { orderSplitter } from './order-splitter.js';
export { valueFund } from './value-fund.js';
export { value } from './value.js';
export { zeroIntelligence } from './zero-intelligence.js';
