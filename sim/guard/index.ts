export { acceptStrategy } from './accept-strategy.js';
export type { GuardWatch } from './guard-strategy.js';
export { guardStrategy } from './guard-strategy.js';
export { describeAgent, firstLine, strategyCode } from './failure.js';
