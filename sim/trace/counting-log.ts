/** An event log that keeps nothing: for runs of which only the venue's own state is read. */
import { EventLog } from './event-log.js';
import { eventKindsMax } from './event-kind.js';

/** Counts rows, by kind and in all, so that events have the numbers they would have in a log. */
export class CountingLog extends EventLog {
  private appended = 0;

  constructor() {
    super(() => {}, 1);
  }

  override append(kind: number): void {
    this.counts[kind & (eventKindsMax - 1)]++;
    this.appended++;
  }

  override flush(): void {}

  /** Goes on as after so many rows; the hash stays that of no rows. */
  override resume(_low: number, _high: number, rows: number, counts: Float64Array): void {
    this.appended = rows;
    this.counts.set(counts);
  }

  override rows(): number {
    return this.appended;
  }
}
