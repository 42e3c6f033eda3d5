import { assert } from './assert.js';
import { lowestBit } from './bitmap.js';
import type { Memory } from './memory.js';

/** Item row, 32 bytes. float64: time, window; int32: next + 1, previous + 1, slot + 1, unused. */
const TIME = 0;
const WINDOW = 1;
const NEXT = 4;
const PREVIOUS = 5;
const SLOT = 6;

/** Seven levels of 256 slots count windows up to 2^56; one more slot holds the late timers. */
const LEVELS = 7;
const SLOTS = LEVELS * 256;
const LATE = SLOTS;
const TWO_POW_32 = 4294967296;

/** Scalars: the first window not yet collected, timers, a cached earliest window (-1 unknown). */
const BASE = 0;
const COUNT = 1;
const CACHED = 2;

/**
 * One timer per item, found by the window its time falls in. A hierarchical wheel: a timer sits at
 * the level of the highest base-256 digit in which its window differs from `base`, the first
 * window not yet collected, in the slot of that digit; it moves down when `base` reaches its
 * digit. Scheduling, cancelling and, amortised, collecting are O(1). Zeroed memory is the empty
 * wheel and all state lives in `memory`.
 */
export class TimingWheel {
  readonly itemsMax: number;
  readonly windowMicros: number;
  private readonly floats: Float64Array;
  private readonly ints: Int32Array;
  /** Per slot: first item + 1. */
  private readonly heads: Int32Array;
  private readonly counts: Int32Array;
  /** Eight words a level: which slots hold timers. */
  private readonly bits: Int32Array;
  private readonly levelCounts: Int32Array;
  private readonly scalars: Float64Array;

  constructor(memory: Memory, name: string, itemsMax: number, windowMicros: number) {
    assert(itemsMax > 0 && itemsMax <= 1 << 27, `itemsMax lies in 1..2^27, was ${itemsMax}`);
    assert(windowMicros > 0, `a window lasts more than 0 microseconds, was ${windowMicros}`);
    this.itemsMax = itemsMax;
    this.windowMicros = windowMicros;
    this.floats = memory.float64(`${name}.rows`, itemsMax * 4);
    this.ints = new Int32Array(this.floats.buffer, this.floats.byteOffset, itemsMax * 8);
    this.heads = memory.int32(`${name}.heads`, SLOTS + 1);
    this.counts = memory.int32(`${name}.counts`, SLOTS + 1);
    this.bits = memory.int32(`${name}.bits`, LEVELS * 8);
    this.levelCounts = memory.int32(`${name}.levelCounts`, LEVELS + 1);
    this.scalars = memory.float64(`${name}.scalars`, 3);
  }

  /** Sets the item's timer, replacing an earlier one; Infinity cancels it. */
  schedule(item: number, timeMicros: number): void {
    const ints = this.ints;
    const row = item << 3;
    if (ints[row + SLOT] !== 0) this.unlink(item);
    if (timeMicros === Infinity) return;
    const window = Math.floor(timeMicros / this.windowMicros);
    const floatRow = item << 2;
    this.floats[floatRow + TIME] = timeMicros;
    this.floats[floatRow + WINDOW] = window;
    this.scalars[COUNT]++;
    this.place(item, window);
    if (window < this.scalars[CACHED]) this.scalars[CACHED] = window;
  }

  /** Removes the item's timer; does nothing when it has none. */
  cancel(item: number): void {
    if (this.ints[(item << 3) + SLOT] !== 0) this.unlink(item);
  }

  /** Returns the item's time in microseconds, Infinity when it has no timer. */
  timeOf(item: number): number {
    return this.ints[(item << 3) + SLOT] === 0 ? Infinity : this.floats[(item << 2) + TIME];
  }

  /** Returns the item's last scheduled time, also after it was collected (until set again). */
  lastTimeOf(item: number): number {
    return this.floats[(item << 2) + TIME];
  }

  /**
   * Removes every timer of a window up to `window`, writes the items to `out` from `from` on, in
   * no stated order, and returns how many. Windows ascend; the same one may be collected again.
   * @throws Error when windows descend or `out` is too short.
   */
  collect(window: number, out: Int32Array, from = 0): number {
    const scalars = this.scalars;
    const base = scalars[BASE];
    const next = window + 1;
    assert(next >= base, `windows ascend: collected ${window} after ${base - 1}`);
    let to = this.drain(LATE, out, from);
    if (next > base) {
      const level = levelOf(base, next);
      const digit = digitOf(next, level);
      for (let below = 0; below < level; below++) to = this.drainLevel(below, 255, out, to);
      to = this.drainLevel(level, digit - 1, out, to);
      scalars[BASE] = next;
      if (level > 0) to = this.cascade((level << 8) + digit, next, out, to);
      if (scalars[CACHED] < next) scalars[CACHED] = -1;
    }
    assert(to <= out.length, `${to} due timers do not fit ${out.length}`);
    return to - from;
  }

  /** Returns the earliest window that holds a timer (late ones count as the next window), else
   * Infinity. O(1), save a scan of one slot after its earliest timer was removed. */
  nextWindow(): number {
    const scalars = this.scalars;
    if (scalars[COUNT] === 0) return Infinity;
    if (this.counts[LATE] !== 0) return scalars[BASE];
    if (this.levelCounts[0] !== 0) {
      const base = scalars[BASE];
      return base - digitOf(base, 0) + this.firstSlot(0);
    }
    if (scalars[CACHED] >= scalars[BASE] && scalars[CACHED] > 0) return scalars[CACHED];
    let level = 1;
    while (this.levelCounts[level] === 0) level++;
    let earliest = Infinity;
    let item = this.heads[(level << 8) + this.firstSlot(level)] - 1;
    while (item >= 0) {
      const window = this.floats[(item << 2) + WINDOW];
      if (window < earliest) earliest = window;
      item = this.ints[(item << 3) + NEXT] - 1;
    }
    scalars[CACHED] = earliest;
    return earliest;
  }

  /** Returns how many timers are due by a window: exact within 256 windows, else a bound above. */
  dueCount(window: number): number {
    const base = this.scalars[BASE];
    let due = this.counts[LATE];
    if (window < base) return due;
    const level = levelOf(base, window);
    for (let below = 0; below < level; below++) due += this.levelCounts[below];
    if (this.levelCounts[level] === 0) return due;
    const first = level << 8;
    const last = digitOf(window, level);
    for (let digit = digitOf(base, level); digit <= last; digit++) due += this.counts[first + digit];
    return due;
  }

  count(): number {
    return this.scalars[COUNT];
  }

  /** Asserts links, places, counts and bits. O(itemsMax). */
  check(): void {
    const base = this.scalars[BASE];
    let listed = 0;
    for (let level = 0; level <= LEVELS; level++) {
      let inLevel = 0;
      for (let digit = 0; digit < (level === LEVELS ? 1 : 256); digit++) {
        const slot = (level << 8) + digit;
        let inSlot = 0;
        let previous = -1;
        for (let item = this.heads[slot] - 1; item >= 0; item = this.ints[(item << 3) + NEXT] - 1) {
          const window = this.floats[(item << 2) + WINDOW];
          const time = this.floats[(item << 2) + TIME];
          assert(this.ints[(item << 3) + SLOT] === slot + 1, `item ${item}: wrong slot`);
          assert(this.ints[(item << 3) + PREVIOUS] === previous + 1, `item ${item}: broken link`);
          assert(window === Math.floor(time / this.windowMicros), `item ${item}: wrong window`);
          const right = window < base ? LATE : (levelOf(base, window) << 8) + digitOf(window, levelOf(base, window));
          assert(slot === right, `item ${item} of window ${window} sits in slot ${slot}`);
          assert(++inSlot <= this.itemsMax, `slot ${slot}: its list is a circle`);
          previous = item;
        }
        assert(inSlot === this.counts[slot], `slot ${slot}: wrong count`);
        if (level < LEVELS) {
          const bit = (this.bits[slot >> 5] >>> (slot & 31)) & 1;
          assert((bit === 1) === inSlot > 0, `slot ${slot}: wrong bit`);
        }
        inLevel += inSlot;
      }
      assert(inLevel === this.levelCounts[level], `level ${level}: wrong count`);
      listed += inLevel;
    }
    let present = 0;
    for (let item = 0; item < this.itemsMax; item++) if (this.timeOf(item) !== Infinity) present++;
    assert(listed === this.scalars[COUNT] && present === listed, `${present} timers, ${listed} listed`);
  }

  private place(item: number, window: number): void {
    const base = this.scalars[BASE];
    let slot = LATE;
    if (window >= base) {
      const level = levelOf(base, window);
      slot = (level << 8) + digitOf(window, level);
    }
    const ints = this.ints;
    const row = item << 3;
    const head = this.heads[slot];
    ints[row + NEXT] = head;
    ints[row + PREVIOUS] = 0;
    ints[row + SLOT] = slot + 1;
    if (head !== 0) ints[((head - 1) << 3) + PREVIOUS] = item + 1;
    else if (slot !== LATE) this.bits[slot >> 5] |= 1 << (slot & 31);
    this.heads[slot] = item + 1;
    this.counts[slot]++;
    this.levelCounts[slot >> 8]++;
  }

  private unlink(item: number): void {
    const ints = this.ints;
    const row = item << 3;
    const slot = ints[row + SLOT] - 1;
    const next = ints[row + NEXT];
    const previous = ints[row + PREVIOUS];
    ints[row + SLOT] = 0;
    if (next !== 0) ints[((next - 1) << 3) + PREVIOUS] = previous;
    if (previous !== 0) {
      ints[((previous - 1) << 3) + NEXT] = next;
    } else {
      this.heads[slot] = next;
      if (next === 0 && slot !== LATE) this.bits[slot >> 5] &= ~(1 << (slot & 31));
    }
    this.counts[slot]--;
    this.levelCounts[slot >> 8]--;
    this.scalars[COUNT]--;
    if (this.floats[(item << 2) + WINDOW] === this.scalars[CACHED]) this.scalars[CACHED] = -1;
  }

  /** Empties a slot into `out` from `to` on; returns the new end. */
  private drain(slot: number, out: Int32Array, to: number): number {
    const count = this.counts[slot];
    if (count === 0) return to;
    const ints = this.ints;
    let end = to;
    for (let item = this.heads[slot] - 1; item >= 0; end++) {
      const row = item << 3;
      out[end] = item;
      ints[row + SLOT] = 0;
      item = ints[row + NEXT] - 1;
    }
    this.vacate(slot, count);
    this.scalars[COUNT] -= count;
    return end;
  }

  /** Drains the slots 0..last of a level. */
  private drainLevel(level: number, last: number, out: Int32Array, to: number): number {
    let end = to;
    while (this.levelCounts[level] !== 0) {
      const digit = this.firstSlot(level);
      if (digit > last) break;
      end = this.drain((level << 8) + digit, out, end);
    }
    return end;
  }

  /** Takes a slot apart: timers before window `next` go to `out`, the others to lower levels. */
  private cascade(slot: number, next: number, out: Int32Array, to: number): number {
    const count = this.counts[slot];
    if (count === 0) return to;
    let end = to;
    let item = this.heads[slot] - 1;
    this.vacate(slot, count);
    while (item >= 0) {
      const row = item << 3;
      const after = this.ints[row + NEXT] - 1;
      const window = this.floats[(item << 2) + WINDOW];
      if (window < next) {
        this.ints[row + SLOT] = 0;
        out[end++] = item;
      } else {
        this.place(item, window);
      }
      item = after;
    }
    this.scalars[COUNT] -= end - to;
    return end;
  }

  private vacate(slot: number, count: number): void {
    this.heads[slot] = 0;
    this.counts[slot] = 0;
    this.levelCounts[slot >> 8] -= count;
    if (slot !== LATE) this.bits[slot >> 5] &= ~(1 << (slot & 31));
  }

  /** Returns the lowest non-empty digit of a level that is not empty. */
  private firstSlot(level: number): number {
    let word = level << 3;
    while (this.bits[word] === 0) word++;
    return ((word & 7) << 5) + lowestBit(this.bits[word]);
  }
}

/** Returns the highest base-256 digit in which two windows differ, 0 when none. */
function levelOf(base: number, window: number): number {
  if (window < TWO_POW_32) return (31 - Math.clz32((base ^ window) | 1)) >> 3;
  const high = Math.floor(base / TWO_POW_32) ^ Math.floor(window / TWO_POW_32);
  if (high === 0) return (31 - Math.clz32((base ^ window) | 1)) >> 3;
  return 4 + ((31 - Math.clz32(high)) >> 3);
}

function digitOf(window: number, level: number): number {
  if (level < 4) return (window >>> (level << 3)) & 255;
  return (Math.floor(window / TWO_POW_32) >>> ((level - 4) << 3)) & 255;
}
