import { assert } from './assert.js';
import { Bitmap } from './bitmap.js';
import type { Hash64 } from './hash64.js';
import type { Memory } from './memory.js';
import { UserError } from './user-error.js';

export interface CalendarOptions {
  /** Float64 fields of a record. */
  fields: number;
  /** Records that may wait at once. */
  capacity: number;
  /** How many windows past the last released one a record may lie. */
  horizonWindows: number;
}

/** Window row: first record + 1 (as an offset), last record + 1, records. */
const FIRST = 0;
const LAST = 1;
const COUNT = 2;
/** Scalars: last released window + 1, records waiting, first free record + 1, records ever used. */
const RELEASED = 0;
const TOTAL = 1;
const FREE = 2;
const USED = 3;

/**
 * First-in-first-out lists, one per window, of fixed-size float64 records. Windows lie in a ring
 * of `horizonWindows`, records in one pool; the link of a record follows its fields. Zeroed memory
 * is the empty calendar and all state lives in `memory`. Pushing, stepping and releasing are O(1).
 */
export class Calendar {
  readonly fields: number;
  readonly capacity: number;
  readonly horizonWindows: number;
  /** The fields of the record at offset o are records[o] .. records[o + fields - 1]. */
  readonly records: Float64Array;
  private readonly name: string;
  private readonly stride: number;
  /** The record at offset o is followed by offset links[(o + fields) * 2] - 1, -1 at the end. */
  private readonly links: Int32Array;
  private readonly windows: Int32Array;
  private readonly mask: number;
  private readonly scalars: Float64Array;
  private readonly occupied: Bitmap;

  constructor(memory: Memory, name: string, options: CalendarOptions) {
    const { fields, capacity, horizonWindows } = options;
    assert(fields > 0 && capacity > 0 && horizonWindows > 0, `calendar "${name}": empty`);
    const words = capacity * (fields + 1) * 2;
    assert(words < 2147483648, `calendar "${name}": ${capacity} records exceed 16 GiB`);
    this.name = name;
    this.fields = fields;
    this.capacity = capacity;
    this.horizonWindows = horizonWindows;
    this.stride = fields + 1;
    let ring = 1;
    while (ring < horizonWindows) ring *= 2;
    this.mask = ring - 1;
    this.records = memory.float64(`${name}.records`, capacity * this.stride);
    this.links = new Int32Array(this.records.buffer, this.records.byteOffset, words);
    this.windows = memory.int32(`${name}.windows`, ring * 4);
    this.scalars = memory.float64(`${name}.scalars`, 4);
    this.occupied = new Bitmap(memory, `${name}.occupied`, ring);
  }

  /**
   * Appends a record to a window's list and returns its offset into `records`; the caller writes
   * the fields, which hold old values.
   * @throws UserError capacity/<name> when `capacity` records wait already.
   */
  push(window: number): number {
    const scalars = this.scalars;
    const released = scalars[RELEASED];
    if (!(window >= released && window < released + this.horizonWindows)) this.refuse(window);
    let offset = scalars[FREE] - 1;
    if (offset >= 0) {
      scalars[FREE] = this.links[(offset + this.fields) << 1];
    } else {
      const used = scalars[USED];
      if (used === this.capacity) this.overflow();
      offset = used * this.stride;
      scalars[USED] = used + 1;
    }
    this.links[(offset + this.fields) << 1] = 0;
    const at = window & this.mask;
    const row = at << 2;
    const windows = this.windows;
    const last = windows[row + LAST];
    if (last === 0) {
      windows[row + FIRST] = offset + 1;
      this.occupied.add(at);
    } else {
      this.links[(last - 1 + this.fields) << 1] = offset + 1;
    }
    windows[row + LAST] = offset + 1;
    windows[row + COUNT]++;
    scalars[TOTAL]++;
    return offset;
  }

  /** Returns the offset of a window's first record, -1 when it has none. */
  first(window: number): number {
    const released = this.scalars[RELEASED];
    if (window < released || window >= released + this.horizonWindows) return -1;
    return this.windows[((window & this.mask) << 2) + FIRST] - 1;
  }

  /** Returns the offset of the record after the one at `offset` in its window, -1 at the end. */
  next(offset: number): number {
    return this.links[(offset + this.fields) << 1] - 1;
  }

  /**
   * Frees a window's records and moves the horizon on; windows ascend.
   * @throws Error when a window that was skipped still holds records.
   */
  release(window: number): void {
    const scalars = this.scalars;
    const released = scalars[RELEASED];
    if (window < released) {
      assert(window === released - 1, `calendar "${this.name}": released ${window} out of order`);
      return;
    }
    if (window < released + this.horizonWindows) {
      const at = window & this.mask;
      const row = at << 2;
      const windows = this.windows;
      const first = windows[row + FIRST];
      if (first !== 0) {
        this.links[(windows[row + LAST] - 1 + this.fields) << 1] = scalars[FREE];
        scalars[FREE] = first;
        scalars[TOTAL] -= windows[row + COUNT];
        windows[row + FIRST] = 0;
        windows[row + LAST] = 0;
        windows[row + COUNT] = 0;
        this.occupied.remove(at);
      }
    }
    const skipped = scalars[TOTAL] !== 0 && this.nextWindow() <= window;
    assert(!skipped, `calendar "${this.name}": released ${window} past a window with records`);
    scalars[RELEASED] = window + 1;
  }

  /** Returns the earliest window that holds a record, Infinity when none does. */
  nextWindow(): number {
    return this.windowFrom(this.scalars[RELEASED]);
  }

  /** Returns how many records a window holds. */
  count(window: number): number {
    const released = this.scalars[RELEASED];
    if (window < released || window >= released + this.horizonWindows) return 0;
    return this.windows[((window & this.mask) << 2) + COUNT];
  }

  /** Returns how many records wait in all windows. */
  total(): number {
    return this.scalars[TOTAL];
  }

  /** Folds every window that holds records, and their fields in order, upwards. */
  hash(h: Hash64): void {
    const start = this.nextWindow();
    for (let window = start; window !== Infinity; window = this.windowFrom(window + 1)) {
      h.float(window);
      h.int(this.count(window));
      for (let offset = this.first(window); offset >= 0; offset = this.next(offset)) {
        for (let field = 0; field < this.fields; field++) h.float(this.records[offset + field]);
      }
    }
  }

  /** Asserts links, counts, bits and that every record is either waiting or free. */
  check(): void {
    this.occupied.check();
    const free = (offset: number): number => this.links[(offset + this.fields) << 1] - 1;
    let listed = 0;
    for (let at = 0; at <= this.mask; at++) {
      const row = at << 2;
      let inWindow = 0;
      let last = -1;
      for (let offset = this.windows[row + FIRST] - 1; offset >= 0; offset = this.next(offset)) {
        assert(offset % this.stride === 0, `calendar "${this.name}": no record at ${offset}`);
        assert(++inWindow <= this.capacity, `calendar "${this.name}": a list is a circle`);
        last = offset;
      }
      assert(this.windows[row + LAST] === last + 1, `calendar "${this.name}": wrong last record`);
      assert(this.windows[row + COUNT] === inWindow, `calendar "${this.name}": wrong count`);
      assert(this.occupied.has(at) === inWindow > 0, `calendar "${this.name}": wrong bit ${at}`);
      listed += inWindow;
    }
    let spare = 0;
    for (let offset = this.scalars[FREE] - 1; offset >= 0; offset = free(offset)) {
      assert(++spare <= this.capacity, `calendar "${this.name}": the free list is a circle`);
    }
    assert(listed === this.scalars[TOTAL], `calendar "${this.name}": ${listed} records listed`);
    assert(listed + spare === this.scalars[USED], `calendar "${this.name}": a record is lost`);
  }

  /** Returns the earliest window >= `from` that holds a record; `from` is not yet released. */
  private windowFrom(from: number): number {
    const released = this.scalars[RELEASED];
    if (this.scalars[TOTAL] === 0 || from >= released + this.mask + 1) return Infinity;
    const start = from & this.mask;
    const end = released & this.mask;
    // The ring runs from `end` upwards, around, and back to just below `end`.
    const above = this.occupied.atOrAbove(start);
    if (start < end) return above >= 0 && above < end ? from + (above - start) : Infinity;
    if (above >= 0) return from + (above - start);
    const around = this.occupied.atOrAbove(0);
    return around >= 0 && around < end ? from + (around + this.mask + 1 - start) : Infinity;
  }

  private refuse(window: number): never {
    const from = this.scalars[RELEASED];
    const to = from + this.horizonWindows - 1;
    throw new Error(`calendar "${this.name}" takes windows ${from}..${to}, was ${window}`);
  }

  private overflow(): never {
    throw new UserError(
      `capacity/${this.name}`,
      `calendar "${this.name}" is full: ${this.capacity} records wait; raise its capacity`,
    );
  }
}
