/** Sobol, Latin hypercube and random designs: nets, strata, and what a seed changes. */
import { describe, expect, it } from 'vitest';
import {
  blockOrder,
  latinHypercube,
  morrisDesign,
  randomDesign,
  sobolDesign,
  SOBOL_DIMENSIONS_MAX,
  type UnitDesign,
} from '../../sim/design/index.js';

/** First points in six dimensions, in eighths (scipy 1.17, scipy.stats.qmc.Sobol, unscrambled). */
const firstEighths = [
  [0, 0, 0, 0, 0, 0],
  [4, 4, 4, 4, 4, 4],
  [6, 2, 2, 2, 6, 6],
  [2, 6, 6, 6, 2, 2],
  [3, 3, 5, 7, 3, 1],
  [7, 7, 1, 3, 7, 5],
  [5, 1, 7, 5, 5, 7],
  [1, 5, 3, 1, 1, 3],
];
/** Point 99,999 in 64 dimensions, times 2^17 (same source): reaches the 17th direction number. */
const farPoint = [
  5957, 110357, 88861, 120283, 36363, 108141, 79677, 23117, 107121, 41529, 22095, 114523, 14689,
  126155, 39233, 104027, 121671, 46605, 79363, 20419, 1347, 88391, 103937, 79109, 122517,
  111185, 9809, 3251, 94407, 43715, 87813, 76551, 79665, 99253, 53751, 70263, 102675, 34373,
  27805, 54997, 55773, 115397, 96997, 114861, 11093, 79941, 66369, 77377, 26881, 44881, 38961,
  19217, 18449, 7945, 111085, 54473, 88395, 80701, 101147, 53867, 73901, 117195, 589, 103155,
];

const column = ({ count, dimensions, unit }: UnitDesign, j: number): number[] =>
  Array.from({ length: count }, (_, i) => unit[i * dimensions + j]);

/** Points in each of the cells of 2^a by 2^b equal boxes over coordinates j and k. */
function boxCounts(design: UnitDesign, j: number, k: number, [a, b]: [number, number]): number[] {
  const counts = new Array<number>(2 ** (a + b)).fill(0);
  const [xs, ys] = [column(design, j), column(design, k)];
  xs.forEach((x, i) => {
    counts[Math.floor(x * 2 ** a) * 2 ** b + Math.floor(ys[i] * 2 ** b)]++;
  });
  return counts;
}

const smallestDistance = ({ count, dimensions, unit }: UnitDesign): number => {
  let least = Infinity;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < i; k++) {
      let square = 0;
      for (let j = 0; j < dimensions; j++) {
        square += (unit[i * dimensions + j] - unit[k * dimensions + j]) ** 2;
      }
      least = Math.min(least, Math.sqrt(square));
    }
  }
  return least;
};

describe('Sobol sequences', () => {
  it('starts as the reference does', () => {
    const { unit, blockSize } = sobolDesign({ count: 8, dimensions: 6 });
    expect([...unit].map((x) => x * 8)).toEqual(firstEighths.flat());
    expect(blockSize).toBe(1);
  });

  it('has the reference’s far point in all 64 dimensions', () => {
    const { unit } = sobolDesign({ count: 100_000, dimensions: 64 });
    expect([...unit.slice(-64)].map((x) => x * 2 ** 17)).toEqual(farPoint);
  });

  it('begins a longer design with the shorter one', () => {
    for (const seed of [undefined, 5]) {
      const short = sobolDesign({ count: 100, dimensions: 5, seed });
      const long = sobolDesign({ count: 1000, dimensions: 5, seed });
      expect(long.unit.slice(0, 500)).toEqual(short.unit);
    }
  });

  it('keeps a coordinate when others are dropped', () => {
    const few = sobolDesign({ count: 64, dimensions: 3, seed: 8 });
    const many = sobolDesign({ count: 64, dimensions: 9, seed: 8 });
    for (let j = 0; j < 3; j++) expect(column(many, j)).toEqual(column(few, j));
  });

  it.each([undefined, 0, 2 ** 40 + 3])('balances every dimension, seed %s', (seed) => {
    for (const m of [1, 4, 9]) {
      const count = 2 ** m;
      const design = sobolDesign({ count, dimensions: 64, seed });
      for (let j = 0; j < 64; j++) {
        const cells = column(design, j).map((x) => Math.floor(x * count));
        expect(cells.sort((a, b) => a - b)).toEqual(cells.map((_, i) => i));
      }
    }
  });

  it.each([undefined, 3, 4])('is a (0,m,2)-net in its first two dimensions, seed %s', (seed) => {
    const design = sobolDesign({ count: 256, dimensions: 2, seed });
    for (let a = 0; a <= 8; a++) {
      expect(new Set(boxCounts(design, 0, 1, [a, 8 - a]))).toEqual(new Set([1]));
    }
  });

  it('keeps the quality of every projection when scrambled', () => {
    const plain = sobolDesign({ count: 512, dimensions: 8 });
    const scrambled = sobolDesign({ count: 512, dimensions: 8, seed: 11 });
    for (let j = 0; j < 8; j++) {
      for (let k = 0; k < j; k++) {
        for (const boxes of [[2, 2], [3, 3], [1, 6], [6, 1]] as [number, number][]) {
          const before = boxCounts(plain, j, k, boxes).sort((a, b) => a - b);
          const after = boxCounts(scrambled, j, k, boxes).sort((a, b) => a - b);
          expect(after).toEqual(before);
        }
      }
    }
  });

  it('scrambles independently by seed and dimension, uniformly, off the edges', () => {
    const firsts: number[] = [];
    for (let seed = 0; seed < 4000; seed++) {
      const { unit } = sobolDesign({ count: 2, dimensions: 2, seed });
      firsts.push(unit[0]);
      expect(Math.min(...unit)).toBeGreaterThan(0);
      expect(Math.max(...unit)).toBeLessThan(1);
    }
    expect(new Set(firsts).size).toBe(4000);
    // Chi-square of 16 cells: the 99.99 % point at 15 degrees is 44.3.
    const cells = new Array<number>(16).fill(0);
    for (const x of firsts) cells[Math.floor(x * 16)]++;
    expect(cells.reduce((sum, n) => sum + (n - 250) ** 2 / 250, 0)).toBeLessThan(44.3);
    const { unit } = sobolDesign({ count: 1, dimensions: 64, seed: 1 });
    expect(new Set(unit).size).toBe(64);
  });

  it('randomises digits given the ones before, beyond the net', () => {
    // Pairs within a cell of 2^-8: uniform relative places, not copied from cell to cell.
    const design = sobolDesign({ count: 256, dimensions: 1, seed: 21 });
    const rests = column(design, 0).map((x) => (x * 256) % 1);
    const mean = rests.reduce((sum, x) => sum + x, 0) / 256;
    const square = rests.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 256;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 256));
    expect(square).toBeGreaterThan(0.06);
    expect(new Set(rests).size).toBe(256);
  });

  it('refuses what it has no direction numbers for', () => {
    expect(() => sobolDesign({ count: 4, dimensions: SOBOL_DIMENSIONS_MAX + 1 })).toThrow(
      /dimensions were 65.*at most 64/,
    );
    expect(() => sobolDesign({ count: 0, dimensions: 2 })).toThrow(/points were 0/);
  });
});

describe('Latin hypercubes', () => {
  it.each([0, 500])('has one point in each stratum, %s swaps', (swaps) => {
    for (const [count, dimensions, seed] of [[1, 3, 0], [2, 2, 4], [37, 5, 1], [100, 2, 9]]) {
      const design = latinHypercube({ count, dimensions, seed, swaps });
      for (let j = 0; j < dimensions; j++) {
        const strata = column(design, j).map((x) => Math.floor(x * count));
        expect(strata.sort((a, b) => a - b)).toEqual(strata.map((_, i) => i));
      }
    }
  });

  it('spreads the points by swaps, for every seed', () => {
    for (let seed = 0; seed < 8; seed++) {
      const plain = latinHypercube({ count: 40, dimensions: 4, seed, swaps: 0 });
      const spread = latinHypercube({ count: 40, dimensions: 4, seed });
      expect(smallestDistance(spread)).toBeGreaterThan(1.5 * smallestDistance(plain));
      // Only strata move: the coordinates are the same numbers.
      for (let j = 0; j < 4; j++) expect(column(spread, j).sort()).toEqual(column(plain, j).sort());
    }
  });

  it('depends on the seed alone', () => {
    const options = { count: 30, dimensions: 3, seed: 6 };
    expect(latinHypercube(options)).toEqual(latinHypercube(options));
    expect(latinHypercube({ ...options, seed: 7 }).unit).not.toEqual(latinHypercube(options).unit);
  });

  it('joins strata at random', () => {
    let product = 0;
    for (let seed = 0; seed < 200; seed++) {
      const design = latinHypercube({ count: 20, dimensions: 2, seed, swaps: 0 });
      const [xs, ys] = [column(design, 0), column(design, 1)];
      product += xs.reduce((sum, x, i) => sum + (x - 0.5) * (ys[i] - 0.5), 0);
    }
    // 200 sums of 20 products, each of standard deviation about 1/12.
    expect(Math.abs(product)).toBeLessThan((4 * Math.sqrt(4000)) / 12);
  });
});

describe('random designs', () => {
  it('is uniform, and a longer one begins with the shorter', () => {
    const design = randomDesign({ count: 4000, dimensions: 3, seed: 2 });
    for (let j = 0; j < 3; j++) {
      const cells = new Array<number>(16).fill(0);
      for (const x of column(design, j)) cells[Math.floor(x * 16)]++;
      expect(cells.reduce((sum, n) => sum + (n - 250) ** 2 / 250, 0)).toBeLessThan(44.3);
    }
    const short = randomDesign({ count: 10, dimensions: 3, seed: 2 });
    expect(design.unit.slice(0, 30)).toEqual(short.unit);
    expect(randomDesign({ count: 10, dimensions: 3, seed: 3 }).unit).not.toEqual(short.unit);
  });
});

describe('points of a seed', () => {
  it('stay the same from version to version, as results are kept under them', () => {
    const options = { count: 2, dimensions: 2, seed: 1 };
    const cells = [...sobolDesign(options).unit].map((x) => x * 2 ** 33);
    expect(cells).toEqual([4608261163, 3425069227, 293732149, 5731882435]);
    expect([...randomDesign({ ...options, count: 1 }).unit]).toEqual([
      0.4152609320553359, 0.976139333286543,
    ]);
    expect([...latinHypercube({ ...options, count: 3, swaps: 50 }).unit]).toEqual([
      0.4977724254131317, 0.8437809447447459, 0.0026248792807261148, 0.3621014853318532,
      0.8669335345427195, 0.16988441348075867,
    ]);
    const levels = [...morrisDesign({ trajectories: 2, dimensions: 2, seed: 1 }).unit];
    expect(levels.map((u) => Math.round(3 * u))).toEqual([2, 0, 0, 0, 0, 2, 1, 3, 3, 3, 3, 1]);
    expect([...blockOrder(10)]).toEqual([0, 7, 4, 1, 8, 5, 2, 9, 6, 3]);
  });
});
