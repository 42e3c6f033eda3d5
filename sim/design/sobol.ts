/** Sobol sequences, plain or scrambled: points that fill the cube evenly at every power of two. */
import { mix32, RandomSource, UserError } from '../kernel/index.js';
import { directionRows } from './direction-numbers.js';
import { emptyDesign, type UnitDesign } from './unit-design.js';

/** Most dimensions: those with direction numbers. */
export const SOBOL_DIMENSIONS_MAX = directionRows.length + 1;

const BITS = 32;
const TWO_POW_MINUS_32 = 1 / 4294967296;

/** What to sample. */
export interface SobolOptions {
  count: number;
  dimensions: number;
  /** Scrambles when given, 0..2^53-1: equal seeds give equal points, others independent ones. */
  seed?: number;
}

/**
 * Returns the first `count` points of the Sobol sequence in the order of Antonov & Saleev 1979,
 * whose every aligned run of 2^m points is a net, with the direction numbers of Joe & Kuo 2008. The
 * first point belongs to the net (Owen 2020, "On dropping the first Sobol' point"); without a seed
 * it is the origin. A longer design begins with the points of a shorter one. Counts other than
 * powers of two are taken, and balanced less well. O(count dimensions); scrambling takes 32 hashes
 * a number.
 *
 * With a seed, digits are scrambled nested and uniformly (Owen 1995, "Randomly permuted
 * (t,m,s)-nets and (t,s)-sequences"): every binary digit is flipped by a coin that belongs to all
 * digits before it. The coin is a bit of a hash of seed, dimension and those digits, so that no
 * tree is stored; no approximation as in Laine & Karras 2011. Points then lie at the midpoints of
 * 2^32 cells, in (0, 1), each uniform on them.
 *
 * @throws UserError design/dimensions for more dimensions than SOBOL_DIMENSIONS_MAX
 */
export function sobolDesign({ count, dimensions, seed }: SobolOptions): UnitDesign {
  if (dimensions > SOBOL_DIMENSIONS_MAX) {
    const most = `a Sobol sequence has at most ${SOBOL_DIMENSIONS_MAX}`;
    const instead = 'screen the factors with Morris trajectories, or use a Latin hypercube';
    const text = `design: dimensions were ${dimensions}, ${most}; ${instead}`;
    throw new UserError('design/dimensions', text);
  }
  const design = emptyDesign(count, dimensions);
  const keys = seed === undefined ? null : new RandomSource(seed).stream('design/sobol');
  for (let j = 0; j < dimensions; j++) {
    fill(design, j, directionsOf(j), keys === null ? null : keys.words(0, j, 0));
  }
  return design;
}

/**
 * Returns v_1..v_32 of dimension j (from 0), m_i shifted so that the first digit is the top bit.
 */
function directionsOf(j: number): Int32Array {
  const directions = new Int32Array(BITS);
  if (j === 0) {
    for (let i = 0; i < BITS; i++) directions[i] = 1 << (BITS - 1 - i);
    return directions;
  }
  const row = directionRows[j - 1];
  const degree = row.length - 1;
  for (let i = 0; i < degree; i++) directions[i] = row[i + 1] << (BITS - 1 - i);
  for (let i = degree; i < BITS; i++) {
    let v = directions[i - degree] ^ (directions[i - degree] >>> degree);
    for (let k = 1; k < degree; k++) {
      if (((row[0] >>> (degree - 1 - k)) & 1) === 1) v ^= directions[i - k];
    }
    directions[i] = v;
  }
  return directions;
}

/** Fills coordinate j; scrambles under the first two words of `key` if there is one. */
function fill(design: UnitDesign, j: number, v: Int32Array, key: Uint32Array | null): void {
  const { count, dimensions, unit } = design;
  const keyA = key === null ? 0 : key[0];
  const keyB = key === null ? 0 : key[1];
  let x = 0;
  for (let i = 0; i < count; i++) {
    if (i > 0) x ^= v[trailingZeros(i)];
    const cell = key === null ? x >>> 0 : scramble(x, keyA, keyB) + 0.5;
    unit[i * dimensions + j] = cell * TWO_POW_MINUS_32;
  }
}

/**
 * Scrambles the 32 binary digits of x, top bit first, and returns a uint32. A node of the tree of
 * digits is numbered by a one followed by the digits that lead to it, as in a heap.
 */
function scramble(x: number, keyA: number, keyB: number): number {
  let flips = 0;
  for (let depth = 0; depth < BITS; depth++) {
    const node = depth === 0 ? 1 : (1 << depth) | (x >>> (BITS - depth));
    flips = (flips << 1) | (mix32(keyA, keyB, node) >>> 31);
  }
  return (x ^ flips) >>> 0;
}

/** Returns how many zeros stand below the lowest one of i > 0. */
function trailingZeros(i: number): number {
  return 31 - Math.clz32(i & -i);
}
