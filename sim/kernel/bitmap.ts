import { assert } from './assert.js';
import type { Memory } from './memory.js';

/** Position of the lowest set bit of a non-zero word. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/**
 * A set of integers 0..length-1 as a hierarchical bitmap: a bit of level k+1 says that a word of
 * level k is not zero. All state lives in `memory`, zeroed memory being the empty set; every
 * operation is O(log32 length).
 */
export class Bitmap {
  readonly length: number;
  private readonly words: Int32Array;
  /** Where each level's words start; the last level is one word. */
  private readonly starts: Int32Array;
  private readonly levels: number;

  constructor(memory: Memory, name: string, length: number) {
    assert(Number.isSafeInteger(length) && length > 0, `a bitmap needs a length, was ${length}`);
    this.length = length;
    const starts: number[] = [];
    let total = 0;
    let width = length;
    do {
      width = Math.ceil(width / 32);
      starts.push(total);
      total += width;
    } while (width > 1);
    this.starts = Int32Array.from(starts);
    this.levels = starts.length;
    this.words = memory.int32(name, total);
  }

  has(index: number): boolean {
    return (this.words[index >> 5] & (1 << (index & 31))) !== 0;
  }

  add(index: number): void {
    const words = this.words;
    const starts = this.starts;
    let at = index;
    for (let level = 0; level < this.levels; level++) {
      const slot = starts[level] + (at >> 5);
      const was = words[slot];
      words[slot] = was | (1 << (at & 31));
      if (was !== 0) return;
      at >>= 5;
    }
  }

  remove(index: number): void {
    const words = this.words;
    const starts = this.starts;
    let at = index;
    for (let level = 0; level < this.levels; level++) {
      const slot = starts[level] + (at >> 5);
      const left = words[slot] & ~(1 << (at & 31));
      words[slot] = left;
      if (left !== 0) return;
      at >>= 5;
    }
  }

  /** Returns the smallest member >= index, or -1; index may be any integer. */
  atOrAbove(index: number): number {
    if (index >= this.length) return -1;
    const words = this.words;
    const starts = this.starts;
    let at = index < 0 ? 0 : index;
    for (let level = 0; level < this.levels; level++) {
      const slot = at >> 5;
      // Past the last word of this level nothing lies above.
      if (level + 1 < this.levels && slot >= starts[level + 1] - starts[level]) return -1;
      if (level + 1 === this.levels && slot > 0) return -1;
      const word = words[starts[level] + slot] & (-1 << (at & 31));
      if (word !== 0) return this.lowestBelow(level, (slot << 5) + lowestBit(word));
      at = slot + 1;
    }
    return -1;
  }

  /** Returns the largest member <= index, or -1; index may be any integer. */
  atOrBelow(index: number): number {
    if (index < 0) return -1;
    const words = this.words;
    const starts = this.starts;
    let at = index >= this.length ? this.length - 1 : index;
    for (let level = 0; level < this.levels; level++) {
      const slot = at >> 5;
      const word = words[starts[level] + slot] & (-1 >>> (31 - (at & 31)));
      if (word !== 0) return this.highestBelow(level, (slot << 5) + 31 - Math.clz32(word));
      if (slot === 0) return -1;
      at = slot - 1;
    }
    return -1;
  }

  /** Follows the lowest bits from member `at` of a level down to level 0. */
  private lowestBelow(level: number, at: number): number {
    const words = this.words;
    const starts = this.starts;
    let down = at;
    for (let k = level - 1; k >= 0; k--) {
      down = (down << 5) + lowestBit(words[starts[k] + down]);
    }
    return down;
  }

  /** Follows the highest bits from member `at` of a level down to level 0. */
  private highestBelow(level: number, at: number): number {
    const words = this.words;
    const starts = this.starts;
    let down = at;
    for (let k = level - 1; k >= 0; k--) {
      down = (down << 5) + 31 - Math.clz32(words[starts[k] + down]);
    }
    return down;
  }

  /** Asserts that every summary bit agrees with the word below it. */
  check(): void {
    for (let level = 1; level < this.levels; level++) {
      const width = this.starts[level] - this.starts[level - 1];
      for (let i = 0; i < width; i++) {
        const filled = this.words[this.starts[level - 1] + i] !== 0;
        const said = (this.words[this.starts[level] + (i >> 5)] & (1 << (i & 31))) !== 0;
        assert(filled === said, `bitmap level ${level} disagrees at ${i}`);
      }
    }
  }
}
