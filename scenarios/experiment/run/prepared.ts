/** A subject with its settings, ready to be run. */

/** What a run measured. */
export interface Measured {
  /** 64 bits, 16 hexadecimal digits. */
  stateHash: string;
  /** In the order of the subject's metrics. */
  values: readonly (number | null)[];
}

/** Runs one seed to its end on the present thread. */
export type Prepared = (seed: number) => Measured;
