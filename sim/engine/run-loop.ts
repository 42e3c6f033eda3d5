/** The window loop: decide and match, side by side, until the end of the run. */
import { Signal } from './barrier.js';
import { MARKET_FIELDS, MarketField } from '../strategy/index.js';
import type { DecidingSide, World } from './world.js';
import { SHARDS_MAX } from './world.js';

/** Below this many due agents a window is decided by the market thread itself. */
export const INLINE_DUE_MAX = 500;

/** How a run is driven. */
export interface LoopOptions {
  /** Other threads decide too, in `runDecider`. */
  parallel: boolean;
  /** Due agents from which other threads are asked; `INLINE_DUE_MAX` by default. */
  inlineDueMax?: number;
  /** Runs every module's checks every `checkWindows` windows and at the end. */
  check?: boolean;
  checkWindows?: number;
  /** Ends before the window that holds this time; the scenario's duration by default. */
  untilMicros?: number;
  /** Ends after the first window after which this holds; asked after each. */
  endsWhen?: () => boolean;
  /** Called about every `progressWindows` windows. */
  onProgress?: (micros: number) => void;
}

/** What the loop did. */
export interface LoopResult {
  /** Windows run since the world was opened, before a snapshot included. */
  windows: number;
  parallelWindows: number;
  /** Simulated time reached. */
  micros: number;
  /** Ended before its time. */
  partial: boolean;
}

const PROGRESS_WINDOWS = 1024;

/** Drives a world window by window; executed alone it gives the same bits as with its shards. */
export class WindowLoop {
  readonly #world: World;
  readonly #options: LoopOptions;
  readonly #inlineDueMax: number;
  readonly #checkWindows: number;
  parallelWindows = 0;

  constructor(world: World, options: LoopOptions) {
    this.#world = world;
    this.#options = options;
    this.#inlineDueMax = options.inlineDueMax ?? INLINE_DUE_MAX;
    // A check visits everything there is, so by default it is paid for by about as many events.
    this.#checkWindows = options.checkWindows ?? Math.max(10, Math.ceil(world.population.count / 20));
  }

  /** Runs to the end, or to the window after a stop request. */
  run(): LoopResult {
    const world = this.#world;
    const { spec, barrier } = world;
    const until = Math.min(this.#options.untilMicros ?? Infinity, spec.durationMicros);
    const last = Math.ceil(until / spec.windowMicros) - 1;
    let partial = false;
    for (;;) {
      const next = this.#nextWindow();
      if (next > last) break;
      this.#step(next);
      world.nextWindow = next + 1;
      world.windows++;
      if (this.#options.check === true && world.windows % this.#checkWindows === 0) world.check();
      if ((world.windows & (PROGRESS_WINDOWS - 1)) === 0) this.#progress();
      if (barrier.stopping || this.#options.endsWhen?.() === true) {
        partial = true;
        break;
      }
    }
    if (!partial) world.nextWindow = last + 1;
    if (this.#options.check === true) world.check();
    this.#progress();
    return {
      windows: world.windows,
      parallelWindows: this.parallelWindows,
      micros: Math.min(world.nextWindow * spec.windowMicros, until),
      partial,
    };
  }

  #progress(): void {
    const { barrier, spec, venue, market, nextWindow, windows } = this.#world;
    const micros = nextWindow * spec.windowMicros;
    barrier.progressMicros = micros;
    barrier.progress(windows, venue.liquidationCount, market.orderActions);
    this.#options.onProgress?.(micros);
  }

  #nextWindow(): number {
    const { market, shards, nextWindow } = this.#world;
    let next = market.nextWindow();
    for (let s = 0; s < shards.length; s++) {
      const due = shards[s].nextWindow();
      if (due < next) next = due;
    }
    return next < nextWindow ? nextWindow : next;
  }

  #step(window: number): void {
    const world = this.#world;
    const { shards, board, crowd, market } = world;
    const { published } = board;
    let due = 0;
    for (let s = 0; s < shards.length; s++) {
      shards[s].release(window - 1);
      due += shards[s].dueCount(window);
    }
    crowd?.gather();
    let happened: boolean;
    if (this.#options.parallel && due > this.#inlineDueMax) {
      happened = this.#matchBeside(window, published);
    } else {
      if (due > 0) for (let s = 0; s < shards.length; s++) shards[s].decide(window, published);
      happened = market.match(window);
    }
    if (happened) this.#scanAlerts(window);
  }

  /** decide(w) and match(w) at the same time; then whatever no other thread has claimed. */
  #matchBeside(window: number, published: number): boolean {
    const { shards, market, barrier } = this.#world;
    this.parallelWindows++;
    barrier.open(window, published);
    const happened = market.match(window);
    for (let s = barrier.claim(); s >= 0; s = barrier.claim()) {
      shards[s].decide(window, published);
      barrier.complete();
    }
    if (!barrier.awaitComplete()) throw new Error('the run was aborted by another thread');
    return happened;
  }

  #scanAlerts(window: number): void {
    const { board, shards, spec } = this.#world;
    const end = (window + 1) * spec.windowMicros;
    let at = board.newestOffset();
    for (let i = 0; i < spec.venue.instruments.length; i++, at += MARKET_FIELDS) {
      const high = board.values[at + MarketField.high];
      const low = board.values[at + MarketField.low];
      for (let s = 0; s < shards.length; s++) shards[s].scanAlerts(i, high, low, end);
    }
  }
}

/** A deciding thread: claims shards of the windows that are opened until the run ends. */
export function runDecider(side: DecidingSide): void {
  const { barrier, shards } = side;
  for (;;) {
    const signal = barrier.awaitOpen();
    if (signal === Signal.exit) return;
    if (signal === Signal.abort) throw new Error('the run was aborted by another thread');
    for (let s = barrier.claim(); s >= 0; s = barrier.claim()) {
      shards[s].decide(barrier.window, barrier.published);
      barrier.complete();
    }
  }
}

/** Shards for a number of threads: enough that the market can even out the work after matching. */
export function shardsFor(threads: number): number {
  return threads <= 1 ? 1 : Math.min(SHARDS_MAX, 2 * threads - 1);
}
