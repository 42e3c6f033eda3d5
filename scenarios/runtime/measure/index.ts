export { measureCut, measureRun } from './measure-run.js';
export type { RunMeasurements } from './measure-run.js';
export type { Measurement } from './measurement.js';
export { RunCut } from './run-cut.js';
export { measureInMemory } from './measure-memory.js';
export type { MemoryMeasurement, RunTable, RunTables } from './measure-memory.js';
export { EPISODE_COLUMNS, INTERVAL_COLUMNS } from './run-tables.js';
