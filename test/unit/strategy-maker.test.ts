/** The market maker: its closed forms, its published moments, its quotes and its stress layer. */
import { describe, expect, it } from 'vitest';
import {
  finiteHorizonSpread,
  glftHalfSpread,
  glftSlope,
  reservationPrice,
  strategyNamed,
} from '../../agents/index.js';
import { RandomSource } from '../../sim/kernel/index.js';
import { AgentField } from '../../sim/strategy/index.js';
import { StrategyBench } from '../support/strategy-bench.js';

/** Avellaneda & Stoikov's own example: s = 100, T = 1, sigma = 2, k = 1.5, A = 140, gamma = .1. */
const GAMMA = 0.1;
const K = 1.5;
const A = 140;
const SIGMA = 2;

/** Stationary bid distance at inventory q, from the closed forms. */
function bidDistance(q: number): number {
  return glftHalfSpread(GAMMA, K) + ((2 * q + 1) / 2) * glftSlope(SIGMA, GAMMA, K, A);
}

/** The same from the ground eigenvector of the tridiagonal matrix, |q| <= 30. */
function exactBidDistance(q: number): number {
  const cap = 30;
  const n = 2 * cap + 1;
  const alpha = (K * GAMMA * SIGMA * SIGMA) / 2;
  const eta = A * (1 + GAMMA / K) ** -(1 + K / GAMMA);
  // Power iteration on (shift - matrix): its largest eigenvalue is the matrix' smallest.
  const shift = alpha * cap * cap + 2 * eta;
  let f = new Float64Array(n).fill(1);
  for (let step = 0; step < 20_000; step++) {
    const g = new Float64Array(n);
    let most = 0;
    for (let j = 0; j < n; j++) {
      const inventory = j - cap;
      g[j] = (shift - alpha * inventory * inventory) * f[j];
      if (j > 0) g[j] += eta * f[j - 1];
      if (j < n - 1) g[j] += eta * f[j + 1];
      most = Math.max(most, g[j]);
    }
    f = g.map((x) => x / most);
  }
  return Math.log(f[q + cap] / f[q + 1 + cap]) / K + Math.log(1 + GAMMA / K) / GAMMA;
}

describe('closed forms', () => {
  it('give the Avellaneda-Stoikov quotes at s = 100, q = 3', () => {
    const r = reservationPrice(100, 3, GAMMA, SIGMA * SIGMA);
    const spread = finiteHorizonSpread(GAMMA, K, SIGMA * SIGMA);
    expect(r).toBeCloseTo(98.8, 12);
    expect(r - spread / 2).toBeCloseTo(97.954615, 6);
    expect(r + spread / 2).toBeCloseTo(99.645385, 6);
  });

  it('tend to a spread of 2/k without risk aversion', () => {
    expect(finiteHorizonSpread(1e-9, K, 4)).toBeCloseTo(2 / K, 6);
    expect(2 * glftHalfSpread(1e-9, K)).toBeCloseTo(2 / K, 6);
  });

  it('give the stationary distances, near the exact ones', () => {
    for (const [q, approximate, exact] of [
      [0, 0.671244, 0.671628],
      [1, 0.722961, 0.72407],
      [5, 0.92983, 0.93178],
    ]) {
      expect(bidDistance(q)).toBeCloseTo(approximate, 6);
      expect(exactBidDistance(q)).toBeCloseTo(exact, 5);
    }
  });

  it('reproduce the moments of the finite-horizon maker within 3 %', () => {
    // Fill probability a step: A exp(-k distance) dt, linear. 20,000 paths of 200 steps.
    for (const [gamma, inventoryAware, profit, profitDeviation, deviation] of [
      [0.1, true, 64.87, 6.54, 2.92],
      [0.1, false, 68.07, 13.2, 8.4],
      [0.5, true, 48.58, 5.9, 1.96],
    ] as [number, boolean, number, number, number][]) {
      const stream = new RandomSource(7).stream('maker');
      const steps = 200;
      const dt = 1 / steps;
      const jump = SIGMA * Math.sqrt(dt);
      const paths = 20_000;
      let sum = 0;
      let squares = 0;
      let inventories = 0;
      const spreads = Array.from({ length: steps }, (_, k) =>
        finiteHorizonSpread(gamma, K, SIGMA * SIGMA * (1 - k * dt)),
      );
      for (let path = 0; path < paths; path++) {
        let mid = 100;
        let q = 0;
        let cash = 0;
        for (let k = 0; k < steps; k++) {
          const held = inventoryAware ? q : 0;
          const r = reservationPrice(mid, held, gamma, SIGMA * SIGMA * (1 - k * dt));
          const bid = r - spreads[k] / 2;
          const ask = r + spreads[k] / 2;
          const words = stream.words(path, 0, k);
          if (words[0] / 2 ** 32 < A * Math.exp(-K * (mid - bid)) * dt) {
            q++;
            cash -= bid;
          }
          if (words[1] / 2 ** 32 < A * Math.exp(-K * (ask - mid)) * dt) {
            q--;
            cash += ask;
          }
          mid += words[2] & 1 ? jump : -jump;
        }
        const worth = cash + q * mid;
        sum += worth;
        squares += worth * worth;
        inventories += q * q;
      }
      const mean = sum / paths;
      expect(Math.abs(mean / profit - 1)).toBeLessThan(0.03);
      const spread = Math.sqrt(squares / paths - mean * mean);
      expect(Math.abs(spread / profitDeviation - 1)).toBeLessThan(0.03);
      expect(Math.abs(Math.sqrt(inventories / paths) / deviation - 1)).toBeLessThan(0.03);
    }
  });
});

const SECOND = 1e6;
const MID = 1_000_000;

function maker(params: Record<string, number> = {}): StrategyBench {
  const bench = new StrategyBench(strategyNamed('market-maker'), {
    params: { sizeLots: 100, levels: 3, levelSpacing: 0.001, indexWeight: 0, ...params },
    equityQuote: 1e7,
    periodMicros: SECOND,
  });
  bench.show(MID);
  bench.setEquity(1e7, MID);
  bench.start();
  return bench;
}

function prices(bench: StrategyBench, side: number): number[] {
  return bench.desk.live(0, side).map((order) => order.priceTicks);
}

describe('quotes', () => {
  it('lie at the stationary distances, symmetric without inventory', () => {
    const bench = maker();
    bench.decide(0);
    const sigma = 0.04 / Math.sqrt(86400);
    const half = glftHalfSpread(333, 5000) + glftSlope(sigma, 333, 5000, 1) / 2;
    const bids = prices(bench, 0);
    const asks = prices(bench, 1);
    expect(bids[0]).toBe(Math.floor(MID * (1 - half)));
    expect(asks[0]).toBe(Math.ceil(MID * (1 + half)));
    expect(bids).toEqual([bids[0], bids[0] - 1000, bids[0] - 2000]);
    expect(asks).toEqual([asks[0], asks[0] + 1000, asks[0] + 2000]);
    expect(bench.desk.live(0, 0).every((order) => order.leavesLots === 100)).toBe(true);
    expect(bench.timers[0]).toBe(SECOND);
  });

  it('shift down with a long inventory and mirror with a short one', () => {
    const tops = [0, 500, -500].map((lots) => {
      const bench = maker();
      bench.fill(lots);
      bench.decide(0);
      return [MID - prices(bench, 0)[0], prices(bench, 1)[0] - MID];
    });
    expect(tops[1][0]).toBeGreaterThan(tops[0][0]);
    expect(tops[1][1]).toBeLessThan(tops[0][1]);
    expect(tops[2]).toEqual([tops[1][1], tops[1][0]]);
  });

  it('mix mid and index', () => {
    const bench = maker({ indexWeight: 0.25 });
    bench.show(MID, { index: MID * 1.01 });
    bench.decide(0);
    const centre = (prices(bench, 0)[0] + prices(bench, 1)[0]) / 2;
    expect(centre).toBeCloseTo(MID * 1.0025, 0);
  });

  it('stay while the market moves less than the tolerance', () => {
    const bench = maker({ toleranceTicks: 50 });
    bench.decide(0);
    expect(bench.desk.take().length).toBe(6);
    bench.show(MID + 20);
    bench.decide(SECOND);
    expect(bench.desk.take()).toEqual([]);
    bench.show(MID + 60);
    bench.decide(2 * SECOND);
    const actions = bench.desk.take();
    expect(actions.filter((a) => a.op === 'cancel').length).toBe(6);
    expect(actions.filter((a) => a.op === 'limit').length).toBe(6);
  });

  it('send again only the level that was filled', () => {
    const bench = maker();
    bench.decide(0);
    bench.desk.take();
    const best = prices(bench, 0)[0];
    const slot = bench.desk.slots[0].findIndex((s) => s.side === 0 && s.priceTicks === best);
    bench.desk.slots[0][slot].state = 0;
    bench.decide(SECOND);
    const actions = bench.desk.take();
    expect(actions.map((a) => [a.op, a.side])).toEqual([['limit', 0]]);
    expect(actions[0].priceTicks).toBe(prices(bench, 0)[0]);
  });

  it('need at most two actions a level and side when all is anew', () => {
    const bench = maker({ levels: 10 });
    let time = 0;
    let mark = MID;
    for (let k = 0; k < 50; k++) {
      mark += (k % 7) * 40 - 120;
      bench.show(mark);
      bench.decide(time);
      const actions = bench.desk.take();
      expect(actions.length).toBeLessThanOrEqual(40);
      bench.desk.confirmCancels();
      time += SECOND;
    }
  });

  it('never hold more than the inventory cap, whoever is filled', () => {
    const bench = maker({ levels: 5, inventoryMax: 10 });
    const stream = new RandomSource(3).stream('fills');
    let most = 0;
    for (let k = 0; k < 400; k++) {
      bench.decide(k * SECOND);
      // One side is swept for a while: everything live on it trades.
      const side = Math.floor(k / 40) & 1;
      for (const order of bench.desk.live(0, side)) {
        if (stream.uniform(1, 0, k) < 0.2) continue;
        bench.fill(side === 0 ? order.leavesLots : -order.leavesLots);
        order.state = 0;
      }
      most = Math.max(most, Math.abs(bench.field(AgentField.position)));
      bench.desk.confirmCancels();
    }
    expect(most).toBe(1000);
  });

  it('quote the reducing side only beyond their use of capital', () => {
    const bench = new StrategyBench(strategyNamed('market-maker'), {
      params: { sizeLots: 100, levels: 2, inventoryMax: 1e6 },
      leverageMax: 1,
      periodMicros: SECOND,
    });
    bench.show(MID);
    bench.setEquity(1, MID);
    bench.fill(100);
    bench.start();
    bench.decide(0);
    expect(prices(bench, 0)).toEqual([]);
    expect(prices(bench, 1).length).toBe(2);
  });

  it('do nothing while the venue is halted', () => {
    const bench = maker();
    bench.show(MID, { halted: 1 });
    bench.decide(0);
    expect(bench.desk.take()).toEqual([]);
    expect(bench.timers[0]).toBe(SECOND);
  });
});

describe('stress', () => {
  /** Sets the volatility estimate to a multiple of normal and looks once. */
  function stressed(multiple: number, params: Record<string, number> = {}): StrategyBench {
    const bench = maker(params);
    bench.decide(0);
    bench.set('variance', ((0.04 * multiple) ** 2 / 86400) as number);
    bench.desk.confirmCancels();
    // The look itself adds a zero return of one second to the estimate: next to nothing.
    bench.decide(SECOND);
    bench.desk.confirmCancels();
    return bench;
  }

  it('widens and shrinks in proportion to the volatility', () => {
    const calm = stressed(1);
    const rough = stressed(2);
    const half = (bench: StrategyBench): number => MID - prices(bench, 0)[0];
    expect(half(rough) / half(calm)).toBeGreaterThan(1.95);
    const lots = rough.desk.live(0, 0)[0].leavesLots;
    expect(lots).toBeGreaterThanOrEqual(49);
    expect(lots).toBeLessThanOrEqual(51);
    const squared = stressed(2, { shrinking: 2 }).desk.live(0, 0)[0].leavesLots;
    expect(squared).toBeGreaterThanOrEqual(24);
    expect(squared).toBeLessThanOrEqual(26);
    expect(stressed(2, { shrinking: 0 }).desk.live(0, 0)[0].leavesLots).toBe(100);
  });

  it('withdraws beyond its limit and comes back below it', () => {
    const bench = stressed(5.1);
    expect(prices(bench, 0)).toEqual([]);
    expect(prices(bench, 1)).toEqual([]);
    expect(bench.timers[0]).toBe(2 * SECOND);
    bench.set('variance', 0.04 ** 2 / 86400);
    bench.decide(2 * SECOND);
    expect(prices(bench, 0).length).toBe(3);
  });

  it('stays away for a while after a drawdown', () => {
    const bench = maker({ withdrawalMicros: 10 * SECOND });
    bench.decide(0);
    bench.setEquity(7.9e6, MID);
    bench.decide(SECOND);
    bench.desk.confirmCancels();
    expect(prices(bench, 0)).toEqual([]);
    bench.decide(10.9 * SECOND);
    expect(prices(bench, 0)).toEqual([]);
    bench.decide(11 * SECOND);
    expect(prices(bench, 0).length).toBe(3);
  });

  it('measures volatility from its own looks', () => {
    const bench = maker({ halfLifeMicros: 60 * SECOND });
    const stream = new RandomSource(5).stream('walk');
    const perSecond = 3e-4;
    let mark = MID * 10;
    let sum = 0;
    for (let k = 0; k < 2000; k++) {
      bench.show(mark);
      bench.decide(k * SECOND);
      bench.desk.confirmCancels();
      mark = Math.round(mark * (1 + perSecond * stream.normal(0, 0, k)));
      if (k >= 1000) sum += bench.get('variance') / 1000;
    }
    expect(Math.abs(Math.sqrt(sum) / perSecond - 1)).toBeLessThan(0.1);
  });

  it('cancels and leaves without equity', () => {
    const bench = maker();
    bench.decide(0);
    bench.setEquity(0, MID);
    bench.setField(AgentField.status, 1);
    bench.decide(SECOND);
    expect(prices(bench, 0)).toEqual([]);
    expect(bench.timers[0]).toBe(Infinity);
  });
});
