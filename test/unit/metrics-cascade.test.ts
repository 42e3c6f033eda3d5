/** Cascades, reproduction, maps: hand-drawn forests and brute force. */
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import {
  amplification,
  amplificationOf,
  cascadeLaw,
  cascadeSizes,
  cascadesOf,
  censoredNear,
  contagionShare,
  contagionShareByWeight,
  episodesByGap,
  exAnteReproduction,
  mapPeak,
  meanFieldCutoff,
  nextGenerationMatrix,
  offspringSums,
  ratioOfSums,
  reproductionByGeneration,
  reproductionByWindow,
  reproductionNumber,
  reproductionNumberBootstrap,
  spectralRadius,
  staticCascadeEnd,
} from '../../sim/metrics/index.js';

/*
 * node       0  1  2  3  4  5  6  7  8
 *            A  B  a1 a2 b1 C  a3 a4 a5
 * A tips a1 and a2; a1 tips a3; a3 tips a4 and a5; B tips b1; C is alone.
 */
const PARENT = [-1, -1, 0, 0, 1, -1, 2, 6, 6];
const NOTIONAL = [10, 20, 1, 2, 40, 5, 3, 4, 6];
const TIME = [0, 10, 20, 30, 40, 90, 50, 60, 70];

describe('a hand-drawn forest', () => {
  const cascades = cascadesOf(PARENT, NOTIONAL);

  it('take all that one event set off as one cascade, where events are told', () => {
    const parent = [-1, -1, 0, -1, 1];
    const apart = cascadesOf(parent);
    expect([apart.count, [...apart.size]]).toEqual([3, [2, 2, 1]]);
    const together = cascadesOf(parent, [1, 2, 4, 8, 16], [7, 7, 7, 9, 7]);
    expect([together.count, [...together.size], [...together.root]]).toEqual([2, [4, 1], [0, 3]]);
    expect([...together.notionalQuote]).toEqual([23, 8]);
    expect([...together.depth]).toEqual([2, 1]);
  });

  it('falls into three cascades with their generations', () => {
    expect([...cascades.of]).toEqual([0, 1, 0, 0, 1, 2, 0, 0, 0]);
    expect([...cascades.generation]).toEqual([1, 1, 2, 2, 2, 1, 3, 4, 4]);
    expect([...cascades.root]).toEqual([0, 1, 5]);
    expect([...cascades.size]).toEqual([6, 2, 1]);
    expect([...cascades.depth]).toEqual([4, 2, 1]);
    expect([...cascades.notionalQuote]).toEqual([26, 60, 5]);
    expect(() => cascadesOf([0])).toThrow('does not precede');
  });

  it('has sizes, shares and widths', () => {
    const { width, ...sizes } = cascadeSizes(cascades, 24);
    expect(sizes).toEqual({
      nodes: 9, cascades: 3, largest: 6, mean: 3, largestShare: 0.25, largestNotionalQuote: 60,
      generationsMax: 4, generationsMean: 20 / 9,
    });
    expect([...width]).toEqual([3, 3, 1, 2]);
    expect(cascadeSizes(cascadesOf([]))).toMatchObject({ nodes: 0, largest: 0, generationsMax: 0, mean: NaN });
  });

  it('has R = 6 / 9 with the error of the ratio over cascades', () => {
    const found = reproductionNumber(PARENT);
    expect(found.value).toBe(6 / 9);
    // Residuals 5 - 4, 1 - 4/3, 0 - 2/3.
    const variance = ((1 + 1 / 9 + 4 / 9) * 1.5) / 81;
    expect(found.standardError).toBeCloseTo(Math.sqrt(variance), 14);
    expect(found.high - found.value).toBeCloseTo(1.959963984540054 * Math.sqrt(variance), 12);
    expect(found.count).toBe(3);
  });

  it('leaves out nodes whose children lie beyond the end', () => {
    // Nodes after 100 - 45 = 55: a4, a5 and C. a4 and a5 stay a3's children.
    const censored = censoredNear(TIME, 100, 45);
    expect([...censored]).toEqual([0, 0, 0, 0, 0, 1, 0, 1, 1]);
    expect(reproductionNumber(PARENT, { censored }).value).toBe(1);
    // Without a3, its children are nobody's.
    const other = Uint8Array.from(PARENT, (_, i) => (i === 6 ? 1 : 0));
    expect(reproductionNumber(PARENT, { censored: other }).value).toBe(4 / 8);
    expect([...offspringSums(PARENT, { censored: other }).offspring]).toEqual([3, 1, 0]);
  });

  it('has R by window, by generation and by run', () => {
    const windows = { fromMicros: 0, windowMicros: 25, count: 3 };
    const byWindow = reproductionByWindow(PARENT, TIME, windows);
    expect([...byWindow.nodes]).toEqual([3, 2, 3]);
    expect([...byWindow.offspring]).toEqual([4, 0, 2]);
    const byGeneration = reproductionByGeneration(PARENT);
    expect([...byGeneration.value]).toEqual([1, 1 / 3, 2, 0]);
    const sums = offspringSums(PARENT, { cluster: [0, 1, 0, 0, 1, 1, 0, 0, 0] });
    expect([[...sums.offspring], [...sums.nodes]]).toEqual([[5, 1], [6, 3]]);
  });

  it('has a contagion share by parents and by weights', () => {
    expect(contagionShare(cascades.generation, NOTIONAL)).toBe(56 / 91);
    // The ledger's golden: news .25, two liquidations .2167 and .5333 of one liquidation.
    const shares = { subject: [0, 0, 0, 1], weight: [0.25, 0.65 / 3, 1.6 / 3, 1], liquidation: [0, 1, 1, 0] };
    expect(contagionShareByWeight(shares, [6, 2])).toBeCloseTo(4.5 / 8, 14);
  });

  it('has a matrix across cohorts', () => {
    const cohort = [0, 1, 1, 0, 1, 2, 0, 1, 1];
    const { matrix, nodes } = nextGenerationMatrix(PARENT, cohort, { cohorts: 4 });
    expect([...nodes]).toEqual([3, 5, 1, 0]);
    // 0 tips a1 (1), a2 (0); a3 (0) tips a4, a5 (1). 1: B tips b1 (1), a1 tips a3 (0).
    expect([...matrix]).toEqual([1 / 3, 1, 0, 0, 0.2, 0.2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('intervals of R', () => {
  /** Poisson(R) offspring, from `roots` roots. */
  const drawForest = (R: number, roots: number, seed: number): number[] => {
    const stream = new RandomSource(seed).stream('forest');
    const parent: number[] = Array.from({ length: roots }, () => -1);
    for (let i = 0; i < parent.length; i++) {
      let left = stream.exponential(i, 0, 0);
      for (let draw = 1; left < R; draw++) {
        parent.push(i);
        left += stream.exponential(i, 0, draw);
      }
    }
    return parent;
  };

  it('cover R as often as they say, and agree with the bootstrap', () => {
    let covered = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { low, high } = reproductionNumber(drawForest(0.6, 200, seed));
      if (low <= 0.6 && 0.6 <= high) covered++;
    }
    expect(covered / 400).toBeGreaterThan(0.9);
    expect(covered / 400).toBeLessThan(0.98);
    const parent = drawForest(0.6, 400, 7);
    const delta = reproductionNumber(parent);
    const stream = new RandomSource(1).stream('resample');
    const bootstrap = reproductionNumberBootstrap(parent, { stream });
    expect(bootstrap.value).toBe(delta.value);
    expect(bootstrap.standardError / delta.standardError).toBeCloseTo(1, 1);
    expect(bootstrap.low).toBeCloseTo(delta.low, 1);
    expect(bootstrap.high).toBeCloseTo(delta.high, 1);
  });
});

describe('the static map', () => {
  it.each([[150, 2.294], [300, 6.653]])('depth 4 + 0.8 x, thresholds %d at 0.02: %d', (rho, end) => {
    const width = 0.005;
    const middles = Array.from({ length: 2000 }, (_, k) => (k + 0.5) * width);
    const map = {
      edges: Array.from({ length: 2001 }, (_, k) => k * width),
      liquidatable: middles.map(() => rho * 0.02),
      resting: middles.map((x) => 4 + 0.8 * x),
    };
    expect(staticCascadeEnd(map, 1)).toBeCloseTo(end, 3);
    expect(staticCascadeEnd({ ...map, resting: middles.map(() => 2) }, 1)).toBe(Infinity);
    const peak = mapPeak(exAnteReproduction(map.liquidatable, map.resting));
    expect(peak.level).toBe(0);
    expect(peak.value).toBeCloseTo((rho * 0.02) / 4, 2);
  });

  it('is the flat book\'s amplification, and stands still without thresholds', () => {
    const flat = { edges: [0, 3, 50], liquidatable: [3, 3], resting: [5, 5] };
    expect(staticCascadeEnd(flat, 2)).toBeCloseTo(2 * amplificationOf(0.6), 12);
    expect(staticCascadeEnd(flat, 3)).toBeCloseTo(3 * amplificationOf(0.6), 12);
    const none = { edges: [0, 3, 50], liquidatable: [0, 9], resting: [5, 5] };
    expect(staticCascadeEnd(none, 2)).toBe(2);
    expect(staticCascadeEnd(none, 3)).toBe(3);
    expect(staticCascadeEnd(none, 4)).toBe(Infinity);
    expect(staticCascadeEnd(flat, 0)).toBe(0);
  });

  it('knows levels where nothing rests', () => {
    expect([...exAnteReproduction([0, 2, 3], [0, 0, 6])]).toEqual([0, Infinity, 0.5]);
    expect(mapPeak([])).toEqual({ level: -1, value: NaN });
    expect(mapPeak([1, 3, 3])).toEqual({ level: 1, value: 3 });
  });
});

describe('the spectral radius', () => {
  it.each([
    ['a cycle of two', [0, 4, 0.25, 0], 1],
    ['cohorts below 1 each, systemic together', [0.5, 0.9, 0.9, 0.5], 1.4],
    ['a cycle of three', [0, 2, 0, 0, 0, 3, 4, 0, 0], Math.cbrt(24)],
    ['a triangle', [0, 5, 7, 0, 0, 9, 0, 0, 0], 0],
    ['two parts, the second leading', [0.3, 100, 0, 0, 0.7, 0, 0, 0, 0.2], 0.7],
    ['a defective one', [1, 1, 0, 1], 1],
    ['one entry', [0.25], 0.25],
  ])('of %s', (_, matrix, radius) => {
    expect(spectralRadius(matrix, Math.sqrt(matrix.length))).toBeCloseTo(radius, 11);
  });

  it('is the growth of powers, whatever the matrix', () => {
    const stream = new RandomSource(3).stream('matrices');
    for (let round = 0; round < 60; round++) {
      const n = 2 + (round % 6);
      const a = Float64Array.from({ length: n * n }, (_, i) => {
        const u = stream.uniform(round, i, 0);
        return u < 0.5 ? 0 : u;
      });
      expect(spectralRadius(a, n)).toBeCloseTo(radiusBySquaring(a, n), 6);
    }
  });
});

/** Gelfand: |A^k|^(1/k) with k = 2^30. */
function radiusBySquaring(matrix: Float64Array, n: number): number {
  let a = matrix;
  let logScale = 0;
  for (let step = 0; step <= 30; step++) {
    const norm = Math.max(...a);
    if (norm === 0) return 0;
    logScale += Math.log(norm) / 2 ** step;
    const b = a.map((x) => x / norm);
    a = a.map((_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      let sum = 0;
      for (let k = 0; k < n; k++) sum += b[i * n + k] * b[k * n + j];
      return sum;
    });
  }
  return Math.exp(logScale);
}

describe('helpers', () => {
  it('amplification is a ratio of sums over pairs', () => {
    expect(amplification([10, 20], [4, 8])).toMatchObject({ value: 2.5, standardError: 0, count: 2 });
    expect(amplificationOf(1)).toBe(Infinity);
    expect(ratioOfSums([1], [2])).toMatchObject({ value: 0.5, standardError: NaN });
  });

  it('episodes part at gaps', () => {
    expect([...episodesByGap([0, 5, 20, 25, 100], 15)]).toEqual([0, 0, 0, 0, 1]);
    expect([...episodesByGap([0, 5, 20, 25, 100], 14)]).toEqual([0, 0, 1, 1, 2]);
  });

  it('the cutoff is that of the law', () => {
    for (const R of [0.5, 0.9, 0.9995, 1.0005, 1.3]) {
      const { pmf } = cascadeLaw({ theta: 1, R });
      const n = 20_000 * Math.min(1, 0.001 * meanFieldCutoff(R)) + 200;
      const whole = Math.round(n);
      // n^(3/2) P(n) falls by e over the cutoff, up to terms that vanish with n.
      const slope = Math.log(pmf(2 * whole) / pmf(whole)) + 1.5 * Math.log(2);
      const correction = 0.5 / whole / (R * R) + 1 / whole;
      expect(Math.abs(slope + whole / meanFieldCutoff(R))).toBeLessThan(2 * correction + 1e-9);
    }
    expect(meanFieldCutoff(1)).toBe(Infinity);
    expect(meanFieldCutoff(0)).toBe(0);
    expect(meanFieldCutoff(0.99) / 20_000).toBeCloseTo(1, 1);
    expect(meanFieldCutoff(1.001)).toBeCloseTo(1 / (0.001 - Math.log1p(0.001)), -1);
  });
});
