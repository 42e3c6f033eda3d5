/**
 * A venue of perpetual contracts: order books, a ledger and the risk policies of the specification.
 *
 * Inputs are taken one at a time, in time order. After each fill both sides are settled, the mark
 * is recomputed and breaches of maintenance margin are found; liquidations and fired triggers run
 * when the input's own order has ended.
 */
import { POSITION } from '../account/index.js';
import {
  BookCode,
  FIRED,
  OrderFlag,
  Side,
  TimeInForce,
  TriggerOrder,
  TriggerSource,
} from '../book/index.js';
import { type Hash64, assert } from '../kernel/index.js';
import { CauseKind, EventKind } from '../trace/index.js';
import { logFinalAccounts } from './final-accounts.js';
import type { Instrument } from './instrument.js';
import { SlotState } from './order-slots.js';
import { OrderKind, Reject, ReportKind } from './report.js';
import { VenueSettlement } from './venue-settlement.js';
import { type StateReader, type StateWriter, VenueSnapshot } from './venue-snapshot.js';

const PROTECTION_NONE = 0x7fffffff;

/** Order books, ledger and policies behind submit(), cancel(), index(), timed(). */
export class PerpetualVenue extends VenueSettlement {
  /** Pays quanta from outside into a wallet. */
  deposit(account: number, quanta: number): void {
    assert(Number.isSafeInteger(quanta) && quanta >= 0, 'a deposit is a non-negative integer');
    this.causality?.beginOrder(account);
    this.ledger.credit(account, quanta);
    this.ledger.outside += quanta;
    this.row(EventKind.deposit, 0, account, 0, 0, 0, 0, quanta, 0, 0, 0);
    for (let i = 0; i < this.instruments.length; i++) {
      this.causality?.refresh(account, i);
      this.breaches.touch(account, i);
      this.commit(i);
    }
  }

  /**
   * Gives an account a position before the start; all openings of an instrument sum to zero lots.
   */
  open(account: number, instrument: number, sizeLots: number, costQuanta: number): void {
    assert(Number.isInteger(sizeLots) && Number.isSafeInteger(costQuanta), 'openings are integers');
    this.ledger.post(account, instrument, sizeLots, costQuanta, costQuanta);
    this.ledger.outside -= costQuanta;
    this.exposure(account, instrument, sizeLots);
    this.setAside(account, instrument, costQuanta < 0 ? -costQuanta : costQuanta);
    if (this.isolated[account] !== 0) this.settleMargin(account, instrument);
    this.row(EventKind.opening, instrument, account, 0, 0, sizeLots, 0, costQuanta, 0, 0, 0);
    this.causality?.refresh(account, instrument);
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

  /**
   * Takes an order or a trigger into an empty slot; see the README for the checks and their order.
   */
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
    this.causality?.beginOrder(account);
    const global = this.slots.find(account, slot);
    let code = 0;
    if (this.halted) code = Reject.Halted;
    else if (global < 0) code = Reject.Unknown;
    else if (this.slots.state[global] !== SlotState.empty) code = Reject.SlotTaken;
    else if ((sizeLots | 0) !== sizeLots || sizeLots <= 0) code = Reject.Size;
    if (code !== 0) {
      this.reports.report(
        ReportKind.rejected,
        time,
        account,
        instrument,
        slot,
        0,
        code,
        priceTicks,
      );
      return;
    }
    if (kind === OrderKind.limit || kind === OrderKind.market) {
      const market = kind === OrderKind.market;
      this.place(account, one, global, side, market, priceTicks, sizeLots, timeInForce, flags);
    } else {
      this.enterTrigger(
        account,
        one,
        global,
        side,
        kind,
        priceTicks,
        sizeLots,
        flags,
        triggerTicks,
        triggerSource,
      );
    }
    this.drain();
  }

  /** Cancels the order or trigger of a slot. */
  cancel(time: number, account: number, instrument: number, slot: number): void {
    this.nowMicros = time;
    this.orderActions++;
    this.causality?.beginOrder(account);
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
    this.causality?.beginOrder(account);
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
      this.reports.report(
        ReportKind.rejected,
        time,
        account,
        instrument,
        slot,
        0,
        code,
        priceTicks,
      );
      return;
    }
    this.drain();
  }

  /** Takes an index update: the mark follows, and breaches with it. */
  index(time: number, instrument: number, priceTicks: number): void {
    const one = this.instruments[instrument];
    this.nowMicros = time;
    one.nowMicros = time;
    const before = one.indexTicks;
    this.causality?.begin(CauseKind.index, -1);
    one.indexTicks =
      priceTicks < 1 ? 1 : priceTicks >= one.ticksMax ? one.ticksMax - 1 : priceTicks;
    this.row(EventKind.index, instrument, -1, 0, one.indexTicks, 0, 0, 0, 0, 0, 0);
    this.causality?.indexed(one, before);
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
    this.causality?.begin(CauseKind.clock, -1);
    for (const one of this.instruments) {
      one.nowMicros = time;
      while (
        one.nextBasisMicros <= time ||
        one.nextSampleMicros <= time ||
        one.nextFundingMicros <= time
      ) {
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
    const { suppressions } = this.liquidator;
    if (suppressions !== null && !this.halted) next = Math.min(next, suppressions.nextMicros());
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
    this.causality?.begin(CauseKind.fault, -1);
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
    this.causality?.check();
    for (let a = 0; a < this.accountCount; a++) {
      let queued = false;
      for (let i = 0; i < this.instruments.length; i++) {
        queued ||= this.breaches.isQueued(a, i);
        // A flat isolated position stands for the free wallet, which is queued where it was lost.
        if (this.isolated[a] !== 0 && this.ledger.sizeOf(a, i) === 0) continue;
        const safe = this.breaches.isQueued(a, i) || this.breaches.slack(a, i) >= 0;
        assert(safe, 'an account in breach is queued');
      }
      // Only a debt that outlives its position leaves less in the wallet than is set aside.
      const backed = this.isolated[a] === 0 || queued || this.ledger.freeOf(a) >= 0;
      assert(backed, 'isolated margin is part of the wallet');
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

  /** Appends the final row of every account. */
  logFinalAccounts(time: number): void {
    logFinalAccounts(this, time);
  }

  /** Checks an order before it reaches the book; returns 0 or a Reject. */
  protected admit(
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
      const closable = this.closable(account, one.number, side);
      if (closable === 0) return Reject.ReduceOnly;
      const lots = sizeLots < closable ? sizeLots : closable;
      return market || this.margin.closes(one, priceTicks, lots) ? 0 : Reject.OpenInterest;
    }
    let price = priceTicks;
    if (market) {
      const best = side === Side.bid ? one.book.bestAsk() : one.book.bestBid();
      const mark = one.markTicks;
      price = best < 0 ? mark : (side === Side.bid) === best > mark ? best : mark;
    }
    if (!this.margin.holds(account, one, side, price, sizeLots)) return Reject.OpenInterest;
    return this.margin.allows(account, one, side, price, sizeLots) ? 0 : Reject.InsufficientMargin;
  }

  protected place(
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
        account,
        one,
        global,
        side,
        market,
        price,
        sizeLots,
        timeInForce,
        flags,
        0,
      );
      this.reportOrder(account, one, slot, code, priceTicks, sizeLots);
      this.flushFlat();
      return;
    }
    this.reports.report(
      ReportKind.rejected,
      this.nowMicros,
      account,
      one.number,
      slot,
      0,
      code,
      priceTicks,
    );
  }

  /** Reports the outcome of the book's last command to its owner. */
  protected reportOrder(
    account: number,
    one: Instrument,
    slot: number,
    code: number,
    priceTicks: number,
    sizeLots: number,
  ): void {
    const reports = this.reports;
    const now = this.nowMicros;
    const number = one.number;
    const filled = one.book.filledLots;
    const leaves = one.book.leavesLots;
    if (filled > 0) {
      const rests = code >= 0 ? leaves : 0;
      reports.report(
        ReportKind.filled,
        now,
        account,
        number,
        slot,
        filled,
        rests,
        this.lastFillTicks,
      );
    }
    if (code >= 0) {
      reports.report(ReportKind.accepted, now, account, number, slot, filled, leaves, priceTicks);
    } else if (code === BookCode.done) {
      // Not allowed to rest, trimmed to the position, or lost to an order of its own account.
      const gone = sizeLots - filled;
      if (gone > 0) {
        reports.report(ReportKind.cancelled, now, account, number, slot, filled, gone, priceTicks);
      }
    } else {
      reports.report(ReportKind.rejected, now, account, number, slot, 0, code, priceTicks);
    }
  }

  protected enterTrigger(
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
    const rises = (side === Side.bid) === (kind !== OrderKind.takeProfitMarket);
    const present = this.sourceTicks(one, source);
    let code: number;
    if (!this.priceOk(one, triggerTicks)) code = Reject.Price;
    else if (rises ? present >= triggerTicks : present <= triggerTicks) code = Reject.WouldTrigger;
    else {
      const orderKind = limit ? TriggerOrder.limit : TriggerOrder.market;
      code = one.triggers.add(
        source,
        rises ? 1 : -1,
        triggerTicks,
        orderKind,
        side,
        priceTicks,
        sizeLots,
        flags,
        account,
        global,
      );
    }
    const slot = global - this.slots.bases[account];
    if (code < 0) {
      this.reports.report(
        ReportKind.rejected,
        this.nowMicros,
        account,
        one.number,
        slot,
        0,
        code,
        priceTicks,
      );
      return;
    }
    this.slots.wait(global, code, one.number);
    if ((flags & OrderFlag.reduceOnly) !== 0) this.countReduceOnly(account, one.number, 1);
    this.reports.report(
      ReportKind.accepted,
      this.nowMicros,
      account,
      one.number,
      slot,
      0,
      sizeLots,
      priceTicks,
    );
  }

  protected amend(
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
    this.withdrew(account, one, side, oldPrice, oldLeaves);
    if (code >= 0) {
      slots.rest(global, code, one.number, flags);
      this.addOpen(account, one, side, priceTicks, book.leavesLots, flags);
      this.withdrew(account, one, side, priceTicks, -book.leavesLots);
    } else {
      slots.free(global);
    }
    if (!shrinks && book.filledLots > 0) this.causality?.sized(account, one);
    if (!shrinks) this.walk(one, account, side, 0);
    this.reportOrder(account, one, slot, code, priceTicks, sizeLots);
    this.flushFlat();
    return 0;
  }

  /** Places the order of the next fired trigger, unless it was cancelled meanwhile. */
  protected placeFired(): void {
    const at = this.firedHead * FIRED.stride;
    const one = this.instruments[this.firedInstruments[this.firedHead]];
    const place = this.firedHead++;
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
      ReportKind.triggered,
      this.nowMicros,
      account,
      one.number,
      slot,
      0,
      size,
      rows[at + FIRED.triggerTicks],
    );
    one.nowMicros = this.nowMicros;
    if (this.causality !== null) {
      this.causality.beginTriggered(place);
      const { seq } = this.causality.current;
      this.row(EventKind.triggered, one.number, account, 0, 0, size, 0, seq, 0, 0, 0);
    }
    this.place(account, one, global, side, market, limitTicks, size, TimeInForce.gtc, flags);
  }

  /**
   * Runs what the input caused: liquidations first, then deleveraging, then fired triggers. The desk
   * is looked at only when nobody is left to take over, as ranking costs O(accounts).
   */
  protected drain(): void {
    if (this.halted) return;
    const queue = this.breaches.queue;
    for (;;) {
      if (queue.count() > 0 && queue.due(0) <= this.nowMicros)
        this.liquidator.liquidate(queue.pop());
      else if (this.liquidator.suppressions !== null && this.liquidator.workDeferred()) continue;
      else if (this.liquidator.checkDesk()) continue;
      else if (this.firedHead < this.fired.count) this.placeFired();
      else break;
    }
    if (this.fired.count > 0) {
      this.fired.clear();
      this.firedHead = 0;
    }
  }

  protected timedOnce(one: Instrument): void {
    const due = Math.min(one.nextBasisMicros, one.nextSampleMicros, one.nextFundingMicros);
    if (one.nextBasisMicros === due) {
      const taken = one.mark.state[0];
      one.mark.sample(one);
      if (one.mark.state[0] > taken && this.causality !== null) {
        const place = taken % one.mark.window;
        this.causality.sampled(one, place, one.mark.state[2 + place] < 0);
      }
      one.nextBasisMicros += one.mark.sampleMicros;
    }
    if (one.nextSampleMicros === due) {
      one.samplePremium();
      one.nextSampleMicros += one.funding.sampleMicros;
    }
    if (one.nextFundingMicros === due) this.settleFunding(one);
  }
}
