/**
 * What happens to accounts in breach: orders by the liquidation policy, then takeover by the desk
 * at the bankruptcy price.
 */
import { priceNoWorse } from '../account/index.js';
import { Side, TimeInForce } from '../book/index.js';
import type { LiquidationPolicy, LossWaterfall } from '../risk/index.js';
import { EventKind, FundReason, LiquidationStage } from '../trace/index.js';
import type { Instrument } from './instrument.js';
import { LiquidationDesk } from './liquidation-desk.js';
import type { LiquidationHost } from './liquidation-host.js';
import { ReportKind } from './report.js';
import type { Suppressions } from './suppression.js';

const CASCADE_GAP_MICROS = 1_000_000;

/** Runs the liquidations of a venue. */
export class Liquidator extends LiquidationDesk {
  readonly delayMicros: number;
  liquidationCount = 0;
  /** Liquidations that a counterfactual takes away; null where there are none. */
  suppressions: Suppressions | null = null;
  /** Most liquidations in a row less than a second apart. */
  largestCascade = 0;
  readonly cohortLiquidations: Float64Array;
  /** Liquidations in the present run of them, and the time of the last. */
  cascade = 0;
  lastMicros = -Infinity;
  protected readonly policy: LiquidationPolicy;

  constructor(
    venue: LiquidationHost,
    policy: LiquidationPolicy,
    waterfall: LossWaterfall,
    tieKeys: Uint32Array,
  ) {
    super(venue, waterfall, tieKeys);
    this.policy = policy;
    this.delayMicros = policy.delayMicros;
    this.cohortLiquidations = new Float64Array(venue.cohorts);
  }

  /**
   * Liquidates the account (cross) or position (isolated) of a queue item, if it is still in
   * breach.
   */
  liquidate(item: number): void {
    const venue = this.venue;
    const count = venue.instruments.length;
    const account = Math.floor(item / count);
    const instrument = item - account * count;
    const breaches = venue.breaches;
    if (breaches.slack(account, instrument) < 0) {
      const from = venue.isolated[account] !== 0 ? instrument : 0;
      const to = venue.isolated[account] !== 0 ? instrument + 1 : count;
      if (this.largest(account, from, to, -1) >= 0) {
        if (this.suppressions === null || !this.divert(account, instrument, from, to))
          this.close(account, instrument, from, to);
        else if (this.isDeferred(account, instrument)) return;
      }
      this.coverInsolvency(account, instrument, from, to);
    }
    this.endLiquidation(account, instrument);
  }

  /** Lets an account or position that was dealt with be examined again. */
  protected endLiquidation(account: number, instrument: number): void {
    const venue = this.venue;
    venue.breaches.release(account, instrument);
    venue.causality?.endBreach(account, instrument);
    venue.breaches.touch(account, instrument);
    venue.commit(instrument);
    venue.flushFlat();
  }

  /** Does something else than liquidating positions [from, to), if a suppression asks for it. */
  protected divert(_account: number, _instrument: number, _from: number, _to: number): boolean {
    return false;
  }

  /** Whether the liquidation of an account or position was put off and is still to come. */
  protected isDeferred(_account: number, _instrument: number): boolean {
    return false;
  }

  /**
   * Closes positions [from, to) of an account: policy orders while it is in breach, then takeover.
   */
  protected close(account: number, instrument: number, from: number, to: number): void {
    const venue = this.venue;
    const breaches = venue.breaches;
    const id = ++this.liquidationCount;
    breaches.ordinals[account]++;
    venue.causality?.beginLiquidation(account, instrument, id);
    this.countCascade(account);
    this.cancelAll(account, instrument, venue.isolated[account] !== 0 ? instrument : -1, id);
    let tried = -1;
    while (breaches.slack(account, instrument) < 0) {
      const k = this.largest(account, from, to, tried);
      if (k < 0) break;
      if (!this.reduce(account, venue.instruments[k], id))
        tried = tried < 0 ? 1 << k : tried | (1 << k);
    }
    if (breaches.slack(account, instrument) < 0) this.takeOver(account, from, to, id);
  }

  /**
   * Returns the instrument in [from, to) with the largest maintenance margin, lowest number first,
   * that is not in the bit mask `without` (-1 for an empty mask); -1 when there is none.
   */
  protected largest(account: number, from: number, to: number, without: number): number {
    const ledger = this.venue.ledger;
    let best = -1;
    let most = -1;
    for (let k = from; k < to; k++) {
      if (without >= 0 && (without & (1 << k)) !== 0) continue;
      const size = ledger.sizeOf(account, k);
      if (size === 0) continue;
      const margin = this.maintenance(account, this.venue.instruments[k]);
      if (margin > most) {
        most = margin;
        best = k;
      }
    }
    return best;
  }

  /** Sends one liquidation order; returns true if it traded whole, so that another may follow. */
  protected reduce(account: number, one: Instrument, id: number): boolean {
    const venue = this.venue;
    const number = one.number;
    const size = venue.ledger.sizeOf(account, number);
    const entry = one.entryBasis ? Math.abs(venue.ledger.costOf(account, number)) : -1;
    const lots = this.policy.closeLots(one.contract, one.margin, size, one.markTicks, entry);
    if (lots <= 0) return false;
    const equity = this.equity(account, number);
    const bankrupt = one.contract.signedValue(size, one.markTicks) - equity;
    const market = this.policy.atMarket;
    const stage = market ? LiquidationStage.wholeAtMarket : LiquidationStage.stepDown;
    const side = size > 0 ? Side.ask : Side.bid;
    let price = size > 0 ? 0 : 0x7fffffff;
    if (!market) price = this.banded(one, priceNoWorse(one.contract, size, bankrupt, one.ticksMax));
    const whole = this.policy.wholeOrNothing ? TimeInForce.fok : TimeInForce.ioc;
    venue.match(account, one, -1, side, market, price, lots, whole, 0);
    // The row comes before its trades, and counts only what they close.
    const closed = one.book.filledLots;
    if (closed > 0) {
      this.logStage(account, one, stage, size > 0 ? closed : -closed, id, equity, bankrupt);
    }
    venue.walk(one, account, side, id);
    venue.refill?.after(one, side);
    const after = venue.ledger.sizeOf(account, number);
    const change = after - size;
    if (change !== 0) {
      venue.reports.report(
        ReportKind.liquidated,
        venue.nowMicros,
        account,
        number,
        -1,
        change,
        after,
        one.lastTicks,
      );
    }
    return closed === lots;
  }

  /** Cancels the orders of an account in `scope`, an instrument or (-1) all. */
  protected cancelAll(account: number, instrument: number, scope: number, id: number): void {
    const venue = this.venue;
    const cancelled = venue.cancelOrders(account, scope, false);
    if (cancelled === 0) return;
    venue.row(EventKind.cancelAll, instrument, account, 0, 0, cancelled, id, 0, 0, 0, 0);
  }

  /**
   * Pays for an account that owes money and holds no position any more, once all its orders are
   * gone: an empty wallet backs none, in whichever instrument.
   */
  protected coverInsolvency(account: number, instrument: number, from: number, to: number): void {
    const venue = this.venue;
    for (let k = from; k < to; k++) if (venue.ledger.sizeOf(account, k) !== 0) return;
    const free =
      venue.isolated[account] !== 0 ? venue.ledger.freeOf(account) : venue.ledger.walletOf(account);
    if (free >= 0) return;
    this.cancelAll(account, instrument, -1, 0);
    venue.row(EventKind.insolvency, instrument, account, 0, 0, 0, 0, -free, 0, 0, 0);
    venue.ledger.credit(account, -free);
    this.absorb(instrument, -free, FundReason.insolvency, account, 0);
  }

  protected countCascade(account: number): void {
    const now = this.venue.nowMicros;
    this.cascade = now - this.lastMicros < CASCADE_GAP_MICROS ? this.cascade + 1 : 1;
    this.lastMicros = now;
    if (this.cascade > this.largestCascade) this.largestCascade = this.cascade;
    this.cohortLiquidations[this.venue.cohortOf[account]]++;
  }
}
