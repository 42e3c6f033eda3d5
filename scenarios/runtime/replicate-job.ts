/** A batch of replicates of a flat book, and what it comes to. Structured-cloneable. */
import type { Scenario } from '../model/index.js';

/** What a batch runs: the seeds [firstSeed, firstSeed + count). */
export interface ReplicateJob {
  /** With every default filled in, and a section `flat`. */
  scenario: Scenario;
  firstSeed: number;
  count: number;
}

/** What a batch returns. */
export interface ReplicateOutcome {
  /** `FlatTally.sums`. */
  sums: Float64Array;
  /** Time the replicates took, without building their world. */
  wallSeconds: number;
}
