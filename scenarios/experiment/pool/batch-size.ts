/** How many runs travel together: enough that the way to a thread costs nothing beside them. */

/** Time a batch of a thread should take, seconds: short enough that a stop is soon obeyed. */
const BATCH_SECONDS = 0.2;
const BATCH_MAX = 500;
/** Weight of the last batch in the estimate. */
const MEMORY = 0.3;

/** Follows what runs cost. */
export class BatchSize {
  readonly #seconds: number;
  #secondsPerRun: number | null = null;

  /** @param seconds that a batch should take */
  constructor(seconds = BATCH_SECONDS) {
    this.#seconds = seconds;
  }

  /** A batch has been seen. */
  get isKnown(): boolean {
    return this.#secondsPerRun !== null;
  }

  /** Runs of the next batch. */
  get next(): number {
    if (this.#secondsPerRun === null) return 1;
    return Math.max(1, Math.min(BATCH_MAX, Math.floor(this.#seconds / this.#secondsPerRun)));
  }

  /** Takes what a batch cost, transport included. */
  add(runs: number, seconds: number): void {
    const each = Math.max(seconds / runs, 1e-6);
    const before = this.#secondsPerRun ?? each;
    this.#secondsPerRun = before + MEMORY * (each - before);
  }
}
