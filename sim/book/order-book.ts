/**
 * A limit order book with price-time priority on integer ticks and lots.
 *
 * Commands return integers and leave their trades on `tape`, which the next command overwrites. The
 * memory they work on, and the views that read it, are `BookMemory`, which also says why the hot
 * methods name fields by number.
 */
import { BookMemory } from './book-memory.js';
import type { BookMemoryOptions } from './book-memory.js';
import {
  ACCOUNT,
  BookCode,
  FIRST,
  ID,
  LEAVES,
  LEVEL,
  LOTS,
  META,
  META_REDUCE_ONLY,
  NEXT,
  OrderFlag,
  PRICE,
  SelfTrade,
  Side,
  TAG,
  TapeKind,
  TimeInForce,
} from './layout.js';

/** Says how many lots a reduce-only order may still trade. */
export interface ReduceOnlyGuard {
  /**
   * Returns the lots by which an order on `side` may reduce the account's position, as it stood
   * before the running command; asked only when such an order is about to trade.
   */
  closable(account: number, side: number): number;
}

/** Sizes and rules of an order book; every one has a default. */
export interface OrderBookOptions extends BookMemoryOptions {
  /** What happens when an order meets one of its own account. */
  selfTrade?: SelfTrade;
  /** Who to ask about reduce-only orders; without one they are not limited. */
  reduceOnly?: ReduceOnlyGuard;
}

const UNGUARDED: ReduceOnlyGuard = { closable: () => Infinity };

/** A price-time priority order book. */
export class OrderBook extends BookMemory {
  /** Rows about the last command, laid out as `TAPE`; replaced by a longer array when it grows. */
  tape: Int32Array = new Int32Array(64 * 8);
  /** Rows on the tape. */
  tapeCount = 0;
  /** Lots the last command's order traded. */
  filledLots = 0;
  /** Lots of the last command's order that rest, or that were cancelled because it may not rest. */
  leavesLots = 0;

  private readonly selfTrade: SelfTrade;
  private readonly guard: ReduceOnlyGuard;

  constructor(options: OrderBookOptions = {}) {
    super(options);
    this.selfTrade = options.selfTrade ?? SelfTrade.none;
    this.guard = options.reduceOnly ?? UNGUARDED;
  }

  /**
   * Trades a limit order against the book and rests what is left.
   *
   * Returns the id of the resting order, or a `BookCode`. O(fills) plus O(orders walked) for
   * fill-or-kill.
   */
  limit(
    side: number,
    priceTicks: number,
    sizeLots: number,
    timeInForce: number,
    flags: number,
    account: number,
    tag: number,
  ): number {
    this.tapeCount = 0;
    this.filledLots = 0;
    this.leavesLots = 0;
    if ((sizeLots | 0) !== sizeLots || sizeLots <= 0) return BookCode.rejectSize;
    if (
      (priceTicks | 0) !== priceTicks ||
      priceTicks < this.bandLow ||
      priceTicks > this.bandHigh
    ) {
      return this.refusePrice(priceTicks);
    }
    let leavesLots = sizeLots;
    if (side === 0 ? priceTicks >= this.askTick : priceTicks <= this.bidTick) {
      if ((flags | (timeInForce & 2)) === 0) {
        leavesLots = this.sweep(side, priceTicks, sizeLots, account);
      } else {
        leavesLots = this.take(side, priceTicks, sizeLots, timeInForce, flags, account);
        if (leavesLots < 0) return leavesLots;
      }
    } else if (timeInForce === 2) {
      return BookCode.rejectFillOrKill;
    }
    this.leavesLots = leavesLots;
    if (leavesLots === 0 || timeInForce !== 0) return -1;
    return this.rest(side, priceTicks, leavesLots, flags, account, tag);
  }

  /**
   * Trades at once up to a protection price (0 for a sell or a huge one for a buy mean none) and
   * cancels the remainder; the price band bounds the protection.
   */
  market(
    side: number,
    sizeLots: number,
    protectionTicks: number,
    flags: number,
    account: number,
    tag: number,
  ): number {
    let limitTicks = protectionTicks;
    if (side === Side.bid) {
      if (limitTicks > this.bandHigh) limitTicks = this.bandHigh;
    } else if (limitTicks < this.bandLow) {
      limitTicks = this.bandLow;
    }
    if (side === Side.bid ? limitTicks < this.bandLow : limitTicks > this.bandHigh) {
      return this.missBand(sizeLots);
    }
    return this.limit(side, limitTicks, sizeLots, TimeInForce.ioc, flags, account, tag);
  }

  /** Cancels an order; returns the lots cancelled, or `rejectUnknown` for a stale or foreign id. */
  cancel(id: number): number {
    this.tapeCount = 0;
    this.filledLots = 0;
    this.leavesLots = 0;
    const row = this.find(id);
    if (row === 0) return BookCode.rejectUnknown;
    const lots = this.rows[row + LEAVES];
    this.remove(row);
    return lots;
  }

  /**
   * Changes price and remaining size of an order; returns like `limit`.
   *
   * Id and priority survive only a size that does not grow at the same price. Otherwise a new order
   * is entered under the same flags and the old one goes; a refusal leaves the old one as it was.
   */
  replace(id: number, priceTicks: number, sizeLots: number): number {
    this.tapeCount = 0;
    this.filledLots = 0;
    this.leavesLots = 0;
    const row = this.find(id);
    if (row === 0) return BookCode.rejectUnknown;
    if ((sizeLots | 0) !== sizeLots || sizeLots <= 0) return BookCode.rejectSize;
    const rows = this.rows;
    const leaves = rows[row + LEAVES];
    if (priceTicks === rows[row + PRICE] && sizeLots <= leaves) {
      rows[row + LEAVES] = sizeLots;
      this.levels[(priceTicks - this.base) * LEVEL + LOTS] -= leaves - sizeLots;
      this.leavesLots = sizeLots;
      return id;
    }
    const meta = rows[row + META];
    const account = rows[row + ACCOUNT];
    const tag = rows[row + TAG];
    const code = this.limit(
      meta & 1,
      priceTicks,
      sizeLots,
      TimeInForce.gtc,
      meta >>> 1,
      account,
      tag,
    );
    // The new order trades only with the other side, so the old one is still there to remove.
    if (code >= BookCode.done) this.remove(row);
    return code;
  }

  /** Refuses limit prices outside lowTicks..highTicks from now on; resting orders stay. */
  setBand(lowTicks: number, highTicks: number): void {
    const ceiling = this.ticksLimit - 1;
    this.bandLow = lowTicks > 1 ? Math.min(Math.ceil(lowTicks), ceiling) : 1;
    this.bandHigh = highTicks < ceiling ? Math.max(Math.floor(highTicks), 0) : ceiling;
  }

  override load(words: Int32Array): void {
    super.load(words);
    this.tapeCount = 0;
    this.filledLots = 0;
    this.leavesLots = 0;
  }

  private refusePrice(priceTicks: number): number {
    const possible =
      (priceTicks | 0) === priceTicks && priceTicks > 0 && priceTicks < this.ticksLimit;
    return possible ? BookCode.rejectPriceBand : BookCode.rejectPrice;
  }

  /** Ends a market order whose protection lies beyond the band: nothing there may trade. */
  private missBand(sizeLots: number): number {
    this.tapeCount = 0;
    this.filledLots = 0;
    this.leavesLots = 0;
    if ((sizeLots | 0) !== sizeLots || sizeLots <= 0) return BookCode.rejectSize;
    this.leavesLots = sizeLots;
    return BookCode.done;
  }

  /** Trades a crossing order; returns the lots left, or a refusal before anything has happened. */
  private take(
    side: number,
    limitTicks: number,
    sizeLots: number,
    timeInForce: number,
    flags: number,
    account: number,
  ): number {
    if ((flags & OrderFlag.postOnly) !== 0) return BookCode.rejectPostOnly;
    let lots = sizeLots;
    if ((flags & OrderFlag.reduceOnly) !== 0) {
      const closable = this.closable(account, side);
      if (closable === 0) return BookCode.rejectReduceOnly;
      if (closable < lots) {
        if (timeInForce === TimeInForce.fok) return BookCode.rejectFillOrKill;
        this.record(TapeKind.reduceOnlyTrim, 0, account, limitTicks, lots - closable, closable);
        this.tape[this.tapeCount * 8 - 1] = side === Side.bid ? this.askTick : this.bidTick;
        lots = closable;
      }
    }
    if (timeInForce === TimeInForce.fok && !this.couldFill(side, limitTicks, lots, account)) {
      return BookCode.rejectFillOrKill;
    }
    return this.sweep(side, limitTicks, lots, account);
  }

  /** Trades level by level up to the limit price; returns the lots left. */
  private sweep(side: number, limitTicks: number, sizeLots: number, account: number): number {
    const rows = this.rows;
    const levels = this.levels;
    const base = this.base;
    const buys = side === 0;
    const preventSelf = this.selfTrade !== 0;
    let tape = this.tape;
    let cell = this.tapeCount << 3;
    let leaves = sizeLots;
    let filled = 0;
    let freeRow = this.freeRow;
    let gone = 0;
    let best = buys ? this.askTick : this.bidTick;
    while (leaves > 0 && (buys ? best <= limitTicks : best >= limitTicks)) {
      const index = best - base;
      const level = index << 2;
      const wanted = leaves;
      let maker = levels[level];
      let special = false;
      do {
        const makerAccount = rows[maker + 4];
        // Reduce-only makers and the aggressor's own are dealt with one by one, below.
        if ((rows[maker + 6] & 4) !== 0 || (preventSelf && makerAccount === account)) {
          special = true;
          break;
        }
        if (cell === tape.length) tape = this.growTape();
        const id = rows[maker + 7];
        const resting = rows[maker + 2];
        const traded = Math.min(resting, leaves);
        tape[cell] = 1;
        tape[cell + 1] = id;
        tape[cell + 2] = makerAccount;
        tape[cell + 3] = rows[maker + 5];
        tape[cell + 4] = best;
        tape[cell + 5] = traded;
        tape[cell + 6] = resting - traded;
        tape[cell + 7] = best;
        cell = (cell + 8) | 0;
        leaves = (leaves - traded) | 0;
        if (traded < resting) {
          rows[maker + 2] = resting - traded;
          break;
        }
        const next = rows[maker];
        const nextId = (id + 0x800000) | 0;
        gone = (gone + 1) | 0;
        if (nextId >= 0) {
          rows[maker + 7] = ~nextId;
          rows[maker] = freeRow;
          freeRow = maker;
        } else {
          rows[maker + 7] = -1;
        }
        maker = next;
      } while (leaves > 0 && maker !== 0);
      const taken = (wanted - leaves) | 0;
      filled = (filled + taken) | 0;
      levels[level] = maker;
      if (maker === 0) {
        levels[level + 1] = 0;
        levels[level + 2] = 0;
        this.bitmap.clear(index);
        const next = buys ? this.bitmap.above(index) : this.bitmap.below(index);
        tape[cell - 1] = next < 0 ? -1 : next + base;
        if (buys) {
          best = next < 0 ? 0x3fffffff : next + base;
          this.askTick = best;
        } else {
          best = next < 0 ? -1 : next + base;
          this.bidTick = best;
        }
      } else {
        rows[maker + 1] = 0;
        levels[level + 2] = (levels[level + 2] - taken) | 0;
      }
      if (special) {
        this.tapeCount = cell >> 3;
        this.freeRow = freeRow;
        leaves = this.meet(maker, side, leaves, account);
        tape = this.tape;
        cell = this.tapeCount << 3;
        freeRow = this.freeRow;
        best = buys ? this.askTick : this.bidTick;
      }
    }
    this.tapeCount = cell >> 3;
    this.freeRow = freeRow;
    this.live -= gone;
    this.filledLots += filled;
    return leaves;
  }

  /**
   * Deals with one maker that is the aggressor's own or reduce-only; returns the aggressor's
   * leaves.
   */
  private meet(maker: number, side: number, leavesLots: number, account: number): number {
    const rows = this.rows;
    const makerAccount = rows[maker + ACCOUNT];
    const resting = rows[maker + LEAVES];
    if (this.selfTrade !== SelfTrade.none && makerAccount === account) {
      if (this.selfTrade === SelfTrade.cancelNewest) {
        const price = rows[maker + PRICE];
        this.record(TapeKind.selfTradeCancel, maker, account, price, leavesLots, resting);
        return 0;
      }
      if (this.selfTrade === SelfTrade.cancelOldest) {
        this.shrink(TapeKind.selfTradeCancel, maker, resting);
        return leavesLots;
      }
      const both = Math.min(leavesLots, resting);
      this.shrink(TapeKind.selfTradeDecrement, maker, both);
      return leavesLots - both;
    }
    const allowed = Math.min(resting, this.closable(makerAccount, 1 - side));
    if (allowed < resting) this.shrink(TapeKind.reduceOnlyTrim, maker, resting - allowed);
    if (allowed === 0) return leavesLots;
    const traded = Math.min(leavesLots, allowed);
    this.shrink(TapeKind.fill, maker, traded);
    this.filledLots += traded;
    return leavesLots - traded;
  }

  /** Takes lots off a resting order, which goes when none are left, and records it. */
  private shrink(kind: TapeKind, maker: number, lots: number): void {
    const rows = this.rows;
    const price = rows[maker + PRICE];
    const left = rows[maker + LEAVES] - lots;
    this.record(kind, maker, rows[maker + ACCOUNT], price, lots, left);
    if (left === 0) {
      const ask = (rows[maker + META] & 1) === Side.ask;
      this.remove(maker);
      this.tape[this.tapeCount * 8 - 1] = ask ? this.bestAsk() : this.bidTick;
      return;
    }
    rows[maker + LEAVES] = left;
    this.levels[(price - this.base) * LEVEL + LOTS] -= lots;
  }

  /** Appends a tape row; maker 0 stands for the aggressor itself. */
  private record(
    kind: TapeKind,
    maker: number,
    account: number,
    priceTicks: number,
    lots: number,
    leavesLots: number,
  ): void {
    const cell = this.tapeCount * 8;
    const tape = cell === this.tape.length ? this.growTape() : this.tape;
    tape[cell] = kind;
    tape[cell + 1] = maker === 0 ? -1 : this.rows[maker + ID];
    tape[cell + 2] = account;
    tape[cell + 3] = maker === 0 ? -1 : this.rows[maker + TAG];
    tape[cell + 4] = priceTicks;
    tape[cell + 5] = lots;
    tape[cell + 6] = leavesLots;
    tape[cell + 7] = priceTicks;
    this.tapeCount += 1;
  }

  /**
   * Returns what a reduce-only order may trade: the guard's answer less what its account's makers
   * have.
   */
  private closable(account: number, side: number): number {
    let lots = this.guard.closable(account, side);
    const tape = this.tape;
    for (let cell = 0; cell < this.tapeCount * 8; cell += 8) {
      if (tape[cell] === TapeKind.fill && tape[cell + 2] === account) lots -= tape[cell + 5];
    }
    return Math.max(lots, 0);
  }

  /**
   * Tells whether an order could trade whole with other accounts; leaves no trace. O(orders
   * walked).
   */
  private couldFill(side: number, limitTicks: number, sizeLots: number, account: number): boolean {
    const rows = this.rows;
    const maker = 1 - side;
    let tick = maker === Side.ask ? this.bestAsk() : this.bestBid();
    if (this.lotsWithin(maker, tick, limitTicks) < sizeLots) return false;
    let missing = sizeLots;
    let blocked = false;
    while (tick !== -1 && missing > 0 && !blocked) {
      if (maker === Side.ask ? tick > limitTicks : tick < limitTicks) break;
      let row = this.levels[(tick - this.base) * LEVEL + FIRST];
      for (; row !== 0 && missing > 0 && !blocked; row = rows[row + NEXT]) {
        let lots = rows[row + LEAVES];
        if (this.selfTrade !== SelfTrade.none && rows[row + ACCOUNT] === account) {
          blocked = this.selfTrade !== SelfTrade.cancelOldest;
          continue;
        }
        if ((rows[row + META] & META_REDUCE_ONLY) !== 0) {
          lots = Math.min(lots, this.closable(rows[row + ACCOUNT], maker));
        }
        lots = Math.min(lots, missing);
        if (lots > 0) this.record(TapeKind.fill, row, rows[row + ACCOUNT], tick, lots, 0);
        missing -= lots;
      }
      tick = this.nextLevel(maker, tick);
    }
    // The rows above only told `closable` what the walk had used so far.
    this.tapeCount = 0;
    return missing === 0;
  }

  private growTape(): Int32Array {
    const longer = new Int32Array(this.tape.length * 2);
    longer.set(this.tape);
    this.tape = longer;
    return longer;
  }
}
