export { runDivergence } from './run-divergence.js';
export type { DivergingRow, RunDivergence, RunToCompare } from './run-divergence.js';
export { RowRace } from './row-race.js';
export type { PartedRows } from './row-race.js';
