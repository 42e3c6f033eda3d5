/**
 * A perpetual venue without any index: plain objects, BigInt money, and a scan of every account
 * after every event. It must log the same rows as the real one.
 */
import { EventKind, FundReason } from '../../sim/trace/index.js';
import { OrderKind, Reject, ReportKind } from '../../sim/venue/index.js';
import { impactPrice } from './venue-policies.js';
import { abs, floorDiv, valueAt } from './venue-money.js';
import type { Account } from './venue-ledger.js';
import { NaiveLiquidation } from './venue-liquidation.js';

const SIZE_MAX = 0x7fffffff;
/** Slots of account a are a * SLOT_SPACE..: tags handed to the books. */
const SLOT_SPACE = 4096;

/** The naive twin of `PerpetualVenue`. */
export class NaiveVenue extends NaiveLiquidation {
  deposit(a: number, quanta: number): void {
    this.accounts[a].wallet += BigInt(quanta);
    this.row(EventKind.deposit, 0, a, 0, 0, 0, 0, BigInt(quanta), 0n, 0n, 0);
  }

  open(a: number, i: number, size: number, cost: number): void {
    this.post(this.accounts[a], i, size, BigInt(cost), BigInt(cost));
    this.setAside(this.accounts[a], i, abs(BigInt(cost)));
    this.settleMargin(this.accounts[a], i);
    this.row(EventKind.opening, i, a, 0, 0, size, 0, BigInt(cost), 0n, 0n, 0);
    this.detect(i, [this.accounts[a]]);
  }

  setLeverage(a: number, i: number, leverage: number): void {
    const most = this.markets[i].spec.leverageMax;
    this.accounts[a].positions[i].rate = Math.ceil(
      1_000_000 / Math.min(most, Math.max(1, leverage)),
    );
  }

  submit(
    time: number,
    a: number,
    i: number,
    slot: number,
    side: number,
    kind: number,
    price: number,
    size: number,
    tif: number,
    flags: number,
    trigger: number,
    source: number,
  ): void {
    this.now = time;
    const account = this.accounts[a];
    let code = 0;
    if (this.halted) code = Reject.Halted;
    else if (slot < 0 || slot >= this.slots) code = Reject.Unknown;
    else if (account.orders.has(slot)) code = Reject.SlotTaken;
    else if (!Number.isInteger(size) || size < 1 || size > SIZE_MAX) code = Reject.Size;
    if (code !== 0) {
      this.report(ReportKind.rejected, a, i, slot, 0, code, price);
      return;
    }
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
    if (this.halted) {
      this.report(ReportKind.cancelRejected, a, i, slot, 0, Reject.Halted, 0);
      return;
    }
    if (order === undefined || order.instrument !== i) {
      this.report(ReportKind.cancelRejected, a, i, slot, 0, Reject.Unknown, 0);
      return;
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
    else if (order === undefined || order.state !== 'resting' || order.instrument !== i)
      code = Reject.Unknown;
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
        this.outcome(a, i, slot, code, price, size);
        this.flush(flat);
        code = 0;
      }
    }
    if (code !== 0) {
      this.report(ReportKind.rejected, a, i, slot, 0, code, price);
      return;
    }
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

  protected drain(): void {
    if (this.halted) return;
    for (;;) {
      if (this.queue.length > 0 && this.queue[0].due <= this.now) {
        const { account, instrument } = this.queue.shift()!;
        this.liquidate(account, instrument);
      } else if (this.checkDesk()) continue;
      else if (this.fired.length > 0) this.placeFired();
      else return;
    }
  }

  protected placeFired(): void {
    const { market: i, trigger } = this.fired.shift()!;
    const { account: a, side, sizeLots, flags } = trigger;
    const slot = trigger.tag % SLOT_SPACE;
    if (this.accounts[a].orders.get(slot)?.state !== 'fired') return;
    this.accounts[a].orders.delete(slot);
    this.report(ReportKind.triggered, a, i, slot, 0, sizeLots, trigger.triggerTicks);
    this.place(a, i, slot, side, trigger.orderKind === 0, trigger.limitTicks, sizeLots, 0, flags);
  }

  protected settleFunding(i: number): void {
    const market = this.markets[i];
    const rate = market.funding.settle();
    let total = 0n;
    const touched: Account[] = [];
    this.accounts.slice(0, -1).forEach((account, a) => {
      const { size } = account.positions[i];
      if (rate === 0 || size === 0) return;
      const notional = abs(valueAt(market.spec, size, market.markTicks));
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
}
