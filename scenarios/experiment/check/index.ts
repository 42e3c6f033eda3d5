export { startCheck } from './check.js';
export type { CheckHandle, CheckOptions, CheckProgress } from './check.js';
export type { CheckedClaim, CheckResult } from './check-result.js';
export type { FailedRun, Violations } from './evidence.js';
