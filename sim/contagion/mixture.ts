/** Several events that moved a smoothed mark together, with their shares of the move. */
import { CauseEvent, readEvent, writeEvent } from './cause-event.js';
import type { NumberSink, NumberSource } from './number-stream.js';

/**
 * Parts kept. *Differs*: a mean of thirty samples has thirty prints behind it; the lightest are left
 * out, as telling all of every move would cost more than the market itself.
 */
const PARTS_MAX = 8;

/** Events with weights that sum to 1: the heaviest of those added. */
export class Mixture {
  count = 0;
  readonly events: CauseEvent[] = [];
  readonly weights: Float64Array = new Float64Array(PARTS_MAX);
  /** The event added last and its weight so far: parts of one event come one after the other. */
  private open: CauseEvent | null = null;
  private openWeight = 0;

  constructor() {
    for (let i = 0; i < PARTS_MAX; i++) this.events.push(new CauseEvent());
  }

  clear(): void {
    this.count = 0;
    this.open = null;
  }

  /** Adds a part, weight > 0, of an event that stays as it is until `normalise`. */
  add(event: CauseEvent, weight: number): void {
    if (this.open !== null && event.seq === this.open.seq) {
      this.openWeight += weight;
      return;
    }
    this.close();
    this.open = event;
    this.openWeight = weight;
  }

  /** Ends the adding: the parts kept are scaled so that they sum to 1. */
  normalise(): void {
    this.close();
    let sum = 0;
    for (let i = 0; i < this.count; i++) sum += this.weights[i];
    for (let i = 0; i < this.count; i++) this.weights[i] /= sum;
  }

  /** Returns the heaviest part, of equals the latest event; null when empty. */
  heaviest(): CauseEvent | null {
    let best = -1;
    for (let i = 0; i < this.count; i++) {
      const more = best < 0 || this.weights[i] > this.weights[best];
      const later =
        !more && this.weights[i] === this.weights[best] && this.events[i].seq > this.events[best].seq;
      if (more || later) best = i;
    }
    return best < 0 ? null : this.events[best];
  }

  copy(other: Mixture): void {
    this.count = other.count;
    this.open = null;
    for (let i = 0; i < other.count; i++) {
      this.events[i].copy(other.events[i]);
      this.weights[i] = other.weights[i];
    }
  }

  write(sink: NumberSink): void {
    sink.float(this.count);
    for (let i = 0; i < this.count; i++) {
      writeEvent(this.events[i], sink);
      sink.float(this.weights[i]);
    }
  }

  read(source: NumberSource): void {
    this.clear();
    this.count = source.float();
    for (let i = 0; i < this.count; i++) {
      readEvent(this.events[i], source);
      this.weights[i] = source.float();
    }
  }

  /** Files the open part: with another of its event, in a free place, or for the lightest. */
  private close(): void {
    const { open, openWeight: weight, weights, events } = this;
    this.open = null;
    if (open === null) return;
    let least = 0;
    for (let i = 0; i < this.count; i++) {
      if (events[i].seq === open.seq) {
        weights[i] += weight;
        return;
      }
      if (weights[i] < weights[least]) least = i;
    }
    const place = this.count < PARTS_MAX ? this.count++ : least;
    if (place === least && this.count === PARTS_MAX && weights[least] > weight) return;
    events[place].copy(open);
    weights[place] = weight;
  }
}

/** Mixtures in use by ledgers, by slot; freed slots are used again. */
export class MixturePool {
  private readonly slots: Mixture[] = [];
  private readonly free: number[] = [];

  /** Copies a mixture and returns its slot. */
  keep(mixture: Mixture): number {
    const slot = this.free.pop() ?? this.slots.length;
    if (slot === this.slots.length) this.slots.push(new Mixture());
    this.slots[slot].copy(mixture);
    return slot;
  }

  get(slot: number): Mixture {
    return this.slots[slot];
  }

  release(slot: number): void {
    this.free.push(slot);
  }

  write(mixture: Mixture | null, sink: NumberSink): void {
    if (mixture === null) sink.float(0);
    else mixture.write(sink);
  }

  /** Reads what `write` wrote; returns the slot, -1 for none. */
  read(source: NumberSource): number {
    const mixture = new Mixture();
    mixture.read(source);
    return mixture.count === 0 ? -1 : this.keep(mixture);
  }
}
