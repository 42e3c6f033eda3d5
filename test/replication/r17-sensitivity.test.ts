/** R17: sensitivity of functions whose indices and elementary effects are known exactly. */
import { describe, expect, it } from 'vitest';
import {
  gFunction,
  gFunctionIndices,
  interactionFunction,
  ishigami,
  ishigamiIndices,
  morrisDesign,
  morrisEffects,
  saltelliDesign,
  sobolIndices,
  type UnitDesign,
} from '../../sim/design/index.js';
import { RandomSource } from '../../sim/kernel/index.js';

const stream = new RandomSource(17).stream('test/r17');
const few = { stream, resamples: 2 };

function outcomesOf(design: UnitDesign, f: (x: Float64Array) => number): Float64Array {
  const { count, dimensions, unit } = design;
  return Float64Array.from({ length: count }, (_, i) =>
    f(unit.subarray(i * dimensions, (i + 1) * dimensions)),
  );
}

/** Errors of the three first-order and three total indices of Ishigami's function. */
function ishigamiErrors(rows: number, seed: number): number[] {
  const design = saltelliDesign({ rows, dimensions: 3, seed });
  const { first, total } = sobolIndices(design, outcomesOf(design, (x) => ishigami(x)), few);
  const exact = ishigamiIndices();
  return [...first, ...total].map(({ value }, i) => value - [...exact.first, ...exact.total][i]);
}

const over = (seeds: number, rows: number): { mean: number; deviation: number }[] => {
  const errors = Array.from({ length: seeds }, (_, seed) => ishigamiErrors(rows, seed));
  return errors[0].map((_, i) => {
    const mean = errors.reduce((sum, e) => sum + e[i], 0) / seeds;
    const squares = errors.reduce((sum, e) => sum + (e[i] - mean) ** 2, 0);
    return { mean, deviation: Math.sqrt(squares / (seeds - 1)) };
  });
};

describe('Sobol indices', () => {
  it('knows Ishigami’s function', () => {
    const { variance, first, total } = ishigamiIndices(7, 0.1);
    expect(variance).toBeCloseTo(13.844588, 6);
    [0.313905, 0.442411, 0, 0.557589, 0.442411, 0.243684].forEach((index, i) => {
      expect([...first, ...total][i]).toBeCloseTo(index, 6);
    });
  });

  it('estimates them with a deviation of at most .009 from 1024 rows', () => {
    for (const { mean, deviation } of over(60, 1024)) {
      expect(deviation).toBeLessThanOrEqual(0.009);
      expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(60));
    }
  });

  it('errs by at most .0015 from 4096 rows on average over seeds, each seed by little more', () => {
    for (const { mean, deviation } of over(24, 4096)) {
      expect(Math.abs(mean)).toBeLessThanOrEqual(0.0015);
      expect(deviation).toBeLessThanOrEqual(0.005);
    }
  });

  it('finds the mean, the variance and intervals that hold the truth', () => {
    const design = saltelliDesign({ rows: 1024, dimensions: 3, seed: 5 });
    const outcomes = outcomesOf(design, (x) => ishigami(x));
    const found = sobolIndices(design, outcomes, { stream, resamples: 400 });
    const exact = ishigamiIndices();
    expect(found.mean).toBeCloseTo(3.5, 1);
    expect(Math.abs(found.variance / exact.variance - 1)).toBeLessThan(0.02);
    expect(found).toMatchObject({ rows: 1024, dropped: 0 });
    for (const order of ['first', 'total'] as const) {
      found[order].forEach(({ low, high, standardError }, i) => {
        expect(low).toBeLessThan(exact[order][i]);
        expect(high).toBeGreaterThan(exact[order][i]);
        expect(standardError).toBeGreaterThan(0.001);
        expect(high - low).toBeLessThan(0.2);
      });
    }
  });

  it('finds those of Sobol’s g-function in eight dimensions', () => {
    const weights = [0, 1, 4.5, 9, 99, 99, 99, 99];
    const exact = gFunctionIndices(weights);
    expect(exact.first[0]).toBeCloseTo(0.716, 3);
    expect(exact.total[0]).toBeCloseTo(0.787, 3);
    const design = saltelliDesign({ rows: 4096, dimensions: 8, seed: 2 });
    const outcomes = outcomesOf(design, (x) => gFunction(x, weights));
    const { first, total } = sobolIndices(design, outcomes, few);
    weights.forEach((_, i) => {
      expect(Math.abs(first[i].value - exact.first[i])).toBeLessThan(0.01);
      expect(Math.abs(total[i].value - exact.total[i])).toBeLessThan(0.01);
    });
  });
});

describe('elementary effects', () => {
  const exact = [
    { muStar: 5.5, sigma: 1.8634 },
    { muStar: 4.5, sigma: 1.8634 },
    { muStar: 0.01, sigma: 0 },
  ];

  it('is exact over every trajectory of four levels', () => {
    const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    const points: number[] = [];
    for (let start = 0; start < 64; start++) {
      for (const order of orders) {
        const at = [start & 3, (start >> 2) & 3, start >> 4];
        points.push(...at);
        for (const j of order) {
          at[j] += at[j] < 2 ? 2 : -2;
          points.push(...at);
        }
      }
    }
    const unit = Float64Array.from(points, (level) => level / 3);
    const design = { count: 4 * 384, dimensions: 3, unit, blockSize: 4 };
    const { factors } = morrisEffects(design, outcomesOf(design, interactionFunction), few);
    factors.forEach(({ mu, muStar, sigma }, j) => {
      expect(muStar.value).toBeCloseTo(exact[j].muStar, 10);
      expect(mu.value).toBeCloseTo(exact[j].muStar, 10);
      expect(sigma.value * Math.sqrt(383 / 384)).toBeCloseTo(exact[j].sigma, 4);
    });
  });

  it('comes near with drawn trajectories, and nearer with more', () => {
    const design = morrisDesign({ trajectories: 4000, dimensions: 3, seed: 3, pool: 4000 });
    const { factors } = morrisEffects(design, outcomesOf(design, interactionFunction), few);
    factors.forEach(({ muStar, sigma }, j) => {
      expect(Math.abs(muStar.value - exact[j].muStar)).toBeLessThan(0.12);
      expect(Math.abs(sigma.value - exact[j].sigma)).toBeLessThan(0.06);
    });
    expect(factors[2].sigma.value).toBeLessThan(1e-12);
  });

  it('holds the truth in about 95 % of its intervals at 30 trajectories', () => {
    let held = 0;
    for (let seed = 0; seed < 200; seed++) {
      const design = morrisDesign({ trajectories: 30, dimensions: 3, seed, pool: 30 });
      const outcomes = outcomesOf(design, interactionFunction);
      const options = { stream: new RandomSource(seed).stream('test/r17'), resamples: 300 };
      const { low, high } = morrisEffects(design, outcomes, options).factors[0].muStar;
      if (low <= 5.5 && high >= 5.5) held++;
    }
    expect(held / 200).toBeGreaterThan(0.89);
    expect(held / 200).toBeLessThan(0.99);
  });
});
