export { BatchSize } from './batch-size.js';
export { RunPool } from './run-pool.js';
export type { RunPoolOptions, TakeOutcome } from './run-pool.js';
