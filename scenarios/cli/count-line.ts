/** Progress of something that is counted: a line on a terminal, one every ten seconds in a pipe. */
import { short, span, whole } from './number-text.js';

const CLEAR = '\r\u001b[K';
const TERMINAL_MILLIS = 100;
const PIPED_MILLIS = 10_000;

/** Shows counts on stderr until `end`. */
export class CountLine {
  readonly #what: string;
  readonly #isQuiet: boolean;
  readonly #isTerminal = process.stderr.isTTY === true;
  readonly #begun = performance.now();
  #last = performance.now();
  #isShown = false;

  constructor(what: string, isQuiet: boolean) {
    this.#what = what;
    this.#isQuiet = isQuiet;
  }

  /** Tells how many are done, of how many at most, and what else there is to say. */
  show(done: number, all: number, more = ''): void {
    const now = performance.now();
    const every = this.#isTerminal ? TERMINAL_MILLIS : PIPED_MILLIS;
    if (this.#isQuiet || now - this.#last < every) return;
    this.#last = now;
    const rate = done / ((now - this.#begun) / 1000);
    const left = rate > 0 ? `, at most ${span(Math.ceil((all - done) / rate))} left` : '';
    const text = `${whole(done)} of ${whole(all)} ${this.#what}, ${short(rate)} a second${left}${more}`;
    if (!this.#isTerminal) {
      process.stderr.write(`${text}\n`);
      return;
    }
    process.stderr.write(`${CLEAR}${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
    this.#isShown = true;
  }

  /** Removes the line from the terminal. */
  end(): void {
    if (this.#isShown) process.stderr.write(CLEAR);
    this.#isShown = false;
  }
}
