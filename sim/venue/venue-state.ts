/** What a venue knows: its accounts, instruments and slots, and the views others read. */
import { Ledger, POSITION } from '../account/index.js';
import { Side, TriggerSource } from '../book/index.js';
import { CauseKind, EventKind, FundReason, type EventLog } from '../trace/index.js';
import { Causality } from './causality.js';
import { Instrument } from './instrument.js';
import { LiquidationIndex } from './liquidation-index.js';
import { MarginCheck } from './margin-check.js';
import { OrderSlots, SlotState } from './order-slots.js';
import { type ReportSink } from './report.js';
import type { VenueAccounts, VenueOptions, VenueSpec } from './venue-spec.js';
import { validateVenue } from './venue-spec.js';

const STRIDE = POSITION.stride;

/** State and views of a venue. */
export class VenueState {
  readonly spec: VenueSpec;
  readonly ledger: Ledger;
  readonly instruments: Instrument[] = [];
  readonly breaches: LiquidationIndex;
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
  readonly tieKeys: Uint32Array;
  /** Who pushed whom; null where it is switched off. */
  readonly causality: Causality | null;
  nowMicros = 0;
  halted = false;
  tradeCount = 0;
  /** Submits, cancels and replaces received. */
  orderActions = 0;

  /** @throws UserError 'venue/...' or 'margin/...' on a specification that cannot be held. */
  constructor(
    spec: VenueSpec,
    accounts: VenueAccounts,
    log: EventLog,
    reports: ReportSink,
    options: VenueOptions = {},
  ) {
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
      const guard = {
        closable: (account: number, side: number) => this.closable(account, i, side),
      };
      this.instruments.push(new Instrument(spec.instruments[i], i, guard));
    }
    this.slots = new OrderSlots(count, accounts.slotsPerAccount);
    this.tieKeys = new Uint32Array(count + 1);
    for (let a = 0; a < count; a++) {
      this.tieKeys[a] =
        typeof accounts.tieKey === 'function' ? accounts.tieKey(a) : accounts.tieKey[a];
    }
    this.breaches = new LiquidationIndex(
      this.ledger,
      this.instruments,
      this.isolated,
      this.tieKeys,
      spec.seed,
    );
    this.margin = new MarginCheck(this.ledger, this.instruments, this.isolated);
    const causes = new Uint8Array(count + 1).fill(CauseKind.flow);
    if (accounts.causes !== undefined) causes.set(accounts.causes.subarray(0, count));
    this.causality = options.causality === false ? null : new Causality(this, causes, options.shares ?? true);
    this.breaches.watcher = this.causality;
    for (let a = 0; a <= count; a++) {
      for (const one of this.instruments) {
        const rate = Math.ceil(1_000_000 / one.spec.leverageMax);
        this.ledger.rows[this.ledger.row(a, one.number) + POSITION.ratePpm] = rate;
      }
    }
    this.ledger.fund = spec.insuranceFundQuanta;
    this.ledger.fundMin = spec.insuranceFundQuanta;
    this.ledger.outside = spec.insuranceFundQuanta;
    this.row(
      EventKind.fund,
      0,
      -1,
      FundReason.endowment,
      0,
      0,
      0,
      this.ledger.fund,
      0,
      0,
      this.ledger.fund,
    );
  }

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
      equity +=
        one.contract.signedValue(size, one.markTicks) - this.ledger.costOf(account, one.number);
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
      kind | (instrument << 8),
      this.nowMicros,
      account,
      other,
      priceTicks,
      sizeLots,
      cause,
      value,
      feeA,
      feeB,
      extra,
    );
  }

  /** Adds to the exposure of the account's cohort. */
  exposure(account: number, instrument: number, sizeLots: number): void {
    if (account === this.deskAccount) return;
    this.cohortNet[instrument * this.cohorts + this.cohortOf[account]] += sizeLots;
  }

  protected closable(account: number, instrument: number, side: number): number {
    const size = this.ledger.rows[account * this.ledger.accountStride + instrument * STRIDE];
    const closable = side === Side.bid ? -size : size;
    return closable > 0 ? closable : 0;
  }

  protected priceOk(one: Instrument, priceTicks: number): boolean {
    return (priceTicks | 0) === priceTicks && priceTicks > 0 && priceTicks < one.ticksMax;
  }

  protected sourceTicks(one: Instrument, source: number): number {
    if (source === TriggerSource.last) return one.lastTicks;
    return source === TriggerSource.mark ? one.markTicks : one.indexTicks;
  }
}
