/**
 * Puts a venue back to how it stood, so that a run can be repeated without building another.
 *
 * Meant for venues whose books hold one order a level, all of one account, and whose other accounts
 * only trade at market: what a run consumed of the books is posted again. Costs what the run did, not
 * what there is.
 */
import { Side, TimeInForce } from '../book/index.js';
import { assert } from '../kernel/index.js';
import type { Instrument } from './instrument.js';
import { SlotState } from './order-slots.js';
import type { PerpetualVenue } from './perpetual-venue.js';
import { SCALARS } from './venue-snapshot.js';

/** Orders of one side of a book as they stood, the best first: tick, lots, flags, account, slot. */
const ORDER = { stride: 5, tick: 0, lots: 1, flags: 2, account: 3, tag: 4 } as const;

/** The state of a venue at one moment, before any position was opened. */
export class VenueReset {
  private readonly venue: PerpetualVenue;
  private readonly rows: Float64Array;
  private readonly scalars: Float64Array[] = [];
  private readonly marks: Float64Array[] = [];
  private readonly fundings: Float64Array[] = [];
  /** Per instrument, bids and asks. */
  private readonly books: Int32Array[][] = [];
  private readonly pots: Float64Array;
  private readonly logRows: number;
  private readonly logCounts: Float64Array;
  private readonly logHash: { low: number; high: number };

  /** Remembers how a venue stands. O(accounts + orders). */
  constructor(venue: PerpetualVenue) {
    const { ledger, log, instruments } = venue;
    this.venue = venue;
    this.rows = ledger.rows.slice();
    for (const one of instruments) {
      assert(ledger.openInterest[one.number] === 0, 'a venue is remembered without positions');
      this.scalars.push(Float64Array.from(SCALARS, (field) => one[field]));
      this.marks.push(one.mark.state.slice());
      this.fundings.push(one.funding.state.slice());
      this.books.push([ordersOf(one, Side.bid), ordersOf(one, Side.ask)]);
    }
    assert(venue.liquidationCount === 0 && venue.breaches.queue.count() === 0, 'nobody was in breach');
    const { fund, fundMin, fees, deficit, outside } = ledger;
    const { nowMicros, tradeCount, orderActions } = venue;
    this.pots = Float64Array.of(
      fund, fundMin, fees, deficit, outside, nowMicros, tradeCount, orderActions,
    );
    this.logRows = log.rows();
    this.logCounts = log.counts.slice();
    this.logHash = { low: log.hash.low, high: log.hash.high };
  }

  /**
   * Puts the venue back, and breaks ties by `seed` from now on. Only accounts below `accounts`, and those
   * from `outside` on, may have changed; its windows must not have been reset meanwhile.
   */
  reset(seed: number, accounts: number, outside: number): void {
    const { venue } = this;
    const { ledger, breaches } = venue;
    const { accountStride, rows } = ledger;
    rows.set(this.rows.subarray(0, accounts * accountStride));
    rows.set(this.rows.subarray(outside * accountStride), outside * accountStride);
    ledger.openInterest.fill(0);
    [
      ledger.fund, ledger.fundMin, ledger.fees, ledger.deficit, ledger.outside, venue.nowMicros,
      venue.tradeCount, venue.orderActions,
    ] = this.pots;
    venue.cohortNet.fill(0);
    for (const one of venue.instruments) this.resetInstrument(one);
    breaches.clear();
    breaches.ordinals.fill(0, 0, accounts);
    breaches.ordinals.fill(0, outside);
    this.resetLiquidator(seed);
    venue.log.resume(this.logHash.low, this.logHash.high, this.logRows, this.logCounts);
    venue.causality?.reset(accounts, outside);
    venue.refill?.reset(seed);
  }

  private resetInstrument(one: Instrument): void {
    const { number, book } = one;
    // What the venue's own orders left of theirs.
    const desk = this.venue.liquidator.deskOrders[number];
    for (let i = 0; i < desk.length; i++) book.cancel(desk[i]);
    desk.length = 0;
    this.repost(one, Side.bid, one.windowLow);
    this.repost(one, Side.ask, one.windowHigh);
    const scalars = this.scalars[number];
    for (let i = 0; i < SCALARS.length; i++) one[SCALARS[i]] = scalars[i];
    one.mark.state.set(this.marks[number]);
    one.funding.state.set(this.fundings[number]);
  }

  /** Posts the levels of a side again that are not whole, down to the worst price traded. */
  private repost(one: Instrument, side: number, worst: number): void {
    const { slots } = this.venue;
    const { book } = one;
    const orders = this.books[one.number][side];
    for (let at = 0; at < orders.length; at += ORDER.stride) {
      const tick = orders[at + ORDER.tick];
      if (side === Side.bid ? tick < worst : tick > worst) return;
      const lots = orders[at + ORDER.lots];
      const tag = orders[at + ORDER.tag];
      if (slots.state[tag] === SlotState.resting) {
        if (book.leavesOf(slots.ref[tag]) === lots) continue;
        book.cancel(slots.ref[tag]);
      }
      const flags = orders[at + ORDER.flags];
      const account = orders[at + ORDER.account];
      const id = book.limit(side, tick, lots, TimeInForce.gtc, flags, account, tag);
      slots.rest(tag, id, one.number, flags);
    }
  }

  private resetLiquidator(seed: number): void {
    const { liquidator } = this.venue;
    liquidator.reseed(seed);
    liquidator.suppressions = null;
    liquidator.liquidationCount = 0;
    liquidator.liquidatedNotionalQuote = 0;
    liquidator.adlCount = 0;
    liquidator.adlNotionalQuote = 0;
    liquidator.largestCascade = 0;
    liquidator.cascade = 0;
    liquidator.lastMicros = -Infinity;
    liquidator.cohortLiquidations.fill(0);
    liquidator.cohortLiquidatedQuote.fill(0);
    liquidator.deskCause.fill(0);
  }
}

function ordersOf(one: Instrument, side: number): Int32Array {
  const { book } = one;
  const found: number[] = [];
  let tick = side === Side.bid ? book.bestBid() : book.bestAsk();
  for (; tick >= 0; tick = book.nextLevel(side, tick)) {
    const id = book.firstOrderAt(side, tick);
    assert(book.nextOrder(id) < 0, 'a book that is remembered has one order a level');
    found.push(tick, book.leavesOf(id), book.flagsOf(id), book.accountOf(id), book.tagOf(id));
  }
  return Int32Array.from(found);
}
