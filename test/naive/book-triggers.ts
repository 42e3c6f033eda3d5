/**
 * The trigger book as plainly as it can be written: one array, filtered and sorted at every price.
 */
import { BookCode, TriggerOrder } from '../../sim/book/index.js';

/** One waiting trigger. */
export interface NaiveTrigger {
  id: number;
  source: number;
  direction: number;
  triggerTicks: number;
  orderKind: number;
  side: number;
  limitTicks: number;
  sizeLots: number;
  flags: number;
  account: number;
  tag: number;
}

/** What of `Hash64` the twin folds into. */
interface NumberHash {
  int(value: number): void;
  float(value: number): void;
}

/** The naive twin of `TriggerBook`. */
export class NaiveTriggerBook {
  /** Waiting triggers in order of entry. */
  waiting: NaiveTrigger[] = [];
  private nextId = 1;
  private readonly seen = [0, 0, 0];
  private readonly ticksLimit: number;

  constructor(ticksLimit = 1 << 22) {
    this.ticksLimit = ticksLimit;
  }

  add(trigger: Omit<NaiveTrigger, 'id'>): number {
    if (!Number.isInteger(trigger.sizeLots)) return BookCode.rejectSize;
    if (trigger.sizeLots <= 0 || trigger.sizeLots > 0x7fffffff) return BookCode.rejectSize;
    if (!this.possible(trigger.triggerTicks)) return BookCode.rejectPrice;
    if (trigger.orderKind === TriggerOrder.limit && !this.possible(trigger.limitTicks)) {
      return BookCode.rejectPrice;
    }
    const id = this.nextId;
    this.nextId += 1;
    this.waiting.push({ id, ...trigger, limitTicks: Math.min(trigger.limitTicks, 0x7fffffff) });
    return id;
  }

  cancel(id: number): number {
    const found = this.waiting.find((trigger) => trigger.id === id);
    if (found === undefined) return BookCode.rejectUnknown;
    this.waiting = this.waiting.filter((trigger) => trigger !== found);
    return found.sizeLots;
  }

  /** Removes and returns the triggers due at a price, in the order in which they fire. */
  fire(source: number, priceTicks: number): NaiveTrigger[] {
    const due = this.waiting.filter(
      (trigger) =>
        trigger.source === source && (priceTicks - trigger.triggerTicks) * trigger.direction >= 0,
    );
    const move = priceTicks >= this.seen[source]! ? 1 : -1;
    this.seen[source] = priceTicks;
    this.waiting = this.waiting.filter((trigger) => !due.includes(trigger));
    return due.sort(
      (a, b) =>
        (a.direction - b.direction) * move ||
        (a.triggerTicks - b.triggerTicks) * a.direction ||
        a.id - b.id,
    );
  }

  /** Returns the trigger price of a source and direction that fires first, or -1. */
  nearest(source: number, direction: number): number {
    const prices = this.waiting
      .filter((trigger) => trigger.source === source && trigger.direction === direction)
      .map((trigger) => trigger.triggerTicks);
    if (prices.length === 0) return -1;
    return direction > 0 ? Math.min(...prices) : Math.max(...prices);
  }

  hash(h: NumberHash): void {
    for (const direction of [1, -1]) {
      for (let source = 0; source < 3; source += 1) {
        const list = this.waiting
          .filter((trigger) => trigger.source === source && trigger.direction === direction)
          .sort((a, b) => (a.triggerTicks - b.triggerTicks) * direction || a.id - b.id);
        for (const trigger of list) {
          h.int(trigger.triggerTicks);
          h.int(trigger.orderKind | (trigger.side << 1) | ((trigger.flags & 3) << 2));
          h.int(trigger.limitTicks);
          h.int(trigger.sizeLots);
          h.int(trigger.account);
          h.int(trigger.tag);
        }
        h.int(-1);
      }
    }
    for (const price of this.seen) h.float(price);
  }

  private possible(ticks: number): boolean {
    return Number.isInteger(ticks) && ticks > 0 && ticks < this.ticksLimit;
  }
}
