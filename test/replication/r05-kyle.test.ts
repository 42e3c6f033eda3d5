/**
 * R05: Kyle 1985. The equilibrium of one and of several auctions, and its moments by Monte Carlo
 * through the strategy itself, against a market maker who prices by lambda.
 */
import { describe, expect, it } from 'vitest';
import { solveKyle, strategyNamed } from '../../agents/index.js';
import { RandomSource } from '../../sim/kernel/index.js';
import { StrategyBench } from '../support/strategy-bench.js';

const NOISE = 1.5;
const DEVIATION = 2;

interface Equilibrium {
  intensity: number[];
  impact: number[];
  variance: number[];
}

function equilibrium(auctions: number): Equilibrium {
  const out = new Float64Array(3 * auctions);
  const at = { intensity: 0, impact: auctions, variance: 2 * auctions };
  solveKyle(out, at, auctions, { noise: NOISE, deviation: DEVIATION });
  return {
    intensity: [...out.subarray(0, auctions)],
    impact: [...out.subarray(auctions, 2 * auctions)],
    variance: [...out.subarray(2 * auctions)],
  };
}

/** Expected profit of the insider, auction by auction. */
function profit({ impact, variance, intensity }: Equilibrium): number {
  // E[x (v - p)] of auction n: the price already holds the trade.
  return intensity.reduce((sum, b, n) => {
    const before = n === 0 ? DEVIATION ** 2 : variance[n - 1];
    return sum + b * before * (1 - impact[n] * b);
  }, 0);
}

/** The same from the value function: alpha_0 Sigma_0 + delta_0. */
function valueFunction({ impact }: Equilibrium): number {
  let alpha = 0;
  let delta = 0;
  for (let n = impact.length - 1; n >= 0; n--) {
    delta += (alpha * (impact[n] * NOISE) ** 2) / impact.length;
    alpha = 1 / (4 * impact[n] * (1 - alpha * impact[n]));
  }
  return alpha * DEVIATION ** 2 + delta;
}

describe('R05: the equilibrium', () => {
  it('of a single auction is the closed form', () => {
    const { intensity, impact, variance } = equilibrium(1);
    expect(intensity[0]).toBeCloseTo(NOISE / DEVIATION, 12);
    expect(impact[0]).toBeCloseTo(DEVIATION / (2 * NOISE), 12);
    expect(variance[0]).toBeCloseTo(DEVIATION ** 2 / 2, 12);
    expect(profit(equilibrium(1))).toBeCloseTo((NOISE * DEVIATION) / 2, 12);
  });

  it.each([
    [2, [0.87051, 0.784302], 1.384043],
    [4, [1.019729, 1.00901, 0.982943, 0.885601], 0.882326],
    [20, [1.220254], 0.244774],
  ] as [number, number[], number][])('of %i auctions', (auctions, lambdas, left) => {
    const { impact, variance } = equilibrium(auctions);
    for (const [n, lambda] of lambdas.entries()) expect(impact[n]).toBeCloseTo(lambda, 6);
    expect(variance[auctions - 1]).toBeCloseTo(left, 6);
    if (auctions === 2) expect(variance[0]).toBeCloseTo(2.768086, 6);
  });

  it('solves the difference equations as Kyle wrote them', () => {
    for (const auctions of [2, 7, 32]) {
      const { intensity, impact, variance } = equilibrium(auctions);
      const noise = NOISE ** 2 / auctions;
      let alpha = 0;
      for (let n = auctions - 1; n >= 0; n--) {
        const before = n === 0 ? DEVIATION ** 2 : variance[n - 1];
        const lambda = impact[n];
        const beta = (1 - 2 * alpha * lambda) / (2 * lambda * (1 - alpha * lambda));
        expect(intensity[n]).toBeCloseTo(beta, 10);
        expect(lambda).toBeCloseTo((intensity[n] * variance[n]) / noise, 10);
        expect(variance[n]).toBeCloseTo((1 - intensity[n] * lambda) * before, 10);
        expect(lambda * (1 - alpha * lambda)).toBeGreaterThan(0);
        alpha = 1 / (4 * lambda * (1 - alpha * lambda));
      }
    }
  });

  it('tends to the continuous auction', () => {
    const many = equilibrium(200);
    // Monte Carlo at 200 auctions gave 2.946; the value function gives 2.951526.
    expect(profit(many)).toBeCloseTo(2.951526, 6);
    expect(profit(many)).toBeCloseTo(valueFunction(many), 9);
    expect(profit(many)).toBeLessThan(NOISE * DEVIATION);
    // Lambda tends to sqrt(Sigma_0) / sigma_u, from below, at order 1 / sqrt(N).
    const first = (auctions: number) => DEVIATION / NOISE - equilibrium(auctions).impact[0];
    expect(first(200)).toBeGreaterThan(0);
    expect(first(800)).toBeLessThan(0.55 * first(200));
    expect(first(3200)).toBeLessThan(0.03);
  });
});

/** Lots of a unit of asset: many, so that whole lots do not matter. */
const LOTS = 1e6;
/** Prices of a tick and of the start. */
const TICK = 1e-6;
const START = 100;

interface Moments {
  /** Regression slopes of the value still unknown, and of the price change, on flow by auction. */
  slopes: number[];
  priceSlopes: number[];
  profit: number;
  /** Variance of value less price after each auction. */
  left: number[];
}

/** Plays sessions of the strategy against noise and a maker; each has a value of its own. */
function play(auctions: number, sessions: number): Moments {
  const strategy = strategyNamed('informed');
  const bench = new StrategyBench(strategy, {
    params: {
      auctions, noiseLots: NOISE * LOTS, priorDeviation: DEVIATION, signalDeviation: DEVIATION,
      leverage: 100,
    },
    terms: { kind: 'linear', multiplier: 1, quotePerTick: TICK, quotePerLot: 1 / LOTS },
    equityQuote: 1e6,
    periodMicros: 1e6,
    seed: 11,
  });
  const start = START / TICK;
  bench.show(start);
  bench.setEquity(1e6, start);
  bench.start();
  const noise = new RandomSource(5).stream('noise');
  const impacts = Array.from({ length: auctions }, (_, n) => bench.rows[strategy.at.impact + n]);
  const sums = Array.from({ length: auctions }, () => ({ yy: 0, yv: 0, yp: 0, left: 0 }));
  let profits = 0;
  for (let session = 0; session < sessions; session++) {
    let price = START;
    for (let n = 0; n < auctions; n++) {
      bench.show(start, { mid: price / TICK });
      bench.decide((session * auctions + n) * 1e6);
      const value = bench.get('value');
      const [order] = bench.desk.take();
      const x = order === undefined ? 0 : (order.side === 0 ? 1 : -1) * order.sizeLots;
      const u = (NOISE * LOTS * noise.normal(1, n, session)) / Math.sqrt(auctions);
      const moved = impacts[n] * (x + u);
      const s = sums[n];
      const flow = (x + u) / LOTS;
      s.yy += flow * flow;
      s.yv += flow * (value - price);
      s.yp += flow * moved;
      price += moved;
      s.left += (value - price) ** 2;
      profits += (x / LOTS) * (value - price);
    }
  }
  return {
    slopes: sums.map((s) => s.yv / s.yy),
    priceSlopes: sums.map((s) => s.yp / s.yy),
    profit: profits / sessions,
    left: sums.map((s) => s.left / sessions),
  };
}

describe('R05: the strategy against a competitive maker', () => {
  it('in a single auction: the slope is lambda, half of the variance is left', () => {
    const { slopes, priceSlopes, profit: earned, left } = play(1, 200_000);
    expect(priceSlopes[0]).toBeCloseTo(2 / 3, 9);
    // What flow says of the value: the market is efficient. Four standard errors are .006.
    expect(Math.abs(slopes[0] - 2 / 3)).toBeLessThan(0.008);
    expect(Math.abs(earned - 1.5)).toBeLessThan(0.03);
    expect(Math.abs(left[0] - 2)).toBeLessThan(0.03);
  });

  it('in four auctions: each slope is its lambda', () => {
    const { slopes, profit: earned, left } = play(4, 60_000);
    const expected = equilibrium(4);
    slopes.forEach((slope, n) => {
      expect(Math.abs(slope / expected.impact[n] - 1)).toBeLessThan(0.03);
      expect(Math.abs(left[n] / expected.variance[n] - 1)).toBeLessThan(0.03);
    });
    expect(Math.abs(earned / profit(expected) - 1)).toBeLessThan(0.03);
  });
});
