/** Order splitting: sizes, times, and the long memory of signs. */
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { AgentField, DecisionBatch } from '../../sim/strategy/index.js';
import { RandomSource } from '../../sim/kernel/index.js';
import { StrategyBench } from '../support/strategy-bench.js';

const strategy = strategyNamed('order-splitter');

function open(count: number, params: Record<string, number> = {}, seed = 3): StrategyBench {
  const bench = new StrategyBench(strategy, { count, params: { leverage: 100, ...params }, seed });
  bench.show(100);
  for (const i of bench.everyone) bench.setEquity(1e12, 100, i);
  bench.start();
  return bench;
}

/** Signs of each agent's orders, in order; positions stay at zero. */
function signs(count: number, orders: number, params: Record<string, number>): Int8Array[] {
  const bench = open(count, params);
  const told = bench.everyone.map(() => new Int8Array(orders));
  for (let k = 0; k < orders; k++) {
    bench.decide(k * 1e6);
    for (const { agent, side } of bench.desk.take()) told[agent][k] = side === 0 ? 1 : -1;
  }
  return told;
}

/** Mean over the agents of the autocorrelation of signs at a lag. */
function autocorrelation(streams: Int8Array[], lag: number): number {
  let sum = 0;
  let count = 0;
  for (const stream of streams) {
    for (let k = lag; k < stream.length; k++) sum += stream[k] * stream[k - lag];
    count += stream.length - lag;
  }
  return sum / count;
}

/** Slope of log autocorrelation on log lag, least squares. */
function exponent(streams: Int8Array[], lags: number[]): number {
  const x = lags.map(Math.log);
  const y = lags.map((lag) => Math.log(autocorrelation(streams, lag)));
  const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  const top = x.reduce((sum, xi, k) => sum + (xi - mx) * (y[k] - my), 0);
  return top / x.reduce((sum, xi) => sum + (xi - mx) ** 2, 0);
}

/** Exact autocorrelation: the chance that both orders are of one metaorder, sizes cut at `most`. */
function exact(lag: number, tail: number, most: number): number {
  let longer = 0;
  let all = 0;
  for (let n = most; n >= 1; n--) {
    all += n ** -tail;
    if (n > lag) longer += n ** -tail;
  }
  return longer / all;
}

const LAGS = [4, 8, 16, 32, 64, 128];

describe('order-splitter', () => {
  it.each([
    [1.5, 0.5],
    [2, 1],
  ])('with tail %d remembers signs with exponent %d', (tailExponent, expected) => {
    const childrenMax = 100_000;
    const streams = signs(60, 12_000, { tailExponent, childrenMax });
    // Agents begin with a fresh metaorder, not within a long one: that bias dies out soon.
    const settled = streams.map((stream) => stream.subarray(3000));
    for (const lag of [1, ...LAGS.slice(0, 4)]) {
      const theory = exact(lag, tailExponent, childrenMax);
      expect(Math.abs(autocorrelation(settled, lag) - theory)).toBeLessThan(0.05);
    }
    // Tolerance .12: of the fit at finite lags, and of sums with heavy tails.
    expect(Math.abs(-exponent(settled, LAGS) - expected)).toBeLessThan(0.12);
  });

  it('draws Pareto sizes, sides like a coin, and exponential times', () => {
    const bench = open(1000, { ratePerSecond: 0.5, childrenMax: 1000 });
    const waits = Float64Array.from(bench.timers);
    bench.decide(0);
    const sizes = bench.everyone.map((i) => bench.get('remaining', i) + 1);
    for (const n of [2, 4, 10]) {
      const p = n ** -1.5;
      const share = sizes.filter((size) => size >= n).length / 1000;
      expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 1000));
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
    const buys = bench.desk.take().filter(({ side }) => side === 0).length;
    expect(Math.abs(buys - 500)).toBeLessThan(64);
    for (const seconds of [1, 2, 5]) {
      const p = Math.exp(-0.5 * seconds);
      const share = waits.filter((wait) => wait > seconds * 1e6).length / 1000;
      expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 1000));
    }
  });

  it('is as alike across the cohort as crowding says', () => {
    const pairs = [0, 0.8, 1].map((crowding) => {
      const bench = open(400);
      const { rows, market, economics, random, orders } = bench.batch;
      const signals = new RandomSource(9).stream('signals');
      const batch = new DecisionBatch({
        rows, market, economics, random, orders, signals, crowding,
      });
      Object.assign(bench, { batch });
      let together = 0;
      for (let k = 0; k < 40; k++) {
        for (const i of bench.everyone) bench.set('remaining', 0, i);
        bench.decide(k * 1e6);
        const sum = bench.everyone.reduce((s, i) => s + bench.get('side', i), 0);
        together += (sum * sum - 400) / (400 * 399);
      }
      return together / 40;
    });
    expect(Math.abs(pairs[0])).toBeLessThan(0.02);
    // Signs of normals with correlation c: 2/pi arcsin(c).
    expect(Math.abs(pairs[1] - (2 / Math.PI) * Math.asin(0.8))).toBeLessThan(0.2);
    expect(pairs[2]).toBeCloseTo(1, 12);
  });

  it('waits in a halt and reverses when its means are used up', () => {
    const bench = open(1);
    bench.show(100, { halted: 1 });
    bench.decide(0);
    expect(bench.desk.take()).toEqual([]);
    expect(bench.timers[0]).toBeGreaterThan(0);
    bench.show(100, { halted: 0 });
    bench.set('side', 1);
    bench.set('remaining', 50);
    // One lot is 1e-6 of quote at this mark, so its means are for 999 lots.
    bench.set('leverage', 0.999e-15);
    bench.setField(AgentField.position, 999);
    bench.decide(1e6);
    expect(bench.desk.take().map(({ side }) => side)).toEqual([1]);
    expect(bench.get('side')).toBe(-1);
  });
});
