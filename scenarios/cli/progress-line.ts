/** Progress on stderr: one line redrawn on a terminal, a plain line every ten seconds in a pipe. */
import type { Subscription } from 'rxjs';
import { sampleTime } from 'rxjs';
import type { RunHandle, RunProgress } from '../runtime/index.js';
import { short, span, whole } from './number-text.js';
import { paintErr } from './terminal.js';

const PIPED_MILLIS = 10_000;
const BAR_COLUMNS = 20;
const CLEAR = '\r\u001b[K';

/** Shows a run's progress until `end` is called. */
export class ProgressLine {
  readonly #subscription: Subscription;
  readonly #isTerminal = process.stderr.isTTY === true;
  #shown = false;

  constructor(run: RunHandle, quiet: boolean) {
    const samples = this.#isTerminal
      ? run.progress
      : run.progress.pipe(sampleTime(PIPED_MILLIS));
    this.#subscription = samples.subscribe((sample) => {
      if (quiet) return;
      const line = progressText(sample);
      if (!this.#isTerminal) {
        process.stderr.write(`${line}\n`);
        return;
      }
      const columns = process.stderr.columns ?? 80;
      const bar = barText(sample);
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

function barText({ simulatedMicros, durationMicros }: RunProgress): string {
  const fraction = durationMicros === 0 ? 1 : Math.min(1, simulatedMicros / durationMicros);
  const filled = Math.round(fraction * BAR_COLUMNS);
  return '━'.repeat(filled) + '─'.repeat(BAR_COLUMNS - filled);
}
