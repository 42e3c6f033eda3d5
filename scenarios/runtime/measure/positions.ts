/** The position of every account while a log is read. */
import { EventKind, type EventReader } from '../../../sim/trace/index.js';

/** Signed lots by instrument and account. */
export class Positions {
  private readonly lots: number[][];

  constructor(instruments: number) {
    this.lots = Array.from({ length: instruments }, () => []);
  }

  /** Lots of each account of an instrument; holes are 0. */
  of(instrument: number): readonly number[] {
    return this.lots[instrument];
  }

  /** Takes the row the reader stands on. */
  take(r: EventReader): void {
    switch (r.kind) {
      case EventKind.opening:
        this.add(r.instrument, r.account, r.sizeLots);
        return;
      case EventKind.trade:
      case EventKind.autoDeleverage:
        this.add(r.instrument, r.account, r.sizeLots);
        this.add(r.instrument, r.other, -r.sizeLots);
        return;
      case EventKind.takeover:
        this.add(r.instrument, r.account, -r.sizeLots);
        this.add(r.instrument, r.other, r.sizeLots);
        return;
      default:
        return;
    }
  }

  private add(instrument: number, account: number, lots: number): void {
    const column = this.lots[instrument];
    if (account < 0) return;
    while (column.length <= account) column.push(0);
    column[account] += lots;
  }
}
