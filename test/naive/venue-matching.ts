/** Orders, fills, marks and breaches of the naive venue. */
import { TapeKind } from '../../sim/book/index.js';
import { mix32 } from '../../sim/kernel/index.js';
import { EventKind, FundReason } from '../../sim/trace/index.js';
import { OrderKind, Reject, ReportKind } from '../../sim/venue/index.js';
import { abs, fee, valueAt } from './venue-money.js';
import type { Account } from './venue-ledger.js';
import { NaiveAdmission } from './venue-admission.js';

const REDUCE_ONLY = 2;
const SIZE_MAX = 0x7fffffff;
/** Slots of account a are a * SLOT_SPACE..: tags handed to the books. */
const SLOT_SPACE = 4096;

/** Settles what the naive books do and scans every account after each fill. */
export class NaiveMatching extends NaiveAdmission {
  protected place(
    a: number,
    i: number,
    slot: number,
    side: number,
    isMarket: boolean,
    price: number,
    size: number,
    tif: number,
    flags: number,
  ): void {
    const refused = this.admit(a, i, side, isMarket, price, size, flags);
    if (refused !== 0) {
      this.report(ReportKind.rejected, a, i, slot, 0, refused, price);
      return;
    }
    const limit = isMarket && price <= 0 && side === 0 ? SIZE_MAX : price;
    const { code, flat } = this.execute(a, i, slot, side, isMarket, limit, size, tif, flags, 0);
    this.outcome(a, i, slot, code, price, size);
    this.flush(flat);
  }

  protected execute(
    a: number,
    i: number,
    slot: number,
    side: number,
    isMarket: boolean,
    price: number,
    size: number,
    tif: number,
    flags: number,
    cause: number,
    matched?: (filledLots: number) => void,
  ): { code: number; flat: [number, number][] } {
    const book = this.markets[i].book;
    const tag = slot < 0 ? -1 : a * SLOT_SPACE + slot;
    const code = isMarket
      ? book.market(side, size, price, flags, a, tag)
      : book.limit(side, price, size, tif, flags, a, tag);
    if (code >= 0 && slot >= 0) {
      this.accounts[a].orders.set(slot, {
        instrument: i,
        state: 'resting',
        id: code,
        side,
        price,
        leaves: book.leavesLots,
        flags,
      });
    }
    matched?.(book.filledLots);
    return { code, flat: this.walk(i, a, side, cause) };
  }

  protected outcome(
    a: number,
    i: number,
    slot: number,
    code: number,
    price: number,
    size: number,
  ): void {
    const book = this.markets[i].book;
    const { filledLots: filled, leavesLots: leaves } = book;
    if (filled > 0) {
      this.report(ReportKind.filled, a, i, slot, filled, code >= 0 ? leaves : 0, this.lastFill);
    }
    if (code >= 0) this.report(ReportKind.accepted, a, i, slot, filled, leaves, price);
    else if (code < -1) this.report(ReportKind.rejected, a, i, slot, 0, code, price);
    else if (filled < size) {
      this.report(ReportKind.cancelled, a, i, slot, filled, size - filled, price);
    }
  }

  protected enter(
    a: number,
    i: number,
    slot: number,
    side: number,
    kind: number,
    price: number,
    size: number,
    flags: number,
    trigger: number,
    source: number,
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
        source,
        direction: rises ? 1 : -1,
        triggerTicks: trigger,
        orderKind: limit ? 1 : 0,
        side,
        limitTicks: price,
        sizeLots: size,
        flags,
        account: a,
        tag: a * SLOT_SPACE + slot,
      });
    }
    if (code < 0) {
      this.report(ReportKind.rejected, a, i, slot, 0, code, price);
      return;
    }
    this.accounts[a].orders.set(slot, {
      instrument: i,
      state: 'waiting',
      id: code,
      side,
      price: trigger,
      leaves: size,
      flags,
    });
    this.report(ReportKind.accepted, a, i, slot, 0, size, price);
  }

  protected cancelOrder(a: number, slot: number): void {
    const account = this.accounts[a];
    const order = account.orders.get(slot)!;
    const market = this.markets[order.instrument];
    if (order.state === 'resting') market.book.cancel(order.id);
    if (order.state === 'waiting') market.triggers.cancel(order.id);
    account.orders.delete(slot);
    const gone = order.state === 'fired';
    this.report(
      ReportKind.cancelled,
      a,
      order.instrument,
      slot,
      0,
      gone ? 0 : order.leaves,
      gone ? 0 : order.price,
    );
  }

  protected cancelOrders(a: number, i: number, reduceOnlyOnly: boolean): number {
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
  protected flush(flat: [number, number][]): void {
    for (const [a, i] of flat) {
      if (a < this.accounts.length - 1 && this.accounts[a].positions[i].size === 0) {
        this.cancelOrders(a, i, true);
      }
    }
  }

  protected walk(i: number, a: number, side: number, cause: number): [number, number][] {
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

  protected settle(
    i: number,
    a: number,
    maker: number,
    lots: number,
    price: number,
    cause: number,
  ): void {
    const market = this.markets[i];
    const { fees } = market.spec;
    const desk = this.accounts.length - 1;
    const value = valueAt(market.spec, lots, price);
    const liquidationFee = cause !== 0 && a !== desk ? fee(abs(value), fees.liquidationPpm) : 0n;
    const takerFee = (a === desk ? 0n : fee(abs(value), fees.takerPpm)) + liquidationFee;
    const makerFee = maker === desk ? 0n : fee(abs(value), fees.makerPpm);
    this.fill(this.accounts[a], i, lots, value, price, takerFee);
    this.fill(this.accounts[maker], i, -lots, -value, price, makerFee);
    this.fees += takerFee + makerFee;
    market.last = price;
    this.lastFill = price;
    this.trades++;
    this.row(
      EventKind.trade,
      i,
      a,
      maker,
      price,
      lots,
      cause,
      value,
      takerFee,
      makerFee,
      this.trades,
    );
    if (liquidationFee !== 0n) {
      this.fees -= liquidationFee;
      this.payFund(i, liquidationFee, FundReason.liquidationFee, -1, cause);
    }
    if (a === desk || maker === desk) this.settleDesk(i, cause);
    this.fire(i, 0, price);
    if (['last', 'medianOfThree'].includes(market.spec.mark.kind)) this.remark(i, a, cause);
    this.detect(i, [this.accounts[a], this.accounts[maker]]);
  }

  protected fill(
    account: Account,
    i: number,
    lots: number,
    value: bigint,
    price: number,
    paid: bigint,
  ): void {
    const position = account.positions[i];
    const before = position.size;
    const crosses = before * lots < 0 && Math.abs(lots) > Math.abs(before);
    const closing = crosses ? valueAt(this.markets[i].spec, -before, price) : value;
    this.post(account, i, lots, value, closing);
    account.wallet -= paid;
    if (crosses) this.setAside(account, i, abs(value - closing));
    else if (before * lots >= 0) this.setAside(account, i, abs(value));
    this.settleMargin(account, i);
  }

  protected remark(i: number, a: number, cause: number): void {
    const market = this.markets[i];
    const price = market.mark.price(market.index, market.last, market.funding, this.now);
    const mark = Math.max(1, Math.min(market.spec.ticksMax - 1, price));
    if (mark === market.markTicks) return;
    market.markTicks = mark;
    this.row(EventKind.mark, i, a, 0, mark, 0, cause, 0n, 0n, 0n, 0);
    this.fire(i, 1, mark);
  }

  protected fire(i: number, source: number, price: number): void {
    for (const trigger of this.markets[i].triggers.fire(source, price)) {
      this.accounts[trigger.account].orders.get(trigger.tag % SLOT_SPACE)!.state = 'fired';
      this.fired.push({ market: i, trigger });
    }
  }

  /** Scans everybody and queues who is in breach. */
  protected detect(i: number, touched: Account[]): void {
    const mark = this.markets[i].markTicks;
    const found: { account: Account; a: number; depth: number; hash: number }[] = [];
    this.accounts.slice(0, -1).forEach((account, a) => {
      const scope = account.isolated ? i : 0;
      if (account.queued.has(scope) || !this.inBreach(account, i)) return;
      // A flat isolated position is only looked at when its account just traded.
      const flat = account.positions[i].size === 0;
      if (account.isolated && flat && !touched.includes(account)) return;
      found.push({
        account,
        a,
        depth: 0,
        hash: mix32(this.spec.seed, account.key, account.ordinal),
      });
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
      this.queue.push({
        account,
        instrument: i,
        due: this.now + (this.spec.liquidation.delayMicros ?? 0),
      });
    }
  }
}
