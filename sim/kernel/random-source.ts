import { assert } from './assert.js';
import { log } from './logarithm.js';
import { hashText } from './mixing.js';
import { normalQuantile } from './normal.js';
import { philox4x32 } from './philox.js';

const TWO_POW_26 = 67108864;
const TWO_POW_32 = 4294967296;
const TWO_POW_MINUS_52 = 1 / 4503599627370496;
const TWO_POW_MINUS_53 = 1 / 9007199254740992;
/** Domain words that keep key derivation apart from every draw (a draw's fourth word is 0). */
const DOMAIN_A = 0x5374616d;
const DOMAIN_B = 0x70656465;

/** A seed, 0..2^53-1, from which named, independent streams of random numbers are opened. */
export class RandomSource {
  readonly seed: number;

  constructor(seed: number) {
    assert(Number.isSafeInteger(seed) && seed >= 0, `a seed lies in 0..2^53-1, was ${seed}`);
    this.seed = seed;
  }

  /** Opens the stream `name`: the same seed and name always give the same numbers. */
  stream(name: string): RandomStream {
    const key = new Uint32Array(4);
    const seedLow = this.seed | 0;
    const seedHigh = Math.floor(this.seed / TWO_POW_32);
    // Two different hashes of the name and its length: 2^64 keys, so names do not collide.
    const nameA = hashText(name) | 0;
    const nameB = hashText(`${name}/`) | 0;
    philox4x32(nameA, nameB, name.length ^ DOMAIN_A, DOMAIN_B, seedLow, seedHigh, key);
    return new RandomStream(key[0], key[1]);
  }
}

/**
 * Random numbers addressed by (keyHigh, keyLow, draw), each taken modulo 2^32: stateless, so that
 * no draw depends on which others were made. Nothing is allocated. The arguments are cut to 32
 * bits before the block function, whose compiled code then never meets a boxed number.
 */
export class RandomStream {
  keyA: number;
  keyB: number;
  private readonly block = new Uint32Array(4);

  constructor(keyA: number, keyB: number) {
    this.keyA = keyA | 0;
    this.keyB = keyB | 0;
  }

  /** Draws as another stream does from now on, wherever this one is in use. */
  rekey(as: RandomStream): void {
    this.keyA = as.keyA;
    this.keyB = as.keyB;
  }

  /** Returns the block's four words in a buffer that the next draw overwrites. */
  words(keyHigh: number, keyLow: number, draw: number): Uint32Array {
    philox4x32(keyHigh | 0, keyLow | 0, draw | 0, 0, this.keyA, this.keyB, this.block);
    return this.block;
  }

  /** Draws from [0, 1), in steps of 2^-53. */
  uniform(keyHigh: number, keyLow: number, draw: number): number {
    const block = this.block;
    philox4x32(keyHigh | 0, keyLow | 0, draw | 0, 0, this.keyA, this.keyB, block);
    return ((block[0] >>> 5) * TWO_POW_26 + (block[1] >>> 6)) * TWO_POW_MINUS_53;
  }

  /** Draws from (0, 1): the midpoints of 2^52 equal cells, so neither end is ever returned. */
  uniformOpen(keyHigh: number, keyLow: number, draw: number): number {
    const block = this.block;
    philox4x32(keyHigh | 0, keyLow | 0, draw | 0, 0, this.keyA, this.keyB, block);
    return ((block[0] >>> 6) * TWO_POW_26 + (block[1] >>> 6) + 0.5) * TWO_POW_MINUS_52;
  }

  /** Draws a standard normal by inversion of `uniformOpen`. */
  normal(keyHigh: number, keyLow: number, draw: number): number {
    return normalQuantile(this.uniformOpen(keyHigh, keyLow, draw));
  }

  /** Draws an exponential of mean 1 by inversion of `uniformOpen`. */
  exponential(keyHigh: number, keyLow: number, draw: number): number {
    return -log(this.uniformOpen(keyHigh, keyLow, draw));
  }
}
