/**
 * R02: the gap risk of portfolio insurance, through the rule itself.
 *
 * Prices are discounted, so that the floor stays and only the excess drift mu - r = .035 counts.
 * Estimates must lie within the larger of four standard errors and a tenth of a percentage point.
 */
import { describe, expect, it } from 'vitest';
import { cppi } from '../../agents/scaling/index.js';
import { exp, log, normalCdf, RandomSource } from '../../sim/kernel/index.js';
import { Probe } from '../../sim/probe/index.js';

const EXCESS_DRIFT = 0.035;
const SIGMA = 0.2;
const TOLERANCE = 0.001;
const YEAR_MICROS = 365 * 86_400e6;

function insurer(multiplier: number, steps: number): Probe {
  return new Probe({
    strategy: cppi,
    startPrice: 100,
    priceMax: 1000,
    equity: 100,
    params: { multiplier, tolerance: 0, leverageCap: 1e9 },
    barMicros: YEAR_MICROS / steps,
  });
}

/** Whether one insurer ends up locked, and after how many steps at risk. */
function runPath(
  multiplier: number,
  returns: readonly number[],
): { locked: boolean; steps: number } {
  const probe = insurer(multiplier, Math.max(returns.length, 1));
  let price = 100;
  probe.step(price);
  for (const [k, x] of returns.entries()) {
    price *= exp(x);
    probe.step(price);
    if (probe.valueOf('locked') > 0) return { locked: true, steps: k + 1 };
  }
  return { locked: false, steps: returns.length };
}

function expectShare(hits: number, count: number, want: number): void {
  const error = Math.sqrt((want * (1 - want)) / count);
  expect(Math.abs(hits / count - want)).toBeLessThan(Math.max(4 * error, TOLERANCE));
}

describe('gap risk of discrete rebalancing (Balder, Brandl & Mahayni 2009)', () => {
  const dTwo = (m: number, n: number): number =>
    (log(m / (m - 1)) + (EXCESS_DRIFT - (SIGMA * SIGMA) / 2) / n) / (SIGMA / Math.sqrt(n));

  it.each([
    [5, 12, 6.098e-4, 10_000],
    [8, 12, 0.111305, 6000],
    [12, 12, 0.542959, 4000],
    [15, 12, 0.759166, 4000],
    [12, 52, 0.041909, 4000],
    [15, 52, 0.27803, 3000],
  ])('m = %d, %d dates a year: %d', (m, n, printed, paths) => {
    const local = normalCdf(-dTwo(m, n));
    const global = 1 - (1 - local) ** n;
    expect(Math.abs(global / printed - 1)).toBeLessThan(1e-4);
    const draws = new RandomSource(100 * m + n).stream('r02/returns');
    let locked = 0;
    let steps = 0;
    for (let path = 0; path < paths; path++) {
      const returns: number[] = [];
      for (let k = 0; k < n; k++) {
        const drift = (EXCESS_DRIFT - (SIGMA * SIGMA) / 2) / n;
        returns.push(drift + (SIGMA / Math.sqrt(n)) * draws.normal(0, path, k));
      }
      const end = runPath(m, returns);
      locked += end.locked ? 1 : 0;
      steps += end.steps;
    }
    expectShare(locked, paths, global);
    expectShare(locked, steps, local);
  });
});

describe('gap risk of jumps (Cont & Tankov 2009), double-exponential', () => {
  // The rule rebalances between any two jumps; only jumps can take it through its floor.
  it.each([[3, 0.0120657], [5, 0.0724067], [8, 0.1681914]])('m = %d: %d', (m, printed) => {
    const up = 0.3;
    const steepness = 10;
    const reach = (1 - up) * exp(steepness * log(1 - 1 / m));
    const want = 1 - exp(-reach);
    expect(want).toBeCloseTo(printed, 6);
    const draws = new RandomSource(m).stream('r02/jumps');
    const paths = 10_000;
    let locked = 0;
    for (let path = 0; path < paths; path++) {
      const jumps: number[] = [];
      // One jump a year on average: exponential times between.
      for (let time = draws.exponential(0, path, 0); time < 1; ) {
        const k = jumps.length;
        const size = draws.exponential(1, path, k) / steepness;
        jumps.push(draws.uniform(2, path, k) < up ? size : -size);
        time += draws.exponential(0, path, k + 1);
      }
      locked += runPath(m, jumps).locked ? 1 : 0;
    }
    expectShare(locked, paths, want);
  });
});

describe('the limit of continuous rebalancing', () => {
  it('multiplies the cushion by (S_T/S_0)^m exp(-(m^2 - m)/2 x variance)', () => {
    const draws = new RandomSource(2).stream('r02/continuous');
    const cushionError = (m: number, steps: number): number => {
      const probe = insurer(m, steps);
      let price = 100;
      let variance = 0;
      probe.step(price);
      for (let k = 0; k < steps; k++) {
        const x = -0.0001 / steps + (SIGMA / Math.sqrt(steps)) * draws.normal(m, steps, k);
        price *= exp(x);
        variance += x * x;
        probe.step(price);
      }
      const want = 20 * exp(m * log(price / 100) - ((m * m - m) / 2) * variance);
      return Math.abs((probe.equityOf() - probe.valueOf('floor')) / want - 1);
    };
    for (const m of [2, 4, 6]) expect(cushionError(m, 20_000)).toBeLessThan(1e-3);
    // And is a limit: with monthly dates it is far off.
    expect(cushionError(6, 12)).toBeGreaterThan(5e-3);
  });
});
