/**
 * A perpetual venue without any index: plain objects, BigInt money, and a scan of every account after
 * every event. It must log the same rows as the real one.
 */
import { TapeKind } from '../../sim/book/index.js';
import { mix32 } from '../../sim/kernel/index.js';
import { EventKind } from '../../sim/trace/index.js';
import type { InstrumentSpec, VenueSpec } from '../../sim/venue/index.js';
import { FundReason, OrderKind, Reject, ReportKind } from '../../sim/venue/index.js';
import { NaiveTriggerBook, type NaiveTrigger } from './book-triggers.js';
import { NaiveOrderBook } from './order-book.js';
import { NaiveFunding, NaiveMark, impactPrice } from './venue-policies.js';
import {
  abs, fee, floorDiv, initial, lotsWithin, maintenance, quoteOf, tierOf, valueOf, worstPrice,
} from './venue-money.js';

interface Position {
  size: number;
  cost: bigint;
  margin: bigint;
  rate: number;
}

interface ClientOrder {
  instrument: number;
  state: 'resting' | 'waiting' | 'fired';
  id: number;
  side: number;
  price: number;
  leaves: number;
  flags: number;
}

interface Account {
  wallet: bigint;
  isolated: boolean;
  key: number;
  ordinal: number;
  positions: Position[];
  orders: Map<number, ClientOrder>;
  queued: Set<number>;
}

interface Market {
  spec: InstrumentSpec;
  book: NaiveOrderBook;
  triggers: NaiveTriggerBook;
  mark: NaiveMark;
  funding: NaiveFunding;
  index: number;
  last: number;
  markTicks: number;
  low: number;
  high: number;
  deskOrders: number[];
  deskCause: number;
}

export interface NaiveAccounts {
  count: number;
  slots: number;
  keys: number[];
  isolated: boolean[];
}

const REDUCE_ONLY = 2;
const SIZE_MAX = 0x7fffffff;
/** Slots of account a are a * SLOT_SPACE..: tags handed to the books. */
const SLOT_SPACE = 4096;

export class NaiveVenue {
  readonly rows: number[][] = [];
  readonly reports: number[][] = [];
  readonly accounts: Account[] = [];
  readonly markets: Market[] = [];
  readonly desk: Account;
  fund: bigint;
  fees = 0n;
  deficit = 0n;
  halted = false;
  now = 0;
  trades = 0;
  liquidations = 0;
  private readonly spec: VenueSpec;
  private readonly slots: number;
  private readonly queue: { account: Account; instrument: number; due: number }[] = [];
  private readonly fired: { market: number; trigger: NaiveTrigger }[] = [];
  private lastFill = -1;

  constructor(spec: VenueSpec, accounts: NaiveAccounts) {
    this.spec = spec;
    this.slots = accounts.slots;
    this.fund = BigInt(spec.insuranceFundQuanta);
    const make = (key: number, isolated: boolean): Account => ({
      wallet: 0n, isolated, key, ordinal: 0, orders: new Map(), queued: new Set(),
      positions: spec.instruments.map((one) => ({
        size: 0, cost: 0n, margin: 0n, rate: Math.ceil(1_000_000 / one.leverageMax),
      })),
    });
    for (let a = 0; a < accounts.count; a++) this.accounts.push(make(accounts.keys[a], accounts.isolated[a]));
    this.desk = make(0, false);
    this.accounts.push(this.desk);
    spec.instruments.forEach((one, i) => {
      const guard = {
        closable: (a: number, side: number) => {
          const size = this.accounts[a].positions[i].size;
          return Math.max(0, side === 0 ? -size : size);
        },
      };
      const market: Market = {
        spec: one,
        book: new NaiveOrderBook({
          ticksLimit: one.ticksMax, selfTrade: one.selfTrade, reduceOnly: guard,
        }),
        triggers: new NaiveTriggerBook(one.ticksMax),
        mark: new NaiveMark(one.mark), funding: new NaiveFunding(one.funding),
        index: one.startTicks, last: one.startTicks, markTicks: one.startTicks,
        low: 1, high: one.ticksMax - 1, deskOrders: [], deskCause: 0,
      };
      this.markets.push(market);
      this.moveBand(market);
    });
    this.row(EventKind.fund, 0, -1, 0, 0, 0, 0, this.fund, 0n, 0n, Number(this.fund));
  }

  // ---- before the start ----

  deposit(a: number, quanta: number): void {
    this.accounts[a].wallet += BigInt(quanta);
    this.row(EventKind.deposit, 0, a, 0, 0, 0, 0, BigInt(quanta), 0n, 0n, 0);
  }

  open(a: number, i: number, size: number, cost: number): void {
    this.post(this.accounts[a], i, size, BigInt(cost), BigInt(cost));
    this.setAside(this.accounts[a], i, abs(BigInt(cost)));
    this.row(EventKind.opening, i, a, 0, 0, size, 0, BigInt(cost), 0n, 0n, 0);
    this.detect(i, [this.accounts[a]]);
  }

  setLeverage(a: number, i: number, leverage: number): void {
    const most = this.markets[i].spec.leverageMax;
    this.accounts[a].positions[i].rate = Math.ceil(1_000_000 / Math.min(most, Math.max(1, leverage)));
  }

  // ---- inputs ----

  submit(
    time: number, a: number, i: number, slot: number, side: number, kind: number, price: number,
    size: number, tif: number, flags: number, trigger: number, source: number,
  ): void {
    this.now = time;
    const account = this.accounts[a];
    let code = 0;
    if (this.halted) code = Reject.Halted;
    else if (slot < 0 || slot >= this.slots) code = Reject.Unknown;
    else if (account.orders.has(slot)) code = Reject.SlotTaken;
    else if (!Number.isInteger(size) || size < 1 || size > SIZE_MAX) code = Reject.Size;
    if (code !== 0) return this.report(ReportKind.rejected, a, i, slot, 0, code, price);
    if (kind === OrderKind.limit || kind === OrderKind.market) {
      this.place(a, i, slot, side, kind === OrderKind.market, price, size, tif, flags);
    } else {
      this.enter(a, i, slot, side, kind, price, size, flags, trigger, source);
    }
    this.drain();
  }

  cancel(time: number, a: number, i: number, slot: number): void {
    this.now = time;
    const order = this.accounts[a].orders.get(slot);
    if (this.halted) return this.report(ReportKind.cancelRejected, a, i, slot, 0, Reject.Halted, 0);
    if (order === undefined || order.instrument !== i) {
      return this.report(ReportKind.cancelRejected, a, i, slot, 0, Reject.Unknown, 0);
    }
    this.cancelOrder(a, slot);
  }

  replace(time: number, a: number, i: number, slot: number, price: number, size: number): void {
    this.now = time;
    const account = this.accounts[a];
    const order = account.orders.get(slot);
    const market = this.markets[i];
    let code = 0;
    if (this.halted) code = Reject.Halted;
    else if (order === undefined || order.state !== 'resting' || order.instrument !== i) code = Reject.Unknown;
    else if (!Number.isInteger(size) || size < 1 || size > SIZE_MAX) code = Reject.Size;
    else if (!this.priceOk(market, price)) code = Reject.Price;
    if (code === 0 && order !== undefined) {
      const shrinks = price === order.price && size <= order.leaves;
      account.orders.delete(slot);
      if (!shrinks) code = this.admit(a, i, order.side, false, price, size, order.flags);
      if (code === 0) code = market.book.replace(order.id, price, size);
      if (code < -1) {
        account.orders.set(slot, order);
      } else {
        if (code >= 0) {
          account.orders.set(slot, { ...order, id: code, price, leaves: market.book.leavesLots });
        }
        const flat = shrinks ? [] : this.walk(i, a, order.side, 0);
        this.outcome(a, i, slot, code, price);
        this.flush(flat);
        code = 0;
      }
    }
    if (code !== 0) return this.report(ReportKind.rejected, a, i, slot, 0, code, price);
    this.drain();
  }

  index(time: number, i: number, price: number): void {
    this.now = time;
    const market = this.markets[i];
    market.index = Math.max(1, Math.min(market.spec.ticksMax - 1, price));
    this.row(EventKind.index, i, -1, 0, market.index, 0, 0, 0n, 0n, 0n, 0);
    if (this.halted) return;
    this.moveBand(market);
    this.remark(i, -1, 0);
    this.fire(i, 2, market.index);
    this.detect(i, []);
    this.drain();
  }

  timed(time: number): void {
    this.now = time;
    this.markets.forEach((market, i) => {
      for (;;) {
        const due = Math.min(market.mark.next, market.funding.nextSample, market.funding.next);
        if (due > time) break;
        if (market.mark.next === due) {
          market.mark.sample(market.book.bestBid(), market.book.bestAsk(), market.index);
        }
        if (market.funding.nextSample === due) {
          const impact = market.funding.impactNotional;
          market.funding.sample(
            impactPrice(market.spec, market.book, 0, impact),
            impactPrice(market.spec, market.book, 1, impact),
            market.index,
          );
        }
        if (market.funding.next === due) this.settleFunding(i);
      }
      if (!this.halted) this.remark(i, -1, 0);
      this.detect(i, []);
    });
    this.drain();
  }

  nextTimedMicros(): number {
    let next = this.halted || this.queue.length === 0 ? Infinity : this.queue[0].due;
    for (const { mark, funding } of this.markets) {
      next = Math.min(next, mark.next, funding.nextSample, funding.next);
    }
    return next;
  }

  halt(time: number, reason: number): void {
    this.now = time;
    if (this.halted) return;
    this.halted = true;
    this.row(EventKind.halt, 0, -1, reason, 0, 0, 0, 0n, 0n, 0n, 0);
    this.reports.push([ReportKind.halted, time, -1, -1, -1, 0, 0, 0]);
  }

  resume(time: number): void {
    this.now = time;
    if (!this.halted) return;
    this.halted = false;
    this.row(EventKind.resume, 0, -1, 0, 0, 0, 0, 0n, 0n, 0n, 0);
    this.reports.push([ReportKind.resumed, time, -1, -1, -1, 0, 0, 0]);
    this.markets.forEach((market, i) => {
      this.moveBand(market);
      this.remark(i, -1, 0);
      this.fire(i, 2, market.index);
      this.detect(i, []);
    });
    this.drain();
  }

  // ---- margin ----

  /** Equity less maintenance margin, with instrument i's mark at `mark`. */
  slack(account: Account, i: number, mark: number): bigint {
    const at = (k: number) => (k === i ? mark : this.markets[k].markTicks);
    const part = (k: number) => {
      const { size, cost } = account.positions[k];
      if (size === 0) return 0n;
      const spec = this.markets[k].spec;
      const value = valueOf(spec, size, at(k));
      return value - cost - maintenance(spec, spec.margin.basis === 'entry' ? abs(cost) : abs(value), size);
    };
    if (account.isolated) {
      return account.positions[i].size === 0 ? this.free(account) : account.positions[i].margin + part(i);
    }
    return account.wallet + this.markets.reduce((sum, _, k) => sum + part(k), 0n);
  }

  inBreach(account: Account, i: number): boolean {
    return this.slack(account, i, this.markets[i].markTicks) < 0n;
  }

  free(account: Account): bigint {
    return account.positions.reduce((free, position) => free - position.margin, account.wallet);
  }

  /** Signed value of a position less its cost, at the mark. */
  private profit(account: Account, i: number): bigint {
    const { size, cost } = account.positions[i];
    return valueOf(this.markets[i].spec, size, this.markets[i].markTicks) - cost;
  }

  private equity(account: Account, i: number): bigint {
    if (account.isolated) return account.positions[i].margin + this.profit(account, i);
    return this.markets.reduce((sum, _, k) => sum + this.profit(account, k), account.wallet);
  }

  private openValue(account: Account, i: number, side: number): bigint {
    let sum = 0n;
    for (const order of account.orders.values()) {
      const counts = order.state === 'resting' && (order.flags & REDUCE_ONLY) === 0;
      if (counts && order.instrument === i && order.side === side) {
        sum += abs(valueOf(this.markets[i].spec, order.leaves, order.price));
      }
    }
    return sum;
  }

  private exposure(account: Account, i: number, moreBids: bigint, moreAsks: bigint): bigint {
    const { size } = account.positions[i];
    const notional = abs(valueOf(this.markets[i].spec, size, this.markets[i].markTicks));
    const signed = size < 0 ? -notional : notional;
    const long = signed + this.openValue(account, i, 0) + moreBids;
    const short = this.openValue(account, i, 1) + moreAsks - signed;
    return long > short ? long : short;
  }

  private admit(
    a: number, i: number, side: number, isMarket: boolean, priceTicks: number, size: number, flags: number,
  ): number {
    const account = this.accounts[a];
    const market = this.markets[i];
    const { spec } = market;
    const position = account.positions[i];
    if (!isMarket && !this.priceOk(market, priceTicks)) return Reject.Price;
    if ((flags & REDUCE_ONLY) !== 0) {
      return (side === 0 ? -position.size : position.size) <= 0 ? Reject.ReduceOnly : 0;
    }
    const openInterest = this.accounts.reduce((sum, one) => sum + Math.max(0, one.positions[i].size), 0);
    if (openInterest + size > SIZE_MAX) return Reject.OpenInterest;
    let price = priceTicks;
    if (isMarket) {
      const best = side === 0 ? market.book.bestAsk() : market.book.bestBid();
      if (best < 0) price = market.markTicks;
      else price = side === 0 ? Math.max(best, market.markTicks) : Math.min(best, market.markTicks);
    }
    const order = abs(valueOf(spec, size, price));
    const before = this.exposure(account, i, 0n, 0n);
    const after = this.exposure(account, i, side === 0 ? order : 0n, side === 1 ? order : 0n);
    if (after <= before) return 0;
    let needed = initial(spec, after, Math.abs(position.size) + size, position.rate);
    if (spec.fees.takerPpm > 0) needed += fee(order, spec.fees.takerPpm);
    const bought = side === 0 ? size : -size;
    const loss = valueOf(spec, bought, price) - valueOf(spec, bought, market.markTicks);
    if (loss > 0n) needed += loss;
    const own = (k: number) => {
      const { size: held, rate } = account.positions[k];
      const one = this.markets[k];
      return initial(one.spec, abs(valueOf(one.spec, held, one.markTicks)), held, rate);
    };
    const full = (k: number) => {
      const { size: held, rate } = account.positions[k];
      return initial(this.markets[k].spec, this.exposure(account, k, 0n, 0n), held, rate);
    };
    let available: bigint;
    if (account.isolated) {
      available = this.free(account);
      needed -= own(i);
      this.markets.forEach((_, k) => {
        if (k !== i) needed += full(k) - own(k);
      });
    } else {
      available = account.wallet;
      this.markets.forEach((one, k) => {
        const profit = this.profit(account, k);
        if (profit < 0n || one.spec.margin.unrealisedProfitCounts === true) available += profit;
        if (k !== i) needed += full(k);
      });
    }
    return available >= needed ? 0 : Reject.InsufficientMargin;
  }

  // ---- orders ----

  private priceOk(market: Market, price: number): boolean {
    return Number.isInteger(price) && price > 0 && price < market.spec.ticksMax;
  }

  private place(
    a: number, i: number, slot: number, side: number, isMarket: boolean, price: number, size: number,
    tif: number, flags: number,
  ): void {
    const refused = this.admit(a, i, side, isMarket, price, size, flags);
    if (refused !== 0) return this.report(ReportKind.rejected, a, i, slot, 0, refused, price);
    const limit = isMarket && price <= 0 && side === 0 ? SIZE_MAX : price;
    const { code, flat } = this.execute(a, i, slot, side, isMarket, limit, size, tif, flags, 0);
    this.outcome(a, i, slot, code, price);
    this.flush(flat);
  }

  private execute(
    a: number, i: number, slot: number, side: number, isMarket: boolean, price: number, size: number,
    tif: number, flags: number, cause: number,
  ): { code: number; flat: [number, number][] } {
    const book = this.markets[i].book;
    const tag = slot < 0 ? -1 : a * SLOT_SPACE + slot;
    const code = isMarket
      ? book.market(side, size, price, flags, a, tag)
      : book.limit(side, price, size, tif, flags, a, tag);
    if (code >= 0 && slot >= 0) {
      this.accounts[a].orders.set(slot, {
        instrument: i, state: 'resting', id: code, side, price, leaves: book.leavesLots, flags,
      });
    }
    return { code, flat: this.walk(i, a, side, cause) };
  }

  private outcome(a: number, i: number, slot: number, code: number, price: number): void {
    const book = this.markets[i].book;
    const { filledLots: filled, leavesLots: leaves } = book;
    if (filled > 0) {
      this.report(ReportKind.filled, a, i, slot, filled, code >= 0 ? leaves : 0, this.lastFill);
    }
    if (code >= 0) this.report(ReportKind.accepted, a, i, slot, filled, leaves, price);
    else if (code < -1) this.report(ReportKind.rejected, a, i, slot, 0, code, price);
    else {
      const trims = book.events.filter((e) => e.kind === TapeKind.reduceOnlyTrim && e.makerId < 0);
      const trimmed = trims.reduce((sum, e) => sum + e.sizeLots, 0);
      if (trimmed + leaves > 0) {
        this.report(ReportKind.cancelled, a, i, slot, filled, trimmed + leaves, price);
      }
    }
  }

  private enter(
    a: number, i: number, slot: number, side: number, kind: number, price: number, size: number,
    flags: number, trigger: number, source: number,
  ): void {
    const market = this.markets[i];
    const buys = side === 0;
    const rises = kind === OrderKind.takeProfitMarket ? !buys : buys;
    const present = [market.last, market.markTicks, market.index][source];
    const limit = kind === OrderKind.stopLimit;
    let code: number;
    if (!this.priceOk(market, trigger)) code = Reject.Price;
    else if (rises ? present >= trigger : present <= trigger) code = Reject.WouldTrigger;
    else {
      code = market.triggers.add({
        source, direction: rises ? 1 : -1, triggerTicks: trigger, orderKind: limit ? 1 : 0, side,
        limitTicks: price, sizeLots: size, flags, account: a, tag: a * SLOT_SPACE + slot,
      });
    }
    if (code < 0) return this.report(ReportKind.rejected, a, i, slot, 0, code, price);
    this.accounts[a].orders.set(slot, {
      instrument: i, state: 'waiting', id: code, side, price: trigger, leaves: size, flags,
    });
    this.report(ReportKind.accepted, a, i, slot, 0, size, price);
  }

  private cancelOrder(a: number, slot: number): void {
    const account = this.accounts[a];
    const order = account.orders.get(slot)!;
    const market = this.markets[order.instrument];
    if (order.state === 'resting') market.book.cancel(order.id);
    if (order.state === 'waiting') market.triggers.cancel(order.id);
    account.orders.delete(slot);
    const gone = order.state === 'fired';
    this.report(
      ReportKind.cancelled, a, order.instrument, slot, 0, gone ? 0 : order.leaves, gone ? 0 : order.price,
    );
  }

  private cancelOrders(a: number, i: number, reduceOnlyOnly: boolean): number {
    const slots = [...this.accounts[a].orders.keys()].sort((x, y) => x - y);
    let count = 0;
    for (const slot of slots) {
      const order = this.accounts[a].orders.get(slot)!;
      if (i >= 0 && order.instrument !== i) continue;
      if (reduceOnlyOnly && (order.flags & REDUCE_ONLY) === 0) continue;
      this.cancelOrder(a, slot);
      count++;
    }
    return count;
  }

  /** Cancels reduce-only orders of positions that became flat. */
  private flush(flat: [number, number][]): void {
    for (const [a, i] of flat) {
      if (a < this.accounts.length - 1 && this.accounts[a].positions[i].size === 0) {
        this.cancelOrders(a, i, true);
      }
    }
  }

  // ---- settlement ----

  private walk(i: number, a: number, side: number, cause: number): [number, number][] {
    const market = this.markets[i];
    const flat: [number, number][] = [];
    for (const event of [...market.book.events]) {
      const { kind, makerId: id, makerAccount: maker, makerTag: tag } = event;
      const { priceTicks: price, sizeLots: lots, makerLeavesLots: leaves } = event;
      const order = tag >= 0 ? this.accounts[maker].orders.get(tag % SLOT_SPACE) : undefined;
      const slot = tag % SLOT_SPACE;
      if (kind !== TapeKind.fill) {
        if (id < 0 || order === undefined) continue;
        if (kind === TapeKind.selfTradeCancel && leaves !== 0) continue;
        order.leaves = leaves;
        if (leaves !== 0) continue;
        this.accounts[maker].orders.delete(slot);
        this.report(ReportKind.cancelled, maker, i, slot, 0, lots, price);
        continue;
      }
      if (order !== undefined) {
        order.leaves = leaves;
        if (leaves === 0) this.accounts[maker].orders.delete(slot);
      }
      this.settle(i, a, maker, side === 0 ? lots : -lots, price, cause);
      if (this.accounts[a].positions[i].size === 0) flat.push([a, i]);
      if (this.accounts[maker].positions[i].size === 0) flat.push([maker, i]);
      if (tag >= 0) this.report(ReportKind.fillMaker, maker, i, slot, lots, leaves, price);
    }
    return flat;
  }

  private settle(i: number, a: number, maker: number, lots: number, price: number, cause: number): void {
    const market = this.markets[i];
    const { fees } = market.spec;
    const desk = this.accounts.length - 1;
    const value = valueOf(market.spec, lots, price);
    const liquidationFee = cause !== 0 && a !== desk ? fee(abs(value), fees.liquidationPpm) : 0n;
    const takerFee = (a === desk ? 0n : fee(abs(value), fees.takerPpm)) + liquidationFee;
    const makerFee = maker === desk ? 0n : fee(abs(value), fees.makerPpm);
    this.fill(this.accounts[a], i, lots, value, price, takerFee);
    this.fill(this.accounts[maker], i, -lots, -value, price, makerFee);
    this.fees += takerFee + makerFee;
    market.last = price;
    this.lastFill = price;
    this.trades++;
    this.row(EventKind.trade, i, a, maker, price, lots, cause, value, takerFee, makerFee, this.trades);
    if (liquidationFee !== 0n) {
      this.fees -= liquidationFee;
      this.payFund(i, liquidationFee, FundReason.liquidationFee, -1, cause);
    }
    if (a === desk || maker === desk) this.settleDesk(i, cause);
    this.fire(i, 0, price);
    if (['last', 'medianOfThree'].includes(market.spec.mark.kind)) this.remark(i, a, cause);
    this.detect(i, [this.accounts[a], this.accounts[maker]]);
  }

  private fill(account: Account, i: number, lots: number, value: bigint, price: number, paid: bigint): void {
    const position = account.positions[i];
    const before = position.size;
    const crosses = before * lots < 0 && Math.abs(lots) > Math.abs(before);
    const closing = crosses ? valueOf(this.markets[i].spec, -before, price) : value;
    this.post(account, i, lots, value, closing);
    account.wallet -= paid;
    if (crosses) this.setAside(account, i, abs(value - closing));
    else if (before * lots >= 0) this.setAside(account, i, abs(value));
    this.settleMargin(account, i);
  }

  /** Books lots and value; returns the profit realised. */
  private post(account: Account, i: number, lots: number, value: bigint, closing: bigint): bigint {
    const position = account.positions[i];
    const before = position.size;
    position.size += lots;
    if (before * lots >= 0) {
      position.cost += value;
      return 0n;
    }
    let realised: bigint;
    if (Math.abs(lots) > Math.abs(before)) {
      realised = -closing - position.cost;
      position.cost = value - closing;
      position.margin = 0n;
    } else {
      const part = BigInt(Math.abs(lots));
      const whole = BigInt(Math.abs(before));
      const released = floorDiv(position.cost * part, whole);
      realised = -value - released;
      position.cost -= released;
      position.margin -= floorDiv(position.margin * part, whole);
    }
    account.wallet += realised;
    return realised;
  }

  private setAside(account: Account, i: number, notional: bigint): void {
    if (!account.isolated) return;
    const position = account.positions[i];
    position.margin += initial(this.markets[i].spec, notional, position.size, position.rate);
  }

  private settleMargin(account: Account, i: number): void {
    if (!account.isolated || account.positions[i].size === 0) return;
    const free = this.free(account);
    if (free < 0n) account.positions[i].margin += free;
  }

  // ---- marks, triggers, breaches ----

  private moveBand(market: Market): void {
    const { band, ticksMax } = market.spec;
    if (band === null) return;
    const low = Math.ceil((market.index * (1_000_000 - band.widthPpm)) / 1_000_000);
    const high = Math.floor((market.index * (1_000_000 + band.widthPpm)) / 1_000_000);
    market.low = Math.min(Math.max(1, low), ticksMax - 1);
    market.high = Math.max(1, Math.min(ticksMax - 1, high));
    market.book.setBand(market.low, market.high);
  }

  private remark(i: number, a: number, cause: number): void {
    const market = this.markets[i];
    const price = market.mark.price(market.index, market.last, market.funding, this.now);
    const mark = Math.max(1, Math.min(market.spec.ticksMax - 1, price));
    if (mark === market.markTicks) return;
    market.markTicks = mark;
    this.row(EventKind.mark, i, a, 0, mark, 0, cause, 0n, 0n, 0n, 0);
    this.fire(i, 1, mark);
  }

  private fire(i: number, source: number, price: number): void {
    for (const trigger of this.markets[i].triggers.fire(source, price)) {
      this.accounts[trigger.account].orders.get(trigger.tag % SLOT_SPACE)!.state = 'fired';
      this.fired.push({ market: i, trigger });
    }
  }

  /** Scans everybody and queues who is in breach. */
  private detect(i: number, touched: Account[]): void {
    const mark = this.markets[i].markTicks;
    const found: { account: Account; a: number; depth: number; hash: number }[] = [];
    this.accounts.slice(0, -1).forEach((account, a) => {
      const scope = account.isolated ? i : 0;
      if (account.queued.has(scope) || !this.inBreach(account, i)) return;
      // A flat isolated position is only looked at when its account just traded.
      const flat = account.positions[i].size === 0;
      if (account.isolated && flat && !touched.includes(account)) return;
      found.push({ account, a, depth: 0, hash: mix32(this.spec.seed, account.key, account.ordinal) });
    });
    if (found.length > 1) {
      for (const one of found) {
        const size = one.account.positions[i].size;
        const ticksMax = this.markets[i].spec.ticksMax;
        if (size === 0) {
          one.depth = ticksMax;
          continue;
        }
        let threshold = mark;
        const step = Math.sign(size);
        while (threshold + step > 0 && threshold + step < ticksMax) {
          if (this.slack(one.account, i, threshold + step) >= 0n) break;
          threshold += step;
        }
        one.depth = Math.abs(threshold - mark);
      }
    }
    found.sort((x, y) => y.depth - x.depth || x.hash - y.hash || x.a - y.a);
    for (const { account } of found) {
      account.queued.add(account.isolated ? i : 0);
      this.queue.push({ account, instrument: i, due: this.now + (this.spec.liquidation.delayMicros ?? 0) });
    }
  }

  private drain(): void {
    if (this.halted) return;
    for (;;) {
      this.checkDesk();
      if (this.queue.length > 0 && this.queue[0].due <= this.now) {
        const { account, instrument } = this.queue.shift()!;
        this.liquidate(account, instrument);
      } else if (this.fired.length > 0) this.placeFired();
      else return;
    }
  }

  private placeFired(): void {
    const { market: i, trigger } = this.fired.shift()!;
    const { account: a, side, sizeLots, flags } = trigger;
    const slot = trigger.tag % SLOT_SPACE;
    if (this.accounts[a].orders.get(slot)?.state !== 'fired') return;
    this.accounts[a].orders.delete(slot);
    this.report(ReportKind.triggered, a, i, slot, 0, sizeLots, trigger.triggerTicks);
    this.place(a, i, slot, side, trigger.orderKind === 0, trigger.limitTicks, sizeLots, 0, flags);
  }

  // ---- liquidation ----

  private liquidate(account: Account, i: number): void {
    const a = this.accounts.indexOf(account);
    const scope = account.isolated ? [i] : this.markets.map((_, k) => k);
    const flat: [number, number][] = [];
    if (this.inBreach(account, i)) {
      if (scope.some((k) => account.positions[k].size !== 0)) this.close(account, a, i, scope, flat);
      this.coverInsolvency(account, a, i, scope);
    }
    account.queued.delete(account.isolated ? i : 0);
    this.detect(i, [account]);
    this.flush(flat);
  }

  private close(account: Account, a: number, i: number, scope: number[], flat: [number, number][]): void {
    const id = ++this.liquidations;
    account.ordinal++;
    const cancelled = this.cancelOrders(a, account.isolated ? i : -1, false);
    if (cancelled > 0) this.row(EventKind.cancelAll, i, a, 0, 0, cancelled, id, 0n, 0n, 0n, 0);
    const given = new Set<number>();
    while (this.inBreach(account, i)) {
      const candidates = scope.filter((k) => account.positions[k].size !== 0 && !given.has(k));
      if (candidates.length === 0) break;
      const margins = candidates.map((k) => this.maintenanceOf(account, k));
      const most = margins.reduce((x, y) => (x > y ? x : y));
      const k = candidates[margins.indexOf(most)];
      if (!this.reduce(account, a, k, id, flat)) given.add(k);
    }
    if (this.inBreach(account, i)) this.takeOver(account, a, scope, id, flat);
  }

  private maintenanceOf(account: Account, k: number): bigint {
    return maintenance(this.markets[k].spec, this.basis(account, k), account.positions[k].size);
  }

  /** What margin and brackets are measured by. */
  private basis(account: Account, k: number): bigint {
    const { spec, markTicks } = this.markets[k];
    const { size, cost } = account.positions[k];
    return spec.margin.basis === 'entry' ? abs(cost) : abs(valueOf(spec, size, markTicks));
  }

  private reduce(account: Account, a: number, k: number, id: number, flat: [number, number][]): boolean {
    const market = this.markets[k];
    const { spec } = market;
    const { liquidation } = this.spec;
    const size = account.positions[k].size;
    const value = valueOf(spec, size, market.markTicks);
    const whole = liquidation.kind === 'wholeAtMarket';
    let lots = Math.abs(size);
    if (!whole) {
      const basis = this.basis(account, k);
      const tier = tierOf(spec, basis, size);
      if (tier === 0) return false;
      const { floorLots, floorQuanta } = spec.margin.tiers[tier];
      if (floorLots !== undefined) lots -= floorLots;
      else if (spec.margin.basis === 'entry') lots -= Number((BigInt(lots) * BigInt(floorQuanta!)) / basis);
      else lots -= lotsWithin(spec, size, market.markTicks, BigInt(floorQuanta!));
      if (lots <= 0) return false;
    }
    const equity = this.equity(account, k);
    const signed = size > 0 ? lots : -lots;
    this.stage(account, a, k, whole ? 3 : 1, signed, id, equity, value - equity);
    let price = size > 0 ? 0 : SIZE_MAX;
    if (!whole) price = this.banded(market, worstPrice(spec, size, value - equity));
    const tif = !whole && liquidation.order !== 'ioc' ? 2 : 1;
    const side = size > 0 ? 1 : 0;
    flat.push(...this.execute(a, k, -1, side, whole, price, lots, tif, 0, id).flat);
    const change = account.positions[k].size - size;
    if (change !== 0) {
      this.report(ReportKind.liquidated, a, k, -1, change, account.positions[k].size, market.last);
    }
    return change === -signed;
  }

  private stage(
    account: Account, a: number, k: number, stage: number, signed: number, id: number, equity: bigint,
    bankrupt: bigint,
  ): void {
    const { spec, markTicks } = this.markets[k];
    const size = account.positions[k].size;
    const quote = quoteOf(spec, signed, markTicks);
    let price: number;
    if (spec.contract.kind === 'linear') {
      price = Number(bankrupt) / (size * spec.contract.multiplier);
      if (!(price > 0)) price = 0;
    } else {
      price = -(size * spec.contract.multiplier) / Number(bankrupt);
      if (!(price > 0)) price = Infinity;
    }
    this.row(
      EventKind.liquidation, k, a, stage, markTicks, signed, id, equity, this.maintenanceOf(account, k),
      Math.min(price, spec.ticksMax), quote,
    );
  }

  private takeOver(account: Account, a: number, scope: number[], id: number, flat: [number, number][]): void {
    const held = scope.filter((k) => account.positions[k].size !== 0);
    if (held.length === 0) return;
    const value = (k: number) =>
      valueOf(this.markets[k].spec, account.positions[k].size, this.markets[k].markTicks);
    const total = held.reduce((sum, k) => sum + abs(value(k)), 0n);
    const equity = this.equity(account, held[held.length - 1]);
    let left = equity;
    for (const k of held) {
      const last = k === held[held.length - 1];
      const share = last || total === 0n ? left : (equity * abs(value(k))) / total;
      left -= share;
      const position = account.positions[k];
      const wallet = account.isolated ? position.margin : share - (value(k) - position.cost);
      this.transfer(account, a, k, wallet, id, share, flat);
    }
  }

  private transfer(
    account: Account, a: number, k: number, wallet: bigint, id: number, equity: bigint,
    flat: [number, number][],
  ): void {
    const desk = this.accounts.length - 1;
    const market = this.markets[k];
    const position = account.positions[k];
    const { size, cost } = position;
    const bankrupt = cost - wallet;
    this.stage(account, a, k, 2, size, id, equity, bankrupt);
    this.row(EventKind.takeover, k, a, desk, market.markTicks, size, id, cost, wallet, 0n, 0);
    position.size = 0;
    position.cost = 0n;
    position.margin = 0n;
    account.wallet -= wallet;
    flat.push([a, k]);
    const before = this.desk.positions[k].size;
    if (before * size < 0) this.cancelDesk(market);
    const crosses = before * size < 0 && Math.abs(size) > Math.abs(before);
    const closing = crosses ? (bankrupt * BigInt(Math.abs(before))) / BigInt(Math.abs(size)) : bankrupt;
    this.post(this.desk, k, size, bankrupt, closing);
    market.deskCause = id;
    this.settleDesk(k, id);
    this.report(ReportKind.liquidated, a, k, -1, -size, 0, market.markTicks);
    const now = this.desk.positions[k].size;
    if (now * size <= 0) return;
    const lots = Math.min(Math.abs(size), Math.abs(now));
    const price = this.banded(market, worstPrice(market.spec, size, bankrupt));
    const sent = this.execute(desk, k, -1, size > 0 ? 1 : 0, false, price, lots, 0, REDUCE_ONLY, id);
    flat.push(...sent.flat);
    if (sent.code >= 0) market.deskOrders.push(sent.code);
    if (this.desk.positions[k].size === 0) this.cancelDesk(market);
  }

  private banded(market: Market, price: number): number {
    return Math.max(market.low, Math.min(market.high, price));
  }

  private cancelDesk(market: Market): void {
    for (const id of market.deskOrders) market.book.cancel(id);
    market.deskOrders = [];
  }

  private coverInsolvency(account: Account, a: number, i: number, scope: number[]): void {
    if (scope.some((k) => account.positions[k].size !== 0)) return;
    const free = account.isolated ? this.free(account) : account.wallet;
    if (free >= 0n) return;
    this.row(EventKind.insolvency, i, a, 0, 0, 0, 0, -free, 0n, 0n, 0);
    account.wallet -= free;
    this.absorb(i, -free, FundReason.insolvency, a, 0);
  }

  private settleDesk(k: number, cause: number): void {
    const desk = this.accounts.length - 1;
    const { wallet } = this.desk;
    this.desk.wallet = 0n;
    if (wallet > 0n) this.payFund(k, wallet, FundReason.desk, desk, cause);
    if (wallet < 0n) this.absorb(k, -wallet, FundReason.desk, desk, cause);
  }

  private payFund(i: number, quanta: bigint, reason: number, a: number, cause: number): void {
    this.fund += quanta;
    this.row(EventKind.fund, i, a, reason, 0, 0, cause, quanta, 0n, 0n, Number(this.fund));
  }

  private absorb(i: number, loss: bigint, reason: number, a: number, cause: number): void {
    const covers = this.spec.waterfall.includes('insuranceFund');
    const part = !covers ? 0n : loss < this.fund ? loss : this.fund;
    if (part > 0n) this.payFund(i, -part, reason, a, cause);
    if (loss === part) return;
    this.deficit += loss - part;
    this.row(EventKind.badDebt, i, a, reason, 0, 0, cause, loss - part, 0n, 0n, Number(this.deficit));
  }

  // ---- auto-deleveraging ----

  private checkDesk(): void {
    const { waterfall } = this.spec;
    if (!waterfall.includes('autoDeleverage')) return;
    for (;;) {
      const profits = this.markets.map((_, k) => this.profit(this.desk, k));
      const total = profits.reduce((x, y) => x + y, 0n);
      const fund = waterfall.indexOf('insuranceFund');
      const first = fund >= 0 && fund < waterfall.indexOf('autoDeleverage');
      const must = total < 0n && (!first || this.fund + total < 0n);
      const worst = profits.reduce((x, y) => (x < y ? x : y));
      if (!must || worst >= 0n) return;
      this.deleverage(profits.indexOf(worst));
    }
  }

  private deleverage(k: number): void {
    const market = this.markets[k];
    const desk = this.accounts.length - 1;
    this.cancelDesk(market);
    const sign = Math.sign(this.desk.positions[k].size);
    const ranked = this.accounts
      .map((account, a) => ({ account, a }))
      .filter(({ account, a }) => a !== desk && account.positions[k].size * sign < 0)
      .map((one) => ({ ...one, score: this.score(one.account, k), tie: mix32(this.spec.seed, one.account.key, 1) }));
    ranked.sort((x, y) => (x.score !== y.score ? (x.score > y.score ? -1 : 1) : x.tie - y.tie || x.a - y.a));
    const flat: [number, number][] = [];
    const touched: Account[] = [];
    for (const { account, a } of ranked) {
      const left = Math.abs(this.desk.positions[k].size);
      if (left === 0) break;
      const lots = Math.min(left, Math.abs(account.positions[k].size));
      const released = floorDiv(this.desk.positions[k].cost * BigInt(lots), BigInt(left));
      this.post(this.desk, k, -sign * lots, -released, -released);
      const realised = this.post(account, k, sign * lots, released, released);
      this.settleMargin(account, k);
      const { spec } = market;
      const raw =
        spec.contract.kind === 'linear'
          ? Number(released) / (sign * lots * spec.contract.multiplier)
          : -(sign * lots * spec.contract.multiplier) / Number(released);
      const price = raw > 0 ? raw : spec.contract.kind === 'linear' ? 0 : Infinity;
      const ticks = Math.max(1, Math.min(spec.ticksMax - 1, Math.floor(price + 0.5)));
      this.row(
        EventKind.autoDeleverage, k, a, desk, ticks, sign * lots, market.deskCause, released, realised, 0n,
        quoteOf(spec, lots, market.markTicks),
      );
      if (account.positions[k].size === 0) flat.push([a, k]);
      this.report(ReportKind.deleveraged, a, k, -1, sign * lots, account.positions[k].size, ticks);
      touched.push(account);
    }
    this.detect(k, touched);
    this.flush(flat);
  }

  /** BitMEX's score: profit x leverage in profit, profit / leverage in loss. */
  private score(account: Account, k: number): number {
    const value = Number(valueOf(this.markets[k].spec, account.positions[k].size, this.markets[k].markTicks));
    const cost = Number(account.positions[k].cost);
    const equity = Number(this.equity(account, k));
    const profit = (value - cost) / Math.abs(cost);
    const leverage = Math.abs(value) / equity;
    const score = profit > 0 ? profit * leverage : profit / leverage;
    return Number.isNaN(score) ? 0 : score;
  }

  // ---- funding ----

  private settleFunding(i: number): void {
    const market = this.markets[i];
    const rate = market.funding.settle();
    let total = 0n;
    const touched: Account[] = [];
    this.accounts.slice(0, -1).forEach((account, a) => {
      const { size } = account.positions[i];
      if (rate === 0 || size === 0) return;
      const notional = abs(valueOf(market.spec, size, market.markTicks));
      const pays = -floorDiv(-(size < 0 ? -notional : notional) * BigInt(rate), 100_000_000n);
      account.wallet -= pays;
      this.settleMargin(account, i);
      total += pays;
      this.row(EventKind.funding, i, a, 0, market.markTicks, size, 0, pays, 0n, 0n, 0);
      this.report(ReportKind.funding, a, i, -1, 0, 0, market.markTicks);
      touched.push(account);
    });
    this.row(EventKind.funding, i, -1, 0, market.markTicks, 0, 0, total, 0n, 0n, rate / 1e8);
    if (total > 0n) this.payFund(i, total, FundReason.funding, -1, 0);
    if (total < 0n) this.absorb(i, -total, FundReason.funding, -1, 0);
    this.detect(i, touched);
  }

  // ---- output ----

  private row(
    kind: number, i: number, a: number, other: number, price: number, size: number, cause: number,
    value: bigint, feeA: bigint, feeB: bigint | number, extra: number,
  ): void {
    this.rows.push([
      kind + 256 * i, this.now, a, other, price, size, cause, Number(value), Number(feeA), Number(feeB), extra,
    ]);
  }

  private report(
    kind: number, a: number, i: number, slot: number, filled: number, leaves: number, price: number,
  ): void {
    this.reports.push([kind, this.now, a, i, slot, filled, leaves, price]);
  }
}
