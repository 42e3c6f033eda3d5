/** R13h: the branching ratio of a Hawkes process, three ways. */
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import {
  fanoBranchingRatio,
  fanoFactor,
  fitHawkes,
  hawkesFano,
  hawkesLogLikelihood,
  treeBranchingRatio,
  windowCounts,
} from '../../sim/metrics/index.js';

const RATE = 1;
const DECAY = 5;
const HORIZON = 20_000;

/** Immigrants of rate 1, each event with Poisson(n) children after exponential delays. */
function drawHawkes(n: number): { times: Float64Array; parent: Int32Array } {
  const stream = new RandomSource(13).stream(`hawkes ${n}`);
  const time: number[] = [];
  const from: number[] = [];
  let at = stream.exponential(0, 0, 0) / RATE;
  for (let k = 1; at < HORIZON; k++) {
    time.push(at);
    from.push(-1);
    at += stream.exponential(0, 0, k) / RATE;
  }
  for (let i = 0; i < time.length; i++) {
    let left = stream.exponential(i, 1, 0);
    for (let draw = 1; left < n; draw += 2) {
      const child = time[i] + stream.exponential(i, 1, draw + 1) / DECAY;
      if (child < HORIZON) {
        time.push(child);
        from.push(i);
      }
      left += stream.exponential(i, 1, draw);
    }
  }
  const order = Array.from(time, (_, i) => i).sort((a, b) => time[a] - time[b]);
  const place = new Int32Array(order.length);
  order.forEach((i, k) => {
    place[i] = k;
  });
  return {
    times: Float64Array.from(order, (i) => time[i]),
    parent: Int32Array.from(order, (i) => (from[i] < 0 ? -1 : place[from[i]])),
  };
}

describe('R13h', () => {
  it.each([
    [0.3, 1.4286, 2.035],
    [0.6, 2.5, 6.2],
    [0.9, 10, 96],
  ])('n = %d: rate %d, Fano factor %d, and the three estimates agree', (n, rate, fano) => {
    const { times, parent } = drawHawkes(n);
    expect(times.length).toBeGreaterThan(20_000);
    expect(Math.abs(times.length / HORIZON / rate - 1)).toBeLessThan(0.05);
    expect(Math.abs(hawkesFano(n, DECAY, 50) / fano - 1)).toBeLessThan(0.002);
    const counts = windowCounts(times, { from: 0, to: HORIZON, window: 50 });
    expect(counts.length).toBe(400);
    expect(Math.abs(fanoFactor(counts) / fano - 1)).toBeLessThan(0.25);

    const byTree = treeBranchingRatio(parent);
    const byFano = fanoBranchingRatio(counts);
    const early = times.filter((time) => time < 3000);
    const byLikelihood = fitHawkes(early, 3000);
    for (const { value, standardError } of [byTree, byFano, byLikelihood.branching]) {
      expect(Math.abs(value - n)).toBeLessThan(0.04);
      expect(Math.abs(value - n)).toBeLessThan(3.5 * standardError);
    }
    expect(byLikelihood.converged).toBe(true);
    expect(Math.abs(byLikelihood.rate - RATE)).toBeLessThan(0.15);
    expect(Math.abs(byLikelihood.decay / DECAY - 1)).toBeLessThan(0.15);
  });

  it('the likelihood is that of the definition', () => {
    const times = [0.3, 0.9, 1, 2.5];
    const terms = { rate: 0.7, branchingRatio: 0.4, decay: 3 };
    const intensity = (t: number): number =>
      times.reduce((sum, s) => sum + (s < t ? 1.2 * Math.exp(-3 * (t - s)) : 0), 0.7);
    const steps = 300_000;
    let integral = 0;
    for (let k = 0; k < steps; k++) integral += (intensity(((k + 0.5) * 3) / steps) * 3) / steps;
    const exact = times.reduce((sum, t) => sum + Math.log(intensity(t)), -integral);
    expect(hawkesLogLikelihood(times, 3, terms)).toBeCloseTo(exact, 4);
  });

  it('the Fano factor goes from 1 to 1 / (1 - n)^2', () => {
    expect(hawkesFano(0.5, 2, 1e-6)).toBeCloseTo(1, 5);
    expect(hawkesFano(0.5, 2, 1e9)).toBeCloseTo(4, 6);
  });

  it('windows are whole', () => {
    const counts = windowCounts([0, 1, 1.5, 2.5, 3.2], { from: 1, to: 3.4, window: 1 });
    expect([...counts]).toEqual([2, 1]);
  });
});
