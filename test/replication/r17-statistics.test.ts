/** R17: warm-up, stopping and common random numbers against their known answers. */
import { describe, expect, it } from 'vitest';
import { exp, RandomSource } from '../../sim/kernel/index.js';
import { cascadeLaw, mean, quantile, sorted } from '../../sim/metrics/index.js';
import {
  commonNumbers,
  commonWarmUp,
  nextCheckpoint,
  precisionOf,
  stoppingPoint,
  warmUp,
} from '../../sim/statistics/index.js';

const stream = new RandomSource(17).stream('replication');

/** AR(1) with coefficient .8 from its stationary law, plus 30 e^(-t / 150). */
function biasedSeries(round: number, n: number): Float64Array {
  const series = new Float64Array(n);
  let x = stream.normal(round, 0, 1) / 0.6;
  for (let t = 0; t < n; t++) {
    series[t] = x + 30 * exp(-t / 150);
    x = 0.8 * x + stream.normal(round, t + 1, 1);
  }
  return series;
}

describe('MSER-5', () => {
  it('drops 448 observations on average, and the bias falls from 1.134 to .062', () => {
    const rounds = 200;
    const truncations = new Float64Array(rounds);
    let [before, after] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const series = biasedSeries(round, 4000);
      const found = warmUp(series);
      expect(found.lengthen).toBe(false);
      truncations[round] = found.truncation;
      before += mean(series) / rounds;
      after += mean(series.subarray(found.truncation)) / rounds;
    }
    const ascending = sorted(truncations);
    // Standard errors: 4 of the truncation, .006 of the means.
    expect(Math.abs(mean(truncations) - 448)).toBeLessThan(14);
    expect(Math.abs(quantile(ascending, 0.05) - 360)).toBeLessThan(25);
    expect(Math.abs(quantile(ascending, 0.95) - 560)).toBeLessThan(25);
    expect(Math.abs(before - 1.134)).toBeLessThan(0.02);
    expect(Math.abs(after - 0.062)).toBeLessThan(0.02);
  });

  it('agrees with the sums written out', () => {
    for (let round = 0; round < 20; round++) {
      const series = biasedSeries(round, 700 + round);
      const batches = Array.from({ length: Math.floor(series.length / 5) }, (_, k) =>
        mean(series.subarray(5 * k, 5 * k + 5)),
      );
      const mser = batches.map((_, d) => {
        const kept = batches.slice(d);
        const squares = kept.reduce((sum, z) => sum + (z - mean(kept)) * (z - mean(kept)), 0);
        return squares / (kept.length * kept.length);
      });
      const half = mser.slice(0, Math.ceil(batches.length / 2));
      const found = warmUp(series);
      expect(found.truncation).toBe(5 * half.indexOf(Math.min(...half)));
      expect(found.statistic).toBeCloseTo(Math.min(...half), 10);
      const trusted = mser.slice(0, -5);
      expect(found.lengthen).toBe(2 * trusted.indexOf(Math.min(...trusted)) >= batches.length);
    }
  });

  it('asks for a longer series where the warm-up does not end in its first half', () => {
    expect(warmUp(biasedSeries(1, 400)).lengthen).toBe(true);
    expect(warmUp([1, 2, 3]).lengthen).toBe(true);
    expect(warmUp(Float64Array.from({ length: 500 }, (_, t) => t)).lengthen).toBe(true);
  });

  it('drops nothing of a constant and exactly a step', () => {
    expect(warmUp(new Float64Array(500).fill(0.1))).toEqual({
      truncation: 0,
      statistic: 0,
      lengthen: false,
    });
    const step = Float64Array.from({ length: 500 }, (_, t) => (t < 40 ? 7 : 3));
    expect(warmUp(step).truncation).toBe(40);
    const later = Float64Array.from({ length: 500 }, (_, t) => (t < 60 ? 7 : 3));
    expect(commonWarmUp([step, later])).toEqual({ truncation: 60, lengthen: false });
  });
});

describe('stopping at a relative precision', () => {
  const lognormal = (round: number, i: number): number => exp(0.8 * stream.normal(round, i, 2));

  it('covers .940 of lognormal means with a nominal .95', () => {
    const rounds = 2000;
    const truth = exp(0.32);
    const values = new Float64Array(1200);
    let [covered, runs] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < values.length; i++) values[i] = lognormal(round, i);
      const n = stoppingPoint(values, { relative: 0.1 }) ?? values.length;
      const { mean: middle, halfWidth } = precisionOf(values, {}, n);
      if (Math.abs(middle - truth) <= halfWidth) covered++;
      runs += n / rounds;
    }
    // Standard error .0053; below .95, as the rule stops when the spread looks small.
    expect(Math.abs(covered / rounds - 0.94)).toBeLessThan(0.013);
    // (1.96 / (.1 / 1.1))^2 (e^.64 - 1) = 417, and the rule stops a little early.
    expect(runs).toBeGreaterThan(380);
    expect(runs).toBeLessThan(420);
  });

  it('stops where asking after every run does', () => {
    for (let round = 0; round < 5; round++) {
      const values = Array.from({ length: 900 }, (_, i) => lognormal(round, i));
      let n = 30;
      while (n < 900 && !precisionOf(values, {}, n).enough) n++;
      expect(stoppingPoint(values)).toBe(n);
    }
  });

  it('asks again at numbers that the runs before set', () => {
    const values = Array.from({ length: 5000 }, (_, i) => lognormal(1, i));
    const asked = [nextCheckpoint([])];
    for (;;) {
      const next = nextCheckpoint(values.slice(0, asked[asked.length - 1]));
      if (next === asked[asked.length - 1]) break;
      asked.push(next);
    }
    expect(asked[0]).toBe(30);
    expect(asked[1]).toBe(60);
    for (let k = 1; k < asked.length; k++) expect(asked[k]).toBeLessThanOrEqual(2 * asked[k - 1]);
    expect(precisionOf(values, {}, asked[asked.length - 1]).enough).toBe(true);
    expect(asked.length).toBeLessThan(9);
  });

  it('knows constants, and means of 0, which have no relative precision', () => {
    expect(stoppingPoint(new Float64Array(40).fill(2))).toBe(30);
    expect(stoppingPoint(new Float64Array(29).fill(2))).toBe(null);
    const balanced = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    expect(precisionOf(balanced)).toMatchObject({ enough: false, runsLikely: Infinity });
    expect(nextCheckpoint(balanced)).toBe(80);
    expect(precisionOf([1])).toMatchObject({ enough: false, runsLikely: 30 });
  });
});

describe('common random numbers', () => {
  it('cut the variance of R .55 -> .60 on the same thresholds 14 times, which is about 15', () => {
    const [rounds, theta] = [20_000, 2];
    const sizes = (R: number): Float64Array => {
      const found = new Float64Array(rounds);
      for (let round = 0; round < rounds; round++) {
        // The front stands at theta + n R; thresholds are a Poisson process that both share.
        let n = 0;
        let threshold = stream.exponential(round, 0, 3);
        while (threshold <= theta + n * R) threshold += stream.exponential(round, ++n, 3);
        found[round] = n;
      }
      return found;
    };
    const [a, b] = [sizes(0.55), sizes(0.6)];
    const law = (R: number) => cascadeLaw({ theta, R });
    expect(Math.abs(mean(b) / law(0.6).mean - 1)).toBeLessThan(0.03);
    // Beyond the first front thresholds are fresh: B - A given A is a cascade with theta = .05 A.
    const step = 0.05;
    const given =
      (law(0.55).mean * step) / (0.4 * 0.4 * 0.4) +
      (law(0.55).variance * step * step) / (0.4 * 0.4);
    const ratio = (law(0.55).variance + law(0.6).variance) / given;
    expect(ratio).toBeCloseTo(13.94, 2);
    const found = commonNumbers(a, b);
    // Heavy tails: standard error about .4.
    expect(Math.abs(found.varianceRatio - ratio)).toBeLessThan(1.3);
    expect(found.correlation).toBeGreaterThan(0.93);
    const apart = commonNumbers(a.subarray(0, rounds / 2), b.subarray(rounds / 2));
    expect(Math.abs(apart.varianceRatio - 1)).toBeLessThan(0.1);
  });
});
