/** One growing ladder of FIFO lists by trigger price, for one source and one direction. */
import { NEXT, PREVIOUS } from './layout.js';
import { TickBitmap } from './tick-bitmap.js';

/**
 * Lists of trigger rows by tick; the rows, and their NEXT and PREVIOUS fields, belong to the
 * caller.
 */
export class TriggerLadder {
  /** Head and tail row per tick. */
  private lists = new Int32Array(0);
  private bitmap = new TickBitmap(0);
  private ticks = 0;
  private base = 0;

  /** Appends a row at the tail of a tick's list. Amortised O(1). */
  insert(rows: Int32Array, row: number, tick: number): void {
    let index = tick - this.base;
    if (index < 0 || index >= this.ticks) index = this.grow(tick);
    const tail = this.lists[index * 2 + 1];
    rows[row + NEXT] = 0;
    rows[row + PREVIOUS] = tail;
    this.lists[index * 2 + 1] = row;
    if (tail !== 0) {
      rows[tail + NEXT] = row;
      return;
    }
    this.lists[index * 2] = row;
    this.bitmap.set(index);
  }

  /** Unlinks a row from a tick's list. */
  remove(rows: Int32Array, row: number, tick: number): void {
    const index = tick - this.base;
    const next = rows[row + NEXT];
    const previous = rows[row + PREVIOUS];
    if (previous !== 0) rows[previous + NEXT] = next;
    else this.lists[index * 2] = next;
    if (next !== 0) rows[next + PREVIOUS] = previous;
    else this.lists[index * 2 + 1] = previous;
    if (next === 0 && previous === 0) this.bitmap.clear(index);
  }

  /** Returns the first row of a tick's list, or 0. */
  first(tick: number): number {
    const index = tick - this.base;
    return index >= 0 && index < this.ticks ? this.lists[index * 2] : 0;
  }

  /** Returns the lowest occupied tick, or -1. */
  lowest(): number {
    const index = this.bitmap.lowest();
    return index < 0 ? -1 : index + this.base;
  }

  /** Returns the highest occupied tick, or -1. */
  highest(): number {
    const index = this.bitmap.highest();
    return index < 0 ? -1 : index + this.base;
  }

  /** Returns the lowest occupied tick above one that lies on the ladder, or -1. */
  above(tick: number): number {
    const index = this.bitmap.above(tick - this.base);
    return index < 0 ? -1 : index + this.base;
  }

  /** Returns the highest occupied tick below one that lies on the ladder, or -1. */
  below(tick: number): number {
    const index = this.bitmap.below(tick - this.base);
    return index < 0 ? -1 : index + this.base;
  }

  private grow(tick: number): number {
    if (this.ticks === 0) {
      this.allocate(1024);
      this.base = Math.max(0, tick - 512);
      return tick - this.base;
    }
    let ticks = this.ticks;
    let base = this.base;
    while (tick < base || tick >= base + ticks) {
      if (tick < base) base = Math.max(0, base - ticks);
      ticks *= 2;
    }
    const lists = this.lists;
    const shift = this.base - base;
    this.allocate(ticks);
    this.base = base;
    this.lists.set(lists, shift * 2);
    for (let index = 0; index * 2 < lists.length; index += 1) {
      if (lists[index * 2] !== 0) this.bitmap.set(index + shift);
    }
    return tick - base;
  }

  private allocate(ticks: number): void {
    this.ticks = ticks;
    this.lists = new Int32Array(ticks * 2);
    this.bitmap = new TickBitmap(ticks);
  }
}
