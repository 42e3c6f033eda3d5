/** R13 and R13b: the closed law of cascades on a flat book. */
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import {
  borelPmf,
  cascadeLaw,
  generalisedPoissonPmf,
  survivalProbability,
} from '../../sim/metrics/index.js';

/** theta, R, refill, cap; P(1), P(20), P(cap - 1), P(n >= cap), mean and variance: by 60 digits. */
const EXACT = [
  [0.01, 0, 0, 2000, 0.00990049833749168, 4.06941927961648e-59, 0, 0, 0.01, 0.01],
  [0.01, 0.9, 0, 2000, 0.00402524224033636, 4.43600786640996e-05, 1.10192918149599e-12,
    1.81380116916685e-10, 0.0999999699061027, 9.99986954305443],
  [0.01, 3, 0.5, 1000, 0.000492916787604622, 4.7748824833503e-06, 9.79783504124642e-49,
    0.00822342350423312, 8.2309349456934, 8155.74919727626],
  [2, 0.6, 0, 1000, 0.148547156428668, 0.00408521868883884, 1.30852273852662e-52,
    1.1009474775548e-51, 5, 31.25],
  [2, 1, 0, 2000, 0.0995741367357279, 0.00735288396603517, 8.90910851958979e-06,
    0.0356626733616375, 137.493701432885, 171031.751174457],
  [2, 1.25, 0.3, 1000, 0.077548415663444, 0.0103880315234133, 9.35944914008633e-09,
    9.40879801024142e-07, 18.5938984861249, 1203.85347486827],
  [100, 0.95, 0, 2000, 1.4387059902948e-42, 2.33466355088213e-29, 0.000446335710943175,
    0.417552711110851, 1657.92453574362, 155800.58172921],
  [100, 0, 0, 2000, 3.72007597602084e-42, 1.52906938442986e-22, 0, 0, 100, 100],
  [100, 3, 0.9, 2000, 1.85211676951798e-43, 1.27642993707028e-25, 0, 0, 146.714285714286,
    299.416909620991],
  [7.5, 1.1, 0.05, 300, 0.00138079345250684, 0.00579781200976097, 0.000268974230581859,
    0.545378509110113, 197.272777388943, 14870.4849658238],
] as const;

const expectRelative = (actual: number, exact: number, tolerance = 1e-12): void => {
  expect(Math.abs(actual - exact)).toBeLessThanOrEqual(tolerance * Math.abs(exact) + 1e-300);
};

describe('the law of cascades on a flat book', () => {
  it.each(EXACT)('theta %d, R %d, refill %d, cap %d: to 1e-12 of 60 digits', (...row) => {
    const [theta, R, refill, cap, p1, p20, pLast, pCap, mean, variance] = row;
    const law = cascadeLaw({ theta, R, refill, cap });
    expectRelative(law.pmf(1), p1);
    expectRelative(law.pmf(20), p20);
    if (pLast > 0) expectRelative(law.pmf(cap - 1), pLast);
    if (pCap > 0) expectRelative(law.pAtLeast(cap), pCap);
    expectRelative(law.mean, mean);
    expectRelative(law.variance, variance);
    expect(law.pAtLeast(0)).toBe(1);
    expectRelative(law.pAtLeast(1), -Math.expm1(-theta));
  });

  it.each([
    [0, 2, 2, 6.44373e-14, 1],
    [0.3, 2.857142857, 5.831, 9.67e-5, 1.4286],
    [0.6, 5, 31.25, 0.02803, 2.5],
    [0.8, 10, 250, 0.1439, 5],
    [0.9, 20, 2000, 0.2367, 10],
  ])('R13 at theta 2, R %d', (R, mean, variance, atLeast20, amplification) => {
    const law = cascadeLaw({ theta: 2, R });
    expect(law.mean).toBeCloseTo(mean, 8);
    expect(law.variance).toBeCloseTo(variance, 3);
    expectRelative(law.pAtLeast(20), atLeast20, 5e-4);
    expect(law.runawayProbability).toBe(0);
    // A step of 8 ticks holds R thresholds, so the shock that holds theta has 8 theta / R.
    if (R > 0) expect(law.amplification(16 / R, 8)).toBeCloseTo(amplification, 4);
    const capped = cascadeLaw({ theta: 2, R, cap: 3000 });
    expectRelative(capped.mean, law.mean, 1e-3);
    // With refill, the moments without a cap are those of the sum.
    const refilled = cascadeLaw({ theta: 2, R, refill: 0.4 });
    const summed = cascadeLaw({ theta: 2, R, refill: 0.4, cap: 3000 });
    expectRelative(summed.mean, refilled.mean, 1e-11);
    expectRelative(summed.variance, refilled.variance, 1e-10);
  });

  it.each([[1.1, 0.2969], [1.25, 0.5242], [1.5, 0.6883], [2, 0.7968]])(
    'R13 runaway at R %d',
    (R, runaway) => {
      const law = cascadeLaw({ theta: 2, R });
      expect(law.runawayProbability).toBeCloseTo(runaway, 4);
      expect(law.mean).toBe(Infinity);
      expect(law.amplification(8, 8)).toBe(Infinity);
      // Far out only runaways are left.
      expect(law.pAtLeast(6000)).toBeCloseTo(law.runawayProbability, 7);
    },
  );

  it('Borel at R 0.8, and its sum', () => {
    const exact = [[1, 0.449329], [2, 0.161517], [3, 0.087089], [5, 0.039073], [10, 0.012408]];
    for (const [n, p] of exact) expect(borelPmf(n, 0.8)).toBeCloseTo(p, 6);
    expect(borelPmf(0, 0.8)).toBe(0);
    let sum = 0;
    for (let n = 1; n < 3000; n++) sum += borelPmf(n, 0.8);
    expect(sum).toBeCloseTo(1, 12);
  });

  it('a Poisson number of Borel cascades is the law', () => {
    const theta = 1.7;
    const R = 0.7;
    const compound = [Math.exp(-theta)];
    // Panjer's recursion: n P(n) = theta sum_j j b(j) P(n - j).
    for (let n = 1; n < 60; n++) {
      let sum = 0;
      for (let j = 1; j <= n; j++) sum += j * borelPmf(j, R) * compound[n - j];
      compound.push((theta * sum) / n);
    }
    compound.forEach((p, n) => {
      expectRelative(generalisedPoissonPmf(n, { theta, R }), p);
    });
  });

  it('survival: the root, and 0 where no cascade survives', () => {
    for (const R of [1.0001, 1.01, 1.5, 3, 20]) {
      const u = survivalProbability(R);
      expect(u).toBeGreaterThan(0);
      expectRelative(u, -Math.expm1(-R * u), 1e-11);
    }
    expect([0, 0.5, 1].map(survivalProbability)).toEqual([0, 0, 0]);
  });

  it('R13b: mean and pmf follow cascades drawn with refill', () => {
    expect(cascadeLaw({ theta: 2, R: 0.8, refill: 0.5 }).mean).toBeCloseTo(3.91, 2);
    for (const [theta, R, refill] of [[2, 0.8, 0.5], [0.5, 1.6, 0.3], [3, 2, 0.9]]) {
      const drawn = drawCascades({ theta, R, refill }, 40_000);
      const law = cascadeLaw({ theta, R, refill, cap: CAP });
      for (const n of [0, 1, 2, 3, 5, 10]) {
        const found = drawn.filter((one) => one === n).length / drawn.length;
        expect(Math.abs(found - law.pmf(n))).toBeLessThan(5 * Math.sqrt(law.pmf(n) / drawn.length));
      }
      const runaways = drawn.filter((one) => one >= CAP).length / drawn.length;
      expect(Math.abs(runaways - law.pAtLeast(CAP))).toBeLessThan(0.01);
      const mean = drawn.reduce((sum, one) => sum + one, 0) / drawn.length;
      const error = Math.sqrt(law.variance / drawn.length);
      expect(Math.abs(mean - law.mean)).toBeLessThan(5 * error);
    }
  });
});

const CAP = 400;

/** Walks the front through a Poisson field: depths in steps, the last `refill` posted again. */
function drawCascades(
  { theta, R, refill }: { theta: number; R: number; refill: number },
  count: number,
): number[] {
  const stream = new RandomSource(5).stream('refill');
  return Array.from({ length: count }, (_, replicate) => {
    let draw = 0;
    const gap = (): number => stream.exponential(replicate, 0, draw++) / R;
    let touched = theta / R;
    let front = touched;
    let next = gap();
    let waiting = 0;
    let done = 0;
    for (;;) {
      for (; next <= touched; next += gap()) waiting++;
      if (done === waiting || done === CAP) return done;
      done++;
      touched = Math.max(touched, front + 1);
      front = front + 1 - refill;
    }
  });
}
