export {
  almgrenChrissHoldings,
  almgrenChrissRate,
  executionCost,
  executionVariance,
  remainingFraction,
  tradeOffRate,
} from './almgren-chriss.js';
export type { AlmgrenChrissTerms } from './almgren-chriss.js';
export { executionPolicies } from './execution-spec.js';
export type { ExecutionDraws, ExecutionPolicy, ExecutionSpec } from './execution-spec.js';
export {
  almgrenChrissLots,
  childLots,
  participationLots,
  twapLots,
  withinCap,
} from './schedule.js';
