/**
 * The liquidation desk and the loss waterfall.
 *
 * The desk is an account whose wallet is always zero: it takes a position over at cost less the
 * wallet that comes with it, which is the bankruptcy value, so whatever it realises goes to the
 * insurance fund.
 */
import { POSITION, priceNoWorse, shareFloor } from '../account/index.js';
import { OrderFlag, Side, TimeInForce } from '../book/index.js';
import { assert, mulDivTrunc } from '../kernel/index.js';
import type { LossWaterfall } from '../risk/index.js';
import { EventKind, FundReason, LiquidationStage } from '../trace/index.js';
import { DeleverageQueue } from './deleverage-queue.js';
import { Handover } from './handover.js';
import type { Instrument } from './instrument.js';
import type { LiquidationHost } from './liquidation-host.js';
import { ReportKind } from './report.js';

const COST = POSITION.cost;
const MARGIN = POSITION.margin;

/** Takes positions over, sells them, pays what they lose, and deleverages when it cannot. */
export class LiquidationDesk extends Handover {
  liquidatedNotionalQuote = 0;
  readonly cohortLiquidatedQuote: Float64Array;
  /** False once a counterfactual takes deleveraging away: the desk keeps what it cannot sell. */
  deleverages = true;
  adlCount = 0;
  adlNotionalQuote = 0;
  /** Per instrument, the last liquidation whose position the desk took. */
  readonly deskCause: Float64Array;
  /** Per instrument, ids of the desk's orders in the book, oldest first; stale ones included. */
  readonly deskOrders: number[][] = [];
  /** Per instrument, the number of orders at which stale ones are dropped. */
  private readonly compactAt: Float64Array;
  protected readonly waterfall: LossWaterfall;
  protected readonly queue: DeleverageQueue;
  protected readonly equityBehind = (account: number, k: number) => this.equity(account, k);

  constructor(venue: LiquidationHost, waterfall: LossWaterfall, tieKeys: Uint32Array) {
    super(venue);
    this.waterfall = waterfall;
    this.queue = new DeleverageQueue(venue.ledger, tieKeys, venue.spec.seed);
    this.cohortLiquidatedQuote = new Float64Array(venue.cohorts);
    this.deskCause = new Float64Array(venue.instruments.length);
    this.compactAt = new Float64Array(venue.instruments.length).fill(256);
    for (let i = 0; i < venue.instruments.length; i++) this.deskOrders.push([]);
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
  payFund(
    instrument: number,
    quanta: number,
    reason: number,
    account: number,
    cause: number,
  ): void {
    const venue = this.venue;
    venue.ledger.moveFund(quanta);
    venue.row(
      EventKind.fund,
      instrument,
      account,
      reason,
      0,
      0,
      cause,
      quanta,
      0,
      0,
      venue.ledger.fund,
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
        EventKind.badDebt,
        instrument,
        account,
        reason,
        0,
        0,
        cause,
        loss - part,
        0,
        0,
        venue.ledger.deficit,
      );
    }
  }

  /**
   * Deleverages the desk's worst inventory if its loss exceeds what the waterfall allows; returns
   * whether it did.
   */
  checkDesk(): boolean {
    const venue = this.venue;
    const desk = venue.deskAccount;
    const ledger = venue.ledger;
    let worst = -1;
    let worstLoss = 0;
    let total = 0;
    for (const one of venue.instruments) {
      const size = ledger.sizeOf(desk, one.number);
      if (size === 0) continue;
      const profit =
        one.contract.signedValue(size, one.markTicks) - ledger.costOf(desk, one.number);
      total += profit;
      if (profit < worstLoss) {
        worstLoss = profit;
        worst = one.number;
      }
    }
    if (worst < 0 || !this.deleverages) return false;
    if (!this.waterfall.mustDeleverage(ledger.fund, total)) return false;
    this.deleverage(venue.instruments[worst]);
    return true;
  }

  /** Asserts that the desk's wallet is empty. */
  check(): void {
    assert(this.venue.ledger.walletOf(this.venue.deskAccount) === 0, 'the desk keeps no money');
  }

  protected maintenance(account: number, one: Instrument): number {
    const size = this.venue.ledger.sizeOf(account, one.number);
    const cost = this.venue.ledger.costOf(account, one.number);
    return one.maintenance(one.contract.notional(size, one.markTicks), cost, size);
  }

  /** Logs and counts a part of a position, signed as the position, that is being closed. */
  protected logStage(
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
      EventKind.liquidation,
      one.number,
      account,
      stage,
      one.markTicks,
      signedLots,
      id,
      equity,
      this.maintenance(account, one),
      price < one.ticksMax ? price : one.ticksMax,
      quote,
    );
  }

  /**
   * Hands all positions in [from, to), and the wallet behind them, to the desk, or to another heir that
   * is left to sit on them.
   */
  protected takeOver(
    account: number,
    from: number,
    to: number,
    id: number,
    heir = this.venue.deskAccount,
  ): void {
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
      if (heir === venue.deskAccount)
        this.transfer(account, one, wallet, id, single ? equity : share);
      else this.handOver(account, one, wallet, id, heir);
    }
  }

  /** Moves one position and `wallet` quanta to the desk, and offers it at the bankruptcy price. */
  protected transfer(
    account: number,
    one: Instrument,
    wallet: number,
    id: number,
    equity: number,
  ): void {
    const venue = this.venue;
    const ledger = venue.ledger;
    const number = one.number;
    const size = ledger.sizeOf(account, number);
    const bankrupt = ledger.costOf(account, number) - wallet;
    this.logStage(account, one, LiquidationStage.takeover, size, id, equity, bankrupt);
    const before = ledger.sizeOf(venue.deskAccount, number);
    if (before !== 0 && before > 0 !== size > 0) this.cancelDesk(one);
    this.deskCause[number] = id;
    venue.causality?.deskTook(number);
    this.handOver(account, one, wallet, id, venue.deskAccount);
    this.settleDesk(number, id);
    this.offer(one, size, bankrupt, id);
  }

  /**
   * Places the desk's order for a position just taken: at its bankruptcy price, inside the band.
   */
  protected offer(one: Instrument, size: number, bankrupt: number, id: number): void {
    const venue = this.venue;
    const number = one.number;
    const held = venue.ledger.sizeOf(venue.deskAccount, number);
    if (held === 0 || held > 0 !== size > 0) return;
    const lots = Math.min(Math.abs(size), Math.abs(held));
    const price = this.banded(one, priceNoWorse(one.contract, size, bankrupt, one.ticksMax));
    const side = size > 0 ? Side.ask : Side.bid;
    const code = venue.execute(
      venue.deskAccount,
      one,
      -1,
      side,
      false,
      price,
      lots,
      TimeInForce.gtc,
      OrderFlag.reduceOnly,
      id,
    );
    if (code >= 0) this.rememberOrder(one, code);
    if (venue.ledger.sizeOf(venue.deskAccount, number) === 0) this.cancelDesk(one);
  }

  protected rememberOrder(one: Instrument, id: number): void {
    const orders = this.deskOrders[one.number];
    orders.push(id);
    if (orders.length < this.compactAt[one.number]) return;
    let live = 0;
    for (let i = 0; i < orders.length; i++) {
      if (one.book.isLive(orders[i])) orders[live++] = orders[i];
    }
    orders.length = live;
    this.compactAt[one.number] = live < 128 ? 256 : 2 * live;
  }

  protected banded(one: Instrument, price: number): number {
    return price < one.bandLowTicks
      ? one.bandLowTicks
      : price > one.bandHighTicks
        ? one.bandHighTicks
        : price;
  }

  /** Cancels the desk's orders in an instrument. */
  protected cancelDesk(one: Instrument): void {
    const orders = this.deskOrders[one.number];
    if (orders.length === 0) return;
    for (let i = 0; i < orders.length; i++) one.book.cancel(orders[i]);
    orders.length = 0;
  }

  /** Closes the desk's inventory of an instrument against the highest-ranked opposing accounts. */
  protected deleverage(one: Instrument): void {
    const venue = this.venue;
    const ledger = venue.ledger;
    const desk = venue.deskAccount;
    const number = one.number;
    this.cancelDesk(one);
    const cause = this.deskCause[number];
    venue.causality?.beginDeleveraging(number);
    this.queue.fill(one, -ledger.sizeOf(desk, number), this.equityBehind);
    while (ledger.sizeOf(desk, number) !== 0) {
      const account = this.queue.pop();
      if (account < 0 && ledger.sizeOf(ledger.holder, number) !== 0) {
        this.closeWithHolder(one, cause);
        break;
      }
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
      const ticks =
        price < 1 ? 1 : price < one.ticksMax ? Math.floor(price + 0.5) : one.ticksMax - 1;
      const quote = one.contract.notionalQuote(signed, one.markTicks);
      this.adlCount++;
      this.adlNotionalQuote += quote;
      venue.causality?.deleveraged(account, number);
      venue.row(
        EventKind.autoDeleverage,
        number,
        account,
        desk,
        ticks,
        signed,
        cause,
        released,
        realised,
        0,
        quote,
      );
      venue.noteFlat(account, number);
      const left = ledger.sizeOf(account, number);
      venue.reports.report(
        ReportKind.deleveraged,
        venue.nowMicros,
        account,
        number,
        -1,
        signed,
        left,
        ticks,
      );
      venue.breaches.touch(account, number);
    }
    venue.commit(number);
    venue.flushFlat();
  }
}
