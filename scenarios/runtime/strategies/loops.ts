/** Finds a rule that does not return: its thread cannot say so, but it said what it was about to do. */
import { hashText, UserError } from '../../../sim/kernel/index.js';
import { describeAgent } from '../../../sim/guard/index.js';
import type { GuardWatch } from '../../../sim/guard/index.js';

/** Float64 values of one thread, on a cache line of its own; each is written by that thread alone. */
const STRIDE = 8;
/** Odd while a rule runs; counts up. */
const TICKET = 0;
const STRATEGY = 1;
const KEY_HIGH = 2;
const ORDINAL = 3;
const TIME = 4;
/** Stands for the loading of the module. */
const LOADING = -1;
const POLL_MILLIS = 100;

/** How long one call of a rule may take, by default. */
export const CALL_MILLIS_MAX = 5000;

/** Makes the words of a number of threads. */
export function watchWords(threads: number): SharedArrayBuffer {
  return new SharedArrayBuffer(threads * STRIDE * 8);
}

/** One thread's side. */
export class ThreadWatch implements GuardWatch {
  readonly #words: Float64Array;
  readonly #names: readonly string[];

  /** @param names strategies, in the order that the watcher knows them by */
  constructor(buffer: SharedArrayBuffer, thread: number, names: readonly string[]) {
    this.#words = new Float64Array(buffer, thread * STRIDE * 8, STRIDE);
    this.#names = names;
  }

  enter(strategy: string, keyHigh: number, ordinal: number, timeMicros: number): void {
    const words = this.#words;
    words[STRATEGY] = this.#names.indexOf(strategy);
    words[KEY_HIGH] = keyHigh;
    words[ORDINAL] = ordinal;
    words[TIME] = timeMicros;
    words[TICKET]++;
  }

  /** Says that a module is being loaded: its own statements may not end either. */
  enterModule(strategy: string): void {
    this.enter(strategy, 0, 0, LOADING);
  }

  leave(): void {
    this.#words[TICKET]++;
  }
}

/** What a watcher needs to know. */
export interface LoopWatchOptions {
  buffer: SharedArrayBuffer;
  strategies: readonly string[];
  cohorts: readonly string[];
  millisMax: number;
  /** Called once, with `strategy/timeout`. */
  onLoop(error: UserError): void;
}

/** Watches the threads until the returned function is called. */
export function watchLoops(options: LoopWatchOptions): () => void {
  const { buffer, millisMax } = options;
  const words = new Float64Array(buffer);
  const threads = words.length / STRIDE;
  const seen = new Float64Array(threads);
  const since = new Float64Array(threads);
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    // A machine that slept has not run the rule meanwhile.
    const passed = Math.min(now - last, 2 * POLL_MILLIS);
    last = now;
    for (let thread = 0; thread < threads; thread++) {
      const ticket = words[thread * STRIDE + TICKET];
      const isSame = ticket % 2 === 1 && ticket === seen[thread];
      since[thread] = isSame ? since[thread] + passed : 0;
      seen[thread] = ticket;
      if (since[thread] < millisMax) continue;
      clearInterval(timer);
      options.onLoop(timeoutError(words.subarray(thread * STRIDE), options));
      return;
    }
  }, POLL_MILLIS);
  return () => clearInterval(timer);
}

/** Says inside which call of a rule a thread is, or was when it ended: `strategy "x", agent 1 at ...`. */
export function callUnderWay(
  thread: number,
  { buffer, strategies, cohorts }: Pick<LoopWatchOptions, 'buffer' | 'strategies' | 'cohorts'>,
): string | undefined {
  const words = new Float64Array(buffer, thread * STRIDE * 8, STRIDE);
  if (words[TICKET] % 2 === 0) return undefined;
  const name = `strategy "${strategies[words[STRATEGY]] ?? ''}"`;
  if (words[TIME] === LOADING) return name;
  const decider = { keyHigh: words[KEY_HIGH], ordinal: words[ORDINAL], timeMicros: words[TIME] };
  return `${name}, ${describeAgent(decider, new Map(cohorts.map((one) => [hashText(one), one])))}`;
}

/** Returns the error of a rule that took its thread down, if `error` is one. */
export function fatalCallError(error: unknown, who: string): UserError | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    const fix = 'does it keep what it makes? State belongs in the row';
    return new UserError('strategy/memory', `${who}: ran out of memory; ${fix}`);
  }
  if (!/worker exited/i.test(message)) return undefined;
  return new UserError('strategy/exit', `${who}: ended its thread`);
}

function timeoutError(words: Float64Array, options: LoopWatchOptions): UserError {
  const { strategies, cohorts, millisMax } = options;
  const name = strategies[words[STRATEGY]] ?? '';
  const limit = `within ${millisMax / 1000} s`;
  const fix = 'endless loop? --strategy-timeout sets the limit';
  if (words[TIME] === LOADING) {
    return new UserError('strategy/timeout', `strategy "${name}": did not finish loading ${limit}; ${fix}`);
  }
  const decider = { keyHigh: words[KEY_HIGH], ordinal: words[ORDINAL], timeMicros: words[TIME] };
  const who = describeAgent(decider, new Map(cohorts.map((one) => [hashText(one), one])));
  return new UserError('strategy/timeout', `strategy "${name}", ${who}: did not return ${limit}; ${fix}`);
}
