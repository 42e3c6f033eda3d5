/** Laws of factors, and effects of factors on an outcome. */
import { describe, expect, it } from 'vitest';
import {
  checkFactorLaw,
  type FactorLaw,
  factorValue,
  levelEffects,
  randomDesign,
  rankEffects,
  regressionEffects,
  shareIndex,
  sobolDesign,
} from '../../sim/design/index.js';
import { RandomSource } from '../../sim/kernel/index.js';
import { rowMatrix } from '../../sim/metrics/index.js';

const stream = new RandomSource(8).stream('test/factors');
const rowsOf = (count: number, dimensions: number, seed?: number): number[][] => {
  const { unit } = sobolDesign({ count, dimensions, seed });
  return Array.from({ length: count }, (_, i) => [
    ...unit.slice(i * dimensions, (i + 1) * dimensions),
  ]);
};

const laws: FactorLaw[] = [
  { law: 'linear', low: -0.1, high: 0.3 },
  { law: 'log', low: 1e-4, high: 3 },
  { law: 'log', low: -20, high: -0.1 },
  { law: 'integer', low: -2, high: 4 },
  { law: 'normal', mean: 2, standardDeviation: 3, low: -1, high: 4 },
  { law: 'normal', mean: 0, standardDeviation: 1, low: 6, high: 7 },
  { law: 'lognormal', median: 2, logStandardDeviation: 0.7, low: 0.5, high: 8 },
  { law: 'triangular', low: 1, mode: 3, high: 6 },
  { law: 'triangular', low: 1, mode: 1, high: 2 },
];

describe('laws of factors', () => {
  it.each(laws)('rises from low to high and never leaves them: %o', (law) => {
    checkFactorLaw(law, 'factors.x');
    const { low, high } = law as { low: number; high: number };
    expect(factorValue(law, 0)).toBeCloseTo(low, 12);
    expect(factorValue(law, 1)).toBeCloseTo(high, 12);
    let before = -Infinity;
    for (let i = 0; i <= 1000; i++) {
      const value = factorValue(law, i / 1000) as number;
      expect(value).toBeGreaterThanOrEqual(before);
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThanOrEqual(high);
      before = value;
    }
  });

  it.each<[FactorLaw, number, number]>([
    [{ law: 'linear', low: 2, high: 6 }, 0.25, 3],
    [{ law: 'log', low: 0.01, high: 100 }, 0.75, 10],
    [{ law: 'log', low: -100, high: -1 }, 0.5, -10],
    // Truncated and plain quantiles by scipy 1.17.
    [{ law: 'normal', mean: 2, standardDeviation: 3, low: -1, high: 4 }, 0.3, 0.7241158024030043],
    [{ law: 'normal', mean: 0, standardDeviation: 1, low: 5, high: 9 }, 0.25, 5.055183405359112],
    [{ law: 'normal', mean: 0, standardDeviation: 1, low: 5 }, 0.5, 5.132018332044298],
    [{ law: 'normal', mean: 0, standardDeviation: 1, high: -6 }, 0.9, -6.017085062660678],
    [{ law: 'normal', mean: 1, standardDeviation: 2 }, 0.1, -1.5631031310892007],
    [
      { law: 'lognormal', median: 2, logStandardDeviation: 0.7, low: 0.5, high: 8 },
      0.8,
      3.4808182079868684,
    ],
    [{ law: 'lognormal', median: 2, logStandardDeviation: 0.7 }, 0.2, 1.1096141220139162],
    [{ law: 'triangular', low: 1, mode: 3, high: 6 }, 0.1, 2],
    [{ law: 'triangular', low: 1, mode: 3, high: 6 }, 0.9, 4.7752551286084115],
  ])('%o at %s is %s', (law, u, value) => {
    expect(factorValue(law, u)).toBeCloseTo(value, 10);
  });

  it('gives whole numbers and list values equal shares', () => {
    const counts = new Map<unknown, number>();
    const integer: FactorLaw = { law: 'integer', low: -1, high: 2 };
    const list: FactorLaw = { law: 'list', values: ['fifo', 'pro-rata', false, 7] };
    for (let i = 0; i < 400; i++) {
      for (const law of [integer, list]) {
        const value = factorValue(law, (i + 0.5) / 400);
        const key = `${law.law} ${value}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    expect(new Set(counts.values())).toEqual(new Set([100]));
    expect(counts.size).toBe(8);
    expect([factorValue(list, 0), factorValue(list, 1)]).toEqual(['fifo', 7]);
    expect([shareIndex(0.25, 4), shareIndex(0.2499, 4), shareIndex(1, 4)]).toEqual([1, 0, 3]);
  });

  it('refuses an end that does not exist, and coordinates outside', () => {
    const normal: FactorLaw = { law: 'normal', mean: 0, standardDeviation: 1 };
    expect(() => factorValue(normal, 0)).toThrow(/low end, give it a low/);
    expect(() => factorValue({ ...normal, low: 0 }, 1)).toThrow(/high end, give it a high/);
    expect(factorValue({ ...normal, low: 0 }, 0)).toBe(0);
    expect(factorValue({ ...normal, low: 2 }, 0)).toBe(2);
    expect(() => factorValue({ ...normal, low: 2 }, 1)).toThrow(/high end, give it a high/);
    expect(() => factorValue(normal, 1.01)).toThrow(/0\.\.1/);
  });

  it.each<[FactorLaw, RegExp]>([
    [{ law: 'linear', low: 3, high: 3 }, /^x: low was 3, must lie below high, 3$/],
    [{ law: 'linear', low: NaN, high: 3 }, /low was NaN, must be a finite number/],
    [{ law: 'log', low: 0, high: 3 }, /low was 0, a log range/],
    [{ law: 'log', low: -2, high: 3 }, /low was -2, a log range/],
    [{ law: 'integer', low: 0.5, high: 3 }, /low was 0.5, must be a whole number/],
    [{ law: 'list', values: [] }, /values was empty/],
    [{ law: 'normal', mean: 0, standardDeviation: 0 }, /standardDeviation was 0/],
    [{ law: 'lognormal', median: -1, logStandardDeviation: 1 }, /median was -1/],
    [{ law: 'lognormal', median: 1, logStandardDeviation: 1, low: 0 }, /low was 0/],
    [{ law: 'triangular', low: 0, mode: 2, high: 1 }, /mode was 2, must lie in 0\.\.1/],
  ])('checks %o', (law, message) => {
    expect(() => checkFactorLaw(law, 'x')).toThrow(message);
  });
});

describe('effects of factors', () => {
  const points = rowsOf(16, 3).map(([a, b, c]) => [a, b, Math.floor(3 * c)]);
  const outcomes = points.map(
    ([a, b, c]) => 3 * a - b * b + 0.5 * c * a + 0.25 * (b > 0.6 ? 1 : 0),
  );
  const options = { stream, resamples: 200 };

  it('has the reference’s regression coefficients', () => {
    // numpy: least squares of standardised columns.
    const { effects, rSquared } = regressionEffects(rowMatrix(points), outcomes, options);
    [0.9288788486822148, -0.21129432432808426, 0.2236834817960492].forEach((value, j) => {
      expect(effects[j].value).toBeCloseTo(value, 12);
      expect(effects[j].low).toBeLessThan(value);
      expect(effects[j].high).toBeGreaterThan(value);
    });
    expect(rSquared).toBeCloseTo(0.9880312784742925, 12);
  });

  it('has the reference’s partial rank correlations, with ties', () => {
    // scipy's mean ranks, correlations of residuals of numpy's least squares.
    const { effects, rSquared } = rankEffects(rowMatrix(points), outcomes, options);
    [0.9841157519846824, -0.6965156016700841, 0.633996241328372].forEach((value, j) => {
      expect(effects[j].value).toBeCloseTo(value, 12);
      expect(Math.abs(effects[j].high)).toBeLessThanOrEqual(1);
    });
    expect(rSquared).toBeCloseTo(0.9707060415500343, 12);
  });

  it('sees monotone effects whole by ranks', () => {
    const rows = rowsOf(128, 2, 3);
    const steep = rows.map(([a]) => Math.exp(20 * a));
    const ranks = rankEffects(rowMatrix(rows), steep, options);
    expect(ranks.effects[0].value).toBeCloseTo(1, 12);
    expect(regressionEffects(rowMatrix(rows), steep, options).rSquared).toBeLessThan(0.6);
  });

  it('knows nothing of constants and repeated columns, and counts missing outcomes', () => {
    const rows = points.map(([a, b]) => [a, 0.1, b]);
    const some = outcomes.map((y, i) => (i === 3 ? NaN : y));
    const found = regressionEffects(rowMatrix(rows), some, options);
    expect(found.effects.map(({ value }) => Number.isNaN(value))).toEqual([false, true, false]);
    expect([found.rows, found.dropped]).toEqual([15, 1]);
    const twice = regressionEffects(rowMatrix(points.map(([a]) => [a, a])), outcomes, options);
    expect(twice.effects.map(({ value }) => value)).toEqual([NaN, NaN]);
    const flat = regressionEffects(rowMatrix(points), new Float64Array(16).fill(0.1), options);
    expect(flat.effects[0].value).toBeNaN();
  });

  it('holds true slopes in about 95 % of its intervals', () => {
    let held = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { unit } = randomDesign({ count: 80, dimensions: 3, seed });
      const rows = Array.from({ length: 80 }, (_, i) => [unit[3 * i], unit[3 * i + 1]]);
      const noisy = rows.map(([a, b], i) => a + 2 * b + unit[3 * i + 2]);
      const own = { stream: new RandomSource(seed).stream('test/slopes'), resamples: 200 };
      const { low, high } = regressionEffects(rowMatrix(rows), noisy, own).effects[0];
      const truth = 1 / Math.sqrt(6);
      if (low <= truth && truth <= high) held++;
    }
    expect(held / 200).toBeGreaterThan(0.88);
    expect(held / 200).toBeLessThan(0.99);
  });

  it('lists means by level with t intervals', () => {
    const levels = ['a', 'b', 'a', 'b', 'a', 'c'];
    const { levels: found, varianceShare, dropped } = levelEffects(levels, [1, 5, 2, 7, 3, NaN]);
    expect(found.map(({ level }) => level)).toEqual(['a', 'b', 'c']);
    expect(found[0].outcome).toMatchObject({ count: 3, mean: 2, standardDeviation: 1 });
    // t(.975, 2) = 4.302653.
    expect(found[0].outcome.high - 2).toBeCloseTo(4.302653 / Math.sqrt(3), 5);
    expect(found[2].outcome.count).toBe(0);
    expect(dropped).toBe(1);
    // Around 3.6: between 3 x 1.6^2 + 2 x 2.4^2 = 19.2, within 2 + 2 = 4.
    expect(varianceShare).toBeCloseTo(19.2 / 23.2, 12);
  });
});
