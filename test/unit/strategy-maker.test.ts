/** The market maker: closed forms, quotes and stress layer; its moments are replications. */
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

/** Avellaneda & Stoikov's own example: s = 100, T = 1, sigma = 2, k = 1.5, gamma = .1. */
const GAMMA = 0.1;
const K = 1.5;
const SIGMA = 2;

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

  it('keep their digits at little risk aversion: the power tends to e (1 + gamma / 2k)', () => {
    for (const ratio of [1e-6, 1e-8, 1e-10, 1e-12]) {
      const slope = glftSlope(SIGMA, ratio * K, K, 140);
      const plain = SIGMA * Math.sqrt((ratio / 280) * Math.E);
      expect(Math.abs(slope / plain / (1 + ratio / 4) - 1)).toBeLessThan(1e-12);
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
