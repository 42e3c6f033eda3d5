/** Elasticities, critical points, modes, early warnings: exact curves and drawn samples. */
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import {
  bimodalityCoefficient,
  criticalCrossing,
  curvePeak,
  dipStatistic,
  dipTest,
  earlyWarnings,
  finiteSizeLimit,
  fragilityIndex,
  hysteresisGap,
  isotonicFit,
  kendallTrend,
  lossConvexity,
  nonSpanningCascades,
  reverseStress,
} from '../../sim/metrics/index.js';

const stream = new RandomSource(17).stream('fragility');

describe('elasticity', () => {
  it('of losses a shock^b is b, and their convexity 2^(b-1)', () => {
    const lossLow = [1, 2, 5, 0];
    const lossHigh = lossLow.map((loss) => loss * 1.5 ** 2.3);
    const found = fragilityIndex({ shockLow: 0.02, lossLow, shockHigh: 0.03, lossHigh });
    expect(found.value).toBeCloseTo(2.3, 12);
    expect(found.standardError).toBeCloseTo(0, 12);
    const twice = lossConvexity(lossLow, lossLow.map((loss) => loss * 2 ** 2.3));
    expect(twice.value).toBeCloseTo(2 ** 1.3, 12);
    expect(twice.standardError).toBeCloseTo(0, 12);
  });

  it('its interval covers as often as it says', () => {
    let covered = 0;
    for (let round = 0; round < 300; round++) {
      const draw = (shock: number, key: number) => (_: unknown, i: number) =>
        shock ** 2 * stream.exponential(round, i, 0) * (0.5 + stream.uniform(round, i, key));
      const lossLow = Array.from({ length: 200 }, draw(1, 1));
      const lossHigh = Array.from({ length: 200 }, draw(1.2, 2));
      const { low, high } = fragilityIndex({ shockLow: 1, lossLow, shockHigh: 1.2, lossHigh });
      if (low < 2 && 2 < high) covered++;
    }
    expect(covered).toBeGreaterThan(273);
    expect(covered).toBeLessThan(296);
  });
});

describe('critical points', () => {
  it('a crossing, with its error by hand', () => {
    const curve = { control: [1, 2, 4], value: [0.2, 0.6, 1.6], standardError: [9, 0.1, 0.2] };
    const found = criticalCrossing(curve);
    expect(found?.value).toBeCloseTo(2.8, 12);
    // d/d below = -2 x .6 / 1, d/d above = -2 x .4 / 1.
    expect(found?.standardError).toBeCloseTo(Math.hypot(1.2 * 0.1, 0.8 * 0.2), 12);
    expect(criticalCrossing({ ...curve, value: [0.2, 0.3, 0.9] })).toBeUndefined();
    expect(criticalCrossing({ control: [1, 2], value: [0, 1] })?.value).toBe(2);
    expect(criticalCrossing(curve, 0.4)?.value).toBeCloseTo(1.5, 12);
  });

  it('cascades that do not span', () => {
    const found = nonSpanningCascades([1, 3, 8, 2, 100, 20], 100);
    expect(found).toEqual({ count: 4, mean: 3.5, dispersion: 29 / 3 / 3.5, spanningShare: 1 - 4 / 6 });
    expect(nonSpanningCascades([50], 100)).toMatchObject({ count: 0, mean: NaN, spanningShare: 1 });
  });

  it('the peak of a parabola, at any spacing, and peaks at an end', () => {
    const control = [0, 0.7, 1, 1.6, 2];
    const peak = curvePeak({ control, value: control.map((x) => 5 - 2 * (x - 1.15) ** 2) });
    expect(peak?.control).toBeCloseTo(1.15, 12);
    expect(peak?.value).toBeCloseTo(5, 12);
    expect(curvePeak({ control: [1, 2, 3], value: [1, 2, 3] })).toEqual({ control: 3, value: 3, atEnd: true });
    expect(curvePeak({ control: [1, 2, 3], value: [NaN, 2, 1] })).toEqual({ control: 2, value: 2, atEnd: false });
    expect(curvePeak({ control: [], value: [] })).toBeUndefined();
  });

  it('the limit of large populations', () => {
    const population = [400, 1600, 6400];
    const critical = population.map((n) => 0.9 + 1.5 / Math.cbrt(n));
    const { limit, slope, residual } = finiteSizeLimit(population, critical);
    expect([limit, slope]).toEqual([expect.closeTo(0.9, 10), expect.closeTo(1.5, 10)]);
    expect(residual).toBeLessThan(1e-12);
    const bent = finiteSizeLimit(population, [1, 1.1, 1]);
    expect(bent.residual).toBeGreaterThan(0.04);
    expect(() => finiteSizeLimit([5, 5], [1, 1])).toThrow('two sizes');
  });

  /**
   * N thresholds uniform on the unit interval, two of them expected in the shock, R = N x step; the
   * thresholds in order, by their spacings.
   */
  const cascade = (N: number, R: number, run: number): number => {
    let front = 2 / N;
    let next = 0;
    let fallen = 0;
    for (; fallen < N; fallen++) {
      const left = 1 - next;
      next = 1 - left * stream.uniformOpen(run, N, fallen) ** (1 / (N - fallen));
      if (next > front) break;
      front += R / N;
    }
    return fallen;
  };

  it.each([400, 1600])('of %d thresholds: the non-spanning mean peaks at 1, N Var(n/N) beyond', (N) => {
    const control = Array.from({ length: 15 }, (_, k) => 0.75 + 0.05 * k);
    const means: number[] = [];
    const dispersions: number[] = [];
    const susceptibility: number[] = [];
    for (const R of control) {
      const sizes = Array.from({ length: 3000 }, (_, run) => cascade(N, R, run));
      const { mean, dispersion } = nonSpanningCascades(sizes, N);
      means.push(mean);
      dispersions.push(dispersion);
      const average = sizes.reduce((sum, n) => sum + n, 0) / sizes.length;
      susceptibility.push(sizes.reduce((sum, n) => sum + (n - average) ** 2, 0));
    }
    for (const value of [means, dispersions]) {
      const peak = curvePeak({ control, value });
      expect(peak?.atEnd).toBe(false);
      expect(Math.abs((peak?.control ?? 0) - 0.98)).toBeLessThan(0.07);
    }
    expect(curvePeak({ control, value: susceptibility })?.control).toBeGreaterThan(1.12);
  });
});

describe('rising fits', () => {
  it('pool adjacent violators', () => {
    expect([...isotonicFit([1, 3, 2, 2, 5, 4])]).toEqual([1, 7 / 3, 7 / 3, 7 / 3, 4.5, 4.5]);
    expect([...isotonicFit([3, 1], [1, 3])]).toEqual([1.5, 1.5]);
    expect([...isotonicFit([])]).toEqual([]);
  });

  it('the least shock that breaches', () => {
    const shocks = [1, 2, 3, 4];
    const found = reverseStress(shocks, [0, 3, 1, 8], { runs: 10, probability: 0.5 });
    expect(found.shock).toBeCloseTo(3.5, 12);
    expect(found.violation).toBeCloseTo(0.1, 12);
    expect(reverseStress(shocks, [0, 1, 2, 3], { runs: 10, probability: 0.5 }).shock).toBe(Infinity);
    expect(reverseStress(shocks, [6, 7, 8, 9], { runs: 10, probability: 0.5 }).shock).toBe(1);
  });
});

describe('modes', () => {
  it('the coefficient: 5/9 for uniform values, 1 for two points', () => {
    expect(bimodalityCoefficient(Array.from({ length: 100_000 }, (_, i) => i))).toBeCloseTo(5 / 9, 4);
    expect(bimodalityCoefficient(Array.from({ length: 100_000 }, (_, i) => i % 2))).toBeCloseTo(1, 3);
    const bell = Array.from({ length: 50_000 }, (_, i) => stream.normal(1, i, 0));
    expect(bimodalityCoefficient(bell)).toBeCloseTo(1 / 3, 1);
    // By hand: 0, 0, 0, 1 has skewness 2, excess kurtosis 4.
    expect(bimodalityCoefficient([0, 0, 0, 1])).toBeCloseTo(5 / (4 + 27 / 2), 12);
    expect(bimodalityCoefficient([1, 2, 3])).toBeNaN();
  });

  it.each([
    [[1, 2, 3, 4, 5, 20, 21, 22, 23, 24], 0.19736842105263155],
    [[0, 0, 0, 0, 1, 1, 1, 1], 0.25],
    [[43, 1, 2, 4, 41, 8, 16, 17, 18, 19.5, 40, 42.5], 0.14539007092198594],
    [[1, 2, 3, 4], 1 / 8],
    [[7, 7, 7], 1 / 6],
  ])('the dip of %j', (values, dip) => {
    expect(dipStatistic(values)).toBeCloseTo(dip, 12);
    const turned = values.map((x) => 3 - 2 * x);
    expect(dipStatistic(turned)).toBeCloseTo(dip, 12);
  });

  it('the dip test tells one mode from two', () => {
    const one = Array.from({ length: 200 }, (_, i) => stream.normal(2, i, 0));
    const two = one.map((z, i) => z + (i % 2 === 0 ? 0 : 5));
    expect(dipTest(one, { stream, resamples: 200 }).pValue).toBeGreaterThan(0.2);
    expect(dipTest(two, { stream, resamples: 200 }).pValue).toBeLessThan(0.01);
    // Of uniform samples as many are unusual as should be.
    let low = 0;
    for (let round = 0; round < 200; round++) {
      const values = Array.from({ length: 30 }, (_, i) => stream.uniform(round, 1 + i, 7));
      if (dipTest(values, { stream, resamples: 99 }).pValue <= 0.1) low++;
    }
    expect(low).toBeGreaterThan(8);
    expect(low).toBeLessThan(34);
  });

  it('hysteresis', () => {
    expect(hysteresisGap([0, 0, 1, 1], [0, 0.8, 1, 0.5])).toBe(0.8);
  });
});

describe('early warnings', () => {
  it('find the coefficient and the variance of AR(1), and their rise', () => {
    let x = 0;
    const drift = Array.from({ length: 8000 }, (_, t) => {
      const phi = t < 4000 ? 0.3 : 0.9;
      x = phi * x + stream.normal(3, t, 0);
      return x + 0.01 * t;
    });
    const found = earlyWarnings(drift, { length: 2000, step: 2000 });
    expect([...found.last]).toEqual([1999, 3999, 5999, 7999]);
    [0.3, 0.3, 0.9, 0.9].forEach((phi, w) => {
      expect(Math.abs(found.autocorrelation[w] - phi)).toBeLessThan(0.05);
      expect(Math.abs(found.variance[w] * (1 - phi * phi) - 1)).toBeLessThan(0.15);
    });
    x = 0;
    const slowing = Array.from({ length: 4000 }, (_, t) => {
      x = (0.95 * t * x) / 4000 + stream.normal(4, t, 0);
      return x;
    });
    const rising = earlyWarnings(slowing, { length: 500, step: 250 });
    expect(kendallTrend(rising.autocorrelation)).toBeGreaterThan(0.8);
    expect(earlyWarnings([1, 2, 3], { length: 4 }).last.length).toBe(0);
  });

  it('Kendall by hand', () => {
    expect(kendallTrend([1, 2, 3])).toBe(1);
    expect(kendallTrend([3, 1, 2])).toBeCloseTo(-1 / 3, 12);
    expect(kendallTrend([1, 1, 2])).toBeCloseTo(2 / 3, 12);
  });
});
