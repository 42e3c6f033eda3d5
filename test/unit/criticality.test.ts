/** The critical point of finite populations of thresholds, whose R is known. */
import { describe, expect, it } from 'vitest';
import { earlyOffspring, locateCritical } from '../../sim/criticality/index.js';
import type { CriticalityRow } from '../../sim/criticality/index.js';
import { RandomSource } from '../../sim/kernel/index.js';
import { finiteSizeLimit } from '../../sim/metrics/index.js';

const stream = new RandomSource(31).stream('criticality');

/**
 * N thresholds uniform on the unit interval, two of them expected in the shock, R = N x step, first in
 * first out: liquidations per generation. Thresholds are drawn in order, by their spacings.
 */
function generations(N: number, R: number, seed: number): number[] {
  let front = 2 / N;
  let next = 0;
  let breached = 0;
  const advance = (): number => {
    const before = breached;
    for (; breached < N; breached++) {
      const drawn = 1 - (1 - next) * stream.uniformOpen(seed, N, breached) ** (1 / (N - breached));
      if (drawn > front) break;
      next = drawn;
    }
    return breached - before;
  };
  const found: number[] = [];
  for (let nodes = advance(); nodes > 0; ) {
    found.push(nodes);
    let children = 0;
    for (let i = 0; i < nodes; i++) {
      front += R / N;
      children += advance();
    }
    nodes = children;
  }
  return found;
}

const SIZES = [400, 1600, 6400];
const CONTROLS = Array.from({ length: 13 }, (_, k) => 0.8 + 0.05 * k);

function rowsOf(seeds: number, terms: { sizes?: number[]; whole?: boolean; scale?: number } = {}): CriticalityRow[] {
  const { sizes = SIZES, whole = false, scale = 1 } = terms;
  return sizes.flatMap((population, s) =>
    CONTROLS.flatMap((R) =>
      Array.from({ length: seeds }, (_, seed): CriticalityRow => {
        const nodes = generations(population, R, seed);
        const largest = nodes.reduce((sum, n) => sum + n, 0);
        const counted = whole
          ? { nodes: largest, offspring: largest - (nodes[0] ?? 0) }
          : earlyOffspring(nodes, population);
        return { control: R * scale, size: 4 ** s, seed, population, largest, ...counted };
      }),
    ),
  );
}

describe('early generations', () => {
  it('are counted while a tenth has not fallen, with all their children', () => {
    expect(earlyOffspring([2, 3, 4, 7, 1], 100)).toEqual({ nodes: 9, offspring: 14 });
    expect(earlyOffspring([2, 3, 4, 1], 100)).toEqual({ nodes: 10, offspring: 8 });
    expect(earlyOffspring([20, 5], 100)).toEqual({ nodes: 0, offspring: 0 });
    expect(earlyOffspring([20, 5], 100, 0.2)).toEqual({ nodes: 20, offspring: 5 });
    expect(earlyOffspring([], 100)).toEqual({ nodes: 0, offspring: 0 });
  });

  it.each([0.6, 1, 1.3, 2])('give R = %d, also beyond 1', (R) => {
    let [offspring, nodes] = [0, 0];
    for (let seed = 0; seed < 1500; seed++) {
      const found = earlyOffspring(generations(1600, R, 10_000 + seed), 1600);
      offspring += found.offspring;
      nodes += found.nodes;
    }
    expect(Math.abs(offspring / nodes - R)).toBeLessThan(0.03 * Math.max(1, R));
  });
});

describe('the critical point of N thresholds', () => {
  const rows = rowsOf(300);
  const found = locateCritical(rows, { seed: 1, resamples: 200 });

  it('is R = 1, and everything agrees', () => {
    expect(Math.abs(found.primary!.control - 1)).toBeLessThan(0.02);
    expect(found.primary!.low).toBeLessThan(1.005);
    expect(found.primary!.high).toBeGreaterThan(0.995);
    expect(found.primary!.found).toBe(1);
    expect(found.secondOpinions.map((one) => one.name)).toEqual([
      'peak.mean', 'peak.dispersion', 'spanning.onset',
    ]);
    for (const { control, low, high, agrees } of found.secondOpinions) {
      expect(Math.abs(control - 1)).toBeLessThan(0.05);
      expect(low).toBeLessThanOrEqual(control);
      expect(high).toBeGreaterThanOrEqual(control);
      expect(agrees).toBe(true);
    }
    expect(found.agrees).toBe(true);
    expect(found.warnings).toEqual([]);
  });

  it('peaks at .95, 1 and 1 for 400, 1600 and 6400, and R = 1 at every size', () => {
    expect(found.sizes.map((one) => one.population)).toEqual(SIZES);
    found.sizes.forEach(({ turns, rises }, k) => {
      expect(Math.abs(turns.mean.control - [0.95, 1, 1][k])).toBeLessThan(0.06);
      expect(Math.abs(turns.reproduction.control - 1)).toBeLessThan(0.04);
      expect(rises).toBe(1);
      expect(Math.abs(turns.onset.control - 1)).toBeLessThan(0.04);
    });
    const onsets = found.sizes.map((one) => one.turns.onset.control);
    const { limit } = finiteSizeLimit(SIZES, onsets, 1 / 2);
    expect(found.secondOpinions[2].control).toBeCloseTo(limit, 12);
    expect(Math.abs(limit - 1)).toBeLessThan(0.02);
    // Runs are of two kinds there: small, or spanning.
    expect(found.order!.control).toBeCloseTo(1, 10);
    expect(found.order!.bimodality).toBeGreaterThan(5 / 9);
  });

  it('moves with the units of the control, whatever the order of the rows', () => {
    const doubled = rows.map((row) => ({ ...row, control: 2 * row.control })).reverse();
    const again = locateCritical(doubled, { seed: 1, resamples: 20 });
    expect(again.primary!.control).toBeCloseTo(2 * found.primary!.control, 10);
    expect(again.agrees).toBe(true);
  });

  it('is not found over whole cascades, where R stays below 1, and says why', () => {
    const whole = locateCritical(rowsOf(60, { sizes: [1600], whole: true }), { resamples: 50 });
    expect(whole.primary).toBeNull();
    expect(whole.agrees).toBe(false);
    expect(whole.secondOpinions.every((one) => one.agrees === null)).toBe(true);
    expect(whole.warnings[0]).toMatch(/^R = 1 is not crossed though \d+ % span: .* early generations$/);
    expect(whole.warnings.join()).toMatch(/one size only/);
    expect(whole.order).toBeNull();
  });

  it('says where to sweep, and when runs are few', () => {
    const below = locateCritical(rows.filter((row) => row.control < 0.9), { resamples: 20 });
    expect(below.warnings[0]).toMatch(/^R = 1 is not crossed: R is 0\.8\d* at the most; sweep higher$/);
    expect(below.warnings.join('\n')).toMatch(/peak.mean lies at an end of the settings/);
    const above = locateCritical(rows.filter((row) => row.control > 1.1), { resamples: 20 });
    expect(above.warnings[0]).toMatch(/^R is 1\.1\d* at the first setting already: sweep lower$/);
    const few = locateCritical(rows.filter((row) => row.seed < 7), { resamples: 20 });
    expect(few.warnings.join('\n')).toMatch(/settings with 7 runs/);
    const quiet = rows.map((row) => ({ ...row, nodes: 0, offspring: 0, largest: 0 }));
    expect(locateCritical(quiet, { resamples: 5 }).warnings[0]).toMatch(/nothing was liquidated/);
  });

  it('tells a second opinion that does not agree, and a drift with size', () => {
    // Children counted 15 % too many.
    const twice = rows.map((row) => ({ ...row, offspring: row.offspring * 1.15 }));
    const off = locateCritical(twice, { resamples: 50 });
    expect(off.primary!.control).toBeCloseTo(1 / 1.15, 1);
    expect(off.secondOpinions[0].agrees).toBe(false);
    expect(off.agrees).toBe(false);
    const drifting = rows.map((row) => (row.size === 1 ? { ...row, offspring: row.offspring * 1.15 } : row));
    expect(locateCritical(drifting, { resamples: 50 }).warnings.join()).toMatch(/R = 1 moves with size/);
  });
});
