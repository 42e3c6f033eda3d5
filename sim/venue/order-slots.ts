/** The order slots of accounts: what a client's order number refers to now. */
import { OrderFlag } from '../book/index.js';
import { assert } from '../kernel/index.js';
import type { Instrument } from './instrument.js';

/** What a slot holds. `fired`: a trigger that has fired and whose order is not placed yet. */
export const SlotState = { empty: 0, resting: 1, waiting: 2, fired: 3 } as const;
export type SlotState = (typeof SlotState)[keyof typeof SlotState];

/** One row per slot; slots of account a are bases[a]..bases[a+1]-1, shared by all instruments. */
export class OrderSlots {
  readonly bases: Int32Array;
  readonly state: Uint8Array;
  readonly instrument: Uint8Array;
  /** 1 if the resting order is reduce-only. */
  readonly reduceOnly: Uint8Array;
  /** Id in the book or trigger book; of a fired trigger, its flags. */
  readonly ref: Int32Array;

  constructor(accounts: number, slots: ((account: number) => number) | Int32Array) {
    this.bases = new Int32Array(accounts + 2);
    for (let a = 0; a < accounts; a++) {
      const count = typeof slots === 'function' ? slots(a) : slots[a + 1] - slots[a];
      this.bases[a + 1] = this.bases[a] + count;
    }
    const total = this.bases[accounts];
    this.bases[accounts + 1] = total;
    // Filled, so that no order pays for the first use of a page.
    this.state = new Uint8Array(total).fill(0);
    this.instrument = new Uint8Array(total).fill(0);
    this.reduceOnly = new Uint8Array(total).fill(0);
    this.ref = new Int32Array(total).fill(0);
  }

  /** Returns the row of an account's slot, or -1 if it has no such slot. */
  find(account: number, slot: number): number {
    const base = this.bases[account];
    return slot >= 0 && slot < this.bases[account + 1] - base ? base + slot : -1;
  }

  rest(global: number, id: number, instrument: number, flags: number): void {
    this.state[global] = SlotState.resting;
    this.ref[global] = id;
    this.instrument[global] = instrument;
    this.reduceOnly[global] = (flags & OrderFlag.reduceOnly) === 0 ? 0 : 1;
  }

  wait(global: number, id: number, instrument: number): void {
    this.state[global] = SlotState.waiting;
    this.ref[global] = id;
    this.instrument[global] = instrument;
  }

  fire(global: number, flags: number): void {
    this.state[global] = SlotState.fired;
    this.ref[global] = flags;
  }

  free(global: number): void {
    this.state[global] = SlotState.empty;
  }

  /** Asserts that every slot refers to a live order of its own. O(slots). */
  check(instruments: readonly Instrument[]): void {
    for (let global = 0; global < this.state.length; global++) {
      const one = instruments[this.instrument[global]];
      if (this.state[global] === SlotState.resting) {
        assert(one.book.tagOf(this.ref[global]) === global, 'a slot names its own order');
        const flag = (one.book.flagsOf(this.ref[global]) & OrderFlag.reduceOnly) !== 0 ? 1 : 0;
        assert(this.reduceOnly[global] === flag, 'a slot knows whether its order is reduce-only');
      } else if (this.state[global] === SlotState.waiting) {
        assert(one.triggers.tagOf(this.ref[global]) === global, 'a slot names its own trigger');
      } else {
        assert(this.state[global] === SlotState.empty, 'no trigger is left half fired');
      }
    }
  }
}
