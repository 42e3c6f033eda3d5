/** Several events that moved a smoothed mark together, with their shares of the move. */
import { CauseEvent, readEvent, writeEvent } from './cause-event.js';
import type { NumberSink, NumberSource } from './number-stream.js';

/**
 * Parts kept. *Differs*: a mean of thirty samples has thirty prints behind it; the lightest are left
 * out, as telling all of every move would cost more than the market itself.
 */
const PARTS_MAX = 8;

/** Events with weights that sum to 1. */
export class Mixture {
  count = 0;
  readonly events: CauseEvent[] = [];
  readonly weights: number[] = [];

  clear(): void {
    this.count = 0;
  }

  /** Adds a part; parts of one event are summed. */
  add(event: CauseEvent, weight: number): void {
    for (let i = 0; i < this.count; i++) {
      if (this.events[i].seq !== event.seq) continue;
      this.weights[i] += weight;
      return;
    }
    if (this.count === this.events.length) this.events.push(new CauseEvent());
    this.events[this.count].copy(event);
    this.weights[this.count++] = weight;
  }

  /** Keeps the heaviest parts, of equals the latest, and scales them so that they sum to 1. */
  normalise(): void {
    while (this.count > PARTS_MAX) this.dropLightest();
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
    for (let i = 0; i < other.count; i++) {
      if (i === this.events.length) this.events.push(new CauseEvent());
      this.events[i].copy(other.events[i]);
      this.weights[i] = other.weights[i];
    }
  }

  private dropLightest(): void {
    let least = 0;
    for (let i = 1; i < this.count; i++) {
      const lighter = this.weights[i] < this.weights[least];
      const earlier =
        this.weights[i] === this.weights[least] && this.events[i].seq < this.events[least].seq;
      if (lighter || earlier) least = i;
    }
    const last = --this.count;
    this.events[least].copy(this.events[last]);
    this.weights[least] = this.weights[last];
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
    sink.float(mixture === null ? 0 : mixture.count);
    for (let i = 0; mixture !== null && i < mixture.count; i++) {
      writeEvent(mixture.events[i], sink);
      sink.float(mixture.weights[i]);
    }
  }

  /** Reads what `write` wrote; returns the slot, -1 for none. */
  read(source: NumberSource): number {
    const count = source.float();
    if (count === 0) return -1;
    const mixture = new Mixture();
    const event = new CauseEvent();
    for (let i = 0; i < count; i++) {
      readEvent(event, source);
      mixture.add(event, source.float());
    }
    return this.keep(mixture);
  }
}
