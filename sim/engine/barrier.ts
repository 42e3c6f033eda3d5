/**
 * The barrier between the market loop and its shards: one request word and one done word per shard.
 *
 *   market:  request[s]++ , match(w) , wait until done[s] = request[s]
 *   shard:   wait until request[s] moves , decide(w) , done[s] = request[s]
 *
 * Waiting spins first (a hand-over costs 0.1-0.2 microseconds) and sleeps when the other side takes
 * longer than the budget; the budget follows the last wait, capped, so that a contended machine falls
 * back to sleeping. Every wait polls the abort word, so that a dead partner ends the run.
 */
import type { Memory } from '../kernel/index.js';

/** Words of the control block. */
const ABORT = 0;
const STOP = 1;
const EXIT = 2;
const HEAD = 16;
/** Words per shard: request, done, and a flag each for a sleeping shard and a sleeping market. */
const PER_SHARD = 16;
const REQUEST = 0;
const DONE = 1;
const SHARD_SLEEPS = 2;
const MARKET_SLEEPS = 3;

/** Spins before sleeping: 200..40,000 loads, about 1..200 microseconds. */
const SPIN_MIN = 200;
const SPIN_MAX = 40_000;
const SLEEP_MILLIS = 20;

/** Why a wait ended. */
export const Signal = { go: 0, exit: 1, abort: 2 } as const;
export type Signal = (typeof Signal)[keyof typeof Signal];

/** One end's view of the control block. */
export class Barrier {
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  #spin = 4000;

  constructor(memory: Memory, shards: number) {
    this.#words = memory.int32('control.words', HEAD + PER_SHARD * shards);
    this.#numbers = memory.float64('control.numbers', 8);
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

  /** Market: hands a window to a shard. */
  request(shard: number, window: number, published: number): void {
    const at = HEAD + PER_SHARD * shard;
    this.#numbers[0] = window;
    this.#numbers[1] = published;
    Atomics.add(this.#words, at + REQUEST, 1);
    if (Atomics.load(this.#words, at + SHARD_SLEEPS) !== 0) {
      Atomics.notify(this.#words, at + REQUEST);
    }
  }

  /** Market: waits until a shard has decided; false when the run was aborted. */
  awaitShard(shard: number): boolean {
    const at = HEAD + PER_SHARD * shard;
    const words = this.#words;
    const wanted = Atomics.load(words, at + REQUEST);
    let spins = 0;
    for (; spins < this.#spin; spins++) {
      if (Atomics.load(words, at + DONE) === wanted) {
        this.#adapt(spins);
        return true;
      }
    }
    Atomics.store(words, at + MARKET_SLEEPS, 1);
    for (;;) {
      const done = Atomics.load(words, at + DONE);
      if (done === wanted) break;
      if (this.aborted) return false;
      Atomics.wait(words, at + DONE, done, SLEEP_MILLIS);
    }
    Atomics.store(words, at + MARKET_SLEEPS, 0);
    this.#adapt(2 * this.#spin);
    return !this.aborted;
  }

  /** Shard: waits for the next request. */
  awaitRequest(shard: number): Signal {
    const at = HEAD + PER_SHARD * shard;
    const words = this.#words;
    const handled = Atomics.load(words, at + DONE);
    for (let spins = 0; spins < this.#spin; spins++) {
      if (Atomics.load(words, at + REQUEST) !== handled) {
        this.#adapt(spins);
        return Signal.go;
      }
    }
    Atomics.store(words, at + SHARD_SLEEPS, 1);
    let signal: Signal = Signal.go;
    for (;;) {
      if (Atomics.load(words, at + REQUEST) !== handled) break;
      if (this.aborted) signal = Signal.abort;
      else if (Atomics.load(words, EXIT) !== 0) signal = Signal.exit;
      if (signal !== Signal.go) break;
      Atomics.wait(words, at + REQUEST, handled, SLEEP_MILLIS);
    }
    Atomics.store(words, at + SHARD_SLEEPS, 0);
    this.#spin = SPIN_MIN;
    return signal;
  }

  /** Shard: reports that the requested window is decided. */
  done(shard: number): void {
    const at = HEAD + PER_SHARD * shard;
    Atomics.store(this.#words, at + DONE, Atomics.load(this.#words, at + REQUEST));
    if (Atomics.load(this.#words, at + MARKET_SLEEPS) !== 0) {
      Atomics.notify(this.#words, at + DONE);
    }
  }

  /** Moves the budget towards four times what the last wait took. */
  #adapt(spins: number): void {
    const wanted = 4 * spins + SPIN_MIN;
    const next = (3 * this.#spin + wanted) >> 2;
    this.#spin = next < SPIN_MIN ? SPIN_MIN : next > SPIN_MAX ? SPIN_MAX : next;
  }

  #wakeAll(): void {
    const { length } = this.#words;
    for (let at = HEAD; at < length; at += PER_SHARD) {
      Atomics.notify(this.#words, at + REQUEST);
      Atomics.notify(this.#words, at + DONE);
    }
  }
}
