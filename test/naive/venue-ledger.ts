/** Accounts and money of the naive venue. */
import { EventKind, FundReason } from '../../sim/trace/index.js';
import type { InstrumentSpec, VenueSpec } from '../../sim/venue/index.js';
import { NaiveTriggerBook, type NaiveTrigger } from './book-triggers.js';
import { NaiveOrderBook } from './order-book.js';
import { NaiveFunding, NaiveMark } from './venue-policies.js';
import { abs, floorDiv, initial, maintenance, valueAt } from './venue-money.js';

/** A position of an account. */
export interface Position {
  size: number;
  cost: bigint;
  margin: bigint;
  rate: number;
}

/** What a client slot holds. */
export interface ClientOrder {
  instrument: number;
  state: 'resting' | 'waiting' | 'fired';
  id: number;
  side: number;
  price: number;
  leaves: number;
  flags: number;
}

/** An account, its positions and its orders by slot. */
export interface Account {
  wallet: bigint;
  isolated: boolean;
  key: number;
  ordinal: number;
  positions: Position[];
  orders: Map<number, ClientOrder>;
  queued: Set<number>;
}

/** An instrument. */
export interface Market {
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

/** The accounts of a naive venue. */
export interface NaiveAccounts {
  count: number;
  slots: number;
  keys: number[];
  isolated: boolean[];
}

/** Wallets, positions, pots and what is logged. */
export class NaiveLedger {
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
  protected readonly spec: VenueSpec;
  protected readonly slots: number;
  protected readonly queue: { account: Account; instrument: number; due: number }[] = [];
  protected readonly fired: { market: number; trigger: NaiveTrigger }[] = [];
  protected lastFill = -1;

  constructor(spec: VenueSpec, accounts: NaiveAccounts) {
    this.spec = spec;
    this.slots = accounts.slots;
    this.fund = BigInt(spec.insuranceFundQuanta);
    const make = (key: number, isolated: boolean): Account => ({
      wallet: 0n,
      isolated,
      key,
      ordinal: 0,
      orders: new Map(),
      queued: new Set(),
      positions: spec.instruments.map((one) => ({
        size: 0,
        cost: 0n,
        margin: 0n,
        rate: Math.ceil(1_000_000 / one.leverageMax),
      })),
    });
    for (let a = 0; a < accounts.count; a++)
      this.accounts.push(make(accounts.keys[a], accounts.isolated[a]));
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
          ticksLimit: one.ticksMax,
          selfTrade: one.selfTrade,
          reduceOnly: guard,
        }),
        triggers: new NaiveTriggerBook(one.ticksMax),
        mark: new NaiveMark(one.mark),
        funding: new NaiveFunding(one.funding),
        index: one.startTicks,
        last: one.startTicks,
        markTicks: one.startTicks,
        low: 1,
        high: one.ticksMax - 1,
        deskOrders: [],
        deskCause: 0,
      };
      this.markets.push(market);
      this.moveBand(market);
    });
    this.row(EventKind.fund, 0, -1, 0, 0, 0, 0, this.fund, 0n, 0n, Number(this.fund));
  }

  /** Equity less maintenance margin, with instrument i's mark at `mark`. */
  slack(account: Account, i: number, mark: number): bigint {
    const at = (k: number) => (k === i ? mark : this.markets[k].markTicks);
    const part = (k: number) => {
      const { size, cost } = account.positions[k];
      if (size === 0) return 0n;
      const spec = this.markets[k].spec;
      const value = valueAt(spec, size, at(k));
      return (
        value -
        cost -
        maintenance(spec, spec.margin.basis === 'entry' ? abs(cost) : abs(value), size)
      );
    };
    if (account.isolated) {
      return account.positions[i].size === 0
        ? this.free(account)
        : account.positions[i].margin + part(i);
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
  protected profit(account: Account, i: number): bigint {
    const { size, cost } = account.positions[i];
    return valueAt(this.markets[i].spec, size, this.markets[i].markTicks) - cost;
  }

  protected equity(account: Account, i: number): bigint {
    if (account.isolated) return account.positions[i].margin + this.profit(account, i);
    return this.markets.reduce((sum, _, k) => sum + this.profit(account, k), account.wallet);
  }

  protected maintenanceOf(account: Account, k: number): bigint {
    return maintenance(this.markets[k].spec, this.basis(account, k), account.positions[k].size);
  }

  /** What margin and brackets are measured by. */
  protected basis(account: Account, k: number): bigint {
    const { spec, markTicks } = this.markets[k];
    const { size, cost } = account.positions[k];
    return spec.margin.basis === 'entry' ? abs(cost) : abs(valueAt(spec, size, markTicks));
  }

  /** Books lots and value; returns the profit realised. */
  protected post(
    account: Account,
    i: number,
    lots: number,
    value: bigint,
    closing: bigint,
  ): bigint {
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

  protected setAside(account: Account, i: number, notional: bigint): void {
    if (!account.isolated) return;
    const position = account.positions[i];
    position.margin += initial(this.markets[i].spec, notional, position.size, position.rate);
  }

  protected settleMargin(account: Account, i: number): void {
    if (!account.isolated || account.positions[i].size === 0) return;
    const free = this.free(account);
    if (free < 0n) account.positions[i].margin += free;
  }

  protected settleDesk(k: number, cause: number): void {
    const desk = this.accounts.length - 1;
    const { wallet } = this.desk;
    this.desk.wallet = 0n;
    if (wallet > 0n) this.payFund(k, wallet, FundReason.desk, desk, cause);
    if (wallet < 0n) this.absorb(k, -wallet, FundReason.desk, desk, cause);
  }

  protected payFund(i: number, quanta: bigint, reason: number, a: number, cause: number): void {
    this.fund += quanta;
    this.row(EventKind.fund, i, a, reason, 0, 0, cause, quanta, 0n, 0n, Number(this.fund));
  }

  protected absorb(i: number, loss: bigint, reason: number, a: number, cause: number): void {
    const covers = this.spec.waterfall.includes('insuranceFund');
    const part = !covers ? 0n : loss < this.fund ? loss : this.fund;
    if (part > 0n) this.payFund(i, -part, reason, a, cause);
    if (loss === part) return;
    this.deficit += loss - part;
    this.row(
      EventKind.badDebt,
      i,
      a,
      reason,
      0,
      0,
      cause,
      loss - part,
      0n,
      0n,
      Number(this.deficit),
    );
  }

  protected priceOk(market: Market, price: number): boolean {
    return Number.isInteger(price) && price > 0 && price < market.spec.ticksMax;
  }

  protected moveBand(market: Market): void {
    const { band, ticksMax } = market.spec;
    if (band === null) return;
    const low = Math.ceil((market.index * (1_000_000 - band.widthPpm)) / 1_000_000);
    const high = Math.floor((market.index * (1_000_000 + band.widthPpm)) / 1_000_000);
    market.low = Math.min(Math.max(1, low), ticksMax - 1);
    market.high = Math.max(1, Math.min(ticksMax - 1, high));
    market.book.setBand(market.low, market.high);
  }

  protected row(
    kind: number,
    i: number,
    a: number,
    other: number,
    price: number,
    size: number,
    cause: number,
    value: bigint,
    feeA: bigint,
    feeB: bigint | number,
    extra: number,
  ): void {
    this.rows.push([
      kind + 256 * i,
      this.now,
      a,
      other,
      price,
      size,
      cause,
      Number(value),
      Number(feeA),
      Number(feeB),
      extra,
    ]);
  }

  protected report(
    kind: number,
    a: number,
    i: number,
    slot: number,
    filled: number,
    leaves: number,
    price: number,
  ): void {
    this.reports.push([kind, this.now, a, i, slot, filled, leaves, price]);
  }
}
