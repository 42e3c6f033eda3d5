/** What the threads of a run pool are given. Structured-cloneable. */
import type { RunOutcome, RunRequest, Subject } from '../run/index.js';

/** What every thread of a pool holds. */
export interface PoolThread {
  subjects: readonly Subject[];
  /** Words in which threads say that they are inside a user's rule. */
  watch: SharedArrayBuffer;
  /** Counts the threads as they come. */
  places: SharedArrayBuffer;
  /** Planted by tests: the thread that takes this batch, counted from 0, exits. */
  dieAtBatch: number;
}

/** Runs to make, one after the other. */
export interface BatchJob {
  /** Counts batches from 0. */
  batch: number;
  requests: readonly RunRequest[];
}

/** One outcome a request, in order. */
export type BatchOutcome = readonly RunOutcome[];

/** Two runs whose events are compared. */
export interface DivergenceJob {
  a: RunRequest;
  b: RunRequest;
}
