/** CoVaR, MES, SRISK, joint failures: normal laws, brute force, hand-made tables. */
import { describe, expect, it } from 'vitest';
import { normalQuantile, RandomSource } from '../../sim/kernel/index.js';
import {
  coVar,
  deltaCoVarBootstrap,
  jointFailure,
  longRunShortfall,
  marginalExpectedShortfall,
  quantileRegression,
  srisk,
  systemSrisk,
  wilsonShare,
} from '../../sim/metrics/index.js';

const RHO = 0.5;
const SIGMA_PART = 0.02;
const SIGMA_SYSTEM = 0.015;

const normalPairs = (count: number, seed: number) => {
  const stream = new RandomSource(seed).stream('pairs');
  const part = new Float64Array(count);
  const system = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const z = stream.normal(i, 0, 0);
    part[i] = SIGMA_PART * z;
    system[i] = SIGMA_SYSTEM * (RHO * z + Math.sqrt(1 - RHO * RHO) * stream.normal(i, 0, 1));
  }
  return { part, system };
};

const lossOf = (x: number[], y: number[], q: number) => (a: number, b: number): number =>
  x.reduce((sum, one, i) => {
    const u = y[i] - a - b * one;
    return sum + u * (q - (u < 0 ? 1 : 0));
  }, 0);

describe('quantile regression', () => {
  it('reaches the least loss over the lines through any two points', () => {
    const stream = new RandomSource(4).stream('lines');
    for (let round = 0; round < 120; round++) {
      const n = 3 + (round % 20);
      // Every other round on a grid, so that points coincide.
      const cut = (u: number): number => (round % 2 === 0 ? u : Math.floor(4 * u));
      const x = Array.from({ length: n }, (_, i) => cut(stream.uniform(round, i, 0)));
      const y = Array.from({ length: n }, (_, i) => cut(stream.uniform(round, i, 1)));
      const q = 0.05 + 0.9 * stream.uniform(round, 0, 2);
      const loss = lossOf(x, y, q);
      let least = Infinity;
      for (let i = 0; i < n; i++) {
        least = Math.min(least, loss(y[i], 0));
        for (let j = 0; j < i; j++) {
          if (x[i] === x[j]) continue;
          const b = (y[i] - y[j]) / (x[i] - x[j]);
          least = Math.min(least, loss(y[i] - b * x[i], b));
        }
      }
      const { intercept, slope } = quantileRegression(x, y, q);
      expect(loss(intercept, slope)).toBeLessThanOrEqual(least + 1e-12);
    }
  });

  it('is a quantile where x is constant', () => {
    expect(quantileRegression([2, 2, 2, 2], [4, 1, 3, 2], 0.5)).toEqual({ intercept: 2, slope: 0 });
    expect(() => quantileRegression([1, 2], [1, 2], 1)).toThrow('quantile');
  });
});

describe('CoVaR of jointly normal returns', () => {
  const pairs = normalPairs(200_000, 1);
  const z = normalQuantile(0.05);

  it('Delta CoVaR is rho sigma z', () => {
    const exact = RHO * SIGMA_SYSTEM * z;
    expect(exact).toBeCloseTo(-0.0123364, 7);
    const found = coVar(pairs, 0.05);
    expect(Math.abs(found.deltaCoVar / exact - 1)).toBeLessThan(0.05);
    expect(Math.abs(found.partVar / (SIGMA_PART * z) - 1)).toBeLessThan(0.02);
    const conditional = exact + Math.sqrt(1 - RHO * RHO) * SIGMA_SYSTEM * z;
    expect(Math.abs(found.coVar / conditional - 1)).toBeLessThan(0.02);
  });

  it('its bootstrap covers it about as often as it says', () => {
    let covered = 0;
    let errors = 0;
    let squares = 0;
    for (let seed = 0; seed < 100; seed++) {
      const stream = new RandomSource(seed).stream('resample');
      const pairs = normalPairs(400, 100 + seed);
      const { value, standardError, low, high } = deltaCoVarBootstrap(pairs, 0.05, { stream, resamples: 100 });
      if (low < -0.0123364 && -0.0123364 < high) covered++;
      errors += standardError / 100;
      squares += (value + 0.0123364) ** 2 / 100;
    }
    expect(covered).toBeGreaterThanOrEqual(86);
    // Its standard error is the scatter it claims.
    expect(Math.abs(errors / Math.sqrt(squares) - 1)).toBeLessThan(0.3);
  });
});

describe('shortfalls', () => {
  it('MES of jointly normal returns is rho sigma phi(z) / q', () => {
    const { value, standardError, count } = marginalExpectedShortfall(normalPairs(200_000, 3), 0.05);
    expect(count).toBe(10_000);
    expect(Math.abs(value - 0.0206271)).toBeLessThan(3.5 * standardError);
    expect(standardError).toBeLessThan(0.0003);
  });

  it('MES by hand', () => {
    const found = marginalExpectedShortfall({ part: [-3, 1, -1, 5], system: [-2, 0, -1, 4] }, 1 / 3);
    expect(found).toMatchObject({ value: 2, standardError: 1, count: 2 });
  });

  it('SRISK', () => {
    const lrmes = longRunShortfall(0.0206271);
    expect(srisk({ debtQuote: 900, equityQuote: 100 }, lrmes)).toBeCloseTo(8.534258, 4);
    expect(srisk({ debtQuote: 0, equityQuote: 100, capitalRatio: 0.1 }, 0)).toBe(-90);
    expect(systemSrisk([8, -90, 2])).toBe(10);
  });
});

describe('joint failure', () => {
  it('of a table of runs', () => {
    // Node 0 fails in runs 0 to 3, node 1 in 2 to 4, node 2 never.
    const failed = [1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const { probability, conditional, lift } = jointFailure({ count: 3, runs: 8, failed });
    expect([...probability]).toEqual([4 / 8, 3 / 8, 0]);
    expect([...conditional.slice(0, 6)]).toEqual([1, 2 / 3, NaN, 2 / 4, 1, NaN]);
    expect(lift[1]).toBeCloseTo(4 / 3, 14);
    expect(lift[3]).toBeCloseTo(4 / 3, 14);
  });

  it('Wilson, 3 of 10', () => {
    const { low, high } = wilsonShare(3, 10);
    expect(low).toBeCloseTo(0.1077913, 6);
    expect(high).toBeCloseTo(0.6032219, 6);
    expect(wilsonShare(0, 10).low).toBeCloseTo(0, 15);
    expect(wilsonShare(10, 10).high).toBeCloseTo(1, 15);
  });
});
