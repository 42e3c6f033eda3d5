/** Liquidation, the desk and deleveraging of the naive venue. */
import { mix32 } from '../../sim/kernel/index.js';
import { EventKind, FundReason } from '../../sim/trace/index.js';
import { ReportKind } from '../../sim/venue/index.js';
import { abs, floorDiv, lotsWithin, quoteOf, tierOf, valueAt, worstPrice } from './venue-money.js';
import type { Account, Market } from './venue-ledger.js';
import { NaiveMatching } from './venue-matching.js';

const REDUCE_ONLY = 2;
const SIZE_MAX = 0x7fffffff;

/** Closes accounts in breach. */
export class NaiveLiquidation extends NaiveMatching {
  protected liquidate(account: Account, i: number): void {
    const a = this.accounts.indexOf(account);
    const scope = account.isolated ? [i] : this.markets.map((_, k) => k);
    const flat: [number, number][] = [];
    if (this.inBreach(account, i)) {
      if (scope.some((k) => account.positions[k].size !== 0))
        this.close(account, a, i, scope, flat);
      this.coverInsolvency(account, a, i, scope);
    }
    account.queued.delete(account.isolated ? i : 0);
    this.detect(i, [account]);
    this.flush(flat);
  }

  protected close(
    account: Account,
    a: number,
    i: number,
    scope: number[],
    flat: [number, number][],
  ): void {
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

  protected reduce(
    account: Account,
    a: number,
    k: number,
    id: number,
    flat: [number, number][],
  ): boolean {
    const market = this.markets[k];
    const { spec } = market;
    const { liquidation } = this.spec;
    const size = account.positions[k].size;
    const value = valueAt(spec, size, market.markTicks);
    const whole = liquidation.kind === 'wholeAtMarket';
    let lots = Math.abs(size);
    if (!whole) {
      const basis = this.basis(account, k);
      const tier = tierOf(spec, basis, size);
      if (tier === 0) return false;
      const { floorLots, floorQuanta } = spec.margin.tiers[tier];
      if (floorLots !== undefined) lots -= floorLots;
      else if (spec.margin.basis === 'entry')
        lots -= Number((BigInt(lots) * BigInt(floorQuanta!)) / basis);
      else lots -= lotsWithin(spec, size, market.markTicks, BigInt(floorQuanta!));
      if (lots <= 0) return false;
    }
    const equity = this.equity(account, k);
    const signed = size > 0 ? lots : -lots;
    let price = size > 0 ? 0 : SIZE_MAX;
    if (!whole) price = this.banded(market, worstPrice(spec, size, value - equity));
    const tif = !whole && liquidation.order !== 'ioc' ? 2 : 1;
    const side = size > 0 ? 1 : 0;
    const log = (filled: number) => {
      const closed = Math.sign(size) * filled;
      if (filled > 0) this.stage(account, a, k, whole ? 3 : 1, closed, id, equity, value - equity);
    };
    flat.push(...this.execute(a, k, -1, side, whole, price, lots, tif, 0, id, log).flat);
    const change = account.positions[k].size - size;
    if (change !== 0) {
      this.report(ReportKind.liquidated, a, k, -1, change, account.positions[k].size, market.last);
    }
    return change === -signed;
  }

  protected stage(
    account: Account,
    a: number,
    k: number,
    stage: number,
    signed: number,
    id: number,
    equity: bigint,
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
      EventKind.liquidation,
      k,
      a,
      stage,
      markTicks,
      signed,
      id,
      equity,
      this.maintenanceOf(account, k),
      Math.min(price, spec.ticksMax),
      quote,
    );
  }

  protected takeOver(
    account: Account,
    a: number,
    scope: number[],
    id: number,
    flat: [number, number][],
  ): void {
    const held = scope.filter((k) => account.positions[k].size !== 0);
    if (held.length === 0) return;
    const value = (k: number) =>
      valueAt(this.markets[k].spec, account.positions[k].size, this.markets[k].markTicks);
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

  protected transfer(
    account: Account,
    a: number,
    k: number,
    wallet: bigint,
    id: number,
    equity: bigint,
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
    const closing = crosses
      ? (bankrupt * BigInt(Math.abs(before))) / BigInt(Math.abs(size))
      : bankrupt;
    this.post(this.desk, k, size, bankrupt, closing);
    market.deskCause = id;
    this.settleDesk(k, id);
    this.report(ReportKind.liquidated, a, k, -1, -size, 0, market.markTicks);
    const now = this.desk.positions[k].size;
    if (now * size <= 0) return;
    const lots = Math.min(Math.abs(size), Math.abs(now));
    const price = this.banded(market, worstPrice(market.spec, size, bankrupt));
    const sent = this.execute(
      desk,
      k,
      -1,
      size > 0 ? 1 : 0,
      false,
      price,
      lots,
      0,
      REDUCE_ONLY,
      id,
    );
    flat.push(...sent.flat);
    if (sent.code >= 0) market.deskOrders.push(sent.code);
    if (this.desk.positions[k].size === 0) this.cancelDesk(market);
  }

  protected banded(market: Market, price: number): number {
    return Math.max(market.low, Math.min(market.high, price));
  }

  protected cancelDesk(market: Market): void {
    for (const id of market.deskOrders) market.book.cancel(id);
    market.deskOrders = [];
  }

  protected coverInsolvency(account: Account, a: number, i: number, scope: number[]): void {
    if (scope.some((k) => account.positions[k].size !== 0)) return;
    const free = account.isolated ? this.free(account) : account.wallet;
    if (free >= 0n) return;
    const cancelled = this.cancelOrders(a, -1, false);
    if (cancelled > 0) this.row(EventKind.cancelAll, i, a, 0, 0, cancelled, 0, 0n, 0n, 0n, 0);
    this.row(EventKind.insolvency, i, a, 0, 0, 0, 0, -free, 0n, 0n, 0);
    account.wallet -= free;
    this.absorb(i, -free, FundReason.insolvency, a, 0);
  }

  /** Deleverages the instrument with the largest loss; returns false when there is no need. */
  protected checkDesk(): boolean {
    const { waterfall } = this.spec;
    if (!waterfall.includes('autoDeleverage')) return false;
    const profits = this.markets.map((_, k) => this.profit(this.desk, k));
    const total = profits.reduce((x, y) => x + y, 0n);
    const fund = waterfall.indexOf('insuranceFund');
    const first = fund >= 0 && fund < waterfall.indexOf('autoDeleverage');
    const must = total < 0n && (!first || this.fund + total < 0n);
    const worst = profits.reduce((x, y) => (x < y ? x : y));
    if (!must || worst >= 0n) return false;
    this.deleverage(profits.indexOf(worst));
    return true;
  }

  protected deleverage(k: number): void {
    const market = this.markets[k];
    const desk = this.accounts.length - 1;
    this.cancelDesk(market);
    const sign = Math.sign(this.desk.positions[k].size);
    const ranked = this.accounts
      .map((account, a) => ({ account, a }))
      .filter(({ account, a }) => a !== desk && account.positions[k].size * sign < 0)
      .map((one) => ({
        ...one,
        score: this.score(one.account, k),
        tie: mix32(this.spec.seed, one.account.key, 1),
      }));
    ranked.sort((x, y) =>
      x.score !== y.score ? (x.score > y.score ? -1 : 1) : x.tie - y.tie || x.a - y.a,
    );
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
        EventKind.autoDeleverage,
        k,
        a,
        desk,
        ticks,
        sign * lots,
        market.deskCause,
        released,
        realised,
        0n,
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
  protected score(account: Account, k: number): number {
    const value = Number(
      valueAt(this.markets[k].spec, account.positions[k].size, this.markets[k].markTicks),
    );
    const cost = Number(account.positions[k].cost);
    const equity = Number(this.equity(account, k));
    const profit = (value - cost) / Math.abs(cost);
    const leverage = Math.abs(value) / equity;
    const score = profit > 0 ? profit * leverage : profit / leverage;
    return Number.isNaN(score) ? 0 : score;
  }
}
