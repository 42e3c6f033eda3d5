/** How many runs travel together: enough that the way to a thread costs nothing beside them. */

/** Time a batch should take, seconds: short enough that a stop is soon obeyed. */
const BATCH_SECONDS = 0.2;
const BATCH_MAX = 500;
/** Weight of the last batch in the estimate. */
const MEMORY = 0.3;

/** Follows what runs cost. */
export class BatchSize {
  #secondsPerRun: number | null = null;

  /** Runs of the next batch. */
  get next(): number {
    if (this.#secondsPerRun === null) return 1;
    return Math.max(1, Math.min(BATCH_MAX, Math.floor(BATCH_SECONDS / this.#secondsPerRun)));
  }

  /** Takes what a batch cost, transport included. */
  add(runs: number, seconds: number): void {
    const each = Math.max(seconds / runs, 1e-6);
    const before = this.#secondsPerRun ?? each;
    this.#secondsPerRun = before + MEMORY * (each - before);
  }
}
