/**
 * Stop and take-profit orders that wait for a price.
 *
 * A trigger watches the last, mark or index price and fires when it rises to, or falls to, its own
 * price. Six ladders (source x direction) hold the waiting rows, so that firing costs what fires.
 */
import { assert, UserError } from '../kernel/index.js';
import type { Hash64 } from '../kernel/index.js';
import {
  ACCOUNT,
  BookCode,
  FIRED,
  FLAGS_MASK,
  GENERATION_STEP,
  ID,
  LEAVES,
  META,
  NEXT,
  NO_ASK,
  NO_BID,
  PREVIOUS,
  PRICE,
  RETIRED,
  SLOT_MASK,
  SLOTS_MAX,
  TAG,
  TriggerOrder,
} from './layout.js';
import { TriggerLadder } from './trigger-ladder.js';
import type { TriggerQueue } from './trigger-queue.js';

// Row of a trigger: the fields of an order (PRICE is the trigger's), then the limit price.
const LIMIT = 8;
const ROW = 12;

// META: bits 0-1 source, 2 falls, 3 limit order, 4 ask, 5.. order flags. The low 3 bits name the
// ladder.
const META_LADDER = 7;
const META_FALLS = 4;
const META_FLAGS_SHIFT = 5;
const LADDERS = 8;
const SOURCES = 3;

const TICKS_LIMIT_DEFAULT = 1 << 22;
const SAVE_VERSION = 1;
const SAVE_HEADER = 8;

/** Sizes of a trigger book. */
export interface TriggerBookOptions {
  /** Triggers to make room for at first; doubles when needed. */
  triggersInitial?: number;
  /** Exclusive upper bound of prices, at most 2^24. */
  ticksLimit?: number;
}

/** Holds waiting triggers and hands out those whose price has come. */
export class TriggerBook {
  private rows = new Int32Array(0);
  private freeRow = 0;
  private live = 0;
  private readonly ladders: TriggerLadder[] = [];
  /**
   * Per ladder, the trigger price that fires first: lowest of the rising, highest of the falling.
   */
  private readonly nearest = new Int32Array(LADDERS);
  /** Per source, the price of the last call of `fire`, 0 before the first. */
  private readonly seen = new Float64Array(SOURCES);
  private readonly ticksLimit: number;

  constructor(options: TriggerBookOptions = {}) {
    this.ticksLimit = options.ticksLimit ?? TICKS_LIMIT_DEFAULT;
    assert(this.ticksLimit >= 2 && this.ticksLimit <= 1 << 24, 'ticksLimit must lie in 2..2^24');
    this.clearLadders();
    let slots = 16;
    while (slots < (options.triggersInitial ?? 63) + 1) slots *= 2;
    this.growRows(slots);
  }

  /**
   * Enters a trigger and returns its id, or `rejectPrice` or `rejectSize`.
   *
   * Direction +1 fires when the source is at or above the trigger, -1 at or below. `limitTicks` is
   * the limit of a limit order and the protection price of a market order. One that is due already
   * waits for the next `fire`.
   */
  add(
    source: number,
    direction: number,
    triggerTicks: number,
    orderKind: number,
    side: number,
    limitTicks: number,
    sizeLots: number,
    flags: number,
    account: number,
    tag: number,
  ): number {
    assert(source >= 0 && source < SOURCES, 'triggers: unknown source');
    assert(direction === 1 || direction === -1, 'triggers: the direction is +1 or -1');
    if ((sizeLots | 0) !== sizeLots || sizeLots <= 0) return BookCode.rejectSize;
    if (!this.possible(triggerTicks)) return BookCode.rejectPrice;
    if (orderKind === TriggerOrder.limit && !this.possible(limitTicks)) return BookCode.rejectPrice;
    if (this.freeRow === 0) this.growRows((this.rows.length / ROW) * 2);
    const rows = this.rows;
    const row = this.freeRow;
    const ladder = source | (direction < 0 ? META_FALLS : 0);
    this.freeRow = rows[row + NEXT];
    rows[row + LEAVES] = sizeLots;
    rows[row + PRICE] = triggerTicks;
    rows[row + ACCOUNT] = account;
    rows[row + TAG] = tag;
    rows[row + META] =
      ladder | (orderKind << 3) | (side << 4) | ((flags & FLAGS_MASK) << META_FLAGS_SHIFT);
    rows[row + ID] = ~rows[row + ID];
    rows[row + LIMIT] = Math.min(limitTicks, 0x7fffffff);
    this.ladders[ladder].insert(rows, row, triggerTicks);
    const nearest = this.nearest[ladder];
    if (direction > 0 ? triggerTicks < nearest : triggerTicks > nearest) {
      this.nearest[ladder] = triggerTicks;
    }
    this.live += 1;
    return rows[row + ID];
  }

  /** Cancels a trigger; returns its lots, or `rejectUnknown` for a stale id. */
  cancel(id: number): number {
    const row = this.find(id);
    if (row === 0) return BookCode.rejectUnknown;
    const lots = this.rows[row + LEAVES];
    this.remove(row);
    return lots;
  }

  /** Tells whether `fire` would find anything. */
  isDue(source: number, priceTicks: number): boolean {
    return this.nearest[source] <= priceTicks || this.nearest[source | META_FALLS] >= priceTicks;
  }

  /**
   * Removes every trigger due at a price of a source and appends it to `out`; returns how many.
   *
   * Triggers fire in the order in which a move from the previous price crosses them, and by time of
   * entry at one price. Those that wait for the opposite move can only have been due since they
   * were entered, so they come first. O(fired).
   */
  fire(source: number, priceTicks: number, out: TriggerQueue): number {
    const before = out.count;
    if (priceTicks >= this.seen[source]) {
      this.fireLadder(source | META_FALLS, priceTicks, out);
      this.fireLadder(source, priceTicks, out);
    } else {
      this.fireLadder(source, priceTicks, out);
      this.fireLadder(source | META_FALLS, priceTicks, out);
    }
    this.seen[source] = priceTicks;
    return out.count - before;
  }

  /** Returns the lowest price at which a rising trigger of a source fires, or -1. */
  nextRise(source: number): number {
    const nearest = this.nearest[source];
    return nearest === NO_ASK ? -1 : nearest;
  }

  /** Returns the highest price at which a falling trigger of a source fires, or -1. */
  nextFall(source: number): number {
    return this.nearest[source | META_FALLS];
  }

  /**
   * Adds up the lots of waiting triggers whose order goes with the move that fires it: sells on a
   * fall (`direction` -1), buys on a rise (1), whatever price they watch. Bucket k holds
   * (edges[k + 1], edges[k]] on a fall, [edges[k], edges[k + 1]) on a rise; `edges` has one more
   * entry than `lots`, going outward. Those already due lie in the first. O(waiting within reach).
   */
  lotsByTrigger(direction: number, edges: Int32Array, lots: Float64Array): void {
    const rows = this.rows;
    const reach = edges[lots.length];
    const side = direction < 0 ? 1 : 0;
    for (let source = 0; source < SOURCES; source += 1) {
      const ladder = direction < 0 ? source | META_FALLS : source;
      let k = 0;
      let tick = this.ends(ladder);
      while (tick !== -1 && direction * tick < direction * reach) {
        while (direction * tick >= direction * edges[k + 1]) k += 1;
        for (let row = this.ladders[ladder].first(tick); row !== 0; row = rows[row + NEXT]) {
          if (((rows[row + META] >>> 4) & 1) === side) lots[k] += rows[row + LEAVES];
        }
        tick = this.beyond(ladder, tick);
      }
    }
  }

  /** Returns how many triggers wait. */
  liveTriggers(): number {
    return this.live;
  }

  /** Tells whether an id names a waiting trigger. */
  isLive(id: number): boolean {
    return this.find(id) !== 0;
  }

  /** Returns the source of a waiting trigger. @throws Error for any other id, as do those below. */
  sourceOf(id: number): number {
    return this.rows[this.locate(id) + META] & 3;
  }

  /** Returns +1 for a trigger that fires on a rise, -1 on a fall. */
  directionOf(id: number): number {
    return (this.rows[this.locate(id) + META] & META_FALLS) === 0 ? 1 : -1;
  }

  /** Returns the trigger price in ticks. */
  triggerOf(id: number): number {
    return this.rows[this.locate(id) + PRICE];
  }

  /** Returns what the trigger sends, a `TriggerOrder`. */
  orderKindOf(id: number): number {
    return (this.rows[this.locate(id) + META] >>> 3) & 1;
  }

  /** Returns the side of the order to be sent. */
  sideOf(id: number): number {
    return (this.rows[this.locate(id) + META] >>> 4) & 1;
  }

  /** Returns the limit or protection price of the order to be sent, in ticks. */
  limitOf(id: number): number {
    return this.rows[this.locate(id) + LIMIT];
  }

  /** Returns the lots of the order to be sent. */
  sizeOf(id: number): number {
    return this.rows[this.locate(id) + LEAVES];
  }

  /** Returns the flags of the order to be sent. */
  flagsOf(id: number): number {
    return this.rows[this.locate(id) + META] >>> META_FLAGS_SHIFT;
  }

  /** Returns the account of the trigger. */
  accountOf(id: number): number {
    return this.rows[this.locate(id) + ACCOUNT];
  }

  /** Returns the tag of the trigger. */
  tagOf(id: number): number {
    return this.rows[this.locate(id) + TAG];
  }

  /** Folds the triggers ladder by ladder in firing order, without slots and ids. O(triggers). */
  hash(h: Hash64): void {
    const rows = this.rows;
    for (let ladder = 0; ladder < LADDERS; ladder += 1) {
      if ((ladder & 3) >= SOURCES) continue;
      for (let tick = this.ends(ladder); tick !== -1; tick = this.beyond(ladder, tick)) {
        for (let row = this.ladders[ladder].first(tick); row !== 0; row = rows[row + NEXT]) {
          h.int(tick);
          h.int(rows[row + META] >>> 3);
          h.int(rows[row + LIMIT]);
          h.int(rows[row + LEAVES]);
          h.int(rows[row + ACCOUNT]);
          h.int(rows[row + TAG]);
        }
      }
      h.int(-1);
    }
    for (let source = 0; source < SOURCES; source += 1) h.float(this.seen[source]);
  }

  /** Verifies every invariant. O(triggers). @throws Error naming the broken one */
  check(): void {
    const rows = this.rows;
    let found = 0;
    for (let ladder = 0; ladder < LADDERS; ladder += 1) {
      if ((ladder & 3) >= SOURCES) continue;
      const first = this.ends(ladder);
      const none = (ladder & META_FALLS) === 0 ? NO_ASK : NO_BID;
      const nearest = this.nearest[ladder];
      assert(nearest === (first === -1 ? none : first), 'triggers: the nearest price is stale');
      for (let tick = first; tick !== -1; tick = this.beyond(ladder, tick)) {
        const head = this.ladders[ladder].first(tick);
        assert(head !== 0, 'triggers: bitmap and ladder differ');
        for (let row = head; row !== 0; row = rows[row + NEXT]) {
          assert(rows[row + PRICE] === tick, 'triggers: one waits at a foreign price');
          assert(
            (rows[row + META] & META_LADDER) === ladder,
            'triggers: one waits on a wrong ladder',
          );
          assert((rows[row + ID] & SLOT_MASK) * ROW === row, 'triggers: an id names another slot');
          assert(rows[row + LEAVES] > 0, 'triggers: one has no size');
          found += 1;
        }
      }
    }
    assert(found === this.live, 'triggers: the count is wrong');
    for (let row = this.freeRow; row !== 0; row = rows[row + NEXT]) found += 1;
    for (let row = ROW; row < rows.length; row += ROW) if (rows[row + ID] === RETIRED) found += 1;
    assert(found === rows.length / ROW - 1, 'triggers: a slot is lost');
  }

  /** Returns the whole state, ids included, for `load`. O(capacity). */
  save(): Int32Array {
    const words = new Int32Array(SAVE_HEADER + this.rows.length);
    words[0] = SAVE_VERSION;
    words[1] = this.freeRow;
    new Float64Array(words.buffer, 8, SOURCES).set(this.seen);
    words.set(this.rows, SAVE_HEADER);
    return words;
  }

  /** Takes over a state made by `save`. O(capacity). */
  load(words: Int32Array): void {
    assert(words[0] === SAVE_VERSION, 'triggers: saved by another version');
    assert((words.length - SAVE_HEADER) % ROW === 0, 'triggers: the saved state is cut short');
    this.freeRow = words[1];
    this.live = 0;
    this.seen.set(new Float64Array(words.slice(2, SAVE_HEADER).buffer));
    this.rows = words.slice(SAVE_HEADER);
    this.clearLadders();
    const rows = this.rows;
    const saved = rows.slice();
    // Lists are rebuilt from their heads, so that each keeps its order of entry.
    for (let head = ROW; head < rows.length; head += ROW) {
      if (saved[head + ID] < 0 || saved[head + PREVIOUS] !== 0) continue;
      const ladder = saved[head + META] & META_LADDER;
      for (let row = head; row !== 0; row = saved[row + NEXT]) {
        this.ladders[ladder].insert(rows, row, saved[row + PRICE]);
        this.live += 1;
      }
      const end = this.ends(ladder);
      this.nearest[ladder] = end;
    }
  }

  private possible(ticks: number): boolean {
    return (ticks | 0) === ticks && ticks > 0 && ticks < this.ticksLimit;
  }

  private fireLadder(ladder: number, priceTicks: number, out: TriggerQueue): void {
    const rising = (ladder & META_FALLS) === 0;
    while (rising ? this.nearest[ladder] <= priceTicks : this.nearest[ladder] >= priceTicks) {
      const row = this.ladders[ladder].first(this.nearest[ladder]);
      this.copy(row, out);
      this.remove(row);
    }
  }

  private copy(row: number, out: TriggerQueue): void {
    const rows = this.rows;
    const meta = rows[row + META];
    const at = out.push();
    const fired = out.rows;
    fired[at + FIRED.id] = rows[row + ID];
    fired[at + FIRED.source] = meta & 3;
    fired[at + FIRED.direction] = (meta & META_FALLS) === 0 ? 1 : -1;
    fired[at + FIRED.triggerTicks] = rows[row + PRICE];
    fired[at + FIRED.orderKind] = (meta >>> 3) & 1;
    fired[at + FIRED.side] = (meta >>> 4) & 1;
    fired[at + FIRED.limitTicks] = rows[row + LIMIT];
    fired[at + FIRED.sizeLots] = rows[row + LEAVES];
    fired[at + FIRED.flags] = meta >>> META_FLAGS_SHIFT;
    fired[at + FIRED.account] = rows[row + ACCOUNT];
    fired[at + FIRED.tag] = rows[row + TAG];
  }

  private remove(row: number): void {
    const rows = this.rows;
    const ladder = rows[row + META] & META_LADDER;
    const tick = rows[row + PRICE];
    this.ladders[ladder].remove(rows, row, tick);
    if (tick === this.nearest[ladder] && this.ladders[ladder].first(tick) === 0) {
      const next = this.beyond(ladder, tick);
      this.nearest[ladder] = next === -1 && (ladder & META_FALLS) === 0 ? NO_ASK : next;
    }
    const nextId = (rows[row + ID] + GENERATION_STEP) | 0;
    if (nextId >= 0) {
      rows[row + ID] = ~nextId;
      rows[row + NEXT] = this.freeRow;
      this.freeRow = row;
    } else {
      rows[row + ID] = RETIRED;
    }
    this.live -= 1;
  }

  /** Returns the price of a ladder that fires first, or -1. */
  private ends(ladder: number): number {
    const list = this.ladders[ladder];
    return (ladder & META_FALLS) === 0 ? list.lowest() : list.highest();
  }

  /** Returns the price of a ladder that fires after the given one, or -1. */
  private beyond(ladder: number, tick: number): number {
    const list = this.ladders[ladder];
    return (ladder & META_FALLS) === 0 ? list.above(tick) : list.below(tick);
  }

  private find(id: number): number {
    const row = (id & SLOT_MASK) * ROW;
    return id > 0 && row < this.rows.length && this.rows[row + ID] === id ? row : 0;
  }

  private locate(id: number): number {
    const row = this.find(id);
    assert(row !== 0, 'triggers: the id names no waiting trigger');
    return row;
  }

  private clearLadders(): void {
    for (let ladder = 0; ladder < LADDERS; ladder += 1) {
      this.ladders[ladder] = new TriggerLadder();
      this.nearest[ladder] = (ladder & META_FALLS) === 0 ? NO_ASK : NO_BID;
    }
  }

  private growRows(slots: number): void {
    if (slots > SLOTS_MAX) {
      throw new UserError('capacity/triggers', `a market holds at most ${SLOTS_MAX - 1} triggers`);
    }
    const from = Math.max(this.rows.length, ROW);
    const rows = new Int32Array(slots * ROW);
    rows.set(this.rows);
    rows[ID] = RETIRED;
    for (let row = from; row < rows.length; row += ROW) {
      rows[row + ID] = ~(row / ROW);
      rows[row + NEXT] = row + ROW < rows.length ? row + ROW : this.freeRow;
    }
    this.rows = rows;
    this.freeRow = from;
  }
}
