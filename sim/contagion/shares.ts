/** How a move that forced a trade splits over the events behind it (rule S). */
import { CauseEvent } from './cause-event.js';
import type { OwnershipLedger } from './ownership-ledger.js';

/** Events with amounts; `weight` tells an amount as a part of the whole. */
export class Shares {
  count = 0;
  /** The whole, levels without an owner included. */
  total = 0;
  readonly events: CauseEvent[] = [];
  amounts: Float64Array = new Float64Array(64);
  /** What `heaviest` found. */
  readonly places: number[] = [];
  /** Open addressing by event number: places hold for the present round only. */
  private keys = new Float64Array(256);
  private placeOf = new Int32Array(256);
  private rounds = new Int32Array(256);
  private round = 1;
  private readonly scratch = new CauseEvent();

  clear(): void {
    this.count = 0;
    this.total = 0;
    this.round++;
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

  /**
   * Puts into `places` the events with the largest amounts among those wanted, the largest first, of
   * equals the one added first; returns how many, at most `most`. O(events).
   */
  heaviest(isWanted: (event: CauseEvent) => boolean, most: number): number {
    const { places, amounts } = this;
    let found = 0;
    for (let i = 0; i < this.count; i++) {
      const amount = amounts[i];
      if (found === most && amount <= amounts[places[found - 1]]) continue;
      if (!isWanted(this.events[i])) continue;
      let k = found < most ? found++ : found - 1;
      for (; k > 0 && amounts[places[k - 1]] < amount; k--) places[k] = places[k - 1];
      places[k] = i;
    }
    return found;
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
    const { keys, rounds, round } = this;
    const { seq } = event;
    const mask = keys.length - 1;
    let slot = Math.imul(seq, 0x9e3779b1) >>> 7;
    for (slot &= mask; rounds[slot] === round; slot = (slot + 1) & mask) {
      if (keys[slot] !== seq) continue;
      this.amounts[this.placeOf[slot]] += amount;
      return;
    }
    keys[slot] = seq;
    rounds[slot] = round;
    this.placeOf[slot] = this.count;
    this.append(event, amount);
  }

  private append(event: CauseEvent, amount: number): void {
    const { count } = this;
    if (count === this.events.length) this.events.push(new CauseEvent());
    if (count === this.amounts.length) {
      const longer = new Float64Array(2 * count);
      longer.set(this.amounts);
      this.amounts = longer;
    }
    this.events[count].copy(event);
    this.amounts[count] = amount;
    this.count++;
    if (2 * this.count > this.keys.length) this.rehash();
  }

  private rehash(): void {
    const length = 4 * this.keys.length;
    this.keys = new Float64Array(length);
    this.placeOf = new Int32Array(length);
    this.rounds = new Int32Array(length);
    this.round = 1;
    const mask = length - 1;
    for (let i = 0; i < this.count; i++) {
      const { seq } = this.events[i];
      let slot = (Math.imul(seq, 0x9e3779b1) >>> 7) & mask;
      while (this.rounds[slot] === 1) slot = (slot + 1) & mask;
      this.keys[slot] = seq;
      this.rounds[slot] = 1;
      this.placeOf[slot] = i;
    }
  }
}
