/** Morris trajectories and Saltelli rows: their shape, spread, and outcomes that are missing. */
import { describe, expect, it } from 'vitest';
import {
  gFunction,
  ishigami,
  morrisDesign,
  morrisEffects,
  saltelliDesign,
  sobolDesign,
  sobolIndices,
  type UnitDesign,
} from '../../sim/design/index.js';
import { RandomSource } from '../../sim/kernel/index.js';

const stream = new RandomSource(4).stream('test/design');
const few = { stream, resamples: 20 };
const pointOf = ({ dimensions, unit }: UnitDesign, i: number): Float64Array =>
  unit.slice(i * dimensions, (i + 1) * dimensions);
const outcomesOf = (design: UnitDesign, f: (x: Float64Array) => number): Float64Array =>
  Float64Array.from({ length: design.count }, (_, i) => f(pointOf(design, i)));

/** Sum over pairs of trajectories of the squared sum of distances of their points. */
function spreadOf(design: UnitDesign): number {
  const { blockSize, count } = design;
  let total = 0;
  for (let a = 0; a < count; a += blockSize) {
    for (let b = 0; b < a; b += blockSize) {
      let sum = 0;
      for (let i = 0; i < blockSize; i++) {
        for (let k = 0; k < blockSize; k++) {
          const [x, y] = [pointOf(design, a + i), pointOf(design, b + k)];
          sum += Math.sqrt(x.reduce((square, u, j) => square + (u - y[j]) ** 2, 0));
        }
      }
      total += sum * sum;
    }
  }
  return total;
}

describe('Morris trajectories', () => {
  it.each([2, 4, 6])('moves each factor once by delta on %s levels', (levels) => {
    const design = morrisDesign({ trajectories: 12, dimensions: 5, seed: 1, levels });
    expect(design).toMatchObject({ count: 72, dimensions: 5, blockSize: 6 });
    const delta = levels / (2 * (levels - 1));
    for (let t = 0; t < 12; t++) {
      const moved = [];
      for (let step = 0; step < 5; step++) {
        const [x, y] = [pointOf(design, t * 6 + step), pointOf(design, t * 6 + step + 1)];
        const changed = [0, 1, 2, 3, 4].filter((j) => x[j] !== y[j]);
        expect(changed.length).toBe(1);
        expect(Math.abs(y[changed[0]] - x[changed[0]])).toBeCloseTo(delta, 12);
        moved.push(changed[0]);
      }
      expect(moved.sort()).toEqual([0, 1, 2, 3, 4]);
    }
    const seen = new Set([...design.unit].map((u) => Math.round(u * (levels - 1))));
    expect([...seen].sort()).toEqual(Array.from({ length: levels }, (_, l) => l));
    for (const u of design.unit) {
      expect(u * (levels - 1)).toBeCloseTo(Math.round(u * (levels - 1)), 12);
    }
  });

  it('takes trajectories that lie further apart than as drawn', () => {
    for (let seed = 0; seed < 5; seed++) {
      const drawn = morrisDesign({ trajectories: 8, dimensions: 4, seed, pool: 8 });
      const spread = morrisDesign({ trajectories: 8, dimensions: 4, seed });
      expect(spreadOf(spread)).toBeGreaterThan(1.1 * spreadOf(drawn));
    }
  });

  it('takes nearly the best of all subsets where those can be searched', () => {
    const pool = morrisDesign({ trajectories: 10, dimensions: 3, seed: 6, pool: 10 });
    let best = 0;
    for (let mask = 0; mask < 1024; mask++) {
      const chosen = Array.from({ length: 10 }, (_, t) => t).filter((t) => (mask >> t) & 1);
      if (chosen.length !== 4) continue;
      const points = chosen.flatMap((t) => [...pool.unit.slice(t * 12, t * 12 + 12)]);
      const unit = Float64Array.from(points);
      best = Math.max(best, spreadOf({ ...pool, count: 16, unit }));
    }
    const taken = morrisDesign({ trajectories: 4, dimensions: 3, seed: 6, pool: 10 });
    expect(spreadOf(taken)).toBeGreaterThan(0.99 * best);
  });

  it('leaves out a trajectory with a failed run, and says so', () => {
    const design = morrisDesign({ trajectories: 10, dimensions: 3, seed: 2 });
    const outcomes = outcomesOf(design, (x) => 4 * x[0] - 2 * x[1]);
    outcomes[13] = NaN;
    outcomes[15] = Infinity;
    outcomes[20] = NaN;
    const { factors, trajectories, dropped } = morrisEffects(design, outcomes, few);
    expect([trajectories, dropped]).toEqual([8, 2]);
    [4, -2, 0].forEach((effect, j) => {
      expect(factors[j].mu.value).toBeCloseTo(effect, 12);
      expect(factors[j].muStar.value).toBeCloseTo(Math.abs(effect), 12);
      expect(factors[j].sigma.value).toBeCloseTo(0, 12);
      expect(factors[j].mu.high - factors[j].mu.low).toBeLessThan(1e-12);
    });
    const none = morrisEffects(design, new Float64Array(40).fill(NaN), few);
    expect([none.trajectories, none.dropped, none.factors[0].muStar.value]).toEqual([0, 10, NaN]);
  });

  it('refuses odd levels and designs that are no trajectories', () => {
    const options = { trajectories: 4, dimensions: 2, seed: 0 };
    expect(() => morrisDesign({ ...options, levels: 5 })).toThrow(/levels were 5/);
    const design = sobolDesign({ count: 9, dimensions: 2 });
    const wrong = { ...design, blockSize: 3 };
    expect(() => morrisEffects(wrong, new Float64Array(9), few)).toThrow(/moves/);
  });
});

describe('Saltelli rows', () => {
  it('takes A and B from one sequence and swaps one factor at a time', () => {
    const design = saltelliDesign({ rows: 16, dimensions: 3, seed: 9 });
    expect(design).toMatchObject({ count: 80, dimensions: 3, blockSize: 5 });
    const halves = sobolDesign({ count: 16, dimensions: 6, seed: 9 });
    for (let row = 0; row < 16; row++) {
      const [a, b] = [pointOf(design, row * 5), pointOf(design, row * 5 + 1)];
      expect([...a, ...b]).toEqual([...pointOf(halves, row)]);
      for (let i = 0; i < 3; i++) {
        const mixed = [...a];
        mixed[i] = b[i];
        expect([...pointOf(design, row * 5 + 2 + i)]).toEqual(mixed);
      }
    }
  });

  it('moves the coordinates of a group together', () => {
    const design = saltelliDesign({ rows: 4, dimensions: 4, seed: 1, groups: [1, 2, 1] });
    expect(design).toMatchObject({ count: 20, blockSize: 5 });
    const [a, b] = [pointOf(design, 5), pointOf(design, 6)];
    expect([...pointOf(design, 8)]).toEqual([a[0], b[1], b[2], a[3]]);
    expect([...pointOf(design, 9)]).toEqual([a[0], a[1], a[2], b[3]]);
    const larger = saltelliDesign({ rows: 2048, dimensions: 4, seed: 1, groups: [1, 2, 1] });
    const outcomes = outcomesOf(larger, (x) => x[0] + x[1] * x[2]);
    const { first, total } = sobolIndices(larger, outcomes, few);
    // Variances 1/12 and 7/144: shares 12/19 and 7/19.
    [12 / 19, 7 / 19, 0].forEach((share, i) => {
      expect(Math.abs(first[i].value - share)).toBeLessThan(0.02);
      expect(Math.abs(total[i].value - share)).toBeLessThan(0.02);
    });
  });

  it('leaves out a row with a failed run, and says so', () => {
    const options = { rows: 100, dimensions: 3, seed: 4 };
    const whole = saltelliDesign(options);
    const outcomes = outcomesOf(whole, (x) => ishigami(x));
    // The last two rows fail in part; what is left is the design of 98 rows.
    outcomes[98 * 5 + 4] = NaN;
    outcomes[99 * 5] = NaN;
    const short = saltelliDesign({ ...options, rows: 98 });
    const kept = sobolIndices(whole, outcomes, few);
    const plain = sobolIndices(short, outcomes.slice(0, 98 * 5), few);
    expect(kept).toEqual({ ...plain, dropped: 2 });
    expect(kept.rows).toBe(98);
    const none = sobolIndices(whole, new Float64Array(500).fill(NaN), few);
    expect([none.rows, none.dropped, none.first[0].value]).toEqual([0, 100, NaN]);
  });

  it('is blind to the outcome’s scale and place, and knows nothing of a constant', () => {
    const design = saltelliDesign({ rows: 256, dimensions: 2, seed: 4 });
    const plain = outcomesOf(design, (x) => gFunction(x, [0, 3]));
    const moved = plain.map((y) => 1e6 + 1000 * y);
    const options = { resamples: 30 };
    const first = sobolIndices(design, plain, { ...options, stream });
    const other = sobolIndices(design, moved, { ...options, stream });
    for (const name of ['first', 'total'] as const) {
      first[name].forEach((estimate, i) => {
        expect(other[name][i].value).toBeCloseTo(estimate.value, 7);
        expect(other[name][i].low).toBeCloseTo(estimate.low, 7);
      });
    }
    const constant = sobolIndices(design, new Float64Array(design.count).fill(3), few);
    expect([constant.first[0].value, constant.variance]).toEqual([NaN, 0]);
  });

  it('refuses more factors than half of the sequence’s dimensions', () => {
    const options = { rows: 4, dimensions: 33, seed: 0 };
    expect(() => saltelliDesign(options)).toThrow(/dimensions were 66/);
  });
});
