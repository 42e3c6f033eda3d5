/** What one run of many came to. Structured-cloneable. */
import type { RunTables } from '../../runtime/index.js';

/** A run that ended by itself. */
export interface RunDone {
  status: 'ok';
  /** 64-bit hash of events and final state, 16 hexadecimal digits; that of `stampede run`. */
  stateHash: string;
  /** In the order of the subject's metrics; null where undefined. */
  values: readonly (number | null)[];
  /** Tables that the request wanted. */
  tables?: RunTables;
  wallSeconds: number;
}

/** A run that could not be made. */
export interface RunFailed {
  status: 'failed';
  /** Stable code, such as `scenario/range` or `worker/died`. */
  code: string;
  /** One line. */
  reason: string;
  wallSeconds: number;
}

export type RunOutcome = RunDone | RunFailed;
