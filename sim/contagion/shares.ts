/** How a move that forced a trade splits over the events behind it (rule S). */
import { CauseEvent } from './cause-event.js';
import type { OwnershipLedger } from './ownership-ledger.js';

/** Events with amounts; `weight` tells an amount as a part of the whole. */
export class Shares {
  count = 0;
  /** The whole, levels without an owner included. */
  total = 0;
  readonly events: CauseEvent[] = [];
  readonly amounts: number[] = [];
  private readonly places = new Map<number, number>();
  private readonly scratch = new CauseEvent();

  clear(): void {
    this.count = 0;
    this.total = 0;
    this.places.clear();
  }

  /** Adds an amount for an event; amounts of one event are summed. */
  add(event: CauseEvent, amount: number): void {
    this.total += amount;
    this.credit(event, amount);
  }

  /** Adds an amount that nobody is known to have caused. */
  addUnowned(amount: number): void {
    this.total += amount;
  }

  /**
   * Adds what a ledger says of the levels [from, to), in its coordinates, each level worth `unit`.
   * O(segments between).
   */
  addLevels(ledger: OwnershipLedger, from: number, to: number, unit: number): void {
    if (!(to > from)) return;
    this.total += (to - from) * unit;
    let low = from < ledger.at ? ledger.at : from;
    let segment = ledger.segmentAt(low);
    while (segment >= 0 && low < to) {
      const top = ledger.topOf(segment);
      const high = top < to ? top : to;
      this.creditSegment(ledger, segment, (high - low) * unit);
      low = high;
      segment--;
    }
  }

  /** Returns an event's part of the whole, 0 to 1. */
  weight(i: number): number {
    return this.amounts[i] / this.total;
  }

  /** Returns the event with the largest part, of equals the latest; -1 when there is none. */
  heaviest(): number {
    let best = -1;
    for (let i = 0; i < this.count; i++) {
      if (best < 0 || this.amounts[i] > this.amounts[best]) best = i;
      else if (this.amounts[i] === this.amounts[best] && this.events[i].seq > this.events[best].seq) {
        best = i;
      }
    }
    return best;
  }

  private creditSegment(ledger: OwnershipLedger, segment: number, amount: number): void {
    const mixture = ledger.mixtureOf(segment);
    if (mixture === null) {
      ledger.owner(segment, this.scratch);
      this.credit(this.scratch, amount);
      return;
    }
    for (let i = 0; i < mixture.count; i++) {
      this.credit(mixture.events[i], amount * mixture.weights[i]);
    }
  }

  private credit(event: CauseEvent, amount: number): void {
    const place = this.places.get(event.seq);
    if (place !== undefined) {
      this.amounts[place] += amount;
      return;
    }
    if (this.count === this.events.length) this.events.push(new CauseEvent());
    this.events[this.count].copy(event);
    this.amounts[this.count] = amount;
    this.places.set(event.seq, this.count++);
  }
}
