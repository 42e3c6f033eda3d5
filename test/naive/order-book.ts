/**
 * The order book as plainly as it can be written: two sorted arrays of objects.
 *
 * It has the rules of `OrderBook` and none of its memory: ids count upwards, every order is an
 * object, every command searches from the start. Tests hold the fast book against it after every
 * command.
 */
import {
  BookCode,
  OrderFlag,
  SelfTrade,
  Side,
  TapeKind,
  TimeInForce,
} from '../../sim/book/index.js';
import type { ReduceOnlyGuard } from '../../sim/book/index.js';

/** One resting order. */
export interface NaiveOrder {
  id: number;
  side: number;
  priceTicks: number;
  leavesLots: number;
  flags: number;
  account: number;
  tag: number;
}

/** One row of the tape, in words. */
export interface NaiveEvent {
  kind: number;
  makerId: number;
  makerAccount: number;
  makerTag: number;
  priceTicks: number;
  sizeLots: number;
  makerLeavesLots: number;
  nextPriceTicks: number;
}

/** What of `Hash64` the twin folds into. */
interface IntegerHash {
  int(value: number): void;
}

/** The naive twin of `OrderBook`. */
export class NaiveOrderBook {
  /** Orders of each side, best price first, oldest first within a price. */
  readonly sides: [NaiveOrder[], NaiveOrder[]] = [[], []];
  events: NaiveEvent[] = [];
  filledLots = 0;
  leavesLots = 0;
  private nextId = 1;
  private low = 1;
  private high: number;
  private readonly ticksLimit: number;
  private readonly selfTrade: number;
  private readonly guard: ReduceOnlyGuard | undefined;

  constructor(
    options: { ticksLimit?: number; selfTrade?: number; reduceOnly?: ReduceOnlyGuard } = {},
  ) {
    this.ticksLimit = options.ticksLimit ?? 1 << 22;
    this.high = this.ticksLimit - 1;
    this.selfTrade = options.selfTrade ?? SelfTrade.none;
    this.guard = options.reduceOnly;
  }

  limit(
    side: number,
    priceTicks: number,
    sizeLots: number,
    timeInForce: number,
    flags: number,
    account: number,
    tag: number,
  ): number {
    this.begin();
    if (!isPositiveInt32(sizeLots)) return BookCode.rejectSize;
    const bad = this.refusal(priceTicks);
    if (bad !== 0) return bad;
    const crosses = this.reachable(side, priceTicks).length > 0;
    if (crosses && (flags & OrderFlag.postOnly) !== 0) return BookCode.rejectPostOnly;
    let lots = sizeLots;
    let trimmed = 0;
    if (crosses && (flags & OrderFlag.reduceOnly) !== 0) {
      const closable = this.closable(account, side);
      if (closable === 0) return BookCode.rejectReduceOnly;
      trimmed = Math.max(0, lots - closable);
      lots -= trimmed;
    }
    if (timeInForce === TimeInForce.fok) {
      if (trimmed > 0 || this.tradable(side, priceTicks, lots, account) < lots) {
        return BookCode.rejectFillOrKill;
      }
    }
    if (trimmed > 0) {
      const next = this.sides[1 - side]![0]!.priceTicks;
      this.events.push({
        kind: TapeKind.reduceOnlyTrim,
        makerId: -1,
        makerAccount: account,
        makerTag: -1,
        priceTicks,
        sizeLots: trimmed,
        makerLeavesLots: lots,
        nextPriceTicks: next,
      });
    }
    lots = this.trade(side, priceTicks, lots, account);
    this.leavesLots = lots;
    if (lots === 0 || timeInForce !== TimeInForce.gtc) return BookCode.done;
    const id = this.nextId;
    this.nextId += 1;
    this.insert({ id, side, priceTicks, leavesLots: lots, flags: flags & 3, account, tag });
    return id;
  }

  market(
    side: number,
    sizeLots: number,
    protectionTicks: number,
    flags: number,
    account: number,
    tag: number,
  ): number {
    this.begin();
    if (!isPositiveInt32(sizeLots)) return BookCode.rejectSize;
    const limitTicks =
      side === Side.bid
        ? Math.min(protectionTicks, this.high)
        : Math.max(protectionTicks, this.low);
    const beyond = side === Side.bid ? limitTicks < this.low : limitTicks > this.high;
    if (beyond) {
      this.leavesLots = sizeLots;
      return BookCode.done;
    }
    return this.limit(side, limitTicks, sizeLots, TimeInForce.ioc, flags, account, tag);
  }

  cancel(id: number): number {
    this.begin();
    const order = this.find(id);
    if (order === undefined) return BookCode.rejectUnknown;
    this.drop(order);
    return order.leavesLots;
  }

  replace(id: number, priceTicks: number, sizeLots: number): number {
    this.begin();
    const order = this.find(id);
    if (order === undefined) return BookCode.rejectUnknown;
    if (!isPositiveInt32(sizeLots)) return BookCode.rejectSize;
    if (priceTicks === order.priceTicks && sizeLots <= order.leavesLots) {
      order.leavesLots = sizeLots;
      this.leavesLots = sizeLots;
      return id;
    }
    const { side, flags, account, tag } = order;
    const code = this.limit(side, priceTicks, sizeLots, TimeInForce.gtc, flags, account, tag);
    if (code >= BookCode.done) this.drop(order);
    return code;
  }

  setBand(lowTicks: number, highTicks: number): void {
    this.low = Math.min(Math.max(1, Math.ceil(lowTicks)), this.ticksLimit - 1);
    this.high = Math.max(Math.min(this.ticksLimit - 1, Math.floor(highTicks)), 0);
  }

  bestBid(): number {
    return this.sides[0][0]?.priceTicks ?? -1;
  }

  bestAsk(): number {
    return this.sides[1][0]?.priceTicks ?? -1;
  }

  /** Returns the levels of a side as [price, lots], best first. */
  levels(side: number): [number, number][] {
    const totals = new Map<number, number>();
    for (const order of this.sides[side]!) {
      totals.set(order.priceTicks, (totals.get(order.priceTicks) ?? 0) + order.leavesLots);
    }
    return [...totals];
  }

  liveOrders(): number {
    return this.sides[0].length + this.sides[1].length;
  }

  hash(h: IntegerHash): void {
    for (const orders of this.sides) {
      for (const order of orders) {
        h.int(order.priceTicks);
        h.int(order.leavesLots);
        h.int(order.account);
        h.int(order.tag);
        h.int(order.flags);
      }
      h.int(-1);
    }
    h.int(this.low);
    h.int(this.high);
  }

  private begin(): void {
    this.events = [];
    this.filledLots = 0;
    this.leavesLots = 0;
  }

  private refusal(priceTicks: number): number {
    if (!isPositiveInt32(priceTicks) || priceTicks >= this.ticksLimit) return BookCode.rejectPrice;
    const inside = priceTicks >= this.low && priceTicks <= this.high;
    return inside ? 0 : BookCode.rejectPriceBand;
  }

  /** Returns the orders an order could meet, in the order in which it would. */
  private reachable(side: number, limitTicks: number): NaiveOrder[] {
    return this.sides[1 - side]!.filter((order) =>
      side === Side.bid ? order.priceTicks <= limitTicks : order.priceTicks >= limitTicks,
    );
  }

  private closable(account: number, side: number): number {
    if (this.guard === undefined) return Infinity;
    let lots = this.guard.closable(account, side);
    for (const event of this.events) {
      if (event.kind === TapeKind.fill && event.makerAccount === account) lots -= event.sizeLots;
    }
    return Math.max(0, lots);
  }

  /**
   * Counts the lots, up to `sizeLots`, that a fill-or-kill order could trade with other accounts.
   */
  private tradable(side: number, limitTicks: number, sizeLots: number, account: number): number {
    const used = new Map<number, number>();
    let total = 0;
    for (const order of this.reachable(side, limitTicks)) {
      if (total === sizeLots) break;
      if (this.selfTrade !== SelfTrade.none && order.account === account) {
        if (this.selfTrade === SelfTrade.cancelOldest) continue;
        break;
      }
      const before = used.get(order.account) ?? 0;
      let lots = order.leavesLots;
      if ((order.flags & OrderFlag.reduceOnly) !== 0) {
        lots = Math.min(lots, Math.max(0, this.closable(order.account, order.side) - before));
      }
      lots = Math.min(lots, sizeLots - total);
      used.set(order.account, before + lots);
      total += lots;
    }
    return total;
  }

  private trade(side: number, limitTicks: number, sizeLots: number, account: number): number {
    let lots = sizeLots;
    while (lots > 0) {
      const maker = this.reachable(side, limitTicks)[0];
      if (maker === undefined) break;
      if (this.selfTrade !== SelfTrade.none && maker.account === account) {
        if (this.selfTrade === SelfTrade.cancelNewest) {
          this.log(TapeKind.selfTradeCancel, maker, lots);
          return 0;
        }
        const oldest = this.selfTrade === SelfTrade.cancelOldest;
        const off = oldest ? maker.leavesLots : Math.min(lots, maker.leavesLots);
        this.take(maker, off, oldest ? TapeKind.selfTradeCancel : TapeKind.selfTradeDecrement);
        if (!oldest) lots -= off;
        continue;
      }
      if ((maker.flags & OrderFlag.reduceOnly) !== 0) {
        const allowed = this.closable(maker.account, maker.side);
        const excess = maker.leavesLots - allowed;
        if (excess > 0) this.take(maker, excess, TapeKind.reduceOnlyTrim);
        if (allowed === 0) continue;
      }
      const traded = Math.min(lots, maker.leavesLots);
      this.take(maker, traded, TapeKind.fill);
      this.filledLots += traded;
      lots -= traded;
    }
    return lots;
  }

  private take(maker: NaiveOrder, lots: number, kind: number): void {
    maker.leavesLots -= lots;
    if (maker.leavesLots === 0) this.drop(maker);
    this.log(kind, maker, lots);
  }

  private log(kind: number, maker: NaiveOrder, sizeLots: number): void {
    this.events.push({
      kind,
      makerId: maker.id,
      makerAccount: maker.account,
      makerTag: maker.tag,
      priceTicks: maker.priceTicks,
      sizeLots,
      makerLeavesLots: maker.leavesLots,
      nextPriceTicks: this.sides[maker.side]![0]?.priceTicks ?? -1,
    });
  }

  private insert(order: NaiveOrder): void {
    const orders = this.sides[order.side]!;
    const worse = (other: NaiveOrder) =>
      order.side === Side.bid
        ? other.priceTicks < order.priceTicks
        : other.priceTicks > order.priceTicks;
    const at = orders.findIndex(worse);
    orders.splice(at < 0 ? orders.length : at, 0, order);
  }

  private find(id: number): NaiveOrder | undefined {
    return [...this.sides[0], ...this.sides[1]].find((order) => order.id === id);
  }

  private drop(order: NaiveOrder): void {
    const orders = this.sides[order.side]!;
    orders.splice(orders.indexOf(order), 1);
  }
}

function isPositiveInt32(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= 0x7fffffff;
}
