/** Adversaries: what their models say of a push, when they act, and how they leave. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { AgentField, LiquidationMap, SlotState, WakeReason } from '../../sim/strategy/index.js';
import { StrategyBench } from '../support/strategy-bench.js';

const SECOND = 1e6;
const TERMS = { kind: 'linear', multiplier: 1, quotePerTick: 0.01, quotePerLot: 1 } as const;
/** Price 100. */
const MARK = 10_000;

function open(
  name: string,
  params: Record<string, number>,
  equityQuote = 1e6,
  seed = 1,
): StrategyBench {
  const bench = new StrategyBench(strategyNamed(name), {
    params, terms: TERMS, equityQuote, periodMicros: SECOND, seed,
  });
  bench.show(MARK);
  bench.setEquity(equityQuote, MARK);
  bench.start();
  return bench;
}

/** A map with notional by bucket, drawn at a mark. */
function mapOf(
  below: (b: number) => number,
  above: (b: number) => number = () => 0,
  mark = MARK,
): Float64Array {
  const map = new Float64Array(LiquidationMap.length);
  map[LiquidationMap.mark] = mark;
  for (let b = 0; b < LiquidationMap.buckets; b++) {
    map[LiquidationMap.below + b] = below(b);
    map[LiquidationMap.above + b] = above(b);
  }
  return map;
}

function hunt(
  params: Record<string, number>,
  map: Float64Array,
  equityQuote = 1e6,
  seed = 1,
): StrategyBench {
  const all = { impact: 0.001, mapError: 0, ...params };
  const bench = open('liquidation-hunter', all, equityQuote, seed);
  bench.batch.map = map;
  bench.decide(0);
  return bench;
}

const EMPTY = mapOf(() => 0);
/** Lots closed per unit of price r / k: R = r everywhere, in notional of a bucket of .25. */
const evenly = (r: number) => (r / 0.001) * 0.25 * 100;

describe('liquidation-hunter', () => {
  it('without followers expects to lose its fees exactly, and does not act', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }), fc.double({ min: 0, max: 0.01, noNaN: true }),
        (pushLots, feeRate) => {
          const bench = hunt({ pushLots, feeRate, hurdle: 0 }, EMPTY);
          const notional = bench.economics.exposureQuote(pushLots, MARK);
          expect(bench.get('profit')).toBe(notional * (0 - 2 * feeRate));
          expect(bench.desk.take()).toEqual([]);
        },
      ),
      { numRuns: 200, seed: 1 },
    );
  });

  it('agrees with k Q^2 R / (1 - R) - 2 f Q P, from a prior and from an even map', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9000 }), fc.double({ min: 0.01, max: 0.6, noNaN: true }),
        (pushLots, r) => {
          // Kept within the map of 16 % of the price: k Q / (1 - R) < 16.
          fc.pre(0.001 * pushLots < 15 * (1 - r));
          const closed = (0.001 * pushLots ** 2 * r) / (1 - r) - 2 * 0.0005 * pushLots * 100;
          const even = (2 * 0.0005 * 100 * (1 - r)) / (0.001 * r);
          for (const bench of [
            hunt({ pushLots, reproductionPrior: r }, EMPTY),
            hunt({ pushLots }, mapOf(() => evenly(r))),
          ]) {
            const error = Math.abs(bench.get('profit') - closed);
            expect(error).toBeLessThan(1e-6 * Math.max(1, Math.abs(closed)));
            expect(bench.get('breakEven') / even).toBeCloseTo(1, 9);
            expect(bench.get('reproduction')).toBeCloseTo(r, 9);
            // Never below break-even.
            if (bench.desk.take().length > 0) expect(pushLots).toBeGreaterThan(even);
          }
        },
      ),
      { numRuns: 300, seed: 2 },
    );
  });

  it('expects more from a larger R, and acts only beyond its hurdle and within its capital', () => {
    let before = -Infinity;
    for (let r = 0; r < 0.95; r += 0.05) {
      const bench = hunt({ pushLots: 500, reproductionPrior: r }, EMPTY);
      const profit = bench.get('profit');
      expect(profit).toBeGreaterThan(before);
      before = profit;
      // Fees are 50, the hurdle is twice that.
      expect(bench.desk.take().length).toBe(profit > 100 ? 1 : 0);
    }
    const rich = { pushLots: 500, reproductionPrior: 0.9, leverage: 5 };
    expect(hunt(rich, EMPTY, 10_000).desk.take().length).toBe(1);
    expect(hunt(rich, EMPTY, 9999).desk.take()).toEqual([]);
  });

  it('takes the better side, as far as its share of the depth to the end of the map', () => {
    const bench = hunt({}, mapOf(() => evenly(0.3), (b) => (b < 20 ? evenly(0.5) : 0)), 1e7);
    // Below: .2 x 16 / .001 = 3200 lots; above: .2 x 5 / .001 = 1000.
    const profits = [3200, 1000].map((q, k) => 0.001 * q * q * [3 / 7, 1][k] - 0.1 * q);
    expect(profits[0]).toBeGreaterThan(profits[1]);
    expect(bench.get('profit')).toBeCloseTo(profits[0], 4);
    const [order] = bench.desk.take();
    expect([order.op, order.side, order.sizeLots]).toEqual(['market', 1, 3200]);
    const up = hunt({}, mapOf((b) => (b < 20 ? evenly(0.3) : 0), () => evenly(0.5)), 1e7);
    expect(up.desk.take()[0].side).toBe(0);
  });

  it('lets a cluster run whole, and stops at a gap its push does not cross', () => {
    // 400 lots in the first bucket (R = 1.6 there), nothing until 2000 lots at 1 % of the price.
    const map = mapOf((b) => (b === 0 ? 40_000 : b === 4 ? 200_000 : 0));
    const follow = (pushLots: number): number => {
      const bench = hunt({ pushLots }, map);
      const r = bench.get('reproduction');
      return (pushLots * r) / (1 - r);
    };
    expect(follow(100)).toBeCloseTo(400, 6);
    // .6 of push and .4 of the cluster: at the edge of the second, not within it.
    expect(follow(600)).toBeCloseTo(400, 6);
    expect(follow(601)).toBeCloseTo(2400, 6);
  });

  it('counts from the present price, not from the mark the map was drawn at', () => {
    const map = mapOf((b) => (b === 8 ? 100_000 : 0), () => 0, 10_200);
    // The bucket begins 2 % below 102, at 99.96: 40 lots away from 100.
    for (const [pushLots, expected] of [[40, 0], [50, 1000]]) {
      const bench = hunt({ pushLots, hurdle: 1e6 }, map);
      const r = bench.get('reproduction');
      expect((pushLots * r) / (1 - r)).toBeCloseTo(expected, 6);
    }
  });

  it('errs by its own lognormal factor, which lasts and has mean 1', () => {
    const cliff = mapOf((b) => (b === 0 ? 40_000 : 0));
    const seen = (seed: number, time = 0): number => {
      const map = cliff.slice();
      map[LiquidationMap.time] = time;
      const bench = hunt({ pushLots: 100, mapError: 0.5, errorMicros: 1e9 }, map, 1e6, seed);
      const r = bench.get('reproduction');
      return (100 * r) / (1 - r);
    };
    const all = Array.from({ length: 3000 }, (_, seed) => seen(seed));
    // Beyond R = 1 the bucket goes whole, so followers are its noisy lots: below that, fewer.
    const whole = all.filter((lots) => lots > 260);
    expect(whole.length).toBeGreaterThan(1500);
    const logs = all.map((lots) => Math.log(lots / 400)).sort((a, b) => a - b);
    expect(Math.abs(logs[1500] + 0.125)).toBeLessThan(0.04);
    expect(seen(5, 0.9e9)).toBe(seen(5));
    expect(seen(5, 1.1e9)).not.toBe(seen(5));
  });

  it('reads its impact from the touch when none is given, and without one stays away', () => {
    const bench = open('liquidation-hunter', { pushLots: 100, reproductionPrior: 0.5 });
    bench.show(MARK, { bestBidLots: 30, bestAskLots: 10 });
    bench.decide(0);
    expect(bench.get('believedImpact')).toBeCloseTo(0.01 / 20, 12);
    const blind = open('liquidation-hunter', { pushLots: 100, reproductionPrior: 0.9 });
    blind.show(MARK, { bestBid: -1, bestAsk: -1 });
    blind.decide(0);
    expect(blind.desk.take()).toEqual([]);
  });

  it('leaves in equal slices, reduce-only, ends flat and rests', () => {
    const bench = hunt(
      {
        pushLots: 1003, reproductionPrior: 0.5, slices: 5, exitMicros: 10 * SECOND,
        cooldownMicros: 77 * SECOND,
      },
      EMPTY,
    );
    expect(bench.desk.take().map(({ side, sizeLots }) => [side, sizeLots])).toEqual([[1, 1003]]);
    bench.fill(-1003);
    const sizes: number[] = [];
    let time = bench.timers[0];
    expect(time).toBe(2 * SECOND);
    while (bench.field(AgentField.position) !== 0) {
      bench.decide(time);
      const [order] = bench.desk.take();
      expect(order.side).toBe(0);
      sizes.push(order.sizeLots);
      bench.fill(order.sizeLots);
      time = bench.timers[0];
    }
    expect(sizes).toEqual([201, 201, 201, 200, 200]);
    bench.decide(time);
    expect(bench.timers[0]).toBe(time + 77 * SECOND);
    expect(bench.get('slicesLeft')).toBe(0);
  });
});

describe('stop-runner', () => {
  const params = { impact: 0.001, stopLots: 1000, gridPrice: 1 };

  it('pushes through the round price that pays more, and waits for the mark there', () => {
    const bench = open('stop-runner', params);
    bench.show(10_040);
    bench.decide(0);
    const [order] = bench.desk.take();
    expect([order.op, order.side, order.sizeLots]).toEqual(['market', 1, 401]);
    expect(bench.get('level')).toBe(100);
    // k Q S - 2 f Q P.
    expect(bench.get('profit')).toBeCloseTo(401 - 0.001 * 401 * 100.4, 9);
    expect(bench.alertBelow[0]).toBe(10_000);
    expect(bench.timers[0]).toBe(10 * SECOND);
    bench.fill(-401);
    bench.show(9990);
    bench.decide(SECOND, WakeReason.alert);
    expect(bench.desk.take().map(({ side, sizeLots }) => [side, sizeLots])).toEqual([[0, 101]]);
    expect(bench.alertBelow[0]).toBe(-1);
  });

  it('leaves when its patience ends', () => {
    const bench = open('stop-runner', { ...params, slices: 1 });
    bench.show(10_040);
    bench.decide(0);
    bench.desk.take();
    bench.fill(-401);
    bench.decide(bench.timers[0]);
    expect(bench.desk.take().map(({ side, sizeLots }) => [side, sizeLots])).toEqual([[0, 401]]);
  });

  it.each([
    ['too few stops', { stopLots: 99 }, 10_040, 1e6],
    ['a hurdle above its profit', { hurdle: 10 }, 10_040, 1e6],
    ['a round price out of reach', { reach: 0.001 }, 10_040, 1e6],
    ['too little capital', {}, 10_040, 401 * 100.4 / 3 - 1],
    ['no stops known at all', { stopLots: 0 }, 10_040, 1e6],
  ])('stays away with %s', (_why, changed, mark, equity) => {
    const bench = open('stop-runner', { ...params, ...changed }, equity);
    bench.show(mark);
    bench.decide(0);
    expect(bench.desk.take()).toEqual([]);
    expect(bench.timers[0]).toBe(SECOND);
  });

  it('takes stops from the open interest and its grid from the digits of the price', () => {
    // The farther of two round prices in reach pays more: the push is larger.
    for (const [mark, level] of [[10_040, 100], [99_960, 999], [12_345, 124], [1503, 15.1]]) {
      const bench = open('stop-runner', { impact: 0.001, gridDigits: 2 }, 1e7);
      bench.show(mark, { openInterest: 1e6 });
      bench.decide(0);
      expect(bench.get('level')).toBeCloseTo(level, 9);
      // Two percent of a million lots.
      const push = Math.abs(bench.get('push'));
      const price = mark / 100;
      expect(bench.get('profit')).toBeCloseTo(push * (0.001 * 20_000 - 0.001 * price), 6);
    }
    // Below one, too: at .5 with three digits the grid is .001.
    const cheap = open('stop-runner', { impact: 0.001, gridDigits: 2 }, 1e7);
    cheap.show(50, { openInterest: 1e6 });
    cheap.decide(0);
    expect(Math.abs(cheap.get('level') - 0.5)).toBeCloseTo(0.001, 9);
  });
});

describe('spoofer', () => {
  const params = {
    layers: 3, distanceTicks: 4, retreatTicks: 1, feignedLeverage: 3, genuineLeverage: 0.5,
  };

  it('offers what it holds behind large bids, and draws these back from the touch', () => {
    const bench = open('spoofer', params, 10_000);
    bench.fill(30);
    bench.decide(0);
    const sent = bench.desk.take();
    expect(sent.map(({ side, priceTicks, sizeLots }) => [side, priceTicks, sizeLots])).toEqual([
      [1, 10_001, 30], [0, 9995, 100], [0, 9994, 100], [0, 9993, 100],
    ]);
    expect(bench.alertBelow[0]).toBe(9996);
    bench.show(9998);
    bench.decide(SECOND);
    expect(bench.desk.take()).toEqual([]);
    bench.show(9997);
    bench.decide(2 * SECOND);
    const drawn = bench.desk.take();
    expect(drawn.map(({ op, priceTicks }) => [op, priceTicks])).toEqual([
      ['cancel', 9995], ['cancel', 9994], ['cancel', 9993],
      ['limit', 9992], ['limit', 9991], ['limit', 9990],
    ]);
  });

  it('cancels all once its small order has traded, or its time is up, and rests', () => {
    for (const filled of [true, false]) {
      const bench = open('spoofer', params, 10_000);
      bench.fill(30);
      bench.decide(0);
      bench.desk.take();
      if (filled) {
        bench.desk.slots[0][0].state = SlotState.free;
        bench.fill(-30);
      }
      const time = filled ? SECOND : 10 * SECOND;
      bench.decide(time, filled ? WakeReason.fill : WakeReason.timer);
      const actions = bench.desk.take();
      expect(actions.every(({ op }) => op === 'cancel')).toBe(true);
      expect(actions.length).toBe(filled ? 3 : 4);
      expect(bench.get('side')).toBe(0);
      const rest = bench.timers[0];
      expect(rest).toBeGreaterThan(time);
      // Nothing wakes it from its rest.
      bench.decide(time + 1, WakeReason.fill);
      expect(bench.desk.take()).toEqual([]);
      expect(bench.timers[0]).toBe(rest);
    }
  });

  it('keeps its orders within its means, on one side each, behind the touch', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: -400, max: 400 }), (seed, held) => {
        const bench = open('spoofer', params, 10_000, seed);
        bench.fill(held);
        bench.decide(0);
        const genuine = bench.get('side') > 0 ? 0 : 1;
        if (held !== 0) expect(genuine).toBe(held > 0 ? 1 : 0);
        const lots = (side: number) =>
          bench.desk.live(0, side).reduce((sum, order) => sum + order.leavesLots, 0);
        expect(lots(genuine)).toBeLessThanOrEqual(held === 0 ? 50 : Math.min(50, Math.abs(held)));
        expect(lots(1 - genuine)).toBeLessThanOrEqual(300);
        for (const order of bench.desk.live(0, 0)) expect(order.priceTicks).toBeLessThan(10_001);
        for (const order of bench.desk.live(0, 1)) expect(order.priceTicks).toBeGreaterThan(9999);
      }),
      { numRuns: 100, seed: 6 },
    );
  });

  it('sleeps while a side of the book is empty or the market halted', () => {
    const bench = open('spoofer', params, 10_000);
    bench.show(MARK, { bestBid: -1 });
    bench.decide(0);
    bench.show(MARK, { halted: 1 });
    bench.decide(bench.timers[0]);
    expect(bench.desk.take()).toEqual([]);
    expect(bench.timers[0]).toBeGreaterThan(0);
  });
});
