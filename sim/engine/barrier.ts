/**
 * The barrier between the market loop and the threads that decide.
 *
 *   market:   open(w) ─ match(w) ─ decide what is unclaimed ─ wait until all shards are complete
 *   decider:  await open ─ claim a shard, decide(w), complete ─ claim the next ...
 *
 * Any thread may decide any shard, because a shard's state lies in shared memory; a shard is decided by
 * the one thread that claimed it, so which thread that was leaves no trace in the result. The market
 * joins in after matching, which evens out the two sides.
 *
 * Waiting spins first (a hand-over costs 0.1-0.2 microseconds) and sleeps when the other side takes
 * longer than the budget; the budget follows the last waits, capped, so that a contended machine falls
 * back to sleeping. Every wait polls the abort word, so that a dead partner ends the run.
 */
import type { Memory } from '../kernel/index.js';

/** Words of the control block, each on a cache line of its own. */
const ABORT = 0;
const STOP = 16;
const EXIT = 32;
/** Counts windows opened; deciders wait on it. */
const EPOCH = 48;
/** Next shard to claim; at or above the number of shards there is none. */
const CLAIM = 64;
/** Shards decided in this window; the market waits on it. */
const COMPLETE = 80;
/** Deciders asleep, and whether the market is. */
const SLEEPERS = 96;
const MARKET_SLEEPS = 112;
const WORDS = 128;

/** Spins before sleeping: 200..40,000 loads, about 1..200 microseconds. */
const SPIN_MIN = 200;
const SPIN_MAX = 40_000;
const SLEEP_MILLIS = 20;

/** Why a wait ended. */
export const Signal = { go: 0, exit: 1, abort: 2 } as const;
export type Signal = (typeof Signal)[keyof typeof Signal];

/** One thread's view of the control block. */
export class Barrier {
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #shards: number;
  #spin = 4000;
  /** Last epoch this decider has seen. */
  #seen = 0;

  constructor(memory: Memory, shards: number) {
    this.#shards = shards;
    this.#words = memory.int32('control.words', WORDS);
    this.#numbers = memory.float64('control.numbers', 8);
    // Nothing to claim until the first window is opened.
    if (Atomics.load(this.#words, EPOCH) === 0) Atomics.store(this.#words, CLAIM, shards);
  }

  /** Window and published snapshots of the present request, and progress for the supervisor. */
  get window(): number {
    return this.#numbers[0];
  }

  get published(): number {
    return this.#numbers[1];
  }

  /** Microseconds simulated so far; a float written by the market thread alone. */
  get progressMicros(): number {
    return this.#numbers[2];
  }

  set progressMicros(value: number) {
    this.#numbers[2] = value;
  }

  /** Counters for the supervisor's progress line: windows, liquidations, order actions. */
  progress(windows: number, liquidations: number, orderActions: number): void {
    this.#numbers[3] = windows;
    this.#numbers[4] = liquidations;
    this.#numbers[5] = orderActions;
  }

  get progressWindows(): number {
    return this.#numbers[3];
  }

  get progressLiquidations(): number {
    return this.#numbers[4];
  }

  get progressOrderActions(): number {
    return this.#numbers[5];
  }

  /** Ends every wait at once; the run is lost. */
  abort(): void {
    Atomics.store(this.#words, ABORT, 1);
    this.#wakeAll();
  }

  get aborted(): boolean {
    return Atomics.load(this.#words, ABORT) !== 0;
  }

  /** Asks the market loop to stop after the window it is in. */
  stop(): void {
    Atomics.store(this.#words, STOP, 1);
  }

  get stopping(): boolean {
    return Atomics.load(this.#words, STOP) !== 0;
  }

  /** Tells the shards that there is no further window. */
  exit(): void {
    Atomics.store(this.#words, EXIT, 1);
    this.#wakeAll();
  }

  /** Market: hands a window to whoever claims its shards. */
  open(window: number, published: number): void {
    const words = this.#words;
    this.#numbers[0] = window;
    this.#numbers[1] = published;
    Atomics.store(words, COMPLETE, 0);
    Atomics.store(words, CLAIM, 0);
    Atomics.add(words, EPOCH, 1);
    if (Atomics.load(words, SLEEPERS) !== 0) Atomics.notify(words, EPOCH);
  }

  /** Claims a shard of the open window, or returns -1 when all are taken. */
  claim(): number {
    if (Atomics.load(this.#words, CLAIM) >= this.#shards) return -1;
    const shard = Atomics.add(this.#words, CLAIM, 1);
    return shard < this.#shards ? shard : -1;
  }

  /** Tells that a claimed shard is decided. */
  complete(): void {
    const words = this.#words;
    const done = Atomics.add(words, COMPLETE, 1) + 1;
    if (done === this.#shards && Atomics.load(words, MARKET_SLEEPS) !== 0) {
      Atomics.notify(words, COMPLETE);
    }
  }

  /** Market: waits until every shard is decided; false when the run was aborted. */
  awaitComplete(): boolean {
    const words = this.#words;
    const wanted = this.#shards;
    for (let spins = 0; spins < this.#spin; spins++) {
      if (Atomics.load(words, COMPLETE) === wanted) {
        this.#adapt(spins);
        return true;
      }
    }
    Atomics.store(words, MARKET_SLEEPS, 1);
    for (;;) {
      const done = Atomics.load(words, COMPLETE);
      if (done === wanted) break;
      if (this.aborted) return false;
      Atomics.wait(words, COMPLETE, done, SLEEP_MILLIS);
    }
    Atomics.store(words, MARKET_SLEEPS, 0);
    this.#adapt(2 * this.#spin);
    return !this.aborted;
  }

  /** Decider: waits for the next window to be opened. */
  awaitOpen(): Signal {
    const words = this.#words;
    for (let spins = 0; spins < this.#spin; spins++) {
      const epoch = Atomics.load(words, EPOCH);
      if (epoch !== this.#seen) {
        this.#seen = epoch;
        this.#adapt(spins);
        return Signal.go;
      }
    }
    Atomics.add(words, SLEEPERS, 1);
    let signal: Signal = Signal.go;
    for (;;) {
      if (Atomics.load(words, EPOCH) !== this.#seen) break;
      if (this.aborted) signal = Signal.abort;
      else if (Atomics.load(words, EXIT) !== 0) signal = Signal.exit;
      if (signal !== Signal.go) break;
      Atomics.wait(words, EPOCH, this.#seen, SLEEP_MILLIS);
    }
    Atomics.sub(words, SLEEPERS, 1);
    this.#seen = Atomics.load(words, EPOCH);
    // One long wait says little about the next: windows come in bursts.
    this.#spin = this.#spin >> 1 < SPIN_MIN ? SPIN_MIN : this.#spin >> 1;
    return signal;
  }

  /** Moves the budget towards four times what the last wait took. */
  #adapt(spins: number): void {
    const wanted = 4 * spins + SPIN_MIN;
    const next = (3 * this.#spin + wanted) >> 2;
    this.#spin = next < SPIN_MIN ? SPIN_MIN : next > SPIN_MAX ? SPIN_MAX : next;
  }

  #wakeAll(): void {
    Atomics.notify(this.#words, EPOCH);
    Atomics.notify(this.#words, COMPLETE);
  }
}
