/**
 * A venue of perpetual contracts: order books, a ledger and the risk policies of the specification.
 *
 * Inputs are taken one at a time, in time order. After each fill both sides are settled, the mark is
 * recomputed and breaches of maintenance margin are found; liquidations and fired triggers run when the
 * input's own order has ended.
 */
import { Ledger, POSITION } from '../account/index.js';
import {
  BookCode,
  FIRED,
  OrderFlag,
  Side,
  TAPE,
  TapeKind,
  TimeInForce,
  TriggerOrder,
  TriggerQueue,
  TriggerSource,
} from '../book/index.js';
import { type Hash64, assert } from '../kernel/index.js';
import {
  LossWaterfall,
  RATE_UNIT,
  fundingPayment,
  makeLiquidation,
  ppmCeil,
} from '../risk/index.js';
import { EventKind, type EventLog } from '../trace/index.js';
import { Instrument } from './instrument.js';
import { LiquidationIndex } from './liquidation-index.js';
import { Liquidator } from './liquidator.js';
import { MarginCheck } from './margin-check.js';
import { OrderSlots, SlotState } from './order-slots.js';
import { FundReason, OrderKind, Reject, ReportKind, type ReportSink } from './report.js';
import { VenueSnapshot, type StateReader, type StateWriter } from './venue-snapshot.js';
import { type VenueAccounts, type VenueSpec, validateVenue } from './venue-spec.js';

const STRIDE = POSITION.stride;
const SIZE_MAX = 0x7fffffff;
const PROTECTION_NONE = 0x7fffffff;

/** Order books, ledger and policies behind submit(), cancel(), index(), timed(). */
export class PerpetualVenue {
  readonly spec: VenueSpec;
  readonly ledger: Ledger;
  readonly instruments: Instrument[] = [];
  readonly breaches: LiquidationIndex;
  readonly liquidator: Liquidator;
  readonly slots: OrderSlots;
  readonly log: EventLog;
  readonly reports: ReportSink;
  /** Traders; the liquidation desk is the account of this number. */
  readonly accountCount: number;
  readonly deskAccount: number;
  readonly isolated: Uint8Array;
  readonly cohortOf: Uint16Array;
  readonly cohorts: number;
  /** Net lots held by a cohort: instrument x cohorts + cohort. */
  readonly cohortNet: Float64Array;
  readonly margin: MarginCheck;
  nowMicros = 0;
  halted = false;
  tradeCount = 0;
  /** Submits, cancels and replaces received. */
  orderActions = 0;
  /** Fired triggers whose orders are still to be placed: rows [firedHead, fired.count). */
  private readonly fired = new TriggerQueue();
  private readonly firedInstruments: number[] = [];
  private firedHead = 0;
  /** Positions that became flat while reduce-only orders were open. */
  private readonly flattened: number[] = [];
  private lastFillTicks = -1;

  /** @throws UserError 'venue/...' or 'margin/...' on a specification that cannot be held. */
  constructor(spec: VenueSpec, accounts: VenueAccounts, log: EventLog, reports: ReportSink) {
    validateVenue(spec, accounts);
    const count = accounts.count;
    this.spec = spec;
    this.log = log;
    this.reports = reports;
    this.accountCount = count;
    this.deskAccount = count;
    this.ledger = new Ledger(count + 1, spec.instruments.length);
    this.isolated = new Uint8Array(count + 1);
    if (accounts.isolated !== undefined) this.isolated.set(accounts.isolated.subarray(0, count));
    this.cohortOf = accounts.cohortOf;
    let cohorts = 1;
    for (let a = 0; a < count; a++) cohorts = Math.max(cohorts, accounts.cohortOf[a] + 1);
    this.cohorts = cohorts;
    this.cohortNet = new Float64Array(spec.instruments.length * cohorts);
    for (let i = 0; i < spec.instruments.length; i++) {
      const guard = { closable: (account: number, side: number) => this.closable(account, i, side) };
      this.instruments.push(new Instrument(spec.instruments[i], i, guard));
    }
    this.slots = new OrderSlots(count, accounts.slotsPerAccount);
    const keys = new Uint32Array(count + 1);
    for (let a = 0; a < count; a++) {
      keys[a] = typeof accounts.tieKey === 'function' ? accounts.tieKey(a) : accounts.tieKey[a];
    }
    this.breaches = new LiquidationIndex(
      this.ledger,
      this.instruments,
      this.isolated,
      keys,
      spec.seed,
    );
    this.margin = new MarginCheck(this.ledger, this.instruments, this.isolated);
    this.liquidator = new Liquidator(
      this,
      makeLiquidation(spec.liquidation),
      new LossWaterfall(spec.waterfall),
      keys,
    );
    for (let a = 0; a <= count; a++) {
      for (const one of this.instruments) {
        const rate = Math.ceil(1_000_000 / one.spec.leverageMax);
        this.ledger.rows[this.ledger.row(a, one.number) + POSITION.ratePpm] = rate;
      }
    }
    this.ledger.fund = spec.insuranceFundQuanta;
    this.ledger.fundMin = spec.insuranceFundQuanta;
    this.ledger.outside = spec.insuranceFundQuanta;
    this.row(EventKind.fund, 0, -1, FundReason.endowment, 0, 0, 0, this.ledger.fund, 0, 0, this.ledger.fund);
  }

  // ---- before the start ----

  /** Pays quanta from outside into a wallet. */
  deposit(account: number, quanta: number): void {
    assert(Number.isSafeInteger(quanta) && quanta >= 0, 'a deposit is a non-negative integer');
    this.ledger.credit(account, quanta);
    this.ledger.outside += quanta;
    this.row(EventKind.deposit, 0, account, 0, 0, 0, 0, quanta, 0, 0, 0);
    for (let i = 0; i < this.instruments.length; i++) {
      this.breaches.touch(account, i);
      this.commit(i);
    }
  }

  /** Gives an account a position before the start; all openings of an instrument sum to zero lots. */
  open(account: number, instrument: number, sizeLots: number, costQuanta: number): void {
    assert(Number.isInteger(sizeLots) && Number.isSafeInteger(costQuanta), 'openings are integers');
    this.ledger.post(account, instrument, sizeLots, costQuanta, costQuanta);
    this.ledger.outside -= costQuanta;
    this.exposure(account, instrument, sizeLots);
    this.setAside(account, instrument, costQuanta < 0 ? -costQuanta : costQuanta);
    this.row(EventKind.opening, instrument, account, 0, 0, sizeLots, 0, costQuanta, 0, 0, 0);
    this.breaches.touch(account, instrument);
    this.commit(instrument);
  }

  /** Chooses a leverage, at most the instrument's: the initial margin rate of later orders. */
  setLeverage(account: number, instrument: number, leverage: number): void {
    const most = this.instruments[instrument].spec.leverageMax;
    const chosen = leverage > most ? most : leverage < 1 ? 1 : leverage;
    const row = this.ledger.row(account, instrument);
    this.ledger.rows[row + POSITION.ratePpm] = Math.ceil(1_000_000 / chosen);
  }

  // ---- inputs ----

  /** Takes an order or a trigger into an empty slot; see the README for the checks and their order. */
  submit(
    time: number,
    account: number,
    instrument: number,
    slot: number,
    side: number,
    kind: number,
    priceTicks: number,
    sizeLots: number,
    timeInForce: number,
    flags: number,
    triggerTicks: number,
    triggerSource: number,
  ): void {
    const one = this.instruments[instrument];
    this.nowMicros = time;
    one.nowMicros = time;
    this.orderActions++;
    const global = this.slots.find(account, slot);
    let code = 0;
    if (this.halted) code = Reject.Halted;
    else if (global < 0) code = Reject.Unknown;
    else if (this.slots.state[global] !== SlotState.empty) code = Reject.SlotTaken;
    else if ((sizeLots | 0) !== sizeLots || sizeLots <= 0) code = Reject.Size;
    if (code !== 0) {
      this.reports.report(ReportKind.rejected, time, account, instrument, slot, 0, code, priceTicks);
      return;
    }
    if (kind === OrderKind.limit || kind === OrderKind.market) {
      const market = kind === OrderKind.market;
      this.place(account, one, global, side, market, priceTicks, sizeLots, timeInForce, flags);
    } else {
      this.enterTrigger(
        account, one, global, side, kind, priceTicks, sizeLots, flags, triggerTicks, triggerSource,
      );
    }
    this.drain();
  }

  /** Cancels the order or trigger of a slot. */
  cancel(time: number, account: number, instrument: number, slot: number): void {
    this.nowMicros = time;
    this.orderActions++;
    const global = this.slots.find(account, slot);
    let code = 0;
    if (this.halted) code = Reject.Halted;
    else if (global < 0 || this.slots.instrument[global] !== instrument) code = Reject.Unknown;
    else if (this.slots.state[global] === SlotState.empty) code = Reject.Unknown;
    if (code !== 0) {
      this.reports.report(ReportKind.cancelRejected, time, account, instrument, slot, 0, code, 0);
      return;
    }
    this.cancelSlot(account, global);
  }

  /** Changes price and open size of a resting order; a refusal leaves it as it was. */
  replace(
    time: number,
    account: number,
    instrument: number,
    slot: number,
    priceTicks: number,
    sizeLots: number,
  ): void {
    const one = this.instruments[instrument];
    this.nowMicros = time;
    one.nowMicros = time;
    this.orderActions++;
    const slots = this.slots;
    const global = slots.find(account, slot);
    let code = 0;
    if (this.halted) code = Reject.Halted;
    else if (global < 0 || slots.state[global] !== SlotState.resting) code = Reject.Unknown;
    else if (slots.instrument[global] !== instrument) code = Reject.Unknown;
    else if ((sizeLots | 0) !== sizeLots || sizeLots <= 0) code = Reject.Size;
    else if (!this.priceOk(one, priceTicks)) code = Reject.Price;
    if (code === 0) code = this.amend(account, one, global, priceTicks, sizeLots);
    if (code !== 0) {
      this.reports.report(ReportKind.rejected, time, account, instrument, slot, 0, code, priceTicks);
      return;
    }
    this.drain();
  }

  /** Takes an index update: the mark follows, and breaches with it. */
  index(time: number, instrument: number, priceTicks: number): void {
    const one = this.instruments[instrument];
    this.nowMicros = time;
    one.nowMicros = time;
    one.indexTicks = priceTicks < 1 ? 1 : priceTicks >= one.ticksMax ? one.ticksMax - 1 : priceTicks;
    this.row(EventKind.index, instrument, -1, 0, one.indexTicks, 0, 0, 0, 0, 0, 0);
    if (this.halted) return;
    one.moveBand();
    this.remark(one, -1, 0);
    this.fire(one, TriggerSource.index, one.indexTicks);
    this.commit(instrument);
    this.drain();
  }

  /** Runs what is due by itself: samples, funding settlements, delayed liquidations. */
  timed(time: number): void {
    this.nowMicros = time;
    for (const one of this.instruments) {
      one.nowMicros = time;
      while (one.nextBasisMicros <= time || one.nextSampleMicros <= time || one.nextFundingMicros <= time) {
        this.timedOnce(one);
      }
      if (!this.halted) this.remark(one, -1, 0);
      this.commit(one.number);
    }
    this.drain();
  }

  /** Returns when `timed` is due next, Infinity for never. */
  nextTimedMicros(): number {
    let next = this.halted ? Infinity : this.breaches.queue.due(0);
    for (const one of this.instruments) {
      if (one.nextBasisMicros < next) next = one.nextBasisMicros;
      if (one.nextSampleMicros < next) next = one.nextSampleMicros;
      if (one.nextFundingMicros < next) next = one.nextFundingMicros;
    }
    return next;
  }

  /** Stops trading: orders and cancels are refused, marks freeze, no liquidations run. */
  halt(time: number, reason: number): void {
    this.nowMicros = time;
    if (this.halted) return;
    this.halted = true;
    this.row(EventKind.halt, 0, -1, reason, 0, 0, 0, 0, 0, 0, 0);
    this.reports.report(ReportKind.halted, time, -1, -1, -1, 0, 0, 0);
  }

  /** Resumes trading: marks are recomputed from the present index, then the queue runs. */
  resume(time: number): void {
    this.nowMicros = time;
    if (!this.halted) return;
    this.halted = false;
    this.row(EventKind.resume, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0);
    this.reports.report(ReportKind.resumed, time, -1, -1, -1, 0, 0, 0);
    for (const one of this.instruments) {
      one.nowMicros = time;
      one.moveBand();
      this.remark(one, -1, 0);
      this.fire(one, TriggerSource.index, one.indexTicks);
      this.commit(one.number);
    }
    this.drain();
  }

  // ---- views ----

  bestBid(instrument: number): number {
    return this.instruments[instrument].book.bestBid();
  }
  bestAsk(instrument: number): number {
    return this.instruments[instrument].book.bestAsk();
  }
  bestBidLots(instrument: number): number {
    const book = this.instruments[instrument].book;
    return book.bestBid() < 0 ? 0 : book.lotsAt(Side.bid, book.bestBid());
  }
  bestAskLots(instrument: number): number {
    const book = this.instruments[instrument].book;
    return book.bestAsk() < 0 ? 0 : book.lotsAt(Side.ask, book.bestAsk());
  }
  lastTicks(instrument: number): number {
    return this.instruments[instrument].lastTicks;
  }
  markTicks(instrument: number): number {
    return this.instruments[instrument].markTicks;
  }
  indexTicks(instrument: number): number {
    return this.instruments[instrument].indexTicks;
  }
  fundingRate(instrument: number): number {
    return this.instruments[instrument].fundingRate;
  }
  nextFundingMicros(instrument: number): number {
    return this.instruments[instrument].nextFundingMicros;
  }
  openInterestLots(instrument: number): number {
    return this.ledger.openInterest[instrument];
  }
  volumeLots(instrument: number): number {
    return this.instruments[instrument].volumeLots;
  }
  liveOrders(instrument: number): number {
    return this.instruments[instrument].book.liveOrders();
  }
  /** Highest and lowest trade price since `resetWindow`; the last price when nothing traded. */
  windowHigh(instrument: number): number {
    return this.instruments[instrument].windowHigh;
  }
  windowLow(instrument: number): number {
    return this.instruments[instrument].windowLow;
  }
  /** Highest and lowest mark since `resetWindow`. */
  windowMarkHigh(instrument: number): number {
    return this.instruments[instrument].windowMarkHigh;
  }
  windowMarkLow(instrument: number): number {
    return this.instruments[instrument].windowMarkLow;
  }
  resetWindow(): void {
    for (const one of this.instruments) {
      one.windowHigh = one.lastTicks;
      one.windowLow = one.lastTicks;
      one.windowMarkHigh = one.markTicks;
      one.windowMarkLow = one.markTicks;
    }
  }
  fund(): number {
    return this.ledger.fund;
  }
  get fundMin(): number {
    return this.ledger.fundMin;
  }
  badDebt(): number {
    return this.ledger.deficit;
  }
  /** Lots the liquidation desk holds, signed. */
  deskInventory(instrument: number): number {
    return this.ledger.sizeOf(this.deskAccount, instrument);
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
  cohortNetLots(instrument: number, cohort: number): number {
    return this.cohortNet[instrument * this.cohorts + cohort];
  }
  positionOf(account: number, instrument: number): number {
    return this.ledger.sizeOf(account, instrument);
  }
  costOf(account: number, instrument: number): number {
    return this.ledger.costOf(account, instrument);
  }
  walletOf(account: number): number {
    return this.ledger.walletOf(account);
  }
  /** Wallet plus unrealised profit at the marks, quanta. */
  equityOf(account: number): number {
    let equity = this.ledger.walletOf(account);
    for (const one of this.instruments) {
      const size = this.ledger.sizeOf(account, one.number);
      if (size === 0) continue;
      equity += one.contract.signedValue(size, one.markTicks) - this.ledger.costOf(account, one.number);
    }
    return equity;
  }
  /** Initial margin reserved by open orders, quanta. */
  reservedOf(account: number): number {
    return this.margin.reserved(account);
  }
  /** Lots resting on a side within so many basis points of the mark. */
  depthLots(instrument: number, side: number, bps: number): number {
    const one = this.instruments[instrument];
    const reach = (one.markTicks * bps) / 10_000;
    return side === Side.bid
      ? one.book.lotsWithin(Side.bid, Math.ceil(one.markTicks - reach), one.ticksMax)
      : one.book.lotsWithin(Side.ask, 0, Math.floor(one.markTicks + reach));
  }
  /** State of a slot: 0 empty, 1 resting order, 2 waiting trigger. */
  slotState(account: number, slot: number): number {
    const global = this.slots.find(account, slot);
    return global < 0 ? 0 : this.slots.state[global];
  }
  /** Open lots of a slot's order or trigger, 0 for none. */
  slotLeaves(account: number, slot: number): number {
    const global = this.slots.find(account, slot);
    if (global < 0 || this.slots.state[global] === SlotState.empty) return 0;
    const one = this.instruments[this.slots.instrument[global]];
    const ref = this.slots.ref[global];
    if (this.slots.state[global] === SlotState.resting) return one.book.leavesOf(ref);
    return one.triggers.sizeOf(ref);
  }

  // ---- state ----

  hash(h: Hash64): void {
    VenueSnapshot.hash(this, h);
  }

  /** Verifies books, ledger and indices. O(accounts + orders). @throws Error */
  check(): void {
    this.ledger.check();
    this.breaches.check();
    for (const one of this.instruments) {
      one.book.check();
      one.triggers.check();
    }
    this.slots.check(this.instruments);
    this.margin.check(this.slots);
    this.liquidator.check();
    for (let a = 0; a < this.accountCount; a++) {
      for (let i = 0; i < this.instruments.length; i++) {
        assert(
          this.breaches.isQueued(a, i) || this.breaches.slack(a, i) >= 0,
          'an account in breach is queued',
        );
      }
    }
  }

  /** Writes the canonical state: accounts in order, orders in price-time order, no internal ids. */
  snapshot(writer: StateWriter): void {
    VenueSnapshot.write(this, writer);
  }

  /** Restores what `snapshot` wrote, on a venue fresh from the same specification and accounts. */
  restore(reader: StateReader): void {
    VenueSnapshot.read(this, reader);
  }

  /** Appends the final row of every account, the desk included: one per instrument, wallet on the first. */
  logFinalAccounts(time: number): void {
    this.nowMicros = time;
    for (let a = 0; a <= this.accountCount; a++) {
      for (let i = 0; i < this.instruments.length; i++) {
        const wallet = i === 0 ? this.ledger.walletOf(a) : 0;
        const reserved = i === 0 && a < this.accountCount ? this.margin.reserved(a) : 0;
        const size = this.ledger.sizeOf(a, i);
        this.row(EventKind.account, i, a, 0, 0, size, 0, wallet, this.ledger.costOf(a, i), 0, reserved);
      }
    }
  }

  // ---- shared with the liquidator ----

  /** Appends a log row at the present time. */
  row(
    kind: number,
    instrument: number,
    account: number,
    other: number,
    priceTicks: number,
    sizeLots: number,
    cause: number,
    value: number,
    feeA: number,
    feeB: number,
    extra: number,
  ): void {
    this.log.append(
      kind | (instrument << 8), this.nowMicros, account, other, priceTicks, sizeLots, cause,
      value, feeA, feeB, extra,
    );
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
    const book = one.book;
    const code = market
      ? book.market(side, sizeLots, priceTicks, flags, account, tag)
      : book.limit(side, priceTicks, sizeLots, timeInForce, flags, account, tag);
    if (code >= 0 && tag >= 0) {
      this.slots.rest(tag, code, one.number, flags);
      this.addOpen(account, one, side, priceTicks, book.leavesLots, flags);
    }
    this.walk(one, account, side, cause);
    return code;
  }

  /** Cancels every order and trigger of an account, in one instrument or (-1) all; returns how many. */
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

  /** Adds to the exposure of the account's cohort. */
  exposure(account: number, instrument: number, sizeLots: number): void {
    if (account === this.deskAccount) return;
    this.cohortNet[instrument * this.cohorts + this.cohortOf[account]] += sizeLots;
  }

  /**
   * Brings the isolated margin of a position into line with the wallet: a wallet that no longer covers
   * the margin set aside takes the shortage out of this position's.
   */
  settleMargin(account: number, instrument: number): void {
    const free = this.ledger.freeOf(account);
    const row = this.ledger.row(account, instrument);
    if (free < 0 && this.ledger.rows[row] !== 0) this.ledger.rows[row + POSITION.margin] += free;
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

  /** Queues the breaches found since the last commit. */
  commit(instrument: number): void {
    this.breaches.commit(instrument, this.nowMicros + this.liquidator.delayMicros);
  }

  /** Restores the fired-trigger bookkeeping to empty; nothing is pending between inputs. */
  pendingTriggers(): number {
    return this.fired.count - this.firedHead;
  }

  // ---- order flow ----

  private closable(account: number, instrument: number, side: number): number {
    const size = this.ledger.rows[account * this.ledger.accountStride + instrument * STRIDE];
    const closable = side === Side.bid ? -size : size;
    return closable > 0 ? closable : 0;
  }

  private priceOk(one: Instrument, priceTicks: number): boolean {
    return (priceTicks | 0) === priceTicks && priceTicks > 0 && priceTicks < one.ticksMax;
  }

  /** Checks an order before it reaches the book; returns 0 or a Reject. */
  private admit(
    account: number,
    one: Instrument,
    side: number,
    market: boolean,
    priceTicks: number,
    sizeLots: number,
    flags: number,
  ): number {
    if (!market && !this.priceOk(one, priceTicks)) return Reject.Price;
    if ((flags & OrderFlag.reduceOnly) !== 0) {
      return this.closable(account, one.number, side) === 0 ? Reject.ReduceOnly : 0;
    }
    if (this.ledger.openInterest[one.number] + sizeLots > SIZE_MAX) return Reject.OpenInterest;
    let price = priceTicks;
    if (market) {
      const best = side === Side.bid ? one.book.bestAsk() : one.book.bestBid();
      const mark = one.markTicks;
      price = best < 0 ? mark : side === Side.bid === best > mark ? best : mark;
    }
    return this.margin.allows(account, one, side, price, sizeLots) ? 0 : Reject.InsufficientMargin;
  }

  private place(
    account: number,
    one: Instrument,
    global: number,
    side: number,
    market: boolean,
    priceTicks: number,
    sizeLots: number,
    timeInForce: number,
    flags: number,
  ): void {
    const slot = global - this.slots.bases[account];
    let code = this.admit(account, one, side, market, priceTicks, sizeLots, flags);
    if (code === 0) {
      const price = market && priceTicks <= 0 && side === Side.bid ? PROTECTION_NONE : priceTicks;
      code = this.execute(
        account, one, global, side, market, price, sizeLots, timeInForce, flags, 0,
      );
      this.reportOrder(account, one, slot, code, priceTicks);
      this.flushFlat();
      return;
    }
    this.reports.report(
      ReportKind.rejected, this.nowMicros, account, one.number, slot, 0, code, priceTicks,
    );
  }

  /** Reports the outcome of the book's last command to its owner. */
  private reportOrder(
    account: number,
    one: Instrument,
    slot: number,
    code: number,
    priceTicks: number,
  ): void {
    const reports = this.reports;
    const now = this.nowMicros;
    const number = one.number;
    const filled = one.book.filledLots;
    const leaves = one.book.leavesLots;
    if (filled > 0) {
      const rests = code >= 0 ? leaves : 0;
      reports.report(ReportKind.filled, now, account, number, slot, filled, rests, this.lastFillTicks);
    }
    if (code >= 0) {
      reports.report(ReportKind.accepted, now, account, number, slot, filled, leaves, priceTicks);
    } else if (code === BookCode.done) {
      const trimmed = this.trimmedLots(one) + leaves;
      if (trimmed > 0) {
        reports.report(ReportKind.cancelled, now, account, number, slot, filled, trimmed, priceTicks);
      }
    } else {
      reports.report(ReportKind.rejected, now, account, number, slot, 0, code, priceTicks);
    }
  }

  /** Returns the lots the last aggressor lost to reduce-only trimming. */
  private trimmedLots(one: Instrument): number {
    const tape = one.book.tape;
    if (one.book.tapeCount === 0 || tape[TAPE.kind] !== TapeKind.reduceOnlyTrim) return 0;
    return tape[TAPE.makerId] < 0 ? tape[TAPE.sizeLots] : 0;
  }

  private enterTrigger(
    account: number,
    one: Instrument,
    global: number,
    side: number,
    kind: number,
    priceTicks: number,
    sizeLots: number,
    flags: number,
    triggerTicks: number,
    source: number,
  ): void {
    const limit = kind === OrderKind.stopLimit;
    const rises = side === Side.bid === (kind !== OrderKind.takeProfitMarket);
    const present = this.sourceTicks(one, source);
    let code: number;
    if (!this.priceOk(one, triggerTicks)) code = Reject.Price;
    else if (rises ? present >= triggerTicks : present <= triggerTicks) code = Reject.WouldTrigger;
    else {
      const orderKind = limit ? TriggerOrder.limit : TriggerOrder.market;
      code = one.triggers.add(
        source, rises ? 1 : -1, triggerTicks, orderKind, side, priceTicks, sizeLots, flags, account, global,
      );
    }
    const slot = global - this.slots.bases[account];
    if (code < 0) {
      this.reports.report(
        ReportKind.rejected, this.nowMicros, account, one.number, slot, 0, code, priceTicks,
      );
      return;
    }
    this.slots.wait(global, code, one.number);
    if ((flags & OrderFlag.reduceOnly) !== 0) this.countReduceOnly(account, one.number, 1);
    this.reports.report(
      ReportKind.accepted, this.nowMicros, account, one.number, slot, 0, sizeLots, priceTicks,
    );
  }

  private sourceTicks(one: Instrument, source: number): number {
    if (source === TriggerSource.last) return one.lastTicks;
    return source === TriggerSource.mark ? one.markTicks : one.indexTicks;
  }

  private amend(
    account: number,
    one: Instrument,
    global: number,
    priceTicks: number,
    sizeLots: number,
  ): number {
    const book = one.book;
    const slots = this.slots;
    const id = slots.ref[global];
    const side = book.sideOf(id);
    const oldPrice = book.priceOf(id);
    const oldLeaves = book.leavesOf(id);
    const flags = book.flagsOf(id);
    const slot = global - slots.bases[account];
    const shrinks = priceTicks === oldPrice && sizeLots <= oldLeaves;
    this.addOpen(account, one, side, oldPrice, -oldLeaves, flags);
    let code = 0;
    if (!shrinks) code = this.admit(account, one, side, false, priceTicks, sizeLots, flags);
    if (code === 0) code = book.replace(id, priceTicks, sizeLots);
    if (code < BookCode.done) {
      this.addOpen(account, one, side, oldPrice, oldLeaves, flags);
      return code;
    }
    if (code >= 0) {
      slots.rest(global, code, one.number, flags);
      this.addOpen(account, one, side, priceTicks, book.leavesLots, flags);
    } else {
      slots.free(global);
    }
    if (!shrinks) this.walk(one, account, side, 0);
    this.reportOrder(account, one, slot, code, priceTicks);
    this.flushFlat();
    return 0;
  }

  /** Adds (or, with negative lots, removes) an open order to the account's totals. */
  private addOpen(
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

  private countReduceOnly(account: number, instrument: number, by: number): void {
    this.ledger.rows[this.ledger.row(account, instrument) + POSITION.reduceOnly] += by;
  }

  private flagsOf(global: number): number {
    const one = this.instruments[this.slots.instrument[global]];
    const ref = this.slots.ref[global];
    if (this.slots.state[global] === SlotState.resting) return one.book.flagsOf(ref);
    return this.slots.state[global] === SlotState.waiting ? one.triggers.flagsOf(ref) : ref;
  }

  /** Cancels whatever a slot holds and reports it. */
  private cancelSlot(account: number, global: number): void {
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
    this.reports.report(ReportKind.cancelled, this.nowMicros, account, number, slot, 0, lots, price);
  }

  // ---- settlement ----

  /** Settles the tape of the last book command. */
  private walk(one: Instrument, taker: number, side: number, cause: number): void {
    const book = one.book;
    const count = book.tapeCount;
    const tape = book.tape;
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
  private shrinkMaker(one: Instrument, at: number, side: number): void {
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
      ReportKind.cancelled, this.nowMicros, account, one.number, slot, 0, lots, price,
    );
  }

  /** Keeps slot and open value of a resting order in step with its leaves. */
  private makerLost(
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
      const at = account * this.ledger.accountStride + one.number * STRIDE + POSITION.openBid + side;
      const rest = leaves === 0 ? 0 : contract.notional(leaves, price);
      this.ledger.rows[at] += rest - contract.notional(leaves + lots, price);
    }
    if (leaves === 0) this.slots.free(tag);
  }

  private settle(one: Instrument, taker: number, side: number, cause: number, at: number): void {
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
    let takerFee = taker === desk ? 0 : ppmCeil(notional, one.takerPpm);
    const makerFee = maker === desk ? 0 : ppmCeil(notional, one.makerPpm);
    const extraFee =
      cause !== 0 && taker !== desk && one.liquidationPpm !== 0 ? ppmCeil(notional, one.liquidationPpm) : 0;
    takerFee += extraFee;
    if (tag >= 0) {
      this.makerLost(one, maker, tag, 1 - side, price, lots, leaves);
    }
    this.fill(one, taker, signed, value, price, takerFee);
    this.fill(one, maker, -signed, -value, price, makerFee);
    this.ledger.fees += takerFee + makerFee;
    one.lastTicks = price;
    this.lastFillTicks = price;
    if (price > one.windowHigh) one.windowHigh = price;
    if (price < one.windowLow) one.windowLow = price;
    one.volumeLots += lots;
    one.trades++;
    this.tradeCount++;
    this.row(
      EventKind.trade, number, taker, maker, price, signed, cause, value, takerFee, makerFee, this.tradeCount,
    );
    if (extraFee !== 0) this.liquidator.collectFee(number, extraFee, cause);
    if (taker === desk || maker === desk) this.liquidator.settleDesk(number, cause);
    this.fire(one, TriggerSource.last, price);
    const moved = one.mark.followsTrades && this.moveMark(one, taker, cause);
    if (taker !== desk) this.breaches.touch(taker, number);
    if (maker !== desk && maker !== taker) this.breaches.touch(maker, number);
    if (moved) this.breaches.cross(number);
    this.commit(number);
    if (tag >= 0) {
      const slot = tag - this.slots.bases[maker];
      this.reports.report(ReportKind.fillMaker, this.nowMicros, maker, number, slot, lots, leaves, price);
    }
  }

  /** Posts one side of a fill and its fee. */
  private fill(
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

  /** Sets initial margin aside for what an isolated account opened. */
  private setAside(account: number, instrument: number, notionalQuanta: number): void {
    if (this.isolated[account] === 0) return;
    const rows = this.ledger.rows;
    const row = this.ledger.row(account, instrument);
    const margin = this.instruments[instrument].margin;
    rows[row + POSITION.margin] += margin.initial(
      notionalQuanta, rows[row], rows[row + POSITION.ratePpm],
    );
  }

  // ---- marks and triggers ----

  /** Recomputes the mark outside a trade and finds the breaches it causes. */
  private remark(one: Instrument, account: number, cause: number): void {
    if (this.moveMark(one, account, cause)) this.breaches.cross(one.number);
  }

  private moveMark(one: Instrument, account: number, cause: number): boolean {
    if (!one.remark()) return false;
    this.row(EventKind.mark, one.number, account, 0, one.markTicks, 0, cause, 0, 0, 0, 0);
    this.fire(one, TriggerSource.mark, one.markTicks);
    return true;
  }

  private fire(one: Instrument, source: number, priceTicks: number): void {
    const before = this.fired.count;
    const count = one.triggers.fire(source, priceTicks, this.fired);
    for (let i = 0; i < count; i++) {
      const at = (before + i) * FIRED.stride;
      this.firedInstruments[before + i] = one.number;
      this.slots.fire(this.fired.rows[at + FIRED.tag], this.fired.rows[at + FIRED.flags]);
    }
  }

  /** Places the order of the next fired trigger, unless it was cancelled meanwhile. */
  private placeFired(): void {
    const at = this.firedHead * FIRED.stride;
    const one = this.instruments[this.firedInstruments[this.firedHead]];
    this.firedHead++;
    const rows = this.fired.rows;
    const global = rows[at + FIRED.tag];
    if (this.slots.state[global] !== SlotState.fired) return;
    const account = rows[at + FIRED.account];
    const size = rows[at + FIRED.sizeLots];
    const flags = rows[at + FIRED.flags];
    const limitTicks = rows[at + FIRED.limitTicks];
    const market = rows[at + FIRED.orderKind] === TriggerOrder.market;
    const side = rows[at + FIRED.side];
    this.slots.free(global);
    if ((flags & OrderFlag.reduceOnly) !== 0) this.countReduceOnly(account, one.number, -1);
    const slot = global - this.slots.bases[account];
    this.reports.report(
      ReportKind.triggered, this.nowMicros, account, one.number, slot, 0, size, rows[at + FIRED.triggerTicks],
    );
    one.nowMicros = this.nowMicros;
    this.place(account, one, global, side, market, limitTicks, size, TimeInForce.gtc, flags);
  }

  /** Runs what the input caused: deleveraging first, then liquidations, then fired triggers. */
  private drain(): void {
    if (this.halted) return;
    const queue = this.breaches.queue;
    for (;;) {
      this.liquidator.checkDesk();
      if (queue.count() > 0 && queue.due(0) <= this.nowMicros) this.liquidator.liquidate(queue.pop());
      else if (this.firedHead < this.fired.count) this.placeFired();
      else break;
    }
    if (this.fired.count > 0) {
      this.fired.clear();
      this.firedHead = 0;
    }
  }

  // ---- time ----

  private timedOnce(one: Instrument): void {
    const due = Math.min(one.nextBasisMicros, one.nextSampleMicros, one.nextFundingMicros);
    if (one.nextBasisMicros === due) {
      one.mark.sample(one);
      one.nextBasisMicros += one.mark.sampleMicros;
    }
    if (one.nextSampleMicros === due) {
      one.samplePremium();
      one.nextSampleMicros += one.funding.sampleMicros;
    }
    if (one.nextFundingMicros === due) this.settleFunding(one);
  }

  /** Settles funding: every position pays or receives, the remainder goes to the insurance fund. */
  private settleFunding(one: Instrument): void {
    const number = one.number;
    const rate = one.funding.settle();
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
      this.reports.report(ReportKind.funding, this.nowMicros, account, number, -1, 0, 0, one.markTicks);
      this.breaches.touch(account, number);
    }
    this.row(EventKind.funding, number, -1, 0, one.markTicks, 0, 0, total, 0, 0, rate / RATE_UNIT);
    if (total > 0) this.liquidator.payFund(number, total, FundReason.funding, -1, 0);
    else if (total < 0) this.liquidator.absorb(number, -total, FundReason.funding, -1, 0);
    this.commit(number);
  }
}
