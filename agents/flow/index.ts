export { momentum } from './momentum.js';
export { value } from './value.js';
export { zeroIntelligence } from './zero-intelligence.js';
