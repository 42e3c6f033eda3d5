/** Open orders as the accounts see them: slots, reserved value, reduce-only orders. */
import { POSITION } from '../account/index.js';
import { OrderFlag } from '../book/index.js';
import type { Instrument } from './instrument.js';
import { SlotState } from './order-slots.js';
import { ReportKind } from './report.js';
import { VenueState } from './venue-state.js';

const STRIDE = POSITION.stride;

/** Keeps slots and open value in step with the books. */
export class VenueOrders extends VenueState {
  /** Positions that became flat while reduce-only orders were open. */
  protected readonly flattened: number[] = [];

  /**
   * Cancels every order and trigger of an account, in one instrument or (-1) all; returns how many.
   */
  cancelOrders(account: number, instrument: number, reduceOnlyOnly: boolean): number {
    const slots = this.slots;
    let cancelled = 0;
    for (let global = slots.bases[account]; global < slots.bases[account + 1]; global++) {
      if (slots.state[global] === SlotState.empty) continue;
      if (instrument >= 0 && slots.instrument[global] !== instrument) continue;
      if (reduceOnlyOnly && (this.flagsOf(global) & OrderFlag.reduceOnly) === 0) continue;
      this.cancelSlot(account, global);
      cancelled++;
    }
    return cancelled;
  }

  /** Notes that a position may have become flat, so that its reduce-only orders go. */
  noteFlat(account: number, instrument: number): void {
    const row = this.ledger.row(account, instrument);
    const rows = this.ledger.rows;
    if (rows[row] === 0 && rows[row + POSITION.reduceOnly] !== 0) {
      this.flattened.push(account * this.instruments.length + instrument);
    }
  }

  /** Cancels the reduce-only orders of positions that became flat. */
  flushFlat(): void {
    if (this.flattened.length === 0) return;
    const count = this.instruments.length;
    for (let i = 0; i < this.flattened.length; i++) {
      const account = Math.floor(this.flattened[i] / count);
      const instrument = this.flattened[i] - account * count;
      if (this.ledger.sizeOf(account, instrument) === 0) {
        this.cancelOrders(account, instrument, true);
      }
    }
    this.flattened.length = 0;
  }

  /** Adds (or, with negative lots, removes) an open order to the account's totals. */
  protected addOpen(
    account: number,
    one: Instrument,
    side: number,
    priceTicks: number,
    lots: number,
    flags: number,
  ): void {
    if ((flags & OrderFlag.reduceOnly) !== 0) {
      this.countReduceOnly(account, one.number, lots > 0 ? 1 : -1);
      return;
    }
    const value = one.contract.notional(lots, priceTicks);
    const at = account * this.ledger.accountStride + one.number * STRIDE + POSITION.openBid + side;
    this.ledger.rows[at] += lots < 0 ? -value : value;
  }

  /** Tells the causal ledger of lots that left (+) or joined (-) a book without a trade. */
  protected withdrew(account: number, one: Instrument, side: number, price: number, lots: number): void {
    const { causality } = this;
    if (causality === null || !causality.liquidity.isWatching) return;
    causality.liquidity.withdrew(this.cohortOf[account], one.number, side, price, lots);
  }

  protected countReduceOnly(account: number, instrument: number, by: number): void {
    this.ledger.rows[this.ledger.row(account, instrument) + POSITION.reduceOnly] += by;
  }

  protected flagsOf(global: number): number {
    const one = this.instruments[this.slots.instrument[global]];
    const ref = this.slots.ref[global];
    if (this.slots.state[global] === SlotState.resting) return one.book.flagsOf(ref);
    return this.slots.state[global] === SlotState.waiting ? one.triggers.flagsOf(ref) : ref;
  }

  /** Cancels whatever a slot holds and reports it. */
  protected cancelSlot(account: number, global: number): void {
    const slots = this.slots;
    const number = slots.instrument[global];
    const one = this.instruments[number];
    const ref = slots.ref[global];
    const state = slots.state[global];
    let lots = 0;
    let price = 0;
    if (state === SlotState.resting) {
      price = one.book.priceOf(ref);
      lots = one.book.leavesOf(ref);
      this.addOpen(account, one, one.book.sideOf(ref), price, -lots, one.book.flagsOf(ref));
      if (this.causality?.liquidity.isWatching === true) {
        this.withdrew(account, one, one.book.sideOf(ref), price, lots);
      }
      one.book.cancel(ref);
    } else if (state === SlotState.waiting) {
      price = one.triggers.triggerOf(ref);
      if ((one.triggers.flagsOf(ref) & OrderFlag.reduceOnly) !== 0) {
        this.countReduceOnly(account, number, -1);
      }
      lots = one.triggers.cancel(ref);
    } else if ((ref & OrderFlag.reduceOnly) !== 0) {
      this.countReduceOnly(account, number, -1);
    }
    slots.free(global);
    const slot = global - slots.bases[account];
    this.reports.report(
      ReportKind.cancelled,
      this.nowMicros,
      account,
      number,
      slot,
      0,
      lots,
      price,
    );
  }

  /** Keeps slot and open value of a resting order in step with its leaves. */
  protected makerLost(
    one: Instrument,
    account: number,
    tag: number,
    side: number,
    price: number,
    lots: number,
    leaves: number,
  ): void {
    if (this.slots.reduceOnly[tag] !== 0) {
      if (leaves === 0) this.countReduceOnly(account, one.number, -1);
    } else {
      const contract = one.contract;
      const at =
        account * this.ledger.accountStride + one.number * STRIDE + POSITION.openBid + side;
      const rest = leaves === 0 ? 0 : contract.notional(leaves, price);
      this.ledger.rows[at] += rest - contract.notional(leaves + lots, price);
    }
    if (leaves === 0) this.slots.free(tag);
  }
}
