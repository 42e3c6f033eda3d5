/** What the branch tasks are handed. Structured-cloneable. */
import type { BranchPoint, BranchTerms } from '../../../sim/engine/index.js';

/** Runs the world to a moment. */
export interface PointJob {
  micros: number;
}

/** Runs a branch; functions do not pass between threads. */
export interface BranchJob {
  point: BranchPoint;
  terms: Omit<BranchTerms, 'onChunk'>;
}
