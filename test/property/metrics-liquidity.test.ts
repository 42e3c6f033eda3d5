/** Estimators of liquidity on samples with known laws. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import {
  autoregressiveHalfLife,
  fitRecovery,
  kaplanMeier,
  kyleSlope,
  medianPath,
} from '../../sim/metrics/liquidity/index.js';

const stream = new RandomSource(17).stream('liquidity');
const KAPPA = 0.05;
/** ln 2 / -ln(1 - kappa). */
const HALF_LIFE = 13.5134;

/** Deviations that revert by kappa a step, from `start`, with noise. */
function path(run: number, steps: number, start: number, noise: number): Float64Array {
  const values = new Float64Array(steps);
  values[0] = start;
  for (let t = 1; t < steps; t++) {
    values[t] = (1 - KAPPA) * values[t - 1] + noise * stream.normal(1, run, t);
  }
  return values;
}

describe('recovery half-life, kappa = .05', () => {
  const times = Float64Array.from({ length: 150 }, (_, t) => t);

  it('is exact on a path without noise, at any scale of time and value', () => {
    const pure = path(0, 150, -1, 0);
    const fit = fitRecovery(times, pure.map((x) => 100 + 60 * x));
    expect(fit.halfLife).toBeCloseTo(HALF_LIFE, 3);
    expect(fit.level).toBeCloseTo(100, 4);
    expect(fit.trough).toBeCloseTo(40, 4);
    const scaled = fitRecovery(times.map((t) => 5e9 + 1e6 * t), pure.map((x) => -3 * x));
    expect(scaled.halfLife / 1e6).toBeCloseTo(HALF_LIFE, 3);
    // A visible part of the way suffices.
    expect(fitRecovery(times.slice(0, 9), pure.slice(0, 9)).halfLife).toBeCloseTo(HALF_LIFE, 2);
  });

  it('is found on the path of medians, and by autoregression', () => {
    const runs = Array.from({ length: 401 }, (_, run) => path(run, 150, -1, 0.1));
    // 401 runs leave noise of .02 around the median: the half-life is known to about 2 %.
    const fitted = fitRecovery(times, medianPath(runs)).halfLife;
    expect(Math.abs(fitted / HALF_LIFE - 1)).toBeLessThan(0.05);
    const long = autoregressiveHalfLife(path(1000, 200_000, 0, 1));
    expect(Math.abs(long.value - HALF_LIFE)).toBeLessThan(0.6);
    expect(long.low).toBeLessThan(HALF_LIFE);
    expect(long.high).toBeGreaterThan(HALF_LIFE);
    // The two agree with each other as 13.51 does with 13.59 in the reference run.
    expect(Math.abs(fitted / long.value - 1)).toBeLessThan(0.05);
  });

  it('does not invent a bend', () => {
    expect(fitRecovery(times, times).halfLife).toBe(Infinity);
    expect(fitRecovery(times, times.map(() => 0.1)).halfLife).toBeNaN();
    expect(autoregressiveHalfLife([1, -1, 1, -1, 1, -1.1]).value).toBe(0);
    expect(autoregressiveHalfLife([1, 2, 4, 8, 16.1, 32]).value).toBe(Infinity);
  });

  it('takes medians time by time', () => {
    expect([...medianPath([[1, 9], [5, 2], [3, 4]])]).toEqual([3, 4]);
    expect([...medianPath([[1, 9], [5, 2]])]).toEqual([3, 5.5]);
  });
});

describe("Kyle's slope", () => {
  it('has an interval that holds the truth 95 times of 100', () => {
    let held = 0;
    for (let run = 0; run < 4000; run++) {
      const flow = Float64Array.from({ length: 12 }, (_, t) => stream.normal(2, run, t));
      const change = flow.map((y, t) => 0.3 * y + stream.normal(3, run, t));
      const { slope } = kyleSlope(flow, change);
      if (slope.low <= 0.3 && slope.high >= 0.3) held++;
    }
    // Standard error .0034.
    expect(Math.abs(held / 4000 - 0.95)).toBeLessThan(0.012);
  });
});

describe('Kaplan-Meier', () => {
  it('falls from 1, within its band, whatever the order of the runs', () => {
    const one = fc.record({ micros: fc.integer({ min: 0, max: 12 }), cut: fc.boolean() });
    fc.assert(fc.property(fc.array(one, { minLength: 1, maxLength: 30 }), (runs) => {
      const curve = kaplanMeier(runs.map((run) => run.micros), runs.map((run) => run.cut));
      const turned = [...runs].reverse();
      const again = kaplanMeier(turned.map((run) => run.micros), turned.map((run) => run.cut));
      expect(again).toEqual(curve);
      let before = 1;
      curve.survival.forEach((s, n) => {
        expect(s).toBeLessThan(before);
        before = s;
        if (!(s > 0)) return;
        expect(curve.low[n]).toBeLessThanOrEqual(s);
        expect(curve.high[n]).toBeGreaterThanOrEqual(s);
        expect(curve.high[n]).toBeLessThanOrEqual(1);
      });
      const ended = runs.filter((run) => !run.cut).length;
      expect(curve.ended.reduce((sum, d) => sum + d, 0)).toBe(ended);
    }), { seed: 5, numRuns: 300 });
  });

  it('recovers an exponential law through censoring', () => {
    const durations: number[] = [];
    const cut: boolean[] = [];
    for (let i = 0; i < 20_000; i++) {
      const life = stream.exponential(4, i, 0);
      const end = 1.5 * stream.exponential(4, i, 1);
      durations.push(Math.min(life, end));
      cut.push(end < life);
    }
    const { median } = kaplanMeier(durations, cut);
    expect(Math.abs(median.value - Math.LN2)).toBeLessThan(0.03);
    expect(median.low).toBeLessThan(Math.LN2);
    expect(median.high).toBeGreaterThan(Math.LN2);
  });
});
