/**
 * A three-level bitmap over price levels: finds the next occupied level in a handful of
 * instructions.
 *
 * Level 0 has a bit per tick, level 1 a bit per word of level 0, level 2 a bit per word of level 1;
 * level 2 is scanned, one word per 32,768 ticks.
 */
export class TickBitmap {
  private readonly ticks: Int32Array;
  private readonly words: Int32Array;
  private readonly blocks: Int32Array;

  /** Covers indices 0..size-1, all clear. */
  constructor(size: number) {
    const words = (size + 31) >>> 5;
    const blocks = (words + 31) >>> 5;
    this.ticks = new Int32Array(words);
    this.words = new Int32Array(blocks);
    this.blocks = new Int32Array((blocks + 31) >>> 5);
  }

  /** Marks an index as occupied. */
  set(index: number): void {
    this.ticks[index >>> 5] |= 1 << (index & 31);
    this.words[index >>> 10] |= 1 << ((index >>> 5) & 31);
    this.blocks[index >>> 15] |= 1 << ((index >>> 10) & 31);
  }

  /** Marks an index as empty. */
  clear(index: number): void {
    const tickBits = this.ticks[index >>> 5] & ~(1 << (index & 31));
    this.ticks[index >>> 5] = tickBits;
    if (tickBits !== 0) return;
    const wordBits = this.words[index >>> 10] & ~(1 << ((index >>> 5) & 31));
    this.words[index >>> 10] = wordBits;
    if (wordBits !== 0) return;
    this.blocks[index >>> 15] &= ~(1 << ((index >>> 10) & 31));
  }

  /** Tells whether an index is occupied. */
  has(index: number): boolean {
    return (this.ticks[index >>> 5] & (1 << (index & 31))) !== 0;
  }

  /** Returns the lowest occupied index strictly above the given one (which may be -1), or -1. */
  above(index: number): number {
    if (index < 0) return this.lowest();
    const word = index >>> 5;
    // -2 << n clears bits 0..n; for n = 31 it is 0.
    const tickBits = this.ticks[word] & (-2 << (index & 31));
    if (tickBits !== 0) return (word << 5) + lowestBit(tickBits);
    const block = word >>> 5;
    const wordBits = this.words[block] & (-2 << (word & 31));
    if (wordBits !== 0) return this.lowestIn((block << 5) + lowestBit(wordBits));
    let group = block >>> 5;
    let blockBits = this.blocks[group] & (-2 << (block & 31));
    while (blockBits === 0) {
      group += 1;
      if (group >= this.blocks.length) return -1;
      blockBits = this.blocks[group];
    }
    return this.lowestInBlock((group << 5) + lowestBit(blockBits));
  }

  /**
   * Returns the highest occupied index strictly below the given one (which may be the size), or -1.
   */
  below(index: number): number {
    const word = index >>> 5;
    if (word >= this.ticks.length) return this.highest();
    const tickBits = this.ticks[word] & ((1 << (index & 31)) - 1);
    if (tickBits !== 0) return (word << 5) + highestBit(tickBits);
    const block = word >>> 5;
    const wordBits = this.words[block] & ((1 << (word & 31)) - 1);
    if (wordBits !== 0) return this.highestIn((block << 5) + highestBit(wordBits));
    let group = block >>> 5;
    let blockBits = this.blocks[group] & ((1 << (block & 31)) - 1);
    while (blockBits === 0) {
      group -= 1;
      if (group < 0) return -1;
      blockBits = this.blocks[group];
    }
    return this.highestInBlock((group << 5) + highestBit(blockBits));
  }

  /** Returns the lowest occupied index, or -1. */
  lowest(): number {
    for (let group = 0; group < this.blocks.length; group += 1) {
      const bits = this.blocks[group];
      if (bits !== 0) return this.lowestInBlock((group << 5) + lowestBit(bits));
    }
    return -1;
  }

  /** Returns the highest occupied index, or -1. */
  highest(): number {
    for (let group = this.blocks.length - 1; group >= 0; group -= 1) {
      const bits = this.blocks[group];
      if (bits !== 0) return this.highestInBlock((group << 5) + highestBit(bits));
    }
    return -1;
  }

  private lowestIn(word: number): number {
    return (word << 5) + lowestBit(this.ticks[word]);
  }

  private highestIn(word: number): number {
    return (word << 5) + highestBit(this.ticks[word]);
  }

  private lowestInBlock(block: number): number {
    return this.lowestIn((block << 5) + lowestBit(this.words[block]));
  }

  private highestInBlock(block: number): number {
    return this.highestIn((block << 5) + highestBit(this.words[block]));
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function highestBit(bits: number): number {
  return 31 - Math.clz32(bits);
}
