export { claimOf, isBoundAbove, isSatisfied } from './claim.js';
export type { AssertionSource, Claim } from './claim.js';
export { judge } from './judge.js';
