/** Numbers in order: what snapshots are written to and read from. */

/** Takes numbers. */
export interface NumberSink {
  float(x: number): void;
}

/** Gives them back. */
export interface NumberSource {
  float(): number;
}
