/** Progress on stderr: one line redrawn on a terminal, a plain line every ten seconds in a pipe. */
import type { Subscription } from 'rxjs';
import { sampleTime } from 'rxjs';
import type { Observable } from 'rxjs';
import type { RunProgress } from '../runtime/index.js';
import { short, span, whole } from './number-text.js';
import { paintErr } from './terminal.js';

const PIPED_MILLIS = 10_000;
const BAR_COLUMNS = 20;
const CLEAR = '\r\u001b[K';

/** How progress is told: in words, and as a part of the whole. */
export interface ProgressWords<T> {
  text(sample: T): string;
  fraction(sample: T): number;
}

/** The words for a run. */
const RUN_WORDS: ProgressWords<RunProgress> = {
  text: progressText,
  fraction: ({ simulatedMicros, durationMicros }) =>
    durationMicros === 0 ? 1 : simulatedMicros / durationMicros,
};

/** Returns the line of a run's progress. */
export function runProgressLine(run: { progress: Observable<RunProgress> }, quiet: boolean) {
  return new ProgressLine(run.progress, RUN_WORDS, quiet);
}

/** Shows progress until `end` is called. */
export class ProgressLine<T> {
  readonly #subscription: Subscription;
  readonly #isTerminal = process.stderr.isTTY === true;
  #shown = false;

  constructor(progress: Observable<T>, words: ProgressWords<T>, quiet: boolean) {
    const samples = this.#isTerminal ? progress : progress.pipe(sampleTime(PIPED_MILLIS));
    this.#subscription = samples.subscribe((sample) => {
      if (quiet) return;
      const line = words.text(sample);
      if (!this.#isTerminal) {
        process.stderr.write(`${line}\n`);
        return;
      }
      const columns = process.stderr.columns ?? 80;
      const bar = barText(words.fraction(sample));
      const room = Math.max(0, columns - BAR_COLUMNS - 2);
      process.stderr.write(`${CLEAR}${paintErr('cyan', bar)} ${line.slice(0, room)}`);
      this.#shown = true;
    });
  }

  /** Ends the line and removes it from the terminal. */
  end(): void {
    this.#subscription.unsubscribe();
    if (this.#shown) process.stderr.write(CLEAR);
    this.#shown = false;
  }
}

/** Says how far a run is: simulated time, speed, liquidations, time left. */
export function progressText(sample: RunProgress): string {
  const { simulatedMicros, durationMicros, windows, liquidations, wallSeconds } = sample;
  if (sample.isWriting) return `${span(simulatedMicros / 1e6)} simulated, writing the files of the run`;
  const fraction = durationMicros === 0 ? 1 : simulatedMicros / durationMicros;
  const left = fraction > 0 ? (wallSeconds * (1 - fraction)) / fraction : Infinity;
  const parts = [
    `${span(simulatedMicros / 1e6)} of ${span(durationMicros / 1e6)}`,
    `${short(windows / Math.max(wallSeconds, 0.001))} windows/s`,
    `${whole(liquidations)} liquidations`,
  ];
  if (left < Infinity) parts.push(`${span(Math.ceil(left))} left`);
  return parts.join(', ');
}

function barText(fraction: number): string {
  const filled = Math.round(Math.min(1, fraction) * BAR_COLUMNS);
  return '━'.repeat(filled) + '─'.repeat(BAR_COLUMNS - filled);
}
