/** What must hold of crowding for any crowd. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concordance,
  constantImpactReach,
  cosineOverlap,
  depthWalkReach,
  effectiveAgents,
  exitConvergence,
  exitMass,
  exitOverlap,
  exitPressure,
  gini,
  herdingAdjustment,
  netCrowding,
  netCrowdingL1,
  positionOverlap,
  rowMatrix,
  strategyHomogeneity,
} from '../../sim/metrics/crowding/index.js';
import { naiveExitConvergence, naiveWalkDown } from '../naive/exit-convergence.js';
import { correlation } from '../support/sample-statistics.js';

const settings = { seed: 41, numRuns: 300 };
const amount = fc.integer({ min: 0, max: 9 });
const rows = fc.integer({ min: 1, max: 4 }).chain((columns) =>
  fc.array(
    fc.array(fc.integer({ min: -4, max: 4 }), { minLength: columns, maxLength: columns }),
    { minLength: 2, maxLength: 8 },
  ));

describe('overlap', () => {
  it('keeps its bounds and does not mind the order of agents, or who is long', () => {
    fc.assert(fc.property(rows, fc.array(amount, { minLength: 8, maxLength: 8 }), (all, w) => {
      const weights = all.map((_, i) => w[i] + 1);
      const at = positionOverlap(rowMatrix(all), weights);
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThanOrEqual(1 + 1e-12);
      const turned = rowMatrix([...all].reverse().map((row) => row.map((x) => -2 * x)));
      expect(positionOverlap(turned, [...weights].reverse())).toBeCloseTo(at, 12);
      let sum = 0;
      let pairs = 0;
      for (let i = 0; i < all.length; i++) {
        for (let j = 0; j < i; j++) {
          sum += weights[i] * weights[j] * Math.max(0, cosineOverlap(rowMatrix(all), i, j));
          pairs += weights[i] * weights[j];
        }
      }
      expect(at).toBeCloseTo(sum / pairs, 12);
      for (const net of [netCrowding(rowMatrix(all)), netCrowdingL1(rowMatrix(all))]) {
        expect(Number.isNaN(net) || (net >= 0 && net <= 1 + 1e-12)).toBe(true);
      }
    }), settings);
  });
});

describe('diversity', () => {
  it('orders its numbers: 1 <= N2 <= N1 <= S', () => {
    fc.assert(fc.property(fc.array(amount, { minLength: 2, maxLength: 9 }), (shares) => {
      if (shares.every((share) => share === 0)) return;
      const mix = strategyHomogeneity(shares);
      expect(mix.dominantStrategies).toBeGreaterThanOrEqual(1 - 1e-12);
      expect(mix.effectiveStrategies).toBeGreaterThanOrEqual(mix.dominantStrategies - 1e-12);
      expect(mix.effectiveStrategies).toBeLessThanOrEqual(shares.length + 1e-12);
      const n = shares.length;
      const differences = shares.flatMap((a) => shares.map((b) => Math.abs(a - b)));
      const mean = shares.reduce((sum, x) => sum + x) / n;
      const direct = differences.reduce((sum, x) => sum + x) / (2 * n * n * mean);
      expect(gini(shares)).toBeCloseTo(direct, 12);
    }), settings);
  });
});

describe('concordance', () => {
  it('is the mean over every pair, and N_eff its Frobenius norm', () => {
    fc.assert(fc.property(rows, (all) => {
      const moving = all.filter((row) => row.some((x) => x !== row[0]));
      if (moving.length < 2) return;
      let [sum, squares, pairs] = [0, moving.length, 0];
      for (const [i, a] of moving.entries()) {
        for (const b of moving.slice(0, i)) {
          const rho = correlation(a, b);
          sum += rho;
          squares += 2 * rho * rho;
          pairs++;
        }
      }
      expect(concordance(rowMatrix(all))).toBeCloseTo(sum / pairs, 10);
      expect(effectiveAgents(rowMatrix(all))).toBeCloseTo(moving.length ** 2 / squares, 10);
    }), settings);
  });

  it('adjusts herding by the mean deviation of the binomial', () => {
    const law = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 59 }));
    fc.assert(fc.property(law, ([n, sixtieths]) => {
      const p = sixtieths / 60;
      let chance = (1 - p) ** n;
      let deviation = 0;
      for (let k = 0; k <= n; k++) {
        deviation += chance * Math.abs(k / n - p);
        chance *= ((n - k) / (k + 1)) * (p / (1 - p));
      }
      expect(herdingAdjustment(n, p)).toBeCloseTo(deviation, 12);
    }), settings);
  });
});

const exits = fc.array(
  fc.record({
    price: fc.integer({ min: 0, max: 40 }),
    leaves: fc.integer({ min: 0, max: 9 }),
    quantity: fc.integer({ min: 0, max: 6 }),
    reach: fc.integer({ min: 0, max: 9 }),
    weight: fc.integer({ min: 0, max: 5 }),
  }),
  { minLength: 2, maxLength: 40 },
);

describe('exit convergence', () => {
  it('agrees with every pair', () => {
    fc.assert(fc.property(exits, (all) => {
      const input = {
        // One in ten never leaves.
        exitPrice: all.map(({ price, leaves }) =>
          leaves > 0 ? price : [NaN, Infinity][price % 2]),
        exitQuantity: all.map((exit) => exit.quantity),
        reachPrice: all.map((exit) => exit.reach),
        weight: all.map((exit) => exit.weight),
      };
      const naive = naiveExitConvergence(input);
      const fast = exitConvergence(input);
      if (Number.isNaN(naive)) expect(fast).toBeNaN();
      else expect(fast).toBeCloseTo(naive, 12);
      const impact = { ...input, reachPrice: constantImpactReach(input.exitQuantity, 1.5) };
      const pairs = naiveExitConvergence(impact);
      if (!Number.isNaN(pairs)) expect(exitConvergence(impact)).toBeCloseTo(pairs, 12);
    }), settings);
  });

  it('is 1 at one door, 0 when nobody moves the price, and does not fall with impact', () => {
    fc.assert(fc.property(exits, (all) => {
      if (all.filter((exit) => exit.quantity > 0).length < 2) return;
      const exitQuantity = all.map((exit) => exit.quantity);
      const apart = all.map((exit, i) => exit.price + i * 41);
      const at = (exitPrice: number[], impact: number) => exitConvergence({
        exitPrice, exitQuantity, reachPrice: constantImpactReach(exitQuantity, impact),
      });
      expect(at(all.map(() => 7), 0)).toBeCloseTo(1, 12);
      expect(at(apart, 0)).toBe(0);
      const rising = [0.1, 1, 3, 10].map((impact) => at(apart, impact));
      for (let n = 1; n < 4; n++) expect(rising[n]).toBeGreaterThanOrEqual(rising[n - 1] - 1e-12);
    }), settings);
  });

  it('walks the ladder as lots do, up as down', () => {
    const ladder = fc.array(amount, { minLength: 1, maxLength: 12 });
    const few = fc.integer({ min: 1, max: 40 });
    fc.assert(fc.property(ladder, fc.nat(12), few, (depth, at, lots) => {
      const price = Math.min(at, depth.length);
      const naive = naiveWalkDown(price, lots, depth);
      const shape = { lowPrice: 50, stepPrice: 0.5, depth };
      const [down] = depthWalkReach([50 + price / 2], [lots], shape, -1);
      const mirrored = { ...shape, depth: [...depth].reverse() };
      const [up] = depthWalkReach([50 + (depth.length - price) / 2], [lots], mirrored, 1);
      if (naive === Infinity) expect([down, up]).toEqual([Infinity, Infinity]);
      else {
        expect(down).toBeCloseTo(naive / 2, 10);
        expect(up).toBeCloseTo(naive / 2, 10);
      }
    }), settings);
  });
});

describe('exit pressure', () => {
  const ladder = { lowPrice: 0, stepPrice: 1 };

  it('keeps the mass of exits, and a uniform depth', () => {
    fc.assert(fc.property(exits, fc.nat(30), (all, width) => {
      const pressure = exitPressure({
        ...ladder,
        lowPrice: -4,
        exitPrice: all.map((exit) => exit.price),
        exitQuantity: all.map((exit) => exit.quantity),
        depth: Array(50).fill(5),
        halfWidth: width / 10,
      });
      const quantity = all.reduce((sum, exit) => sum + exit.quantity, 0);
      expect(pressure.exits.reduce((sum, x) => sum + x, 0)).toBeCloseTo(quantity, 10);
      pressure.depth.forEach((d) => { expect(d).toBeCloseTo(5, 12); });
      expect(pressure.max).toBeCloseTo(Math.max(...pressure.exits) / 5, 12);
      const inside = new Set(pressure.zones.flatMap((zone) =>
        Array.from({ length: zone.highPrice - zone.lowPrice }, (_, k) => zone.lowPrice + k)));
      pressure.ratio.forEach((ratio, k) => { expect(inside.has(k - 4)).toBe(ratio >= 1); });
    }), settings);
  });

  it('finds both run-ways of two clusters', () => {
    const pressure = exitPressure({
      ...ladder,
      exitPrice: [10, 10, 30],
      exitQuantity: [6, 6, 20],
      depth: Array(50).fill(2),
      halfWidth: 2,
    });
    // The kernel around 10 gives its inner cells 12 x 11/32 = 4.125, its outer ones 12 x 5/32.
    expect(pressure.zones).toHaveLength(2);
    const [first, second] = pressure.zones;
    expect([first.lowPrice, first.highPrice, first.depthQuantity]).toEqual([9, 11, 4]);
    expect(first.exitQuantity).toBeCloseTo(8.25, 12);
    expect([second.lowPrice, second.highPrice]).toEqual([28, 32]);
    expect(pressure.max).toBeCloseTo((20 * 11) / 32 / 2, 12);
    expect(pressure.maxPrice).toBe(29.5);
  });

  it('is infinite where exits meet an empty book, nothing where nobody leaves', () => {
    const book = { ...ladder, depth: [0, 0, 4], halfWidth: 0 };
    const one = exitPressure({ ...book, exitPrice: [1.5, 2.5], exitQuantity: [1, 2] });
    expect([...one.ratio]).toEqual([0, Infinity, 0.5]);
    expect(one.zones).toEqual([
      { lowPrice: 1, highPrice: 2, exitQuantity: 1, depthQuantity: 0, ratioMax: Infinity },
    ]);
    const none = exitPressure({ ...book, exitPrice: [9], exitQuantity: [1] });
    expect([none.max, none.maxPrice, none.zones]).toEqual([0, NaN, []]);
  });

  it('overlaps as densities do', () => {
    const mass = (exitPrice: number[], exitQuantity: number[]) =>
      exitMass({ ...ladder, exitPrice, exitQuantity, depth: { length: 40 }, halfWidth: 0 });
    const flat = (from: number) => Array.from({ length: 10 }, (_, k) => from + k);
    const ones = Array(10).fill(1);
    expect(exitOverlap(mass(flat(0), ones), mass(flat(0), Array(10).fill(3)))).toBeCloseTo(1, 12);
    expect(exitOverlap(mass(flat(0), ones), mass(flat(4), ones))).toBeCloseTo(0.6, 12);
    expect(exitOverlap(mass(flat(0), ones), mass(flat(20), ones))).toBe(0);
    expect(exitOverlap(mass([], []), mass(flat(20), ones))).toBeNaN();
  });
});
