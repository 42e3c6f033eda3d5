/** The deleveragings of a run, and how the largest was shared out. */
import { EventKind, type EventReader } from '../../../sim/trace/index.js';
import type { Positions } from './positions.js';

/** One deleveraging: accounts on the other side of the desk, with what they held and what was closed. */
export interface SharedOut {
  notionalQuote: number;
  /** By account on that side, the untouched with 0; lots. */
  closedLots: number[];
  sizeLots: number[];
}

/** Follows a log row by row; a deleveraging is the rows of one time and instrument. */
export class Deleveragings {
  count = 0;
  largest: SharedOut | null = null;
  private readonly closed = new Map<number, number>();
  private timeMicros = -1;
  private instrument = -1;
  private notionalQuote = 0;
  private desk = -1;
  private positionsBefore: number[] = [];
  private readonly positions: Positions;

  constructor(positions: Positions) {
    this.positions = positions;
  }

  /** Takes the row the reader stands on, before the positions do. */
  take(r: EventReader): void {
    if (r.kind !== EventKind.autoDeleverage) return;
    if (r.time !== this.timeMicros || r.instrument !== this.instrument) {
      this.finish();
      this.count++;
      this.timeMicros = r.time;
      this.instrument = r.instrument;
      this.positionsBefore = this.positions.of(r.instrument).slice();
    }
    this.closed.set(r.account, (this.closed.get(r.account) ?? 0) + r.sizeLots);
    this.desk = r.other;
    this.notionalQuote += r.extra;
  }

  /** Ends the deleveraging under way, at another's begin and at the end of the log. */
  finish(): void {
    const { closed, notionalQuote, positionsBefore } = this;
    if (closed.size > 0 && notionalQuote > (this.largest?.notionalQuote ?? -1)) {
      let signed = 0;
      for (const lots of closed.values()) signed += lots;
      const closedLots: number[] = [];
      const sizeLots: number[] = [];
      positionsBefore.forEach((held, account) => {
        // What is closed has the sign of the desk's position: the other side holds the opposite.
        if (account === this.desk || !(held * signed < 0)) return;
        sizeLots.push(Math.abs(held));
        closedLots.push(Math.abs(closed.get(account) ?? 0));
      });
      this.largest = { notionalQuote, closedLots, sizeLots };
    }
    closed.clear();
    this.notionalQuote = 0;
  }
}
