import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulDivCeil, mulDivFloor, mulDivTrunc } from '../../sim/kernel/index.js';

const LIMIT = 2n ** 53n;

function floorOf(a: number, b: number, c: number): bigint {
  const product = BigInt(a) * BigInt(b);
  const divisor = BigInt(c);
  const quotient = product / divisor;
  const exact = quotient * divisor === product;
  return !exact && product < 0n !== divisor < 0n ? quotient - 1n : quotient;
}

type MulDiv = (a: number, b: number, c: number) => number;

function outcomeOf(f: MulDiv, a: number, b: number, c: number): number | string {
  try {
    return f(a, b, c);
  } catch (error) {
    return (error as Error).name;
  }
}

function expectExact(a: number, b: number, c: number): void {
  const floor = floorOf(a, b, c);
  const ceil = -floorOf(-a, b, c);
  const trunc = (BigInt(a) * BigInt(b)) / BigInt(c);
  for (const [actual, wanted, name] of [
    [mulDivFloor, floor, 'floor'],
    [mulDivCeil, ceil, 'ceil'],
    [mulDivTrunc, trunc, 'trunc'],
  ] as const) {
    // Plain comparisons: an `expect` for each of millions of results takes longer than the rest.
    const outcome = outcomeOf(actual, a, b, c);
    const fits = wanted < LIMIT && wanted > -LIMIT;
    if (!Object.is(outcome, fits ? Number(wanted) : 'RangeError')) {
      expect.fail(`${name} ${a} * ${b} / ${c} gave ${outcome}, wanted ${wanted}`);
    }
  }
}

/** Signed integers below 2^53 of every length in bits, and the neighbours of powers of two. */
const integer = fc
  .oneof(
    fc.maxSafeInteger(),
    fc
      .tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 52 }))
      .map(([n, k]) => Math.trunc(n / 2 ** k)),
    fc
      .tuple(fc.integer({ min: 0, max: 53 }), fc.integer({ min: -2, max: 2 }), fc.boolean())
      .map(([k, d, negative]) => {
        const n = Math.min(Math.max(2 ** k + d, 0), Number.MAX_SAFE_INTEGER);
        return negative ? -n : n;
      }),
  )
  .map((n) => n + 0);
const nonZero = integer.filter((n) => n !== 0);

describe('mulDiv', () => {
  it('equals BigInt arithmetic for all signs, sizes and roundings', () => {
    fc.assert(fc.property(integer, integer, nonZero, expectExact), { seed: 1, numRuns: 40_000 });
  });

  it('equals BigInt arithmetic where the quotient fits but the product does not', () => {
    const property = fc.property(nonZero, integer, nonZero, (a, q, c) => {
      // a * b / c with b near q c / a: quotients of every size, remainders near 0 and near c.
      const b = (BigInt(q) * BigInt(c)) / BigInt(a);
      for (const d of [-1n, 0n, 1n]) {
        if (b + d < LIMIT && b + d > -LIMIT) expectExact(a, Number(b + d), c);
      }
    });
    fc.assert(property, { seed: 2, numRuns: 30_000 });
  });

  it('is exact when the quotient is an integer or a hair off', () => {
    const property = fc.property(nonZero, integer, (c, b) => {
      expectExact(c, b, c);
      if (Math.abs(c) > 1) expectExact(c - Math.sign(c), b, c);
    });
    fc.assert(property, { seed: 3, numRuns: 20_000 });
  });

  it('refuses division by zero and anything that is no safe integer', () => {
    for (const f of [mulDivFloor, mulDivCeil, mulDivTrunc]) {
      expect(() => f(1, 1, 0)).toThrow(RangeError);
      expect(() => f(2 ** 40, 2 ** 40, 0)).toThrow(RangeError);
      expect(() => f(NaN, 1, 1)).toThrow(RangeError);
      expect(() => f(2 ** 53, 2, 3)).toThrow(RangeError);
      expect(() => f(Infinity, 1, 3)).toThrow(RangeError);
    }
  });

  it('keeps the identity floor <= exact <= ceil, apart by at most one', () => {
    const factor = fc.integer({ min: -1e12, max: 1e12 });
    const divisor = fc.tuple(fc.integer({ min: 1e9, max: 1e12 }), fc.constantFrom(1, -1));
    const property = fc.property(factor, factor, divisor, (a, b, [size, sign]) => {
      const c = size * sign;
      const floor = mulDivFloor(a, b, c);
      const ceil = mulDivCeil(a, b, c);
      expect(ceil - floor === 0 || ceil - floor === 1).toBe(true);
      expect([floor, ceil]).toContain(mulDivTrunc(a, b, c));
      expect(mulDivCeil(-a, b, c)).toBe(0 - floor);
    });
    fc.assert(property, { seed: 4, numRuns: 20_000 });
  });
});
