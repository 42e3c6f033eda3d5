/** What the branch tasks are handed and hand back. Structured-cloneable. */
import type { BranchPoint, BranchTerms } from '../../../sim/engine/index.js';
import type { RunInputs } from '../run-job.js';

/** What every thread of a pool knows from the start. */
export interface BranchThread {
  inputs: RunInputs;
  /** Words in which threads say that they are inside a user's rule, and the next free place in them. */
  watch: SharedArrayBuffer;
  places: SharedArrayBuffer;
}

/** Runs the world to a moment. */
export interface PointJob {
  micros: number;
}

/** Runs a branch; functions do not pass between threads. */
export interface BranchJob {
  point: BranchPoint;
  terms: Omit<BranchTerms, 'onChunk'>;
}
