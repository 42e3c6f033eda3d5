/** The order desk a guarded rule sees: checks what it sends, and replays it when the rule is asked again. */
import { AgentField } from '../strategy/index.js';
import type { OrderDesk, Strategy } from '../strategy/index.js';
import type { PrivateBatch } from './private-batch.js';

/** Refuses what was sent, in a few words; does not return. */
export type Refuse = (code: string, what: string) => never;

/** What the second call of a rule did otherwise. */
const OTHERWISE = 'sent other orders when it was asked the same again';

/**
 * Passes calls to the real desk for one agent, recording each with its result; in a replay it answers from
 * the record and refuses a call that differs from it.
 */
export class GuardedDesk implements OrderDesk {
  readonly #strategy: Strategy;
  readonly #refuse: Refuse;
  #real!: OrderDesk;
  #copy!: PrivateBatch;
  #i = 0;
  /** Per call: its number of arguments, the arguments, its result, pending lots and open orders after. */
  readonly #record: number[] = [];
  #at = 0;
  #isReplay = false;

  constructor(strategy: Strategy, refuse: Refuse) {
    this.#strategy = strategy;
    this.#refuse = refuse;
  }

  /** Serves member i of a batch afresh. */
  begin(real: OrderDesk, copy: PrivateBatch, i: number): void {
    this.#real = real;
    this.#copy = copy;
    this.#i = i;
    this.#record.length = 0;
    this.#isReplay = false;
  }

  /** Answers from now on from the record. */
  replay(): void {
    this.#at = 0;
    this.#isReplay = true;
  }

  /** Refuses a replay that ended early. */
  endReplay(): void {
    if (this.#at !== this.#record.length) this.#refuse('strategy/impure', OTHERWISE);
  }

  limit(i: number, side: number, priceTicks: number, sizeLots: number, flags: number): number {
    this.#check('limit', i, side, [priceTicks, sizeLots, flags]);
    return this.#call([1, side, priceTicks, sizeLots, flags], (real, at) =>
      real.limit(at, side, priceTicks, sizeLots, flags),
    );
  }

  immediate(i: number, side: number, priceTicks: number, sizeLots: number, flags: number): number {
    this.#check('immediate', i, side, [priceTicks, sizeLots, flags]);
    return this.#call([2, side, priceTicks, sizeLots, flags], (real, at) =>
      real.immediate(at, side, priceTicks, sizeLots, flags),
    );
  }

  market(i: number, side: number, sizeLots: number, protectionTicks: number, flags: number): number {
    this.#check('market', i, side, [sizeLots, protectionTicks, flags]);
    return this.#call([3, side, sizeLots, protectionTicks, flags], (real, at) =>
      real.market(at, side, sizeLots, protectionTicks, flags),
    );
  }

  stop(
    i: number,
    side: number,
    kind: number,
    triggerTicks: number,
    sizeLots: number,
    source: number,
    flags: number,
  ): number {
    this.#check('stop', i, side, [kind, triggerTicks, sizeLots, source, flags]);
    return this.#call([4, side, kind, triggerTicks, sizeLots, source, flags], (real, at) =>
      real.stop(at, side, kind, triggerTicks, sizeLots, source, flags),
    );
  }

  cancel(i: number, slot: number): void {
    this.#checkSlot('cancel', i, slot);
    this.#call([5, slot], (real, at) => {
      real.cancel(at, slot);
      return 0;
    });
  }

  cancelAll(i: number): number {
    this.#checkMember('cancelAll', i);
    return this.#call([6], (real, at) => real.cancelAll(at));
  }

  slotState(i: number, slot: number): number {
    this.#checkSlot('slotState', i, slot);
    return this.#call([7, slot], (real, at) => real.slotState(at, slot));
  }

  slotSide(i: number, slot: number): number {
    this.#checkSlot('slotSide', i, slot);
    return this.#call([8, slot], (real, at) => real.slotSide(at, slot));
  }

  slotPrice(i: number, slot: number): number {
    this.#checkSlot('slotPrice', i, slot);
    return this.#call([9, slot], (real, at) => real.slotPrice(at, slot));
  }

  slotLeaves(i: number, slot: number): number {
    this.#checkSlot('slotLeaves', i, slot);
    return this.#call([10, slot], (real, at) => real.slotLeaves(at, slot));
  }

  #call(words: readonly number[], real: (desk: OrderDesk, i: number) => number): number {
    const record = this.#record;
    const { seen } = this.#copy;
    const row = seen.row[0];
    if (!this.#isReplay) {
      const result = real(this.#real, this.#i);
      this.#copy.follow(AgentField.pending);
      this.#copy.follow(AgentField.openOrders);
      const { rows } = seen;
      record.push(words.length, ...words);
      record.push(result, rows[row + AgentField.pending], rows[row + AgentField.openOrders]);
      return result;
    }
    let at = this.#at;
    if (record[at++] !== words.length) this.#refuse('strategy/impure', OTHERWISE);
    for (const word of words) if (record[at++] !== word) this.#refuse('strategy/impure', OTHERWISE);
    const result = record[at++];
    seen.rows[row + AgentField.pending] = record[at++];
    seen.rows[row + AgentField.openOrders] = record[at++];
    this.#at = at;
    return result;
  }

  #check(what: string, i: number, side: number, numbers: readonly number[]): void {
    this.#checkMember(what, i);
    if (side !== 0 && side !== 1) {
      this.#refuse('strategy/order', `sent ${what} with side ${side}, must be 0 (bid) or 1 (ask)`);
    }
    for (const value of numbers) {
      if (Number.isFinite(value)) continue;
      this.#refuse('strategy/order', `sent ${what} with ${value}, prices and sizes must be finite`);
    }
  }

  #checkSlot(what: string, i: number, slot: number): void {
    this.#checkMember(what, i);
    const { orderSlots } = this.#strategy;
    if (Number.isInteger(slot) && slot >= 0 && slot < orderSlots) return;
    this.#refuse('strategy/order', `asked ${what} for slot ${slot}, must be in 0..${orderSlots - 1}`);
  }

  #checkMember(what: string, i: number): void {
    if (this.#strategy.style !== 'quoting') {
      this.#refuse('strategy/order', `called orders.${what}, which is for rules of style "quoting"`);
    }
    if (i !== 0) this.#refuse('strategy/order', `called orders.${what} for member ${i} of a batch of 1`);
  }
}
