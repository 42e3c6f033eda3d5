/** A subject with its settings, ready to be run. */
import type { RunTable, RunTables } from '../../runtime/index.js';

/** What a run measured. */
export interface Measured {
  /** 64 bits, 16 hexadecimal digits. */
  stateHash: string;
  /** In the order of the subject's metrics. */
  values: readonly (number | null)[];
  /** Tables that the request wanted. */
  tables?: RunTables;
}

/** Runs one seed to its end on the present thread. */
export type Prepared = (seed: number, tables?: readonly RunTable[]) => Measured;
