/** Known answers of the estimators of counterfactuals. */
import { describe, expect, it } from 'vitest';
import {
  coalitionsOf,
  drawPermutations,
  effectOf,
  meanInterval,
  necessity,
  pairedDifference,
  shapleyExact,
  shapleySampled,
  shareInterval,
  sufficiency,
  synergy,
} from '../../sim/counterfactual/index.js';
import { studentQuantile } from '../../sim/metrics/index.js';

const table = (players: number, f: (members: number[]) => number): number[] =>
  Array.from({ length: 1 << players }, (_, mask) =>
    f(Array.from({ length: players }, (__, i) => i).filter((i) => (mask & (1 << i)) !== 0)),
  );

describe('intervals', () => {
  it.each([
    [0.975, 1, 12.706204736],
    [0.975, 2, 4.302652730],
    [0.975, 19, 2.093024054],
    [0.975, 20, 2.085963447],
    [0.95, 3, 2.353363435],
    [0.995, 10, 3.169272673],
    [0.975, 1000, 1.962339081],
  ])('of Student: %d at %d degrees', (probability, degrees, wanted) => {
    expect(studentQuantile(probability, degrees)).toBeCloseTo(wanted, 8);
  });

  it('of a mean and of pairs', () => {
    const found = meanInterval([1, 2, 3, 4, 5]);
    expect(found.mean).toBe(3);
    expect(found.standardDeviation).toBeCloseTo(1.5811388300841898, 12);
    expect(found.high - 3).toBeCloseTo(2.776445105 * Math.sqrt(0.5), 8);
    // What pairs share does not widen the interval.
    const pairs = pairedDifference([1001, 5003, 9002], [1000, 5001, 8999]);
    expect([pairs.mean, pairs.standardDeviation]).toEqual([2, 1]);
    expect(meanInterval([7]).low).toBeNaN();
  });

  it('of a share', () => {
    const found = shareInterval(8, 10);
    expect(found.low).toBeCloseTo(0.4901625, 6);
    expect(found.high).toBeCloseTo(0.9433178, 6);
    expect(shareInterval(0, 20).low).toBe(0);
    expect(shareInterval(0, 0).share).toBeNaN();
  });
});

describe('Shapley values', () => {
  it('of an additive game are what each brings', () => {
    const worth = [3, 0, -1, 4.5];
    const found = shapleyExact(4, table(4, (members) => members.reduce((sum, i) => sum + worth[i], 7)));
    for (let i = 0; i < 4; i++) expect(found.values[i]).toBeCloseTo(worth[i], 12);
    expect(Math.abs(found.efficiencyResidual)).toBeLessThan(1e-12);
  });

  it('of a symmetric game are alike', () => {
    const found = shapleyExact(5, table(5, (members) => members.length * members.length));
    for (const value of found.values) expect(value).toBeCloseTo(5, 12);
  });

  it('of the glove game: two left, one right', () => {
    const gloves = table(3, (m) => Math.min(m.filter((i) => i < 2).length, m.includes(2) ? 1 : 0));
    const found = shapleyExact(3, gloves);
    expect(found.values[0]).toBeCloseTo(1 / 6, 12);
    expect(found.values[1]).toBeCloseTo(1 / 6, 12);
    expect(found.values[2]).toBeCloseTo(2 / 3, 12);
    expect(found.standardErrors).toEqual([0, 0, 0]);
  });

  it('give a player without influence nothing', () => {
    const found = shapleyExact(3, table(3, (m) => (m.includes(0) && m.includes(1) ? 10 : 0)));
    expect(found.values).toEqual([5, 5, 0]);
  });

  it('from sampled orders lie within their errors of the exact ones and divide everything', () => {
    const players = 6;
    const game = table(players, (m) => m.reduce((product, i) => product * (2 + i), 1));
    const exact = shapleyExact(players, game);
    const orders = drawPermutations(players, 4000, 5);
    const found = shapleySampled(orders, (mask) => game[mask]);
    expect(Math.abs(found.efficiencyResidual)).toBeLessThan(1e-9);
    found.values.forEach((value, i) => {
      expect(found.standardErrors[i]).toBeGreaterThan(0);
      expect(Math.abs(value - exact.values[i])).toBeLessThan(4 * found.standardErrors[i]);
    });
    expect(coalitionsOf([[0, 1, 2], [2, 1, 0]])).toEqual([0, 1, 3, 4, 6, 7]);
    // Every order equally likely: 24 of them.
    const counts = new Map<string, number>();
    for (const order of drawPermutations(4, 24_000, 6)) {
      counts.set(order.join(''), (counts.get(order.join('')) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    let chiSquared = 0;
    for (const n of counts.values()) chiSquared += ((n - 1000) * (n - 1000)) / 1000;
    // 0.001 of the chi-squared distribution with 23 degrees of freedom.
    expect(chiSquared).toBeLessThan(49.7);
  });
});

describe('effects', () => {
  it('on one path and over futures', () => {
    expect(effectOf(5, 2, [], [])).toEqual({ value: 5, twin: 2, difference: 3, continuations: null });
    expect(effectOf(5, 2, [4, 6], [1, 5]).continuations?.mean).toBe(2);
  });

  it('of links of a chain overlap, of joint causes add', () => {
    // A pushed B pushed C: without A all three go, without B two, without C one.
    expect(synergy(3, 0, [3, 2, 1])).toBe(-3);
    expect(synergy(4, 0, [1, 1])).toBe(2);
  });

  it('are necessary where Y falls without, sufficient where a calm state breaks', () => {
    const found = necessity([3, 4, 0, 2], [1, 4, 0, 0], [true, true, false, true]);
    expect([found.hits, found.count]).toEqual([2, 3]);
    expect(sufficiency([true, false, false, true]).share).toBe(0.5);
  });
});
