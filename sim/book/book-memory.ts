/**
 * The memory of an order book: order rows, the price ladder, and the views that read them.
 *
 * Orders are 32-byte rows of one Int32Array; an order is named inside by its offset (slot * 8), and
 * offset 0 stands for "none". Each occupied tick holds an intrusive FIFO of orders. Bids and asks
 * share one ladder, because a book is never crossed between commands; a bitmap over it finds the
 * next level.
 *
 * The methods on the hot path write the fields as literals (orders: 0 next, 1 previous, 2 leaves, 3
 * price, 4 account, 5 tag, 6 side and flags, 7 id; levels: 0 first, 1 last, 2 lots): constants
 * imported from another module made the `book` benchmark a fifth slower.
 */
import { assert, UserError } from '../kernel/index.js';
import type { Hash64 } from '../kernel/index.js';
import {
  ACCOUNT,
  FIRST,
  ID,
  LAST,
  LEAVES,
  LEVEL,
  LOTS,
  META,
  NEXT,
  NO_ASK,
  NO_BID,
  PREVIOUS,
  PRICE,
  RETIRED,
  ROW,
  Side,
  SLOT_MASK,
  SLOTS_MAX,
  TAG,
  UNANCHORED,
} from './layout.js';
import { TickBitmap } from './tick-bitmap.js';

const TICKS_LIMIT_DEFAULT = 1 << 22;
const SAVE_VERSION = 1;
const SAVE_HEADER = 8;

/** Sizes of a book's memory. */
export interface BookMemoryOptions {
  /** Orders to make room for at first; doubles when needed. */
  ordersInitial?: number;
  /** Price levels to make room for at first; doubles when a price leaves the ladder. */
  ticksInitial?: number;
  /** Exclusive upper bound of prices, at most 2^24. */
  ticksLimit?: number;
}

/** Rows, ladder and views of an order book, without its commands. */
export class BookMemory {
  protected rows: Int32Array = new Int32Array(ROW);
  protected freeRow = 0;
  protected live = 0;
  protected levels: Int32Array = new Int32Array(0);
  protected bitmap: TickBitmap = new TickBitmap(0);
  /** Levels of the ladder, a power of two. */
  protected ticks = 0;
  /** Price of level 0. */
  protected base: number = UNANCHORED;
  protected bidTick: number = NO_BID;
  protected askTick: number = NO_ASK;
  protected bandLow = 1;
  protected bandHigh: number;
  /** Whether a level has ever held 2^31 lots: its int32 total may then have wrapped. */
  private wide = false;
  protected readonly ticksLimit: number;

  constructor(options: BookMemoryOptions) {
    this.ticksLimit = options.ticksLimit ?? TICKS_LIMIT_DEFAULT;
    assert(this.ticksLimit >= 2 && this.ticksLimit <= 1 << 24, 'ticksLimit must lie in 2..2^24');
    this.bandHigh = this.ticksLimit - 1;
    this.rows[ID] = RETIRED;
    this.allocateLadder(powerOfTwo(options.ticksInitial ?? 4096, 32));
    this.growRows(powerOfTwo((options.ordersInitial ?? 255) + 1, 16));
  }

  /** Returns the highest bid in ticks, or -1. */
  bestBid(): number {
    return this.bidTick;
  }

  /** Returns the lowest ask in ticks, or -1. */
  bestAsk(): number {
    const ask = this.askTick;
    return ask === NO_ASK ? -1 : ask;
  }

  /** Returns the lots resting at a price on a side. */
  lotsAt(side: number, tick: number): number {
    if (side === Side.bid ? tick > this.bidTick : tick < this.askTick) return 0;
    const index = tick - this.base;
    return index >= 0 && index < this.ticks ? this.lotsIn(index * LEVEL) : 0;
  }

  /** Writes the best `count` levels of a side, best first; returns how many there are. O(count). */
  depth(side: number, count: number, outTicks: Int32Array, outLots: Float64Array): number {
    let tick = side === Side.bid ? this.bestBid() : this.bestAsk();
    let written = 0;
    while (tick !== -1 && written < count) {
      outTicks[written] = tick;
      outLots[written] = this.lotsIn((tick - this.base) * LEVEL);
      written += 1;
      tick = this.nextLevel(side, tick);
    }
    return written;
  }

  /** Returns the lots of a side between two prices, both included, in either order. O(levels). */
  lotsWithin(side: number, fromTick: number, toTick: number): number {
    const low = Math.min(fromTick, toTick);
    const high = Math.max(fromTick, toTick);
    let tick = side === Side.bid ? this.bestBid() : this.bestAsk();
    if (side === Side.bid && tick > high) tick = this.nextLevel(side, high + 1);
    if (side === Side.ask && tick !== -1 && tick < low) tick = this.nextLevel(side, low - 1);
    let total = 0;
    while (tick !== -1 && tick >= low && tick <= high) {
      total += this.lotsIn((tick - this.base) * LEVEL);
      tick = this.nextLevel(side, tick);
    }
    return total;
  }

  /** Returns the next occupied price of a side strictly worse than `tick`, or -1. */
  nextLevel(side: number, tick: number): number {
    const base = this.base;
    const index = tick - base;
    if (side === Side.bid) {
      if (tick > this.bidTick) return this.bidTick;
      const below = index <= 0 ? -1 : this.bitmap.below(index);
      return below < 0 ? -1 : below + base;
    }
    if (tick < this.askTick) return this.bestAsk();
    const above = index >= this.ticks ? -1 : this.bitmap.above(index);
    return above < 0 ? -1 : above + base;
  }

  /** Returns the id of the oldest order at a price on a side, or -1. */
  firstOrderAt(side: number, tick: number): number {
    if (this.lotsAt(side, tick) === 0) return -1;
    return this.rows[this.levels[(tick - this.base) * LEVEL + FIRST] + ID];
  }

  /** Returns the id of the order behind a live one at the same price, or -1. */
  nextOrder(id: number): number {
    const next = this.rows[this.locate(id) + NEXT];
    return next === 0 ? -1 : this.rows[next + ID];
  }

  /** Tells whether an id names a resting order. */
  isLive(id: number): boolean {
    return this.find(id) !== 0;
  }

  /**
   * Returns the side of a live order. @throws Error for any other id, as do the accessors below.
   */
  sideOf(id: number): number {
    return this.rows[this.locate(id) + META] & 1;
  }

  /** Returns the price of a live order in ticks. */
  priceOf(id: number): number {
    return this.rows[this.locate(id) + PRICE];
  }

  /** Returns the lots a live order has left. */
  leavesOf(id: number): number {
    return this.rows[this.locate(id) + LEAVES];
  }

  /** Returns the account of a live order. */
  accountOf(id: number): number {
    return this.rows[this.locate(id) + ACCOUNT];
  }

  /** Returns the tag of a live order. */
  tagOf(id: number): number {
    return this.rows[this.locate(id) + TAG];
  }

  /** Returns the flags of a live order. */
  flagsOf(id: number): number {
    return this.rows[this.locate(id) + META] >>> 1;
  }

  /** Returns how many orders rest. */
  liveOrders(): number {
    return this.live;
  }

  /**
   * Folds the book, bids then asks in price-time order, without its internal slots and ids.
   * O(orders).
   */
  hash(h: Hash64): void {
    const rows = this.rows;
    for (let side = 0; side < 2; side += 1) {
      let tick = side === Side.bid ? this.bestBid() : this.bestAsk();
      while (tick !== -1) {
        let row = this.levels[(tick - this.base) * LEVEL + FIRST];
        while (row !== 0) {
          h.int(tick);
          h.int(rows[row + LEAVES]);
          h.int(rows[row + ACCOUNT]);
          h.int(rows[row + TAG]);
          h.int(rows[row + META] >>> 1);
          row = rows[row + NEXT];
        }
        tick = this.nextLevel(side, tick);
      }
      h.int(-1);
    }
    h.int(this.bandLow);
    h.int(this.bandHigh);
  }

  /**
   * Verifies every invariant of the book. O(orders + ladder). @throws Error naming the broken one
   */
  check(): void {
    const rows = this.rows;
    assert(this.bidTick < this.askTick, 'book: bids and asks cross');
    let found = 0;
    let occupied = 0;
    let best: number = NO_BID;
    let worst: number = NO_ASK;
    const levels = this.levels;
    const length = levels.length;
    for (let level = 0; level < length; level += 4) {
      if ((levels[level] | levels[level + 1] | levels[level + 2]) === 0) continue;
      const index = level >> 2;
      const tick = index + this.base;
      assert(this.bitmap.has(index), 'book: an occupied level is not in the bitmap');
      occupied += 1;
      let lots = 0;
      let previous = 0;
      for (let row = levels[level + FIRST]; row !== 0; row = rows[row + NEXT]) {
        assert(rows[row + PREVIOUS] === previous, 'book: level links are torn');
        assert(rows[row + PRICE] === tick, 'book: an order sits at a foreign price');
        assert(rows[row + LEAVES] > 0, 'book: a resting order has nothing left');
        assert((rows[row + ID] & SLOT_MASK) * ROW === row, 'book: an id names another slot');
        const bid = (rows[row + META] & 1) === Side.bid;
        assert(bid ? tick <= this.bidTick : tick >= this.askTick, 'book: beyond the best price');
        if (bid && tick > best) best = tick;
        if (!bid && tick < worst) worst = tick;
        lots += rows[row + LEAVES];
        previous = row;
        found += 1;
      }
      assert(levels[level + LAST] === previous, 'book: the last order of a level is wrong');
      assert(levels[level + LOTS] === (lots | 0), 'book: the lots of a level are wrong');
    }
    let marked = 0;
    for (let index = this.bitmap.lowest(); index >= 0; index = this.bitmap.above(index))
      marked += 1;
    assert(marked === occupied, 'book: the bitmap marks an empty level');
    assert(best === this.bidTick && worst === this.askTick, 'book: best prices are stale');
    assert(found === this.live, 'book: the count of orders is wrong');
    for (let row = this.freeRow; row !== 0; row = rows[row + NEXT]) {
      assert(rows[row + ID] < RETIRED, 'book: a live order is on the free list');
      found += 1;
    }
    for (let row = ROW; row < rows.length; row += ROW) if (rows[row + ID] === RETIRED) found += 1;
    assert(found === rows.length / ROW - 1, 'book: a slot is lost');
  }

  /** Returns the whole state, ids included, for `load`. O(capacity). */
  save(): Int32Array {
    const words = new Int32Array(SAVE_HEADER + this.rows.length);
    words[0] = SAVE_VERSION;
    words[1] = this.freeRow;
    words[2] = this.bandLow;
    words[3] = this.bandHigh;
    words.set(this.rows, SAVE_HEADER);
    return words;
  }

  /** Takes over a state made by `save` in a book with the same options. O(capacity + ladder). */
  load(words: Int32Array): void {
    assert(words[0] === SAVE_VERSION, 'book: saved by another version');
    assert(
      words.length > SAVE_HEADER && words.length % ROW === 0,
      'book: the saved state is cut short',
    );
    const rows = words.slice(SAVE_HEADER);
    this.rows = rows;
    this.freeRow = words[1];
    this.bandLow = words[2];
    this.bandHigh = words[3];
    this.live = 0;
    this.bidTick = NO_BID;
    this.askTick = NO_ASK;
    this.base = UNANCHORED;
    this.wide = false;
    this.allocateLadder(this.ticks);
    for (let row = ROW; row < rows.length; row += ROW) {
      if (rows[row + ID] < 0) continue;
      const tick = rows[row + PRICE];
      let index = tick - this.base;
      if (index < 0 || index >= this.ticks) index = this.growLadder(tick);
      if (rows[row + PREVIOUS] === 0) this.levels[index * LEVEL + FIRST] = row;
      if (rows[row + NEXT] === 0) this.levels[index * LEVEL + LAST] = row;
      const lots = (this.levels[index * LEVEL + LOTS] + rows[row + LEAVES]) | 0;
      this.levels[index * LEVEL + LOTS] = lots;
      if (lots < 0) this.wide = true;
      this.bitmap.set(index);
      this.live += 1;
      if ((rows[row + META] & 1) === Side.bid) this.bidTick = Math.max(this.bidTick, tick);
      else this.askTick = Math.min(this.askTick, tick);
    }
  }

  /** Appends an order to the FIFO of its price; returns its id. */
  protected rest(
    side: number,
    priceTicks: number,
    leavesLots: number,
    flags: number,
    account: number,
    tag: number,
  ): number {
    let index = priceTicks - this.base;
    if (index < 0 || index >= this.ticks) index = this.growLadder(priceTicks);
    if (this.freeRow === 0) this.growRows((this.rows.length / ROW) * 2);
    const rows = this.rows;
    const levels = this.levels;
    const row = this.freeRow;
    const id = ~rows[row + 7];
    const level = index << 2;
    const tail = levels[level + 1];
    this.freeRow = rows[row];
    this.live += 1;
    rows[row] = 0;
    rows[row + 1] = tail;
    rows[row + 2] = leavesLots;
    rows[row + 3] = priceTicks;
    rows[row + 4] = account;
    rows[row + 5] = tag;
    rows[row + 6] = side | ((flags & 3) << 1);
    rows[row + 7] = id;
    levels[level + 1] = row;
    // Wraps modulo 2^32; a book that has seen 2^31 lots at a price adds them up when asked.
    const lots = (levels[level + 2] + leavesLots) | 0;
    levels[level + 2] = lots;
    if (lots < 0) this.wide = true;
    if (tail !== 0) {
      rows[tail] = row;
    } else {
      levels[level] = row;
      this.bitmap.set(index);
      if (side === 0) {
        if (priceTicks > this.bidTick) this.bidTick = priceTicks;
      } else if (priceTicks < this.askTick) {
        this.askTick = priceTicks;
      }
    }
    return id;
  }

  /** Unlinks a resting order and frees its slot. */
  protected remove(row: number): void {
    const rows = this.rows;
    const levels = this.levels;
    const price = rows[row + 3];
    const index = price - this.base;
    const level = index << 2;
    const next = rows[row];
    const previous = rows[row + 1];
    levels[level + 2] = (levels[level + 2] - rows[row + 2]) | 0;
    if (previous !== 0) rows[previous] = next;
    else levels[level] = next;
    if (next !== 0) rows[next + 1] = previous;
    else levels[level + 1] = previous;
    if ((next | previous) === 0) {
      this.bitmap.clear(index);
      if (price === this.askTick) {
        const above = this.bitmap.above(index);
        this.askTick = above < 0 ? 0x3fffffff : above + this.base;
      } else if (price === this.bidTick) {
        const below = this.bitmap.below(index);
        this.bidTick = below < 0 ? -1 : below + this.base;
      }
    }
    this.live -= 1;
    const nextId = (rows[row + 7] + 0x800000) | 0;
    if (nextId >= 0) {
      rows[row + 7] = ~nextId;
      rows[row] = this.freeRow;
      this.freeRow = row;
    } else {
      rows[row + 7] = -1;
    }
  }

  /**
   * Returns the total of a level. O(1), or O(orders) in a book that has held 2^31 lots at a price.
   */
  protected lotsIn(level: number): number {
    if (!this.wide) return this.levels[level + LOTS];
    const rows = this.rows;
    let lots = 0;
    for (let row = this.levels[level + FIRST]; row !== 0; row = rows[row + NEXT]) {
      lots += rows[row + LEAVES];
    }
    return lots;
  }

  /** Returns the row of a live order, or 0. */
  protected find(id: number): number {
    const row = (id & 0x7fffff) << 3;
    return id > 0 && row < this.rows.length && this.rows[row + 7] === id ? row : 0;
  }

  protected locate(id: number): number {
    const row = this.find(id);
    assert(row !== 0, 'book: the id names no live order');
    return row;
  }

  /** Makes room for `slots` orders and puts the new ones on the free list. */
  private growRows(slots: number): void {
    if (slots > SLOTS_MAX) {
      throw new UserError('capacity/orders', `an order book holds at most ${SLOTS_MAX - 1} orders`);
    }
    const from = this.rows.length;
    const rows = new Int32Array(slots * ROW);
    rows.set(this.rows);
    for (let row = from; row < rows.length; row += ROW) {
      rows[row + ID] = ~(row / ROW);
      rows[row + NEXT] = row + ROW < rows.length ? row + ROW : this.freeRow;
    }
    this.freeRow = from;
    this.rows = rows;
  }

  private allocateLadder(ticks: number): void {
    this.ticks = ticks;
    this.levels = new Int32Array(ticks * LEVEL);
    this.bitmap = new TickBitmap(ticks);
  }

  /**
   * Widens the ladder by doubling until it covers a price; returns the price's index. O(ladder).
   */
  private growLadder(priceTicks: number): number {
    const from = this.base;
    if (from === UNANCHORED) {
      this.base = Math.max(0, priceTicks - (this.ticks >>> 1));
      return priceTicks - this.base;
    }
    let ticks = this.ticks;
    let base = from;
    while (priceTicks < base || priceTicks >= base + ticks) {
      if (priceTicks < base) base = Math.max(0, base - ticks);
      ticks *= 2;
    }
    const levels = this.levels;
    const shift = from - base;
    this.allocateLadder(ticks);
    this.base = base;
    this.levels.set(levels, shift * LEVEL);
    for (let level = 0; level < levels.length; level += LEVEL) {
      if (levels[level + FIRST] !== 0) this.bitmap.set(level / LEVEL + shift);
    }
    return priceTicks - base;
  }
}

function powerOfTwo(atLeast: number, floor: number): number {
  let size = floor;
  while (size < atLeast) size *= 2;
  return size;
}
