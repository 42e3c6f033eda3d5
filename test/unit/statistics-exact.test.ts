/** Tails and bounds of sim/statistics against exact rational arithmetic and published values. */
import { describe, expect, it } from 'vitest';
import { studentQuantile, studentTail } from '../../sim/metrics/index.js';
import {
  binomialTails,
  exactShare,
  orderRanks,
  quantileBounds,
  quantileInterval,
  ruleOfThree,
  runsForUpperBound,
  shareBounds,
} from '../../sim/statistics/index.js';

const SCALE = 10n ** 40n;

/** P(X = k) of n trials with probability part / whole, times 10^40, by whole numbers. */
function weights(n: number, part: bigint, whole: bigint): bigint[] {
  let choose = 1n;
  return Array.from({ length: n + 1 }, (_, k) => {
    if (k > 0) choose = (choose * BigInt(n - k + 1)) / BigInt(k);
    const ways = choose * part ** BigInt(k) * (whole - part) ** BigInt(n - k);
    return (ways * SCALE) / whole ** BigInt(n);
  });
}

const sumOf = (values: bigint[]): number =>
  Number(values.reduce((sum, x) => sum + x, 0n)) / Number(SCALE);

describe('binomial tails', () => {
  it.each([
    [1, 1n, 2n],
    [7, 1n, 3n],
    [30, 9n, 10n],
    [60, 1n, 20n],
    [299, 99n, 100n],
    [120, 999n, 1000n],
  ])('n = %d, p = %d / %d: as whole numbers have them', (n, part, whole) => {
    const exact = weights(n, part, whole);
    const p = Number(part) / Number(whole);
    for (let k = 0; k <= n; k++) {
      const { atMost, atLeast } = binomialTails(k, n, p);
      const [below, above] = [sumOf(exact.slice(0, k + 1)), sumOf(exact.slice(k))];
      expect(Math.abs(atMost - below)).toBeLessThan(2e-13 * below + 1e-38);
      expect(Math.abs(atLeast - above)).toBeLessThan(2e-13 * above + 1e-38);
    }
  });

  it('hold at the ends', () => {
    expect(binomialTails(-1, 5, 0.3)).toEqual({ atMost: 0, atLeast: 1 });
    expect(binomialTails(6, 5, 0.3)).toEqual({ atMost: 1, atLeast: 0 });
    expect(binomialTails(0, 0, 0.3)).toEqual({ atMost: 1, atLeast: 1 });
    expect(binomialTails(0, 5, 0)).toEqual({ atMost: 1, atLeast: 1 });
    expect(binomialTails(5, 5, 0)).toEqual({ atMost: 1, atLeast: 0 });
    expect(binomialTails(3, 5, 1)).toEqual({ atMost: 0, atLeast: 1 });
    expect(binomialTails(5, 5, 1)).toEqual({ atMost: 1, atLeast: 1 });
    expect(binomialTails(50_000, 100_000, 0.5).atMost).toBeCloseTo(0.501261563107098, 8);
  });
});

describe("Student's tail", () => {
  it.each([
    [2.5, 7.3, 0.0198251173328002],
    [1, 1.5, 0.22556768363836],
    [3, 45.75, 0.00217923651851121],
    [0.2, 12.5, 0.42234875691181],
    [4, 400.5, 3.7722298502659e-5],
    [30, 3, 4.067640213581979e-5],
    [2, 1000, 0.02288517324662582],
    [2.77644510519779, 4, 0.025],
  ])('beyond %d with %d degrees is %d', (t, degrees, tail) => {
    expect(Math.abs(studentTail(t, degrees) / tail - 1)).toBeLessThan(1e-11);
    expect(studentTail(-t, degrees)).toBe(1 - studentTail(t, degrees));
    expect(studentTail(studentQuantile(0.93, degrees), degrees)).toBeCloseTo(0.07, 9);
  });

  it.each([
    [0.95, 7.3, 1.88293001795643],
    [0.975, 1.5, 6.01666310442793],
    [0.99, 45.75, 2.41066187295676],
  ])('the quantile at %d with %d degrees is %d', (p, degrees, t) =>
    expect(studentQuantile(p, degrees)).toBeCloseTo(t, 9),
  );

  it('knows no side at 0 and nothing beyond infinity', () => {
    expect(studentTail(0, 3)).toBe(0.5);
    expect(studentTail(Infinity, 3)).toBe(0);
    expect(studentTail(-Infinity, 3)).toBe(1);
  });
});

describe('bounds of a share', () => {
  it("are Clopper and Pearson's", () => {
    const { low, high } = exactShare(3, 20);
    expect(low).toBeCloseTo(0.03207093718554, 12);
    expect(high).toBeCloseTo(0.3789268265453, 12);
    const none = exactShare(0, 10);
    expect(none.low).toBe(0);
    expect(none.high).toBeCloseTo(0.30849710781876, 12);
    expect(exactShare(10, 10).low).toBeCloseTo(1 - 0.30849710781876, 12);
  });

  it('have no event in n runs stay below three in n, about', () => {
    for (const n of [30, 299, 5000]) {
      const exact = shareBounds(0, n, { low: 0.05, high: 0.05 }).high;
      expect(ruleOfThree(n)).toBeGreaterThan(exact);
      expect(ruleOfThree(n)).toBeLessThan(exact * 1.06);
    }
    expect(ruleOfThree(2)).toBe(1);
  });
});

describe('bounds of a quantile', () => {
  it('need as many runs as the largest must be above it', () => {
    expect(runsForUpperBound(0.99, 0.05)).toBe(299);
    expect(runsForUpperBound(0.99, 1 - 0.95)).toBe(299);
    expect(runsForUpperBound(0.5, 0.05)).toBe(5);
    expect(runsForUpperBound(0.95, 0.05)).toBe(59);
    expect(runsForUpperBound(0.9, 0.05)).toBe(29);
    expect(runsForUpperBound(0.999, 0.05)).toBe(2995);
    expect(runsForUpperBound(0.5, 0.03125)).toBe(5);
  });

  it('take the ranks that a plain search finds', () => {
    for (const n of [0, 1, 4, 5, 10, 30, 59]) {
      for (const [q, part] of [
        [0.5, 1n],
        [0.75, 3n],
        [0.25, 1n],
      ] as const) {
        const exact = weights(n, part, q === 0.5 ? 2n : 4n);
        let low = 0;
        while (low < n && sumOf(exact.slice(0, low + 1)) <= 0.05) low++;
        let high = n + 1;
        while (high > 1 && sumOf(exact.slice(high - 1)) <= 0.025) high--;
        expect(orderRanks(n, q, { low: 0.05, high: 0.025 })).toEqual({ low, high });
      }
    }
  });

  it('know the table of the median', () => {
    // Conover 1999, table A3: n = 10: 2 and 9; n = 20: 6 and 15; n = 30: 10 and 21.
    const ranks = (n: number) =>
      quantileInterval(
        Array.from({ length: n }, (_, i) => i + 1),
        0.5,
      );
    expect(ranks(10)).toEqual({ low: 2, high: 9 });
    expect(ranks(20)).toEqual({ low: 6, high: 15 });
    expect(ranks(30)).toEqual({ low: 10, high: 21 });
    expect(ranks(5)).toEqual({ low: -Infinity, high: Infinity });
  });

  it('are infinite where the runs are too few, and finite from the first that do', () => {
    const errors = { low: 0.05, high: 0.05 };
    const zeros = (n: number) => quantileBounds(new Float64Array(n), 0.99, errors);
    expect(zeros(298)).toEqual({ low: 0, high: Infinity });
    expect(zeros(299)).toEqual({ low: 0, high: 0 });
    expect(quantileBounds([], 0.5, errors)).toEqual({ low: -Infinity, high: Infinity });
  });
});
