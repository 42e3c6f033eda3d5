/**
 * Initial margin: may an account place an order?
 *
 * Open orders reserve initial margin. Per instrument the exposure is the larger of what the
 * position would be worth if all bids, or all asks, traded: max(n + bids, asks - n), n the signed
 * notional at the mark (Binance's rule). An order that does not raise the exposure needs no margin.
 * Otherwise
 *   cross: wallet + losses (and, if the instrument says so, profits) not realised yet
 *   isolated: the free wallet, against what exceeds the margin set aside for positions
 * must cover the initial margin of all exposures, the taker fee, and the loss at once of an order
 * priced beyond the mark. Unrealised profit does not back orders by default (BitMEX's rule).
 *
 * Before that, whatever the wallet: positions and open orders must stay within exact integers.
 */
import { type Ledger, POSITION } from '../account/index.js';
import { Side } from '../book/index.js';
import { assert } from '../kernel/index.js';
import { ppmCeil } from '../risk/index.js';
import type { Instrument } from './instrument.js';
import { type OrderSlots, SlotState } from './order-slots.js';

const STRIDE = POSITION.stride;
/** Half of the exact integers, for positions; the other half is for orders, profits and sums. */
const QUANTA_MAX = 4_503_599_627_370_496;
const LOTS_MAX = 0x7fffffff;

/** Checks orders against the initial margin of their account. */
export class MarginCheck {
  private readonly ledger: Ledger;
  private readonly instruments: readonly Instrument[];
  private readonly isolated: Uint8Array;
  /** Quanta that the positions of an instrument, or one side of an account's orders, stay below. */
  private readonly quantaMax: number;

  constructor(ledger: Ledger, instruments: readonly Instrument[], isolated: Uint8Array) {
    this.ledger = ledger;
    this.instruments = instruments;
    this.isolated = isolated;
    this.quantaMax = QUANTA_MAX / instruments.length;
  }

  /**
   * Returns true if the numbers of the venue can hold one more order: open interest in lots and in
   * quanta at the worst price, and the account's orders of that side. A position is never larger
   * than the open interest.
   */
  holds(
    account: number,
    one: Instrument,
    side: number,
    priceTicks: number,
    sizeLots: number,
  ): boolean {
    const lots = this.ledger.openInterest[one.number] + sizeLots;
    if (lots > LOTS_MAX || one.worstValue(lots) >= this.quantaMax) return false;
    const open = this.ledger.rows[this.ledger.row(account, one.number) + POSITION.openBid + side];
    return open + one.roughValue(sizeLots, priceTicks) < this.quantaMax;
  }

  /** Returns true if lots that close a position are worth an exact integer at the price. */
  closes(one: Instrument, priceTicks: number, sizeLots: number): boolean {
    return one.roughValue(sizeLots, priceTicks) < this.quantaMax;
  }

  /**
   * Returns true if the account can carry one more order of that size at that price.
   * O(instruments).
   */
  allows(
    account: number,
    one: Instrument,
    side: number,
    priceTicks: number,
    sizeLots: number,
  ): boolean {
    const rows = this.ledger.rows;
    const base = account * this.ledger.accountStride;
    const row = base + one.number * STRIDE;
    const size = rows[row];
    const contract = one.contract;
    const mark = one.markTicks;
    const position = size === 0 ? 0 : contract.notional(size, mark);
    const signed = size < 0 ? -position : position;
    const order = contract.notional(sizeLots, priceTicks);
    const long = signed + rows[row + POSITION.openBid];
    const short = rows[row + POSITION.openAsk] - signed;
    const before = long > short ? long : short;
    const after = side === Side.bid ? long + order : short + order;
    if (after <= before) return true;
    const lots = (size < 0 ? -size : size) + sizeLots;
    const rate = rows[row + POSITION.ratePpm];
    let needed = one.margin.initial(after, lots, rate);
    if (one.takerPpm > 0) needed += ppmCeil(order, one.takerPpm);
    const bought = side === Side.bid ? sizeLots : -sizeLots;
    const loss = contract.signedValue(bought, priceTicks) - contract.signedValue(bought, mark);
    if (loss > 0) needed += loss;
    if (this.isolated[account] !== 0) {
      needed -= one.margin.initial(position, size, rate);
      for (let k = 0; k < this.instruments.length; k++) {
        if (k !== one.number) needed += this.reservedIn(base + k * STRIDE, this.instruments[k]);
      }
      return this.ledger.freeOf(account) >= needed;
    }
    let available = rows[base + POSITION.wallet];
    for (let k = 0; k < this.instruments.length; k++) {
      const at = base + k * STRIDE;
      const other = this.instruments[k];
      const held = rows[at];
      if (held !== 0) {
        const profit = other.contract.signedValue(held, other.markTicks) - rows[at + POSITION.cost];
        if (profit < 0 || other.profitCounts) available += profit;
      }
      if (k !== one.number) needed += this.exposureMargin(at, other);
    }
    return available >= needed;
  }

  /**
   * Returns the initial margin that open orders hold beyond the positions' own, over all
   * instruments.
   */
  reserved(account: number): number {
    const base = account * this.ledger.accountStride;
    let reserved = 0;
    for (let k = 0; k < this.instruments.length; k++) {
      reserved += this.reservedIn(base + k * STRIDE, this.instruments[k]);
    }
    return reserved;
  }

  /** Asserts that the totals of open orders are the sums over the slots. O(slots). */
  check(slots: OrderSlots): void {
    const rows = this.ledger.rows;
    for (let account = 0; account < this.ledger.accounts - 1; account++) {
      const sums = new Float64Array(this.instruments.length * 3);
      for (let global = slots.bases[account]; global < slots.bases[account + 1]; global++) {
        const k = slots.instrument[global];
        const one = this.instruments[k];
        const ref = slots.ref[global];
        if (slots.state[global] === SlotState.resting) {
          const value = one.contract.notional(one.book.leavesOf(ref), one.book.priceOf(ref));
          if (slots.reduceOnly[global] !== 0) sums[k * 3 + 2] += 1;
          else sums[k * 3 + one.book.sideOf(ref)] += value;
        } else if (slots.state[global] === SlotState.waiting) {
          sums[k * 3 + 2] += (one.triggers.flagsOf(ref) & 2) >> 1;
        }
      }
      for (let k = 0; k < this.instruments.length; k++) {
        const row = this.ledger.row(account, k);
        assert(rows[row + POSITION.openBid] === sums[k * 3], 'open bids are the sum of the orders');
        assert(
          rows[row + POSITION.openAsk] === sums[k * 3 + 1],
          'open asks are the sum of the orders',
        );
        assert(
          rows[row + POSITION.reduceOnly] === sums[k * 3 + 2],
          'reduce-only orders are counted',
        );
      }
    }
  }

  private exposureMargin(row: number, one: Instrument): number {
    const rows = this.ledger.rows;
    const size = rows[row];
    const bids = rows[row + POSITION.openBid];
    const asks = rows[row + POSITION.openAsk];
    if (size === 0 && bids === 0 && asks === 0) return 0;
    const position = size === 0 ? 0 : one.contract.notional(size, one.markTicks);
    const signed = size < 0 ? -position : position;
    const exposure = signed + bids > asks - signed ? signed + bids : asks - signed;
    return one.margin.initial(exposure, size, rows[row + POSITION.ratePpm]);
  }

  private reservedIn(row: number, one: Instrument): number {
    const rows = this.ledger.rows;
    const size = rows[row];
    if (rows[row + POSITION.openBid] === 0 && rows[row + POSITION.openAsk] === 0) return 0;
    const position = size === 0 ? 0 : one.contract.notional(size, one.markTicks);
    return (
      this.exposureMargin(row, one) -
      one.margin.initial(position, size, rows[row + POSITION.ratePpm])
    );
  }
}
