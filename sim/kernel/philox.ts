const MULTIPLIER_A = 0xd2511f53 | 0;
const MULTIPLIER_A_LOW = 0x1f53;
const MULTIPLIER_A_HIGH = 0xd251;
const MULTIPLIER_B = 0xcd9e8d57 | 0;
const MULTIPLIER_B_LOW = 0x8d57;
const MULTIPLIER_B_HIGH = 0xcd9e;
/** Weyl constants that bump the key between rounds: the golden ratio and sqrt(3) - 1. */
const BUMP_A = 0x9e3779b9 | 0;
const BUMP_B = 0xbb67ae85 | 0;
const ROUNDS = 10;

/**
 * Writes the four words of the Philox4x32-10 block of counter (c0..c3) under key (k0, k1) to `out`.
 * Inputs are taken modulo 2^32. Source: Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers:
 * as easy as 1, 2, 3", with the known answers of Random123.
 */
export function philox4x32(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void {
  let x0 = c0 | 0;
  let x1 = c1 | 0;
  let x2 = c2 | 0;
  let x3 = c3 | 0;
  let keyA = k0 | 0;
  let keyB = k1 | 0;
  for (let round = 0; round < ROUNDS; round++) {
    // High words of the two 32 x 32 -> 64 products, from 16-bit halves; every partial sum < 2^32.
    const a0 = x0 & 0xffff;
    const a1 = x0 >>> 16;
    const carryA = Math.imul(a0, MULTIPLIER_A_LOW) >>> 16;
    const middleA = (Math.imul(a1, MULTIPLIER_A_LOW) + carryA) | 0;
    const crossA = (Math.imul(a0, MULTIPLIER_A_HIGH) + (middleA & 0xffff)) | 0;
    const highA = (Math.imul(a1, MULTIPLIER_A_HIGH) + (middleA >>> 16) + (crossA >>> 16)) | 0;
    const b0 = x2 & 0xffff;
    const b1 = x2 >>> 16;
    const carryB = Math.imul(b0, MULTIPLIER_B_LOW) >>> 16;
    const middleB = (Math.imul(b1, MULTIPLIER_B_LOW) + carryB) | 0;
    const crossB = (Math.imul(b0, MULTIPLIER_B_HIGH) + (middleB & 0xffff)) | 0;
    const highB = (Math.imul(b1, MULTIPLIER_B_HIGH) + (middleB >>> 16) + (crossB >>> 16)) | 0;
    const lowA = Math.imul(x0, MULTIPLIER_A);
    x0 = highB ^ x1 ^ keyA;
    x1 = Math.imul(x2, MULTIPLIER_B);
    x2 = highA ^ x3 ^ keyB;
    x3 = lowA;
    keyA = (keyA + BUMP_A) | 0;
    keyB = (keyB + BUMP_B) | 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}
