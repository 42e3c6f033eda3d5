/** Grids, simplex mixes, orders of blocks and measures of spread. */
import { describe, expect, it } from 'vitest';
import {
  blockOrder,
  centredDiscrepancy,
  gridDesign,
  latinHypercube,
  minimalDistance,
  randomDesign,
  simplexLattice,
  simplexShares,
  sobolDesign,
} from '../../sim/design/index.js';

describe('grids', () => {
  it('lists every combination, the first factor slowest', () => {
    const { unit, count, dimensions } = gridDesign([2, 3]);
    expect([count, dimensions]).toEqual([6, 2]);
    const levels = Array.from({ length: 6 }, (_, i) => [
      Math.floor(unit[2 * i] * 2),
      Math.floor(unit[2 * i + 1] * 3),
    ]);
    expect(levels).toEqual([
      [0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2],
    ]);
  });

  it('reaches the ends of ranges if asked to', () => {
    expect([...gridDesign([3, 1], { ends: true }).unit]).toEqual([0, 0.5, 0.5, 0.5, 1, 0.5]);
    expect([...gridDesign([4]).unit]).toEqual([0.125, 0.375, 0.625, 0.875]);
  });

  it('refuses levels that are none, and grids beyond reason', () => {
    expect(() => gridDesign([3, 0])).toThrow(/factor 1 were 0/);
    expect(() => gridDesign([1000, 1000, 1000])).toThrow(/points were 1000000000/);
  });
});

describe('simplex mixes', () => {
  it('is uniform: every share of four has the moments of Dirichlet(1, 1, 1, 1)', () => {
    const { unit, count } = sobolDesign({ count: 8192, dimensions: 3, seed: 3 });
    const shares = new Float64Array(4);
    const sums = new Float64Array(4);
    const products = new Float64Array(16);
    for (let i = 0; i < count; i++) {
      simplexShares(unit, 3 * i, shares);
      expect(Math.abs(shares.reduce((sum, x) => sum + x, 0) - 1)).toBeLessThan(1e-15);
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
      for (let a = 0; a < 4; a++) {
        sums[a] += shares[a];
        for (let b = 0; b < 4; b++) products[a * 4 + b] += shares[a] * shares[b];
      }
    }
    for (let a = 0; a < 4; a++) {
      expect(sums[a] / count).toBeCloseTo(1 / 4, 3);
      for (let b = 0; b < 4; b++) {
        expect(products[a * 4 + b] / count).toBeCloseTo((a === b ? 2 : 1) / 20, 3);
      }
    }
  });

  it('takes the corners of the cube to corners of the simplex', () => {
    const shares = new Float64Array(3);
    const at = (...unit: number[]): number[] => {
      simplexShares(unit, 0, shares);
      return [...shares];
    };
    expect(at(0, 0)).toEqual([0, 0, 1]);
    expect(at(1, 0.3)).toEqual([1, 0, 0]);
    expect(at(0, 1)).toEqual([0, 1, 0]);
    expect(at(0.75, 0.5)).toEqual([0.5, 0.25, 0.25]);
    const alone = new Float64Array(1);
    simplexShares([], 0, alone);
    expect(alone[0]).toBe(1);
  });

  it('lists the lattice once each', () => {
    const { unit, count } = simplexLattice(3, 2);
    const rows = Array.from({ length: count }, (_, i) => [...unit.slice(3 * i, 3 * i + 3)]);
    expect(rows).toEqual([
      [0, 0, 1], [0, 0.5, 0.5], [0, 1, 0], [0.5, 0, 0.5], [0.5, 0.5, 0], [1, 0, 0],
    ]);
    const larger = simplexLattice(5, 6);
    expect(larger.count).toBe(210);
    const texts = Array.from({ length: 210 }, (_, i) =>
      [...larger.unit.slice(5 * i, 5 * i + 5)].map((x) => Math.round(x * 6)),
    );
    expect(new Set(texts.map(String)).size).toBe(210);
    expect(texts.every((row) => row.reduce((sum, x) => sum + x, 0) === 6)).toBe(true);
    expect(simplexLattice(1, 4)).toMatchObject({ count: 1, unit: Float64Array.of(1) });
    expect(() => simplexLattice(3, 0)).toThrow(/degree.*was 0/);
  });
});

describe('the order of blocks', () => {
  it('is a permutation of which every prefix is spread evenly', () => {
    for (const n of [0, 1, 2, 3, 7, 12, 64, 100, 999, 1024]) {
      const order = blockOrder(n);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      const below = new Float64Array(n + 1);
      let worst = 0;
      order.forEach((block, i) => {
        for (let s = block + 1; s <= n; s++) below[s]++;
        for (let s = 1; s <= n; s++) {
          worst = Math.max(worst, Math.abs(below[s] - ((i + 1) * s) / n));
        }
      });
      expect(worst).toBeLessThanOrEqual(1 + Math.log2(n + 1) / 4);
    }
  });

  it('gives every factor of a grid its levels evenly', () => {
    for (const [levels, factors] of [[2, 10], [3, 6], [4, 5]]) {
      const n = levels ** factors;
      const order = blockOrder(n);
      for (let j = 0; j < factors; j++) {
        const counts = new Float64Array(levels);
        order.forEach((block, i) => {
          counts[Math.floor(block / levels ** j) % levels]++;
          for (const count of counts) {
            expect(Math.abs(count - (i + 1) / levels)).toBeLessThan(10);
          }
        });
      }
    }
  });
});

describe('measures of spread', () => {
  it('has the reference’s discrepancy', () => {
    // scipy 1.17: qmc.discrepancy of 16 plain Sobol points in 3 dimensions, method CD, a square.
    const design = sobolDesign({ count: 16, dimensions: 3 });
    expect(centredDiscrepancy(design) ** 2).toBeCloseTo(0.00787341567101274, 14);
    const middle = { count: 1, dimensions: 1, unit: Float64Array.of(0.5), blockSize: 1 };
    expect(centredDiscrepancy(middle)).toBeCloseTo(Math.sqrt(1 / 12), 14);
  });

  it('ranks scrambled Sobol before hypercubes before chance', () => {
    const options = { count: 256, dimensions: 4, seed: 1 };
    const sobol = centredDiscrepancy(sobolDesign(options));
    const hypercube = centredDiscrepancy(latinHypercube({ ...options, swaps: 0 }));
    const chance = centredDiscrepancy(randomDesign(options));
    expect(sobol).toBeLessThan(hypercube);
    expect(hypercube).toBeLessThan(chance);
  });

  it('finds the closest pair', () => {
    const unit = Float64Array.of(0, 0, 0.9, 0.9, 0.6, 0.5, 0.1, 0.1);
    const design = { count: 4, dimensions: 2, unit, blockSize: 1 };
    expect(minimalDistance(design)).toBeCloseTo(Math.sqrt(0.02), 14);
    expect(minimalDistance({ ...design, count: 1 })).toBe(Infinity);
  });
});
