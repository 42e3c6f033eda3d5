/** Carries out what takes the place of a suppressed liquidation. */
import { POSITION } from '../account/index.js';
import { Side, TimeInForce } from '../book/index.js';
import { EventKind, LiquidationStage } from '../trace/index.js';
import type { Instrument } from './instrument.js';
import { Liquidator } from './liquidator.js';
import { ReportKind } from './report.js';
import { DEFER_DEFAULT, type Deferred, type Suppression, Suppressions } from './suppression.js';

const MARGIN = POSITION.margin;

/** A liquidator some of whose liquidations may be taken away. */
export class Suppressor extends Liquidator {
  /**
   * Takes liquidations away from now on, each by the first rule that fits; no rules: none. What was
   * suppressed before stays so.
   */
  suppress(rules: readonly Suppression[]): void {
    const before = this.suppressions;
    this.suppressions = rules.length === 0 && !this.hasSuppressed ? null : new Suppressions(rules);
    if (before === null || this.suppressions === null) return;
    this.suppressions.count = before.count;
    this.suppressions.begun = before.begun;
    this.suppressions.injectedQuanta = before.injectedQuanta;
    this.suppressions.deferred.push(...before.deferred);
  }

  /** Breaks the ties of breaches and deleveraging by another seed from now on. */
  reseed(seed: number): void {
    this.venue.breaches.reseed(seed);
    this.queue.reseed(seed);
  }

  /** Whether any liquidation was taken away so far: only then is there a state to tell of. */
  get hasSuppressed(): boolean {
    return this.suppressions !== null && this.suppressions.count > 0;
  }

  /**
   * Liquidates an account that need not be in breach: all its positions, at market, as far as the book
   * goes. Returns the notional that was closed, quote units; what it causes runs with the next input.
   */
  force(account: number): number {
    const { venue } = this;
    const { ledger } = venue;
    const before = this.liquidatedNotionalQuote;
    const first = venue.instruments.findIndex((one) => ledger.sizeOf(account, one.number) !== 0);
    if (first < 0) return 0;
    const id = ++this.liquidationCount;
    venue.breaches.ordinals[account]++;
    venue.causality?.beginLiquidation(account, first, id);
    this.countCascade(account);
    this.cancelAll(account, first, -1, id);
    for (const one of venue.instruments) {
      const lots = Math.abs(ledger.sizeOf(account, one.number));
      if (lots > 0) this.sendAtMarket(account, one, lots, id);
    }
    for (const one of venue.instruments) venue.commit(one.number);
    venue.flushFlat();
    return this.liquidatedNotionalQuote - before;
  }

  /** Works one deferred liquidation that is due; returns whether there was one. */
  workDeferred(): boolean {
    const due = this.suppressions?.takeDue(this.venue.nowMicros) ?? null;
    if (due === null) return false;
    // Before its own orders, which are part of the next interval's volume.
    const volumes = this.venue.instruments.map((one) => one.volumeLots);
    if (due.volumes.length > 0 && !this.workOff(due)) return true;
    due.volumes = volumes;
    due.dueMicros = this.venue.nowMicros + due.intervalMicros;
    this.suppressions?.deferred.push(due);
    return true;
  }

  protected override divert(account: number, instrument: number, from: number, to: number): boolean {
    const { suppressions, venue } = this;
    const { breaches, ledger } = venue;
    if (suppressions === null) return false;
    const size = ledger.sizeOf(account, this.largest(account, from, to, -1));
    const cohort = venue.cohortOf[account];
    const ordinal = breaches.ordinals[account] + 1;
    const rule = suppressions.find(account, ordinal, cohort, size > 0 ? 1 : -1, venue.nowMicros);
    if (rule === null) return false;
    breaches.ordinals[account]++;
    suppressions.count++;
    if (rule.mode === 'recapitalise') {
      this.recapitalise(account, from, to);
      return true;
    }
    this.cancelAll(account, instrument, venue.isolated[account] !== 0 ? instrument : -1, 0);
    if (rule.mode === 'warehouse') this.takeOver(account, from, to, 0, ledger.holder);
    else suppressions.defer(account, instrument, rule.defer ?? DEFER_DEFAULT, venue.nowMicros);
    return true;
  }

  protected override isDeferred(account: number, instrument: number): boolean {
    const single = this.venue.isolated[account] !== 0;
    for (const one of this.suppressions?.deferred ?? []) {
      if (one.account === account && (!single || one.instrument === instrument)) return true;
    }
    return false;
  }

  /** Pays in what equity lacks to the initial margin of positions [from, to), open orders aside. */
  protected recapitalise(account: number, from: number, to: number): void {
    const { venue } = this;
    const { ledger } = venue;
    const single = venue.isolated[account] !== 0;
    let needed = 0;
    let last = from;
    for (let k = from; k < to; k++) {
      const size = ledger.sizeOf(account, k);
      if (size === 0) continue;
      const one = venue.instruments[k];
      const rate = ledger.rows[ledger.row(account, k) + POSITION.ratePpm];
      const initial = one.margin.initial(one.contract.notional(size, one.markTicks), size, rate);
      // Initial margin at a rate the account chose may lie below maintenance.
      needed += Math.max(initial, this.maintenance(account, one));
      last = k;
    }
    const quanta = Math.max(0, needed - this.equity(account, last));
    ledger.credit(account, quanta);
    if (single) ledger.rows[ledger.row(account, last) + MARGIN] += quanta;
    ledger.outside += quanta;
    if (this.suppressions !== null) this.suppressions.injectedQuanta += quanta;
    venue.row(EventKind.deposit, last, account, 0, 0, 0, 0, quanta, 0, 0, 0);
    for (let k = from; k < to; k++) venue.causality?.refresh(account, k);
    venue.reports.report(ReportKind.deposited, venue.nowMicros, account, last, -1, 0, 0, 0);
  }

  /** Sends the next orders of a deferred liquidation; returns whether more are to follow. */
  protected workOff(due: Deferred): boolean {
    const { venue } = this;
    const { account, instrument } = due;
    const single = venue.isolated[account] !== 0;
    const from = single ? instrument : 0;
    const to = single ? instrument + 1 : venue.instruments.length;
    const isInBreach = (): boolean =>
      venue.breaches.slack(account, instrument) < 0 && this.largest(account, from, to, -1) >= 0;
    if (isInBreach()) {
      if (due.id === 0) {
        due.id = ++this.liquidationCount;
        if (this.suppressions !== null) this.suppressions.begun++;
        venue.causality?.beginLiquidation(account, instrument, due.id);
        this.countCascade(account);
      } else venue.causality?.resumeLiquidation(account, instrument, due.id);
      for (let k = from; k < to; k++) this.sendChild(due, venue.instruments[k]);
      if (isInBreach()) return true;
    }
    this.coverInsolvency(account, instrument, from, to);
    this.endLiquidation(account, instrument);
    return false;
  }

  /** Sells or buys at market what the volume since the last look allows. */
  protected sendChild(due: Deferred, one: Instrument): void {
    const { venue } = this;
    const { account, id } = due;
    const size = venue.ledger.sizeOf(account, one.number);
    const traded = one.volumeLots - due.volumes[one.number];
    const lots = Math.min(Math.abs(size), Math.floor(due.participation * traded));
    if (lots > 0) this.sendAtMarket(account, one, lots, id);
  }

  /** Closes lots of a position at market as part of a liquidation. */
  protected sendAtMarket(account: number, one: Instrument, lots: number, id: number): void {
    const { venue } = this;
    const { ledger } = venue;
    const size = ledger.sizeOf(account, one.number);
    const equity = this.equity(account, one.number);
    const bankrupt = one.contract.signedValue(size, one.markTicks) - equity;
    const side = size > 0 ? Side.ask : Side.bid;
    const price = size > 0 ? 0 : 0x7fffffff;
    venue.match(account, one, -1, side, true, price, lots, TimeInForce.ioc, 0);
    const closed = one.book.filledLots;
    const stage = LiquidationStage.wholeAtMarket;
    if (closed > 0)
      this.logStage(account, one, stage, size > 0 ? closed : -closed, id, equity, bankrupt);
    // Without a fill the tape may still tell of orders lost to self-trade prevention.
    venue.walk(one, account, side, id);
    venue.refill?.after(one, side);
    const after = ledger.sizeOf(account, one.number);
    if (after === size) return;
    venue.reports.report(
      ReportKind.liquidated, venue.nowMicros, account, one.number, -1, after - size, after,
      one.lastTicks,
    );
  }
}
