/**
 * Levels of a seeded book that come back: after each liquidation order a part of what it consumed is
 * posted again.
 *
 * Whole levels only, the lowest consumed first, so that they join the rest of the book. A part of a level
 * would let the price pass a whole tick for less than a level's lots; what is owed beyond whole levels is
 * carried to the next order. The carry begins at a uniform draw of the seed, so that over seeds the part
 * posted after any number of orders is exactly the one asked for, and not always rounded down.
 */
import { Side, TAPE, TapeKind, TimeInForce } from '../book/index.js';
import type { NumberSink, NumberSource } from '../contagion/index.js';
import { RandomSource } from '../kernel/index.js';
import type { Instrument } from './instrument.js';
import type { MarginCheck } from './margin-check.js';
import type { OrderMatcher } from './order-matcher.js';
import { type OrderSlots, SlotState } from './order-slots.js';

/** What a refill needs of its venue, documented there. */
export interface RefillHost extends OrderMatcher {
  readonly slots: OrderSlots;
  readonly margin: MarginCheck;
}

/** Refills the books of a venue, orders of one account. */
export class BookRefill {
  private readonly host: RefillHost;
  private readonly account: number;
  /** Per instrument: lots of the book consumed by liquidation orders, lots posted again, first carry. */
  private readonly consumed: Float64Array;
  private readonly posted: Float64Array;
  private readonly carry: Float64Array;

  constructor(host: RefillHost, account: number) {
    const count = host.spec.instruments.length;
    this.host = host;
    this.account = account;
    this.consumed = new Float64Array(count);
    this.posted = new Float64Array(count);
    this.carry = new Float64Array(count);
    this.reset(host.spec.seed);
  }

  /** Forgets what was consumed; the carry is drawn anew. */
  reset(seed: number): void {
    this.consumed.fill(0);
    this.posted.fill(0);
    const stream = new RandomSource(seed).stream('venue/refill');
    for (let i = 0; i < this.carry.length; i++) this.carry[i] = stream.uniformOpen(i, 0, 0);
  }

  /**
   * Posts what is due after a liquidation order whose tape is the book's present one. Levels with
   * something left, and what its owner's margin does not carry, are left out. O(fills).
   */
  after(one: Instrument, takerSide: number): void {
    const spec = one.spec.refill;
    if (spec === undefined) return;
    const { number } = one;
    const { levelLots } = spec;
    const { tape, tapeCount } = one.book;
    for (let r = 0, at = 0; r < tapeCount; r++, at += TAPE.stride) {
      if (this.isSeeded(tape, at)) this.consumed[number] += tape[at + TAPE.sizeLots];
    }
    const due = this.dueAfter(one, this.consumed[number]);
    // Orders that only rest leave the rows of the tape as they are.
    for (let at = (tapeCount - 1) * TAPE.stride; at >= 0; at -= TAPE.stride) {
      if (this.posted[number] >= due) return;
      if (!this.isSeeded(tape, at) || tape[at + TAPE.makerLeavesLots] !== 0) continue;
      this.post(one, 1 - takerSide, tape[at + TAPE.priceTicks], levelLots, tape[at + TAPE.makerTag]);
    }
  }

  /** Returns the lots, whole levels, that are due once so many lots were consumed in all. */
  dueAfter(one: Instrument, consumedLots: number): number {
    const { fraction, levelLots } = one.spec.refill ?? { fraction: 0, levelLots: 1 };
    return Math.floor((fraction * consumedLots) / levelLots + this.carry[one.number]) * levelLots;
  }

  write(writer: NumberSink): void {
    for (const x of this.consumed) writer.float(x);
    for (const x of this.posted) writer.float(x);
  }

  read(reader: NumberSource): void {
    for (let i = 0; i < this.consumed.length; i++) this.consumed[i] = reader.float();
    for (let i = 0; i < this.posted.length; i++) this.posted[i] = reader.float();
  }

  private isSeeded(tape: Int32Array, at: number): boolean {
    return tape[at + TAPE.kind] === TapeKind.fill && tape[at + TAPE.makerAccount] === this.account;
  }

  private post(one: Instrument, side: number, tick: number, lots: number, tag: number): void {
    const { host, account } = this;
    const { slots, margin } = host;
    const best = side === Side.bid ? one.book.bestAsk() : one.book.bestBid();
    const crosses = best >= 0 && (side === Side.bid ? tick >= best : tick <= best);
    if (crosses || slots.state[tag] !== SlotState.empty) return;
    if (!margin.holds(account, one, side, tick, lots)) return;
    if (!margin.allows(account, one, side, tick, lots)) return;
    const code = host.match(account, one, tag, side, false, tick, lots, TimeInForce.gtc, 0);
    if (code >= 0) this.posted[one.number] += lots;
  }
}
