import { assert } from './assert.js';
import { Bitmap } from './bitmap.js';
import type { Hash64 } from './hash64.js';
import type { Memory } from './memory.js';

/** Item row, 16 bytes: tick + 1 (0 = absent), next item + 1, previous item + 1, unused. */
const TICK = 0;
const NEXT = 1;
const PREVIOUS = 2;

/**
 * First-in-first-out lists of items per tick, with the nearest non-empty tick found through a
 * hierarchical bitmap. Items are 0..itemsMax-1, each in at most one list; ticks are
 * 0..ticksMax-1, others being clamped to the ends. Links hold the value + 1, so zeroed memory is
 * the empty index and a second instance over the same memory sees the same contents.
 */
export class TickIndex {
  readonly itemsMax: number;
  readonly ticksMax: number;
  private readonly rows: Int32Array;
  /** Per tick: first item + 1, last item + 1. */
  private readonly ladder: Int32Array;
  private readonly scalars: Int32Array;
  private readonly occupied: Bitmap;

  constructor(memory: Memory, name: string, itemsMax: number, ticksMax: number) {
    assert(itemsMax > 0 && itemsMax <= 1 << 28, `itemsMax lies in 1..2^28, was ${itemsMax}`);
    assert(ticksMax > 0 && ticksMax <= 1 << 29, `ticksMax lies in 1..2^29, was ${ticksMax}`);
    this.itemsMax = itemsMax;
    this.ticksMax = ticksMax;
    this.rows = memory.int32(`${name}.rows`, itemsMax * 4);
    this.ladder = memory.int32(`${name}.ladder`, ticksMax * 2);
    this.scalars = memory.int32(`${name}.scalars`, 1);
    this.occupied = new Bitmap(memory, `${name}.occupied`, ticksMax);
  }

  /** Appends an absent item to the list of a tick. */
  insert(item: number, tick: number): void {
    const rows = this.rows;
    const ladder = this.ladder;
    const clamped = tick < 0 ? 0 : tick >= this.ticksMax ? this.ticksMax - 1 : tick;
    const row = item << 2;
    const list = clamped << 1;
    const last = ladder[list + 1];
    rows[row + TICK] = clamped + 1;
    rows[row + NEXT] = 0;
    rows[row + PREVIOUS] = last;
    ladder[list + 1] = item + 1;
    if (last === 0) {
      ladder[list] = item + 1;
      this.occupied.add(clamped);
    } else {
      rows[((last - 1) << 2) + NEXT] = item + 1;
    }
    this.scalars[0]++;
  }

  /** Takes an item out of its list; does nothing when it is in none. */
  remove(item: number): void {
    const rows = this.rows;
    const row = item << 2;
    const tick = rows[row + TICK] - 1;
    if (tick < 0) return;
    const next = rows[row + NEXT];
    const previous = rows[row + PREVIOUS];
    rows[row + TICK] = 0;
    if (next !== 0) rows[((next - 1) << 2) + PREVIOUS] = previous;
    else this.ladder[(tick << 1) + 1] = previous;
    if (previous !== 0) {
      rows[((previous - 1) << 2) + NEXT] = next;
    } else {
      this.ladder[tick << 1] = next;
      if (next === 0) this.occupied.remove(tick);
    }
    this.scalars[0]--;
  }

  has(item: number): boolean {
    return this.rows[(item << 2) + TICK] !== 0;
  }

  /** Returns the (clamped) tick of an item, -1 when it is absent. */
  tickOf(item: number): number {
    return this.rows[(item << 2) + TICK] - 1;
  }

  /** Returns the highest non-empty tick, -1 when empty. */
  highest(): number {
    return this.occupied.atOrBelow(this.ticksMax - 1);
  }

  /** Returns the lowest non-empty tick, -1 when empty. */
  lowest(): number {
    return this.occupied.atOrAbove(0);
  }

  /** Returns the lowest non-empty tick strictly above, -1 when none. */
  nextAbove(tick: number): number {
    return this.occupied.atOrAbove(tick + 1);
  }

  /** Returns the highest non-empty tick strictly below, -1 when none. */
  nextBelow(tick: number): number {
    return this.occupied.atOrBelow(tick - 1);
  }

  /** Returns the first item of a tick's list, -1 when it is empty; ticks must be in range. */
  first(tick: number): number {
    return this.ladder[tick << 1] - 1;
  }

  /** Returns the item after a present one in its list, -1 at the end. */
  next(item: number): number {
    return this.rows[(item << 2) + NEXT] - 1;
  }

  count(): number {
    return this.scalars[0];
  }

  /** Empties the index. O(items present). */
  clear(): void {
    for (let tick = this.lowest(); tick >= 0; tick = this.nextAbove(tick)) {
      for (let item = this.first(tick); item >= 0; item = this.next(item)) {
        this.rows[(item << 2) + TICK] = 0;
      }
      this.ladder[tick << 1] = 0;
      this.ladder[(tick << 1) + 1] = 0;
      this.occupied.remove(tick);
    }
    this.scalars[0] = 0;
  }

  /** Folds every tick that holds items, and its items in order, upwards. */
  hash(h: Hash64): void {
    for (let tick = this.lowest(); tick >= 0; tick = this.nextAbove(tick)) {
      h.int(tick);
      for (let item = this.first(tick); item >= 0; item = this.next(item)) h.int(item);
      h.int(-1);
    }
  }

  /** Asserts the links, ticks, bitmap and count. O(itemsMax + ticksMax). */
  check(): void {
    this.occupied.check();
    let listed = 0;
    for (let tick = 0; tick < this.ticksMax; tick++) {
      const first = this.first(tick);
      assert(this.occupied.has(tick) === first >= 0, `tick ${tick}: bitmap and list disagree`);
      let previous = -1;
      for (let item = first; item >= 0; item = this.next(item)) {
        assert(this.tickOf(item) === tick, `item ${item} is listed at another tick than its own`);
        assert(this.rows[(item << 2) + PREVIOUS] === previous + 1, `item ${item}: broken link`);
        assert(++listed <= this.itemsMax, `tick ${tick}: its list is a circle`);
        previous = item;
      }
      assert(this.ladder[(tick << 1) + 1] === previous + 1, `tick ${tick}: wrong last item`);
    }
    let present = 0;
    for (let item = 0; item < this.itemsMax; item++) if (this.has(item)) present++;
    assert(present === listed && listed === this.scalars[0], `${present} items, ${listed} listed`);
  }
}
