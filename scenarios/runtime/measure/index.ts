export { measureCut, measureRun } from './measure-run.js';
export type { RunMeasurements } from './measure-run.js';
export type { Measurement } from './measurement.js';
export { RunCut } from './run-cut.js';
