/**
 * How a venue books what its order books do: fills, fees, marks, breaches, funding.
 *
 * After each fill both sides are settled, the mark is recomputed and breaches of maintenance margin
 * are found and queued.
 */
import { POSITION } from '../account/index.js';
import { Side, TAPE, FIRED, TapeKind, TriggerQueue, TriggerSource } from '../book/index.js';
import {
  LossWaterfall,
  RATE_UNIT,
  fundingPayment,
  makeLiquidation,
  ppmCeil,
} from '../risk/index.js';
import { CauseKind, EventKind, FundReason, type EventLog } from '../trace/index.js';
import { BookRefill } from './book-refill.js';
import type { Instrument } from './instrument.js';
import type { LiquidationHost } from './liquidation-host.js';
import { ReportKind, type ReportSink } from './report.js';
import { Suppressor } from './suppressor.js';
import { VenueOrders } from './venue-orders.js';
import type { VenueAccounts, VenueOptions, VenueSpec } from './venue-spec.js';

const STRIDE = POSITION.stride;

/** Settlement of a venue, and what its liquidator works with. */
export class VenueSettlement extends VenueOrders implements LiquidationHost {
  readonly liquidator: Suppressor;
  /** What brings consumed levels of seeded books back; null where nothing does. */
  readonly refill: BookRefill | null;
  /** Fired triggers whose orders are still to be placed: rows [firedHead, fired.count). */
  protected readonly fired = new TriggerQueue();
  protected readonly firedInstruments: number[] = [];
  protected firedHead = 0;
  protected lastFillTicks = -1;
  /** False once a counterfactual takes stops away: triggers wait for ever. */
  firesTriggers = true;

  constructor(
    spec: VenueSpec,
    accounts: VenueAccounts,
    log: EventLog,
    reports: ReportSink,
    options: VenueOptions = {},
  ) {
    super(spec, accounts, log, reports, options);
    this.liquidator = new Suppressor(
      this,
      makeLiquidation(spec.liquidation),
      new LossWaterfall(spec.waterfall),
      this.tieKeys,
    );
    const { bookAccount } = accounts;
    const isRefilled = spec.instruments.some((one) => one.refill !== undefined);
    this.refill =
      isRefilled && bookAccount !== undefined ? new BookRefill(this, bookAccount) : null;
  }

  get liquidationCount(): number {
    return this.liquidator.liquidationCount;
  }

  get liquidatedNotionalQuote(): number {
    return this.liquidator.liquidatedNotionalQuote;
  }

  get largestCascade(): number {
    return this.liquidator.largestCascade;
  }

  get adlCount(): number {
    return this.liquidator.adlCount;
  }

  get adlNotionalQuote(): number {
    return this.liquidator.adlNotionalQuote;
  }

  /** Liquidations suffered by a cohort. */
  cohortLiquidations(cohort: number): number {
    return this.liquidator.cohortLiquidations[cohort];
  }

  /** Notional liquidated in a cohort so far, quote units. */
  cohortLiquidatedQuote(cohort: number): number {
    return this.liquidator.cohortLiquidatedQuote[cohort];
  }

  /** Sends an order to the book and settles what happens; returns the book's code. */
  execute(
    account: number,
    one: Instrument,
    tag: number,
    side: number,
    market: boolean,
    priceTicks: number,
    sizeLots: number,
    timeInForce: number,
    flags: number,
    cause: number,
  ): number {
    const code = this.match(account, one, tag, side, market, priceTicks, sizeLots, timeInForce, flags);
    if (cause === 0 && one.book.filledLots > 0) this.causality?.sized(account, one);
    this.walk(one, account, side, cause);
    return code;
  }

  /** Sends an order to the book; what happens waits on its tape for `walk`. */
  match(
    account: number,
    one: Instrument,
    tag: number,
    side: number,
    market: boolean,
    priceTicks: number,
    sizeLots: number,
    timeInForce: number,
    flags: number,
  ): number {
    one.nowMicros = this.nowMicros;
    const book = one.book;
    const code = market
      ? book.market(side, sizeLots, priceTicks, flags, account, tag)
      : book.limit(side, priceTicks, sizeLots, timeInForce, flags, account, tag);
    if (code >= 0 && tag >= 0) {
      this.slots.rest(tag, code, one.number, flags);
      this.addOpen(account, one, side, priceTicks, book.leavesLots, flags);
      this.withdrew(account, one, side, priceTicks, -book.leavesLots);
    }
    return code;
  }

  /**
   * Brings the isolated margin of a position into line with the wallet: a wallet that no longer
   * covers the margin set aside takes the shortage out of this position's.
   */
  settleMargin(account: number, instrument: number): void {
    const free = this.ledger.freeOf(account);
    const row = this.ledger.row(account, instrument);
    if (free < 0 && this.ledger.rows[row] !== 0) this.ledger.rows[row + POSITION.margin] += free;
  }

  /** Queues the breaches found since the last commit. */
  commit(instrument: number): void {
    this.breaches.commit(instrument, this.nowMicros + this.liquidator.delayMicros);
  }

  /** Sets initial margin aside for what an isolated account opened. */
  protected setAside(account: number, instrument: number, notionalQuanta: number): void {
    if (this.isolated[account] === 0) return;
    const rows = this.ledger.rows;
    const row = this.ledger.row(account, instrument);
    const margin = this.instruments[instrument].margin;
    rows[row + POSITION.margin] += margin.initial(
      notionalQuanta,
      rows[row],
      rows[row + POSITION.ratePpm],
    );
  }

  /** Recomputes the mark outside a trade and finds the breaches it causes. */
  protected remark(one: Instrument, account: number, cause: number): void {
    if (this.moveMark(one, account, cause)) this.breaches.cross(one.number);
  }

  protected moveMark(one: Instrument, account: number, cause: number): boolean {
    const before = one.markTicks;
    if (!one.remark()) return false;
    this.causality?.marked(one, before);
    this.row(EventKind.mark, one.number, account, 0, one.markTicks, 0, cause, 0, 0, 0, 0);
    this.fire(one, TriggerSource.mark, one.markTicks);
    return true;
  }

  protected fire(one: Instrument, source: number, priceTicks: number): void {
    if (!this.firesTriggers) return;
    const before = this.fired.count;
    const count = one.triggers.fire(source, priceTicks, this.fired);
    for (let i = 0; i < count; i++) {
      const at = (before + i) * FIRED.stride;
      this.firedInstruments[before + i] = one.number;
      this.slots.fire(this.fired.rows[at + FIRED.tag], this.fired.rows[at + FIRED.flags]);
      if (this.causality === null) continue;
      const owner = this.fired.rows[at + FIRED.account];
      const ticks = this.fired.rows[at + FIRED.triggerTicks];
      this.causality.triggered(before + i, owner, one, source, ticks);
    }
  }

  /** Settles funding: every position pays or receives, the remainder goes to the insurance fund. */
  protected settleFunding(one: Instrument): void {
    const number = one.number;
    this.causality?.begin(CauseKind.funding, -1);
    const settled = one.funding.settle();
    const rate = one.paysFunding ? settled : 0;
    one.nextFundingMicros += one.funding.intervalMicros;
    const ledger = this.ledger;
    const rows = ledger.rows;
    let total = 0;
    for (let account = 0; rate !== 0 && account < this.accountCount; account++) {
      const size = rows[account * ledger.accountStride + number * STRIDE];
      if (size === 0) continue;
      const pays = fundingPayment(size, one.contract.notional(size, one.markTicks), rate);
      rows[account * ledger.accountStride + POSITION.wallet] -= pays;
      if (this.isolated[account] !== 0) this.settleMargin(account, number);
      total += pays;
      this.row(EventKind.funding, number, account, 0, one.markTicks, size, 0, pays, 0, 0, 0);
      this.reports.report(
        ReportKind.funding,
        this.nowMicros,
        account,
        number,
        -1,
        0,
        0,
        one.markTicks,
      );
      this.breaches.touch(account, number);
    }
    if (rate !== 0 && this.liquidator.hasSuppressed) total += this.fundHolder(one, rate);
    this.row(EventKind.funding, number, -1, 0, one.markTicks, 0, 0, total, 0, 0, rate / RATE_UNIT);
    if (total > 0) this.liquidator.payFund(number, total, FundReason.funding, -1, 0);
    else if (total < 0) this.liquidator.absorb(number, -total, FundReason.funding, -1, 0);
    this.commit(number);
    this.causality?.begin(CauseKind.clock, -1);
  }

  /** Lets the holder of suppressed positions pay its funding, so that the fund is not in its place. */
  protected fundHolder(one: Instrument, rate: number): number {
    const { ledger } = this;
    const size = ledger.sizeOf(ledger.holder, one.number);
    if (size === 0) return 0;
    const pays = fundingPayment(size, one.contract.notional(size, one.markTicks), rate);
    ledger.credit(ledger.holder, -pays);
    this.row(
      EventKind.funding, one.number, ledger.holder, 0, one.markTicks, size, 0, pays, 0, 0, 0,
    );
    return pays;
  }

  /** Settles the tape of the last book command. */
  walk(one: Instrument, taker: number, side: number, cause: number): void {
    const book = one.book;
    const count = book.tapeCount;
    const tape = book.tape;
    if (cause !== 0) this.causality?.forced(one, side);
    for (let r = 0, at = 0; r < count; r++, at += TAPE.stride) {
      const kind = tape[at + TAPE.kind];
      if (kind === TapeKind.fill) {
        this.settle(one, taker, side, cause, at);
      } else if (tape[at + TAPE.makerId] >= 0) {
        const leaves = tape[at + TAPE.makerLeavesLots];
        // A self-trade cancel that leaves the maker whole took the aggressor's remainder.
        if (kind === TapeKind.selfTradeCancel && leaves !== 0) continue;
        this.shrinkMaker(one, at, 1 - side);
      }
    }
  }

  /** Books the lots a resting order lost without a trade. */
  protected shrinkMaker(one: Instrument, at: number, side: number): void {
    const tape = one.book.tape;
    const tag = tape[at + TAPE.makerTag];
    if (tag < 0) return;
    const account = tape[at + TAPE.makerAccount];
    const price = tape[at + TAPE.priceTicks];
    const lots = tape[at + TAPE.sizeLots];
    const leaves = tape[at + TAPE.makerLeavesLots];
    this.makerLost(one, account, tag, side, price, lots, leaves);
    if (leaves !== 0) return;
    const slot = tag - this.slots.bases[account];
    this.reports.report(
      ReportKind.cancelled,
      this.nowMicros,
      account,
      one.number,
      slot,
      0,
      lots,
      price,
    );
  }

  protected settle(one: Instrument, taker: number, side: number, cause: number, at: number): void {
    const tape = one.book.tape;
    const number = one.number;
    const desk = this.deskAccount;
    const maker = tape[at + TAPE.makerAccount];
    const tag = tape[at + TAPE.makerTag];
    const price = tape[at + TAPE.priceTicks];
    const lots = tape[at + TAPE.sizeLots];
    const leaves = tape[at + TAPE.makerLeavesLots];
    const signed = side === Side.bid ? lots : -lots;
    const value = one.contract.signedValue(signed, price);
    const notional = value < 0 ? -value : value;
    let takerFee = taker === desk || one.takerPpm === 0 ? 0 : ppmCeil(notional, one.takerPpm);
    const makerFee = maker === desk || one.makerPpm === 0 ? 0 : ppmCeil(notional, one.makerPpm);
    const extraFee =
      cause !== 0 && taker !== desk && one.liquidationPpm !== 0
        ? ppmCeil(notional, one.liquidationPpm)
        : 0;
    takerFee += extraFee;
    if (tag >= 0) {
      this.makerLost(one, maker, tag, 1 - side, price, lots, leaves);
    }
    this.fill(one, taker, signed, value, price, takerFee);
    this.fill(one, maker, -signed, -value, price, makerFee);
    this.ledger.fees += takerFee + makerFee;
    const before = one.lastTicks;
    one.lastTicks = price;
    this.causality?.traded(one, before);
    if (cause === 0 && this.causality?.liquidity.isWatching === true) {
      this.causality.liquidity.took(number, 1 - side, price, lots);
    }
    this.lastFillTicks = price;
    if (price > one.windowHigh) one.windowHigh = price;
    if (price < one.windowLow) one.windowLow = price;
    one.volumeLots += lots;
    one.trades++;
    this.tradeCount++;
    this.row(
      EventKind.trade,
      number,
      taker,
      maker,
      price,
      signed,
      cause,
      value,
      takerFee,
      makerFee,
      this.tradeCount,
    );
    if (extraFee !== 0) this.liquidator.collectFee(number, extraFee, cause);
    if (taker === desk || maker === desk) this.liquidator.settleDesk(number, cause);
    this.fire(one, TriggerSource.last, price);
    const moved = one.mark.followsTrades && this.moveMark(one, taker, cause);
    if (this.causality !== null) {
      if (maker !== desk) this.causality.refresh(maker, number);
      if (cause === 0 && taker !== desk) this.causality.refresh(taker, number);
    }
    if (taker !== desk) this.breaches.touch(taker, number);
    if (maker !== desk && maker !== taker) this.breaches.touch(maker, number);
    if (moved) this.breaches.cross(number);
    this.commit(number);
    if (tag >= 0) {
      const slot = tag - this.slots.bases[maker];
      this.reports.report(
        ReportKind.fillMaker,
        this.nowMicros,
        maker,
        number,
        slot,
        lots,
        leaves,
        price,
      );
    }
  }

  /** Posts one side of a fill and its fee. */
  protected fill(
    one: Instrument,
    account: number,
    sizeLots: number,
    value: number,
    priceTicks: number,
    fee: number,
  ): void {
    const ledger = this.ledger;
    const rows = ledger.rows;
    const base = account * ledger.accountStride;
    const row = base + one.number * STRIDE;
    const before = rows[row];
    const after = before + sizeLots;
    const crosses = before !== 0 && after !== 0 && before > 0 !== after > 0;
    const closing = crosses ? one.contract.signedValue(-before, priceTicks) : value;
    ledger.post(account, one.number, sizeLots, value, closing);
    rows[base + POSITION.wallet] -= fee;
    this.exposure(account, one.number, sizeLots);
    if (this.isolated[account] !== 0) {
      if (crosses) this.setAside(account, one.number, Math.abs(value - closing));
      else if (before === 0 || before > 0 === sizeLots > 0) {
        this.setAside(account, one.number, Math.abs(value));
      }
      this.settleMargin(account, one.number);
    }
    if (after === 0) this.noteFlat(account, one.number);
  }
}
