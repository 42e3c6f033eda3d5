import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import {
  pairedDifference,
  pairedRatio,
  sampleQuantile,
  studentQuantile,
  upperTail,
} from '../support/paired-statistics.js';
import { variance } from '../support/sample-statistics.js';

describe('paired statistics', () => {
  it("know Student's quantiles", () => {
    const table: [number, number, number][] = [
      [0.975, 1, 12.7062], [0.975, 2, 4.30265], [0.975, 3, 3.18245], [0.975, 4, 2.77645],
      [0.95, 5, 2.01505], [0.975, 19, 2.09302], [0.975, 39, 2.02269], [0.995, 20, 2.84534],
    ];
    for (const [p, degrees, t] of table) expect(studentQuantile(p, degrees)).toBeCloseTo(t, 4);
  });

  it('give the interval of a mean difference', () => {
    // Differences 1, 2, 3, 4, 5: mean 3, standard error sqrt(0.5), t(4) = 2.77645.
    const found = pairedDifference([10, 20, 30, 40, 50], [11, 22, 33, 44, 55]);
    expect(found.estimate).toBeCloseTo(3, 12);
    expect(found.high - 3).toBeCloseTo(2.77645 * Math.sqrt(0.5), 4);
    expect(found.low - 3).toBeCloseTo(-2.77645 * Math.sqrt(0.5), 4);
  });

  it('know quantiles and tails', () => {
    expect(sampleQuantile([5, 1, 3, 2, 4], 0.5)).toBe(3);
    expect(sampleQuantile([1, 2], 0.9)).toBeCloseTo(1.9, 12);
    expect(upperTail([1, 9, 2, 3, 4, 5, 6, 7, 8, 11, ...new Array(10).fill(0)])).toBe(10);
  });

  it('cover the truth about as often as they say', () => {
    const stream = new RandomSource(3).stream('paired');
    const [rounds, n] = [300, 30];
    let differences = 0;
    let ratios = 0;
    for (let round = 0; round < rounds; round++) {
      const shared = Array.from({ length: n }, (_, i) => stream.normal(round, i, 0));
      const a = shared.map((z, i) => z + 0.5 * stream.normal(round, i, 1));
      const b = shared.map((z, i) => 0.3 + 2 * (z + 0.5 * stream.normal(round, i, 2)));
      const difference = pairedDifference(a, b);
      if (difference.low <= 0.3 && 0.3 <= difference.high) differences++;
      const ratio = pairedRatio(a, b, variance, { draws: 400, seed: round });
      if (ratio.low <= 4 && 4 <= ratio.high) ratios++;
    }
    // Of 300: 95 % is 285, with a standard error of 4; the bootstrap of 30 pairs is a little short.
    expect(differences).toBeGreaterThan(270);
    expect(differences).toBeLessThan(298);
    expect(ratios).toBeGreaterThan(262);
    expect(ratios).toBeLessThan(298);
  });

  it('repeat', () => {
    const [a, b] = [[1, 2, 3, 4, 9], [2, 2, 7, 1, 20]];
    expect(pairedRatio(a, b, variance)).toEqual(pairedRatio(a, b, variance));
  });
});
