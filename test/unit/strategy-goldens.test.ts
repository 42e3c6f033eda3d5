/** Published and derived numbers each sizing rule must give on the reference path. */
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { log } from '../../sim/kernel/index.js';
import { AgentField, WakeReason } from '../../sim/strategy/index.js';
import { GOLDEN_PATH, StrategyBench, type BenchOptions } from '../support/strategy-bench.js';

const DAY = 86400e6;

/** Walks the reference path, one bar a day; returns what `seen` reads after each decision. */
function walk(
  name: string,
  options: BenchOptions,
  seen: (bench: StrategyBench, traded: number) => number,
): number[] {
  const bench = new StrategyBench(strategyNamed(name), options);
  bench.show(GOLDEN_PATH[0] * 100);
  bench.setEquity(options.equityQuote ?? 100, GOLDEN_PATH[0] * 100);
  bench.start();
  return GOLDEN_PATH.map((price, day) => {
    bench.show(price * 100);
    bench.decide(day * DAY);
    return seen(bench, bench.fillTarget());
  });
}

function expectAll(actual: number[], expected: number[], digits = 6): void {
  expect(actual.length).toBe(expected.length);
  for (const [k, x] of expected.entries()) {
    expect(actual[k], `entry ${k}`).toBeCloseTo(x, digits);
  }
}

describe('volatility-target', () => {
  const params = { volatilityInitial: 0.01, daysPerYear: 252 };
  const leverage = (bench: StrategyBench): number => bench.batch.target[0] / bench.batch.equity[0];

  it('follows the reference leverages', () => {
    const seen = walk('volatility-target', { params, leverageMax: 3 }, leverage);
    expectAll(
      seen.slice(1),
      [0.630128, 0.582347, 0.585634, 0.494572, 0.472837, 0.478723, 0.42732, 0.393957, 0.401682],
    );
  });

  it('scales with its target until the cap', () => {
    const at = (volatilityTarget: number): number[] =>
      walk(
        'volatility-target',
        { params: { ...params, volatilityTarget }, leverageMax: 3 },
        leverage,
      );
    const seen = at(0.2);
    expect(seen[1]).toBeCloseTo(2 * 0.630128, 6);
    const capped = at(2);
    for (const x of capped) expect(x).toBeCloseTo(3, 12);
    const still = walk(
      'volatility-target',
      { params: { ...params, volatilityInitial: 0 }, leverageMax: 3 },
      leverage,
    );
    expect(still[0]).toBe(3);
  });

  it('never aims above its target volatility, and keeps its direction', () => {
    const options = { params: { ...params, direction: -1 }, leverageMax: 3 };
    for (const product of walk('volatility-target', options, (bench) => {
      const sigma = Math.sqrt(bench.get('variance') * 252);
      return (-bench.batch.target[0] / bench.batch.equity[0]) * sigma;
    })) {
      expect(product).toBeGreaterThan(0);
      expect(product).toBeLessThanOrEqual(0.1 * (1 + 1e-12));
    }
  });

  it('rescales its decay with the bar', () => {
    const bench = new StrategyBench(strategyNamed('volatility-target'), { periodMicros: DAY / 24 });
    bench.show(10000);
    bench.start();
    expect(bench.get('decayBar') ** 24).toBeCloseTo(0.94, 12);
    expect(bench.get('variance') * 24).toBeCloseTo(1e-4, 12);
  });

  it('sells after a large move of either sign', () => {
    // Trade(r) = L W (1 + L r) / sqrt(decay + (1 - decay) (log(1+r)/sigma)^2) - L W (1 + r).
    for (const r of [0.05, -0.05]) {
      const bench = new StrategyBench(strategyNamed('volatility-target'), {
        params: { volatilityTarget: 1.5 * 0.01 * Math.sqrt(252), daysPerYear: 252 },
        equityQuote: 100,
      });
      bench.show(10000);
      bench.setEquity(100, 10000);
      bench.start();
      bench.decide(0);
      expect(bench.fillTarget()).toBeCloseTo(150, 9);
      bench.show(10000 * (1 + r));
      bench.decide(DAY);
      const x = log(1 + r) / 0.01;
      const want = (150 * (1 + 1.5 * r)) / Math.sqrt(0.94 + 0.06 * x * x) - 150 * (1 + r);
      const traded = bench.fillTarget();
      expect(traded).toBeCloseTo(want, 8);
      expect(Math.abs(traded + 54)).toBeLessThan(2);
    }
  });
});

describe('leverage-target', () => {
  it('trades beta (beta - 1) A r on the reference path', () => {
    const traded = walk('leverage-target', { params: { slices: 1 } }, (bench, quote) => {
      expect(bench.batch.target[0]).toBeCloseTo(3 * bench.batch.equity[0], 10);
      return quote;
    });
    expectAll(
      traded.slice(1),
      [6, 12.2376, -6.3564, -18.6954, -11.7082, 5.6127, 17.1818, 18.2025, -6.4175],
      4,
    );
    const worth = walk(
      'leverage-target',
      { params: { slices: 1 } },
      (bench) => bench.batch.equity[0],
    );
    expect(worth[9]).toBeCloseTo(108.028476, 6);
  });

  it.each([2, 3, -1, -2])('trades with the sign of the return at beta = %d', (beta) => {
    const bench = new StrategyBench(strategyNamed('leverage-target'), {
      params: { leverage: beta, slices: 1 },
    });
    bench.show(10000);
    bench.setEquity(100, 10000);
    bench.start();
    bench.decide(0);
    bench.fillTarget();
    bench.show(10100);
    bench.decide(DAY);
    expect(bench.fillTarget()).toBeCloseTo(beta * (beta - 1), 9);
  });

  it('spreads a rebalance over equal steps at the end of which it holds its multiple', () => {
    const bench = new StrategyBench(strategyNamed('leverage-target'), {
      params: { slices: 4, windowFraction: 0.1 },
    });
    bench.show(10000);
    bench.setEquity(100, 10000);
    bench.start();
    const times: number[] = [];
    const trades: number[] = [];
    let time = 0;
    for (let k = 0; k < 5; k++) {
      times.push(time);
      bench.decide(time);
      trades.push(bench.fillTarget());
      time = bench.timers[0];
    }
    expect(times).toEqual([0, 0.025 * DAY, 0.05 * DAY, 0.075 * DAY, DAY]);
    expectAll(trades.slice(0, 4), [75, 75, 75, 75], 9);
  });

  it('is killed by a return of -1/beta', () => {
    const bench = new StrategyBench(strategyNamed('leverage-target'), { params: { slices: 1 } });
    bench.show(9000);
    bench.setEquity(100, 9000);
    bench.start();
    bench.decide(0);
    bench.fillTarget();
    bench.show(6000);
    bench.setEquity(0, 6000);
    bench.decide(DAY);
    expect(bench.batch.target[0]).toBe(0);
  });
});

describe('momentum', () => {
  it('follows the reference exposures', () => {
    const seen = walk(
      'momentum',
      { params: { leverage: 1, weight: 0.1, steepness: 50 } },
      (bench) => bench.batch.target[0] / bench.batch.equity[0],
    );
    expectAll(
      seen,
      [
        0, 0.049711, 0.141856, 0.079587, -0.07733, -0.17011, -0.102954, 0.057713, 0.195791,
        0.129476,
      ],
    );
  });

  it('is odd in the path and bounded by its leverage', () => {
    const up = new StrategyBench(strategyNamed('momentum'), { params: { leverage: 2 } });
    const down = new StrategyBench(strategyNamed('momentum'), { params: { leverage: 2 } });
    for (const bench of [up, down]) {
      bench.show(10000);
      bench.setEquity(100, 10000);
      bench.start();
      bench.decide(0);
    }
    up.show(12500);
    down.show(8000);
    up.decide(DAY);
    down.decide(DAY);
    expect(up.batch.target[0]).toBeCloseTo(-down.batch.target[0], 10);
    expect(Math.abs(up.batch.target[0])).toBeLessThanOrEqual(200);
  });
});

describe('value', () => {
  function target(index: number, mark: number, params: Record<string, number> = {}): number {
    const bench = new StrategyBench(strategyNamed('value'), { params });
    bench.show(mark, { index });
    bench.setEquity(100, mark);
    bench.start();
    bench.decide(0);
    return bench.batch.target[0] / 100;
  }

  it('wants nothing at fair value, less the dearer, and stops at its leverage', () => {
    expect(target(10000, 10000)).toBe(0);
    const wanted = [9000, 9500, 9900, 10100, 10500, 11000].map((mark) => target(10000, mark));
    for (let k = 1; k < wanted.length; k++) expect(wanted[k]).toBeLessThan(wanted[k - 1]);
    expect(target(10000, 9900)).toBeCloseTo(10 * Math.log(100 / 99), 12);
    expect(target(10000, 5000)).toBe(3);
    expect(target(10000, 20000)).toBe(-3);
    expect(target(10000, 20000, { shortShare: 0 })).toBeCloseTo(0, 15);
  });

  it('adds its bias to the index and its cubic term', () => {
    expect(target(10000, 10000, { bias: 0.02 })).toBeCloseTo(0.2, 12);
    expect(target(10000, 10000, { bias: 0.1, aggressivenessCubic: 100 })).toBeCloseTo(1.1, 12);
  });
});

describe('stop-ladder', () => {
  const noProfits = { profit1: 0, profit2: 0, profit3: 0 };

  function left(prices: number[], params: Record<string, number>, side = 1): number[] {
    const bench = new StrategyBench(strategyNamed('stop-ladder'), { params, periodMicros: 0 });
    bench.show(prices[0] * 100);
    bench.setEquity(1000, prices[0] * 100);
    bench.fill(side * 1e6);
    bench.start();
    expect(bench.timers[0]).toBe(0);
    return prices.map((price, k) => {
      const ticks = price * 100;
      const before = Math.max(prices[k - 1] ?? price, price) * 100;
      const above = bench.alertAbove[0];
      const touched = ticks <= bench.alertBelow[0] || (above >= 0 && ticks >= above);
      // It sleeps until a rung: between alerts nobody asks it.
      if (k === 0 || touched) {
        bench.show(ticks, { high: before, low: ticks });
        bench.decide(k * DAY, k === 0 ? WakeReason.timer : WakeReason.alert);
        const lots = bench.lots();
        expect(lots * side).toBeLessThanOrEqual(0);
        bench.fill(lots);
      } else {
        bench.show(ticks);
      }
      return (side * bench.field(AgentField.position)) / 1e6;
    });
  }

  it('keeps 1, 1, 1, 1, .5, 0 of its position on the reference path', () => {
    expectAll(left(GOLDEN_PATH, noProfits), [1, 1, 1, 1, 0.5, 0, 0, 0, 0, 0]);
  });

  it('mirrors on the short side, and takes profits', () => {
    const mirrored = [100, 99, 97, 98, 101, 103];
    expectAll(left(mirrored, noProfits, -1), [1, 1, 1, 1, 0.5, 0]);
    expectAll(left([100, 101, 102, 103, 104], {}), [1, 0.5, 0.2, 0, 0]);
    expectAll(left([100, 101, 99, 98], {}), [1, 0.5, 0, 0]);
  });

  it('fires a rung once, on the low of a window that came back', () => {
    const bench = new StrategyBench(strategyNamed('stop-ladder'), { params: noProfits });
    bench.show(10000);
    bench.setEquity(1000, 10000);
    bench.fill(1e6);
    bench.start();
    bench.decide(0);
    expect(bench.alertBelow[0]).toBe(9900);
    expect(bench.alertAbove[0]).toBe(-1);
    bench.show(9950, { low: 9895 });
    bench.decide(1e6, WakeReason.alert);
    bench.fill(bench.lots());
    expect(bench.field(AgentField.position)).toBe(500_000);
    expect(bench.alertBelow[0]).toBe(9800);
    bench.show(9890, { low: 9890 });
    bench.decide(2e6, WakeReason.alert);
    expect(bench.lots()).toBe(0);
  });

  it('heeds the mark alone: a spike of the last price fires nothing', () => {
    const bench = new StrategyBench(strategyNamed('stop-ladder'), { params: noProfits });
    bench.show(10000);
    bench.setEquity(1000, 10000);
    bench.fill(1e6);
    bench.start();
    bench.decide(0);
    bench.show(10000, { last: 5000, index: 5000, mid: 5000, bestBid: 4999, bestAsk: 5001 });
    bench.decide(1e6, WakeReason.alert);
    expect(bench.lots()).toBe(0);
    expect(bench.get('fired')).toBe(0);
  });

  it('places stops one tick beyond round prices and take-profits on them', () => {
    for (const [side, below, above] of [[1, 9799, 10200], [-1, 9800, 10201]]) {
      const bench = new StrategyBench(strategyNamed('stop-ladder'), {
        params: { roundTicks: 100, stop1: 0.015, profit1: 0.015 },
      });
      bench.show(10000);
      bench.setEquity(1000, 10000);
      bench.fill(side * 1e6);
      bench.start();
      bench.decide(0);
      expect([bench.alertBelow[0], bench.alertAbove[0]]).toEqual([below, above]);
    }
  });

  it('enters by itself, and again after its pause', () => {
    const bench = new StrategyBench(strategyNamed('stop-ladder'), {
      params: { ...noProfits, entryMicros: 5e6, reentryMicros: 60e6 },
      periodMicros: 0,
    });
    bench.show(10000);
    bench.setEquity(100, 10000);
    bench.start();
    expect(bench.timers[0]).toBe(5e6);
    bench.decide(5e6);
    expect(bench.batch.target[0]).toBe(300);
    bench.fill(bench.lots());
    bench.show(9000, { low: 9000 });
    bench.decide(10e6, WakeReason.alert);
    bench.fill(bench.lots());
    expect(bench.field(AgentField.position)).toBe(0);
    expect(bench.timers[0]).toBe(70e6);
    bench.decide(70e6);
    expect(bench.batch.target[0]).toBeCloseTo(3 * bench.batch.equity[0], 9);
  });

  it('asks again at its clock after a refused order', () => {
    const bench = new StrategyBench(strategyNamed('stop-ladder'), {
      params: noProfits, periodMicros: 60e6,
    });
    bench.show(10000);
    bench.setEquity(1000, 10000);
    bench.fill(1e6);
    bench.start();
    bench.decide(0);
    bench.show(9900, { low: 9900 });
    bench.decide(1e6, WakeReason.alert);
    expect(bench.lots()).toBe(-500_000);
    bench.decide(61e6);
    expect(bench.lots()).toBe(-500_000);
  });
});

describe('buy-and-hold-levered', () => {
  it('never acts on a position it was given', () => {
    const bench = new StrategyBench(strategyNamed('buy-and-hold-levered'), {});
    bench.show(10000);
    bench.setEquity(100, 10000);
    bench.fill(5e6);
    bench.start();
    expect(bench.timers[0]).toBe(Infinity);
  });

  it('enters once, leverage times equity, then never wakes', () => {
    const bench = new StrategyBench(strategyNamed('buy-and-hold-levered'), {
      params: { leverage: 7, direction: -1, entryMicros: 123 },
    });
    bench.show(10000);
    bench.setEquity(100, 10000);
    bench.start();
    expect(bench.timers[0]).toBe(123);
    bench.decide(123);
    expect(bench.batch.target[0]).toBeCloseTo(-700, 9);
    expect(bench.timers[0]).toBe(Infinity);
    expect(bench.alertBelow[0]).toBe(-1);
  });
});
