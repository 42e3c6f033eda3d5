import { assert } from './assert.js';
import { lowestBit } from './bitmap.js';
import type { Hash64 } from './hash64.js';
import type { Memory } from './memory.js';

/** Item row, 16 bytes. float64: time; int32: position of its entry (0 = no timer), slot. */
const POSITION = 2;
const SLOT = 3;

/** Seven levels of 256 slots count windows up to 2^56; one more slot holds the late timers. */
const LEVELS = 7;
const SLOTS = LEVELS * 256;
const LATE = SLOTS;
const TWO_POW_32 = 4294967296;

/**
 * Entries (item numbers) live in chunks of 32 words: word 0 is the position of the last entry of
 * the chunk below it in its slot (in a free chunk: the next free chunk + 1), words 1..31 entries.
 * Only the top chunk of a slot may be partly filled. Compared with linked items, emptying a slot
 * reads entries in sequence instead of following one cache miss to the next.
 */
const CHUNK_SHIFT = 5;
const CHUNK_LAST = (1 << CHUNK_SHIFT) - 1;

/** Float scalars: the first window not yet collected; the earliest time that is not late, as far
 * as known: 0 or a time before `base` means unknown. */
const BASE = 0;
const EARLIEST = 1;
/** Integer scalars: first free chunk + 1, chunks ever used. */
const FREE = 0;
const USED = 1;

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
  private readonly times: Float64Array;
  private readonly rows: Int32Array;
  private readonly chunks: Int32Array;
  /** Per slot: position of its last entry, 0 when empty. */
  private readonly tops: Int32Array;
  private readonly counts: Int32Array;
  /** Eight words a level: which slots hold timers. */
  private readonly bits: Int32Array;
  private readonly levelCounts: Int32Array;
  private readonly scalars: Float64Array;
  private readonly pool: Int32Array;

  constructor(memory: Memory, name: string, itemsMax: number, windowMicros: number) {
    assert(itemsMax > 0 && itemsMax <= 1 << 28, `itemsMax lies in 1..2^28, was ${itemsMax}`);
    assert(windowMicros > 0, `a window lasts more than 0 microseconds, was ${windowMicros}`);
    this.itemsMax = itemsMax;
    this.windowMicros = windowMicros;
    this.times = memory.float64(`${name}.rows`, itemsMax * 2);
    this.rows = new Int32Array(this.times.buffer, this.times.byteOffset, itemsMax * 4);
    // Full chunks for all items, for each slot one not full, and the one being taken apart.
    const chunks = Math.ceil(itemsMax / CHUNK_LAST) + Math.min(itemsMax, SLOTS + 1) + 1;
    this.chunks = memory.int32(`${name}.chunks`, chunks << CHUNK_SHIFT);
    this.tops = memory.int32(`${name}.tops`, SLOTS + 1);
    this.counts = memory.int32(`${name}.counts`, SLOTS + 1);
    this.bits = memory.int32(`${name}.bits`, LEVELS * 8);
    this.levelCounts = memory.int32(`${name}.levelCounts`, LEVELS + 1);
    this.scalars = memory.float64(`${name}.scalars`, 2);
    this.pool = memory.int32(`${name}.pool`, 2);
  }

  /** Sets the item's timer, replacing an earlier one; Infinity cancels it. */
  schedule(item: number, timeMicros: number): void {
    if (this.rows[(item << 2) + POSITION] !== 0) this.unlink(item);
    if (timeMicros === Infinity) return;
    const scalars = this.scalars;
    this.times[item << 1] = timeMicros;
    if (timeMicros < scalars[EARLIEST]) scalars[EARLIEST] = timeMicros;
    this.place(item, Math.floor(timeMicros / this.windowMicros));
  }

  /** Removes the item's timer; does nothing when it has none. */
  cancel(item: number): void {
    if (this.rows[(item << 2) + POSITION] !== 0) this.unlink(item);
  }

  /** Returns the item's time in microseconds, Infinity when it has no timer. */
  timeOf(item: number): number {
    return this.rows[(item << 2) + POSITION] === 0 ? Infinity : this.times[item << 1];
  }

  /** Returns the time the item's timer was last set to, also after it was collected. */
  lastTimeOf(item: number): number {
    return this.times[item << 1];
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
    }
    assert(to <= out.length, `${to} due timers do not fit ${out.length}`);
    return to - from;
  }

  /** Returns the earliest window that holds a timer (late ones count as the next window), else
   * Infinity. O(1), save a scan of one slot after its earliest timer was removed. */
  nextWindow(): number {
    const scalars = this.scalars;
    const base = scalars[BASE];
    if (this.counts[LATE] !== 0) return base;
    if (this.levelCounts[0] !== 0) return base - digitOf(base, 0) + this.firstSlot(0);
    const known = Math.floor(scalars[EARLIEST] / this.windowMicros);
    if (known >= base && known > 0) return known;
    if (this.count() === 0) return Infinity;
    scalars[EARLIEST] = this.earliestTime();
    return Math.floor(scalars[EARLIEST] / this.windowMicros);
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
    const counts = this.counts;
    for (let digit = digitOf(base, level); digit <= last; digit++) due += counts[first + digit];
    return due;
  }

  count(): number {
    let count = 0;
    for (let level = 0; level <= LEVELS; level++) count += this.levelCounts[level];
    return count;
  }

  /** Folds every item that has a timer and its time, in the order of items. O(itemsMax). */
  hash(h: Hash64): void {
    for (let item = 0; item < this.itemsMax; item++) {
      if (this.rows[(item << 2) + POSITION] === 0) continue;
      h.int(item);
      h.float(this.times[item << 1]);
    }
  }

  /** Asserts entries, places, counts, bits and chunks. O(itemsMax). */
  check(): void {
    let used = 0;
    for (let level = 0; level <= LEVELS; level++) {
      let inLevel = 0;
      for (let digit = 0; digit < (level === LEVELS ? 1 : 256); digit++) {
        const slot = (level << 8) + digit;
        const inSlot = this.checkSlot(slot);
        if (level < LEVELS) {
          const bit = (this.bits[slot >> 5] >>> (slot & 31)) & 1;
          assert((bit === 1) === inSlot > 0, `slot ${slot}: wrong bit`);
        }
        inLevel += inSlot;
        used += Math.ceil(inSlot / CHUNK_LAST);
      }
      assert(inLevel === this.levelCounts[level], `level ${level}: wrong count`);
    }
    const everUsed = this.pool[USED];
    for (let chunk = this.pool[FREE] - 1; chunk >= 0 && used <= everUsed; used++) {
      chunk = this.chunks[chunk << CHUNK_SHIFT] - 1;
    }
    assert(used === everUsed, `${everUsed} chunks were opened, found ${used}`);
    let present = 0;
    for (let item = 0; item < this.itemsMax; item++) if (this.timeOf(item) !== Infinity) present++;
    assert(present === this.count(), `${present} timers are set, ${this.count()} listed`);
  }

  /** Asserts one slot's entries and returns how many it has. */
  private checkSlot(slot: number): number {
    const base = this.scalars[BASE];
    let count = 0;
    for (let position = this.tops[slot]; position !== 0; ) {
      const item = this.chunks[position];
      const window = Math.floor(this.times[item << 1] / this.windowMicros);
      let right = LATE;
      if (window >= base) {
        const level = levelOf(base, window);
        right = (level << 8) + digitOf(window, level);
      }
      assert(this.rows[(item << 2) + POSITION] === position, `item ${item}: wrong position`);
      assert(this.rows[(item << 2) + SLOT] === slot, `item ${item}: wrong slot`);
      assert(slot === right, `item ${item} of window ${window} sits in slot ${slot}`);
      assert(++count <= this.itemsMax, `slot ${slot}: a circle of chunks`);
      position = this.below(position);
    }
    assert(count === this.counts[slot], `slot ${slot}: wrong count`);
    return count;
  }

  /** Appends an item's entry to the slot of a window. */
  private place(item: number, window: number): void {
    const base = this.scalars[BASE];
    let slot = LATE;
    if (window >= base) {
      const level = levelOf(base, window);
      slot = (level << 8) + digitOf(window, level);
    }
    let position = this.tops[slot];
    if (position !== 0 && (position & CHUNK_LAST) !== CHUNK_LAST) {
      position++;
    } else {
      if (position === 0 && slot !== LATE) this.bits[slot >> 5] |= 1 << (slot & 31);
      position = this.openChunk(position);
    }
    this.tops[slot] = position;
    this.chunks[position] = item;
    const row = item << 2;
    this.rows[row + POSITION] = position;
    this.rows[row + SLOT] = slot;
    this.counts[slot]++;
    this.levelCounts[slot >> 8]++;
  }

  /** Removes an item's entry by moving the last one of its slot there. */
  private unlink(item: number): void {
    const rows = this.rows;
    const row = item << 2;
    const position = rows[row + POSITION];
    const slot = rows[row + SLOT];
    const top = this.tops[slot];
    const moved = this.chunks[top];
    this.chunks[position] = moved;
    rows[(moved << 2) + POSITION] = position;
    rows[row + POSITION] = 0;
    this.tops[slot] = this.below(top);
    if ((top & CHUNK_LAST) === 1) this.closeChunk(top >> CHUNK_SHIFT);
    if (--this.counts[slot] === 0 && slot !== LATE) this.bits[slot >> 5] &= ~(1 << (slot & 31));
    this.levelCounts[slot >> 8]--;
    if (this.times[item << 1] === this.scalars[EARLIEST]) this.scalars[EARLIEST] = 0;
  }

  /** Empties a slot into `out` from `to` on; returns the new end. */
  private drain(slot: number, out: Int32Array, to: number): number {
    if (this.counts[slot] === 0) return to;
    const rows = this.rows;
    const chunks = this.chunks;
    let top = this.vacate(slot);
    let end = to;
    while (top !== 0) {
      const start = top & ~CHUNK_LAST;
      for (let position = start + 1; position <= top; position++) {
        const item = chunks[position];
        out[end++] = item;
        rows[(item << 2) + POSITION] = 0;
      }
      top = chunks[start];
      this.closeChunk(start >> CHUNK_SHIFT);
    }
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
    if (this.counts[slot] === 0) return to;
    let top = this.vacate(slot);
    let end = to;
    while (top !== 0) {
      const start = top & ~CHUNK_LAST;
      for (let position = start + 1; position <= top; position++) {
        const item = this.chunks[position];
        const window = Math.floor(this.times[item << 1] / this.windowMicros);
        if (window < next) {
          this.rows[(item << 2) + POSITION] = 0;
          out[end++] = item;
        } else {
          this.place(item, window);
        }
      }
      top = this.chunks[start];
      // Closed after its entries are placed: a chunk in use must not be handed out again.
      this.closeChunk(start >> CHUNK_SHIFT);
    }
    return end;
  }

  /** Marks a slot as empty and returns the position of what was its last entry. */
  private vacate(slot: number): number {
    const top = this.tops[slot];
    this.levelCounts[slot >> 8] -= this.counts[slot];
    this.counts[slot] = 0;
    this.tops[slot] = 0;
    if (slot !== LATE) this.bits[slot >> 5] &= ~(1 << (slot & 31));
    return top;
  }

  /** Returns the position of the entry below one in its slot, 0 at the bottom. */
  private below(position: number): number {
    return (position & CHUNK_LAST) === 1 ? this.chunks[position - 1] : position - 1;
  }

  /** Opens a chunk on top of the entry at `below` and returns its first position. */
  private openChunk(below: number): number {
    const pool = this.pool;
    let chunk = pool[FREE] - 1;
    if (chunk >= 0) pool[FREE] = this.chunks[chunk << CHUNK_SHIFT];
    else chunk = pool[USED]++;
    this.chunks[chunk << CHUNK_SHIFT] = below;
    return (chunk << CHUNK_SHIFT) + 1;
  }

  private closeChunk(chunk: number): void {
    this.chunks[chunk << CHUNK_SHIFT] = this.pool[FREE];
    this.pool[FREE] = chunk + 1;
  }

  /** Returns the earliest time in the lowest level that holds timers. O(timers of one slot). */
  private earliestTime(): number {
    let level = 0;
    while (this.levelCounts[level] === 0) level++;
    let earliest = Infinity;
    let top = this.tops[(level << 8) + this.firstSlot(level)];
    while (top !== 0) {
      const start = top & ~CHUNK_LAST;
      for (let position = start + 1; position <= top; position++) {
        const time = this.times[this.chunks[position] << 1];
        if (time < earliest) earliest = time;
      }
      top = this.chunks[start];
    }
    return earliest;
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
