/**
 * What happens to accounts in breach: orders by the liquidation policy, takeover by the desk at the
 * bankruptcy price, and the loss waterfall.
 *
 * The desk is an account whose wallet is always zero: it takes a position over at cost less the wallet
 * that comes with it, which is the bankruptcy value, so whatever it realises goes to the insurance fund.
 */
import { POSITION, priceNoWorse, shareFloor } from '../account/index.js';
import { OrderFlag, Side, TimeInForce } from '../book/index.js';
import { assert, mulDivTrunc } from '../kernel/index.js';
import type { LiquidationPolicy, LossWaterfall } from '../risk/index.js';
import { EventKind, LiquidationStage } from '../trace/index.js';
import { DeleverageQueue } from './deleverage-queue.js';
import type { Instrument } from './instrument.js';
import type { LiquidationHost } from './liquidation-host.js';
import { FundReason, ReportKind } from './report.js';

const CASCADE_GAP_MICROS = 1_000_000;
const COST = POSITION.cost;
const MARGIN = POSITION.margin;

/** Runs liquidations, the desk, and auto-deleveraging for a venue. */
export class Liquidator {
  readonly delayMicros: number;
  liquidationCount = 0;
  liquidatedNotionalQuote = 0;
  adlCount = 0;
  adlNotionalQuote = 0;
  /** Most liquidations in a row less than a second apart. */
  largestCascade = 0;
  readonly cohortLiquidations: Float64Array;
  readonly cohortLiquidatedQuote: Float64Array;
  /** Liquidations in the present run of them, and the time of the last. */
  cascade = 0;
  lastMicros = -Infinity;
  /** Per instrument, the last liquidation whose position the desk took. */
  readonly deskCause: Float64Array;
  /** Per instrument, ids of the desk's orders in the book, oldest first; stale ones included. */
  readonly deskOrders: number[][] = [];
  private readonly venue: LiquidationHost;
  private readonly policy: LiquidationPolicy;
  private readonly waterfall: LossWaterfall;
  private readonly queue: DeleverageQueue;
  private readonly equityBehind = (account: number, k: number) => this.equity(account, k);

  constructor(
    venue: LiquidationHost,
    policy: LiquidationPolicy,
    waterfall: LossWaterfall,
    tieKeys: Uint32Array,
  ) {
    this.venue = venue;
    this.policy = policy;
    this.waterfall = waterfall;
    this.queue = new DeleverageQueue(venue.ledger, tieKeys, venue.spec.seed);
    this.delayMicros = policy.delayMicros;
    this.cohortLiquidations = new Float64Array(venue.cohorts);
    this.cohortLiquidatedQuote = new Float64Array(venue.cohorts);
    this.deskCause = new Float64Array(venue.instruments.length);
    for (let i = 0; i < venue.instruments.length; i++) this.deskOrders.push([]);
  }

  /** Liquidates the account (cross) or position (isolated) of a queue item, if it is still in breach. */
  liquidate(item: number): void {
    const venue = this.venue;
    const count = venue.instruments.length;
    const account = Math.floor(item / count);
    const instrument = item - account * count;
    const breaches = venue.breaches;
    if (breaches.slack(account, instrument) < 0) {
      const from = venue.isolated[account] !== 0 ? instrument : 0;
      const to = venue.isolated[account] !== 0 ? instrument + 1 : count;
      if (this.largest(account, from, to, -1) >= 0) this.close(account, instrument, from, to);
      this.coverInsolvency(account, instrument, from, to);
    }
    breaches.release(account, instrument);
    breaches.touch(account, instrument);
    venue.commit(instrument);
    venue.flushFlat();
  }

  /** Moves what the desk realised into the fund, or its loss out of it. */
  settleDesk(instrument: number, cause: number): void {
    const ledger = this.venue.ledger;
    const desk = this.venue.deskAccount;
    const wallet = ledger.walletOf(desk);
    ledger.credit(desk, -wallet);
    if (wallet > 0) this.payFund(instrument, wallet, FundReason.desk, desk, cause);
    else if (wallet < 0) this.absorb(instrument, -wallet, FundReason.desk, desk, cause);
  }

  /** Moves a liquidation fee from the fees to the fund. */
  collectFee(instrument: number, quanta: number, cause: number): void {
    this.venue.ledger.fees -= quanta;
    this.payFund(instrument, quanta, FundReason.liquidationFee, -1, cause);
  }

  /** Pays into the insurance fund. */
  payFund(instrument: number, quanta: number, reason: number, account: number, cause: number): void {
    const venue = this.venue;
    venue.ledger.moveFund(quanta);
    venue.row(
      EventKind.fund, instrument, account, reason, 0, 0, cause, quanta, 0, 0, venue.ledger.fund,
    );
  }

  /** Lets the waterfall take a realised loss: the fund while it lasts, then bad debt. */
  absorb(instrument: number, loss: number, reason: number, account: number, cause: number): void {
    const venue = this.venue;
    const part = this.waterfall.fundPart(venue.ledger.fund, loss);
    if (part > 0) this.payFund(instrument, -part, reason, account, cause);
    if (loss > part) {
      venue.ledger.deficit += loss - part;
      venue.row(
        EventKind.badDebt, instrument, account, reason, 0, 0, cause, loss - part, 0, 0, venue.ledger.deficit,
      );
    }
  }

  /** Deleverages the desk's worst inventory while its loss exceeds what the waterfall allows. */
  checkDesk(): void {
    const venue = this.venue;
    const desk = venue.deskAccount;
    const ledger = venue.ledger;
    for (;;) {
      let worst = -1;
      let worstLoss = 0;
      let total = 0;
      for (const one of venue.instruments) {
        const size = ledger.sizeOf(desk, one.number);
        if (size === 0) continue;
        const profit = one.contract.signedValue(size, one.markTicks) - ledger.costOf(desk, one.number);
        total += profit;
        if (profit < worstLoss) {
          worstLoss = profit;
          worst = one.number;
        }
      }
      if (worst < 0 || !this.waterfall.mustDeleverage(ledger.fund, total)) return;
      this.deleverage(venue.instruments[worst]);
    }
  }

  /** Asserts that the desk's wallet is empty. */
  check(): void {
    assert(this.venue.ledger.walletOf(this.venue.deskAccount) === 0, 'the desk keeps no money');
  }

  // ---- closing a position ----

  /** Closes positions [from, to) of an account: policy orders while it is in breach, then takeover. */
  private close(account: number, instrument: number, from: number, to: number): void {
    const venue = this.venue;
    const breaches = venue.breaches;
    const id = ++this.liquidationCount;
    breaches.ordinals[account]++;
    this.countCascade(account);
    const cancelled = venue.cancelOrders(account, venue.isolated[account] !== 0 ? instrument : -1, false);
    if (cancelled > 0) {
      venue.row(EventKind.cancelAll, instrument, account, 0, 0, cancelled, id, 0, 0, 0, 0);
    }
    let tried = -1;
    while (breaches.slack(account, instrument) < 0) {
      const k = this.largest(account, from, to, tried);
      if (k < 0) break;
      if (!this.reduce(account, venue.instruments[k], id)) tried = tried < 0 ? 1 << k : tried | (1 << k);
    }
    if (breaches.slack(account, instrument) < 0) this.takeOver(account, from, to, id);
  }

  /**
   * Returns the instrument in [from, to) with the largest maintenance margin, lowest number first, that
   * is not in the bit mask `without` (-1 for an empty mask); -1 when there is none.
   */
  private largest(account: number, from: number, to: number, without: number): number {
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

  private maintenance(account: number, one: Instrument): number {
    const size = this.venue.ledger.sizeOf(account, one.number);
    const cost = this.venue.ledger.costOf(account, one.number);
    return one.maintenance(one.contract.notional(size, one.markTicks), cost, size);
  }

  /** Returns the equity that stands behind a position: the account's, or the isolated position's. */
  private equity(account: number, instrument: number): number {
    const { ledger, instruments, isolated } = this.venue;
    if (isolated[account] === 0) return this.venue.equityOf(account);
    const one = instruments[instrument];
    const row = ledger.row(account, instrument);
    const value = one.contract.signedValue(ledger.rows[row], one.markTicks);
    return ledger.rows[row + MARGIN] + value - ledger.rows[row + COST];
  }

  /** Sends one liquidation order; returns true if it traded whole, so that another may follow. */
  private reduce(account: number, one: Instrument, id: number): boolean {
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
    const signed = size > 0 ? lots : -lots;
    this.logStage(account, one, stage, signed, id, equity, bankrupt);
    const side = size > 0 ? Side.ask : Side.bid;
    let price = size > 0 ? 0 : 0x7fffffff;
    if (!market) price = this.banded(one, priceNoWorse(one.contract, size, bankrupt, one.ticksMax));
    const whole = this.policy.wholeOrNothing ? TimeInForce.fok : TimeInForce.ioc;
    venue.execute(account, one, -1, side, market, price, lots, whole, 0, id);
    const after = venue.ledger.sizeOf(account, number);
    const change = after - size;
    if (change !== 0) {
      venue.reports.report(
        ReportKind.liquidated, venue.nowMicros, account, number, -1, change, after, one.lastTicks,
      );
    }
    return change === -signed;
  }

  private logStage(
    account: number,
    one: Instrument,
    stage: number,
    signedLots: number,
    id: number,
    equity: number,
    bankruptValue: number,
  ): void {
    const size = this.venue.ledger.sizeOf(account, one.number);
    const quote = one.contract.notionalQuote(signedLots, one.markTicks);
    const price = one.contract.priceOfValue(size, bankruptValue);
    this.liquidatedNotionalQuote += quote;
    this.cohortLiquidatedQuote[this.venue.cohortOf[account]] += quote;
    this.venue.row(
      EventKind.liquidation, one.number, account, stage, one.markTicks, signedLots, id, equity,
      this.maintenance(account, one), price < one.ticksMax ? price : one.ticksMax, quote,
    );
  }

  /** Hands all positions in [from, to), and the wallet behind them, to the desk. */
  private takeOver(account: number, from: number, to: number, id: number): void {
    const venue = this.venue;
    const ledger = venue.ledger;
    const single = venue.isolated[account] !== 0;
    let notional = 0;
    let last = -1;
    for (let k = from; k < to; k++) {
      const size = ledger.sizeOf(account, k);
      if (size === 0) continue;
      notional += venue.instruments[k].contract.notional(size, venue.instruments[k].markTicks);
      last = k;
    }
    if (last < 0) return;
    const equity = this.equity(account, last);
    let equityLeft = equity;
    for (let k = from; k <= last; k++) {
      const size = ledger.sizeOf(account, k);
      if (size === 0) continue;
      const one = venue.instruments[k];
      const value = one.contract.signedValue(size, one.markTicks);
      const share =
        k === last || notional === 0
          ? equityLeft
          : mulDivTrunc(equity, value < 0 ? -value : value, notional);
      equityLeft -= share;
      const row = ledger.row(account, k);
      const wallet = single ? ledger.rows[row + MARGIN] : share - (value - ledger.rows[row + COST]);
      this.transfer(account, one, wallet, id, single ? equity : share);
    }
  }

  /** Moves one position and `wallet` quanta to the desk, and offers it at the bankruptcy price. */
  private transfer(account: number, one: Instrument, wallet: number, id: number, equity: number): void {
    const venue = this.venue;
    const ledger = venue.ledger;
    const desk = venue.deskAccount;
    const number = one.number;
    const row = ledger.row(account, number);
    const size = ledger.rows[row];
    const cost = ledger.rows[row + COST];
    const bankrupt = cost - wallet;
    this.logStage(account, one, LiquidationStage.takeover, size, id, equity, bankrupt);
    venue.row(
      EventKind.takeover, number, account, desk, one.markTicks, size, id, cost, wallet, 0, 0,
    );
    ledger.openInterest[number] -= size > 0 ? size : 0;
    ledger.rows[row] = 0;
    ledger.rows[row + COST] = 0;
    ledger.rows[row + MARGIN] = 0;
    ledger.credit(account, -wallet);
    venue.exposure(account, number, -size);
    venue.noteFlat(account, number);
    const before = ledger.sizeOf(desk, number);
    const flips = before !== 0 && before > 0 !== size > 0;
    if (flips) this.cancelDesk(one);
    const closing =
      flips && Math.abs(size) > Math.abs(before)
        ? mulDivTrunc(bankrupt, Math.abs(before), Math.abs(size))
        : bankrupt;
    ledger.post(desk, number, size, bankrupt, closing);
    this.deskCause[number] = id;
    this.settleDesk(number, id);
    venue.reports.report(
      ReportKind.liquidated, venue.nowMicros, account, number, -1, -size, 0, one.markTicks,
    );
    this.offer(one, size, bankrupt, id);
  }

  /** Places the desk's order for a position just taken: at its bankruptcy price, inside the band. */
  private offer(one: Instrument, size: number, bankrupt: number, id: number): void {
    const venue = this.venue;
    const number = one.number;
    const held = venue.ledger.sizeOf(venue.deskAccount, number);
    if (held === 0 || held > 0 !== size > 0) return;
    const lots = Math.min(Math.abs(size), Math.abs(held));
    const price = this.banded(one, priceNoWorse(one.contract, size, bankrupt, one.ticksMax));
    const side = size > 0 ? Side.ask : Side.bid;
    const code = venue.execute(
      venue.deskAccount, one, -1, side, false, price, lots, TimeInForce.gtc, OrderFlag.reduceOnly, id,
    );
    if (code >= 0) this.rememberOrder(one, code);
    if (venue.ledger.sizeOf(venue.deskAccount, number) === 0) this.cancelDesk(one);
  }

  private rememberOrder(one: Instrument, id: number): void {
    const orders = this.deskOrders[one.number];
    orders.push(id);
    if (orders.length < 256 || (orders.length & 255) !== 0) return;
    const live = orders.filter((order) => one.book.isLive(order));
    orders.length = 0;
    for (const order of live) orders.push(order);
  }

  private banded(one: Instrument, price: number): number {
    return price < one.bandLowTicks ? one.bandLowTicks : price > one.bandHighTicks ? one.bandHighTicks : price;
  }

  /** Cancels the desk's orders in an instrument. */
  private cancelDesk(one: Instrument): void {
    const orders = this.deskOrders[one.number];
    for (let i = 0; i < orders.length; i++) one.book.cancel(orders[i]);
    orders.length = 0;
  }

  /** Pays for an account that owes money and holds no position any more. */
  private coverInsolvency(account: number, instrument: number, from: number, to: number): void {
    const venue = this.venue;
    for (let k = from; k < to; k++) if (venue.ledger.sizeOf(account, k) !== 0) return;
    const free = venue.isolated[account] !== 0 ? venue.ledger.freeOf(account) : venue.ledger.walletOf(account);
    if (free >= 0) return;
    venue.row(EventKind.insolvency, instrument, account, 0, 0, 0, 0, -free, 0, 0, 0);
    venue.ledger.credit(account, -free);
    this.absorb(instrument, -free, FundReason.insolvency, account, 0);
  }

  private countCascade(account: number): void {
    const now = this.venue.nowMicros;
    this.cascade = now - this.lastMicros < CASCADE_GAP_MICROS ? this.cascade + 1 : 1;
    this.lastMicros = now;
    if (this.cascade > this.largestCascade) this.largestCascade = this.cascade;
    this.cohortLiquidations[this.venue.cohortOf[account]]++;
  }

  // ---- auto-deleveraging ----

  /** Closes the desk's inventory of an instrument against the highest-ranked opposing accounts. */
  private deleverage(one: Instrument): void {
    const venue = this.venue;
    const ledger = venue.ledger;
    const desk = venue.deskAccount;
    const number = one.number;
    this.cancelDesk(one);
    const cause = this.deskCause[number];
    this.queue.fill(one, -ledger.sizeOf(desk, number), this.equityBehind);
    while (ledger.sizeOf(desk, number) !== 0) {
      const account = this.queue.pop();
      assert(account >= 0, 'somebody is on the other side of the desk');
      const size = ledger.sizeOf(desk, number);
      const opposing = ledger.sizeOf(account, number);
      const lots = Math.min(Math.abs(size), Math.abs(opposing));
      const signed = size > 0 ? lots : -lots;
      const released = shareFloor(ledger.costOf(desk, number), lots, Math.abs(size));
      ledger.post(desk, number, -signed, -released, -released);
      ledger.post(account, number, signed, released, released);
      const realised = ledger.realised;
      venue.exposure(account, number, signed);
      if (venue.isolated[account] !== 0) venue.settleMargin(account, number);
      const price = one.contract.priceOfValue(signed, released);
      const ticks = price < 1 ? 1 : price < one.ticksMax ? Math.floor(price + 0.5) : one.ticksMax - 1;
      const quote = one.contract.notionalQuote(signed, one.markTicks);
      this.adlCount++;
      this.adlNotionalQuote += quote;
      venue.row(
        EventKind.autoDeleverage, number, account, desk, ticks, signed, cause, released, realised, 0, quote,
      );
      venue.noteFlat(account, number);
      const left = ledger.sizeOf(account, number);
      venue.reports.report(
        ReportKind.deleveraged, venue.nowMicros, account, number, -1, signed, left, ticks,
      );
      venue.breaches.touch(account, number);
    }
    venue.commit(number);
    venue.flushFlat();
  }
}
