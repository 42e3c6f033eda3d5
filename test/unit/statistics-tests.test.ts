/** Tests of differences in sim/statistics against published examples and hand calculations. */
import { describe, expect, it } from 'vitest';
import {
  benjaminiHochberg,
  benjaminiYekutieli,
  commonNumbers,
  holm,
  pairedEquivalence,
  pairedTest,
  signTest,
  welchEquivalence,
} from '../../sim/statistics/index.js';

/** By an independent implementation (SciPy 1.17). */
const WELCH = {
  difference: 2.8066666666666684,
  degrees: 27.879017486855457,
  pLow: 0.0003263249951752054,
  pHigh: 0.01770833537984884,
  low: 1.1188130516538821,
  high: 4.4945202816794545,
};

const expectClose = (found: ArrayLike<number>, wanted: readonly number[], digits = 10): void => {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((x, i) => {
    if (Number.isNaN(x)) expect(found[i]).toBeNaN();
    else expect(found[i]).toBeCloseTo(x, digits);
  });
};

describe('adjusted p-values', () => {
  // Benjamini & Hochberg 1995, section 4.1: fifteen tests of treatments after a heart attack.
  const heart = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
    0.6528, 0.759, 1,
  ];

  it('reject three by Holm and four by Benjamini and Hochberg', () => {
    expect(holm(heart).filter((p) => p <= 0.05).length).toBe(3);
    expect(benjaminiHochberg(heart).filter((p) => p <= 0.05).length).toBe(4);
    expectClose(
      benjaminiHochberg(heart).slice(0, 9),
      [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714285714, 0.06385714285714, 0.0645, 0.0765],
    );
  });

  it('step down and up in the order given', () => {
    const pValues = [0.01, 0.04, 0.03, 0.005];
    expectClose(holm(pValues), [0.03, 0.06, 0.06, 0.02]);
    expectClose(benjaminiHochberg(pValues), [0.02, 0.04, 0.04, 0.02]);
    const harmonic = 25 / 12;
    expectClose(
      benjaminiYekutieli(pValues),
      [0.02, 0.04, 0.04, 0.02].map((p) => p * harmonic),
    );
  });

  it('stay at 1, and leave out tests that were not made', () => {
    expectClose(holm([0.6, 0.7]), [1, 1]);
    expectClose(holm([0.01, NaN, 0.04]), [0.02, NaN, 0.04]);
    expectClose(benjaminiHochberg([NaN, 0.5]), [NaN, 0.5]);
    expect(holm([])).toHaveLength(0);
  });
});

describe('a paired test', () => {
  // Gosset 1908: extra sleep by two drugs, ten patients: t = 4.0621, p = .002833.
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

  it("is Student's", () => {
    const found = pairedTest(first, second);
    expect(found.difference.mean).toBeCloseTo(1.58, 12);
    expect(found.difference.low).toBeCloseTo(0.7001142, 6);
    expect(found.difference.high).toBeCloseTo(2.4598858, 6);
    expect(found.pValue).toBeCloseTo(0.00283289, 8);
    expect(found.higher.value).toBe(0.9);
    expect(found.lower.value).toBe(0);
    expect(found.ties).toBe(1);
    expect(found.signPValue).toBeCloseTo(2 / 512, 14);
    expect(pairedTest(second, first).pValue).toBe(found.pValue);
  });

  it('finds nothing between a variant and itself', () => {
    const found = pairedTest(first, first);
    expect(found).toMatchObject({ pValue: 1, signPValue: 1, ties: 10 });
    expect(found.difference).toMatchObject({ mean: 0, low: 0, high: 0 });
  });

  it('judges a difference that never varies by its sign', () => {
    expect(pairedTest([1.1, 2.1, 3.1, 4.1], [1.6, 2.6, 3.6, 4.6]).pValue).toBeCloseTo(0.125, 14);
    expect(pairedTest([1], [2]).pValue).toBeNaN();
  });

  it('counts signs exactly', () => {
    expect(signTest(0, 0)).toBe(1);
    expect(signTest(5, 5)).toBe(1);
    expect(signTest(1, 9)).toBeCloseTo(22 / 1024, 14);
  });
});

describe('equivalence', () => {
  it('is two one-sided tests of pairs', () => {
    // Differences .1 to .5: mean .3, error sqrt(.025 / 5), t(.95; 4) = 2.131847.
    const a = [10, 20, 30, 40, 50];
    const b = a.map((x, i) => x + 0.1 * (i + 1));
    const found = pairedEquivalence(a, b, { low: -0.5, high: 0.5 });
    expect(found.standardError).toBeCloseTo(0.0707106781, 9);
    expect(found.low).toBeCloseTo(0.1492557, 6);
    expect(found.high).toBeCloseTo(0.4507443, 6);
    // (.5 - .3) / .0707107 = 2.828427 with 4 degrees.
    expect(found.pHigh).toBeCloseTo(0.0237103, 6);
    expect(found.pValue).toBe(found.pHigh);
    expect(found.pLow).toBeLessThan(2e-4);
    expect(found.equivalent).toBe(true);
    expect(pairedEquivalence(a, b, { low: -0.45, high: 0.45 }).equivalent).toBe(false);
  });

  it("takes Welch's degrees for independent samples", () => {
    const a = [27.5, 21, 19, 23.6, 17, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19, 21.7, 21.4];
    const b = [27.1, 22, 20.8, 23.4, 23.4, 23.5, 25.8, 22, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 24];
    const found = welchEquivalence(a, b, { low: -1, high: 5 });
    expect(found.difference).toBeCloseTo(WELCH.difference, 10);
    expect(found.degrees).toBeCloseTo(WELCH.degrees, 9);
    expect(found.pLow / WELCH.pLow).toBeCloseTo(1, 8);
    expect(found.pHigh).toBeCloseTo(WELCH.pHigh, 10);
    expect(found.low).toBeCloseTo(WELCH.low, 8);
    expect(found.high).toBeCloseTo(WELCH.high, 8);
  });

  it('says the same by its interval and by its p-value', () => {
    const a = [1, 4, 2, 8, 5];
    for (let shift = -3; shift <= 3; shift += 0.25) {
      const b = a.map((x, i) => x + shift + (i % 3) * 0.4);
      for (const test of [pairedEquivalence, welchEquivalence]) {
        const { equivalent, pValue } = test(a, b, { low: -1, high: 1.5 });
        expect(equivalent).toBe(pValue < 0.05);
      }
    }
  });

  it('without spread goes by the difference, and needs two values', () => {
    const same = [3, 3, 3];
    expect(welchEquivalence(same, same, { low: -1, high: 1 })).toMatchObject({
      low: 0,
      high: 0,
      pValue: 0,
      equivalent: true,
    });
    expect(pairedEquivalence(same, [5, 5, 5], { low: -1, high: 1 })).toMatchObject({
      pValue: 1,
      equivalent: false,
    });
    expect(pairedEquivalence([1], [1], { low: -1, high: 1 })).toMatchObject({
      pValue: NaN,
      equivalent: false,
    });
  });
});

describe('common random numbers', () => {
  it('gain what the pairs share', () => {
    // Variances 2.5 and 2.7, covariance 2.5; differences 0 0 -1 1 ...
    const found = commonNumbers([1, 2, 3, 4, 5], [1, 2, 4, 3, 5]);
    expect(found.correlation).toBeCloseTo(0.9, 12);
    expect(found.varianceRatio).toBeCloseTo(10, 12);
  });

  it('are told apart where nothing varies', () => {
    expect(commonNumbers([1, 2], [2, 3])).toMatchObject({
      correlation: 1,
      varianceRatio: Infinity,
    });
    expect(commonNumbers([1, 1], [1, 1])).toMatchObject({ correlation: NaN, varianceRatio: NaN });
  });
});
