/** Zero-intelligence flow, the arbitrageur, the registry and the sizing wrapper. */
import { describe, expect, it } from 'vitest';
import { registry, strategyNamed } from '../../agents/index.js';
import { RandomSource, UserError } from '../../sim/kernel/index.js';
import {
  AgentField,
  AgentStatus,
  MarketField,
  SlotState,
  targetToLots,
  Urgency,
} from '../../sim/strategy/index.js';
import { StrategyBench } from '../support/strategy-bench.js';

const SECOND = 1e6;
const MID = 100_000;

describe('zero-intelligence', () => {
  /** Runs agents on a still market; returns counts of what they did. */
  function run(params: Record<string, number>, seconds: number, count = 200, latencyMicros = 1000) {
    const bench = new StrategyBench(strategyNamed('zero-intelligence'), {
      count, params, latencyMicros, seed: 42,
    });
    bench.show(MID);
    for (let i = 0; i < count; i++) bench.setEquity(1e6, MID, i);
    bench.start();
    const first = Float64Array.from(bench.timers);
    const actions = [];
    const queries: number[] = [];
    const orders: { agent: number; time: number }[] = [];
    let wakes = 0;
    for (;;) {
      let agent = 0;
      for (let i = 1; i < count; i++) if (bench.timers[i] < bench.timers[agent]) agent = i;
      const time = bench.timers[agent];
      if (time > seconds * SECOND) break;
      const before = bench.get('nextWakeMicros', agent);
      bench.decide(time, 1, [agent]);
      if (before <= time) {
        wakes++;
        queries.push(time);
      }
      for (const action of bench.desk.take()) {
        actions.push({ ...action, time });
        if (action.op !== 'cancel') orders.push({ agent, time });
      }
      bench.desk.confirmCancels(agent);
    }
    return { bench, wakes, actions, queries, orders, first };
  }

  it('wakes at its rate, from its start, and sends one order a round trip after each wake', () => {
    const { wakes, orders, queries, first } = run({ ratePerSecond: 0.5, startMicros: 2e6 }, 200);
    expect(Math.min(...first)).toBeGreaterThan(2e6);
    const mean = 200 * 0.5 * 198;
    expect(Math.abs(wakes - mean)).toBeLessThan(4 * Math.sqrt(mean));
    expect(Math.abs(orders.length - wakes)).toBeLessThanOrEqual(4);
    const due = new Set(queries.map((time) => time + 2000));
    expect(orders.every((order) => due.has(order.time))).toBe(true);
  });

  it('draws sides, kinds, sizes and distances from their laws', () => {
    const { actions } = run({ ratePerSecond: 1 }, 150);
    const sent = actions.filter((action) => action.op !== 'cancel');
    const n = sent.length;
    expect(n).toBeGreaterThan(25_000);
    /** Four standard errors of a share. */
    const share = (hits: number, total: number, p: number): void =>
      expect(Math.abs(hits / total - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / total));
    share(sent.filter((a) => a.side === 0).length, n, 0.5);
    share(sent.filter((a) => a.op === 'market').length, n, 0.15);
    for (let size = 1; size <= 10; size++) {
      share(sent.filter((a) => a.sizeLots === size).length, n, 0.1);
    }
    const limits = sent.filter((a) => a.op === 'limit');
    const distances = limits.map((a) =>
      a.side === 0 ? MID + 1 - a.priceTicks : a.priceTicks - (MID - 1),
    );
    expect(Math.min(...distances)).toBe(1);
    for (const d of [1, 2, 5, 10, 20]) {
      share(distances.filter((x) => x === d).length, limits.length, 0.1 * 0.9 ** (d - 1));
    }
    // Independent coins: side and kind, side and size.
    share(sent.filter((a) => a.side === 0 && a.op === 'market').length, n, 0.075);
    share(sent.filter((a) => a.side === 0 && a.sizeLots <= 5).length, n, 0.25);
    expect(sent.every((a) => a.op !== 'market' || a.priceTicks === -1)).toBe(true);
  });

  it('cancels everything it has with probability one half', () => {
    const { actions, wakes, bench } = run({ ratePerSecond: 1 }, 100);
    const cancelled = actions.filter((a) => a.op === 'cancel');
    const times = new Set(cancelled.map((a) => a.time));
    expect(times.size).toBeGreaterThan(0.3 * wakes);
    expect(times.size).toBeLessThan(0.5 * wakes);
    const live = bench.everyone.reduce(
      (sum, i) => sum + bench.desk.slots[i].filter((s) => s.state === SlotState.live).length, 0,
    );
    // Live orders of an agent, after a wake: half of those before and .85 new ones, so 1.7.
    expect(Math.abs(live / 200 - 1.7)).toBeLessThan(0.45);
    expect(cancelled.length + live).toBe(actions.filter((a) => a.op === 'limit').length);
  });

  it('handles a wake before the reply of the last one, in order', () => {
    const { wakes, orders, queries } = run({ ratePerSecond: 5 }, 60, 20, 100_000);
    // A fifth of the replies come after the next wake; at most four are under way.
    expect(orders.length).toBeGreaterThan(0.95 * wakes);
    const due = new Set(queries.map((time) => time + 200_000));
    expect(orders.every((order) => due.has(order.time))).toBe(true);
  });

  it('takes an empty side to lie one tick beyond the last mid', () => {
    for (const [fields, low, high] of [
      [{ bestAsk: -1, mid: 99_000 }, 99_001, MID - 1],
      [{ bestBid: -1, mid: 99_000.5 }, MID + 1, 99_000],
    ] as [Record<string, number>, number, number][]) {
      const bench = new StrategyBench(strategyNamed('zero-intelligence'), {
        count: 300, params: { marketShare: 0, ratePerSecond: 1 },
      });
      bench.show(MID, fields);
      for (const i of bench.everyone) bench.setEquity(1e6, MID, i);
      bench.start();
      for (let k = 0; k < 2; k++) {
        for (const i of bench.everyone) bench.decide(bench.timers[i], 1, [i]);
      }
      const sent = bench.desk.take().filter((a) => a.op === 'limit');
      expect(sent.length).toBeGreaterThan(250);
      const buys = sent.filter((a) => a.side === 0).map((a) => a.priceTicks);
      const sells = sent.filter((a) => a.side === 1).map((a) => a.priceTicks);
      expect(Math.max(...buys)).toBe(low - 1);
      expect(Math.min(...sells)).toBe(high + 1);
    }
  });

  it('scales sizes and draws heavy tails on request', () => {
    const scaled = run({ ratePerSecond: 1, sizeScale: 50, sizeMax: 3 }, 20).actions;
    expect(new Set(scaled.map((a) => a.sizeLots))).toEqual(new Set([50, 100, 150]));
    const { actions } = run({ ratePerSecond: 1, sizeTail: 1.5, sizeMax: 1000 }, 60);
    const sizes = actions.filter((a) => a.op !== 'cancel').map((a) => a.sizeLots);
    for (const x of [2, 4, 16]) {
      const p = x ** -1.5;
      const share = sizes.filter((s) => s >= x).length / sizes.length;
      expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt(p / sizes.length));
    }
  });

  it('sends nothing while halted and sleeps after a liquidation', () => {
    const bench = new StrategyBench(strategyNamed('zero-intelligence'), { count: 50 });
    bench.show(MID, { halted: 1 });
    for (const i of bench.everyone) bench.setEquity(1e6, MID, i);
    bench.start();
    for (let k = 0; k < 4; k++) {
      for (const i of bench.everyone) bench.decide(bench.timers[i], 1, [i]);
    }
    expect(bench.desk.take()).toEqual([]);
    bench.setField(AgentField.status, AgentStatus.liquidated, 3);
    bench.decide(bench.timers[3], 1, [3]);
    expect(bench.timers[3]).toBe(Infinity);
  });

  it('sends nothing without equity, at the times it would have', () => {
    const sent = (equity: number) => {
      const bench = new StrategyBench(strategyNamed('zero-intelligence'), { count: 50, seed: 5 });
      bench.show(MID);
      for (const i of bench.everyone) bench.setEquity(equity, MID, i);
      bench.start();
      for (let k = 0; k < 6; k++) {
        for (const i of bench.everyone) bench.decide(bench.timers[i], 1, [i]);
      }
      return { orders: bench.desk.take().length, timers: [...bench.timers] };
    };
    const rich = sent(1e6);
    expect(rich.orders).toBeGreaterThan(50);
    for (const equity of [0, -100]) {
      expect(sent(equity)).toEqual({ orders: 0, timers: rich.timers });
    }
  });
});

describe('arbitrageur', () => {
  function bench(): StrategyBench {
    const b = new StrategyBench(strategyNamed('arbitrageur'), {
      params: { clip: 1 }, periodMicros: SECOND, leverageMax: 10,
    });
    b.show(MID);
    b.setEquity(1000, MID);
    b.start();
    return b;
  }

  it('keeps still inside its threshold of twice the cost', () => {
    const b = bench();
    b.show(MID, { bestAsk: 99_801, bestBid: 99_799 });
    b.decide(0);
    expect(b.desk.take()).toEqual([]);
    expect(b.timers[0]).toBe(SECOND);
  });

  it('buys a cheap venue at no worse than its threshold, up to its capital', () => {
    const b = bench();
    b.show(MID, { bestAsk: 99_700, bestBid: 99_690 });
    b.decide(0);
    const [order] = b.desk.take();
    expect([order.op, order.side, order.priceTicks]).toEqual(['immediate', 0, 99_800]);
    // Half of the equity, at three times leverage: 1500 of quote at 1000 a whole lot.
    expect(order.sizeLots).toBe(1_500_000);
    b.setField(AgentField.pending, order.sizeLots);
    b.decide(SECOND);
    expect(b.desk.take()).toEqual([]);
  });

  it('sells a dear venue, and unwinds once the gap has closed', () => {
    const b = bench();
    b.show(MID, { bestBid: 100_300, bestAsk: 100_310 });
    b.decide(0);
    const [order] = b.desk.take();
    expect([order.op, order.side, order.priceTicks]).toEqual(['immediate', 1, 100_200]);
    b.fill(-order.sizeLots);
    b.show(MID, { bestBid: 100_090, bestAsk: 100_100 });
    b.decide(SECOND);
    expect(b.desk.take()).toEqual([]);
    b.show(MID, { bestBid: 100_015, bestAsk: 100_025 });
    b.decide(2 * SECOND);
    const [exit] = b.desk.take();
    expect([exit.side, exit.priceTicks, exit.sizeLots]).toEqual([0, 100_025, order.sizeLots]);
  });

  it('locks in no loss at its decision quotes, whatever the market', () => {
    const stream = new RandomSource(9).stream('quotes');
    const b = bench();
    for (let k = 0; k < 5000; k++) {
      const index = MID + Math.floor(stream.uniform(1, 0, k) * 2000) - 1000;
      const bid = index + Math.floor(stream.uniform(2, 0, k) * 1600) - 800;
      b.show(MID, { index, bestBid: bid, bestAsk: bid + 1 + (k % 30) });
      const held = b.field(AgentField.position);
      b.setEquity(1000, MID);
      b.decide(k * SECOND);
      for (const action of b.desk.take()) {
        const gain = action.side === 0 ? index - action.priceTicks : action.priceTicks - index;
        const enters = action.side === 0 ? held >= 0 : held <= 0;
        if (enters) expect(gain).toBeGreaterThanOrEqual(0.002 * index - 1);
        else expect(gain).toBeGreaterThanOrEqual(-0.00025 * index - 1);
        b.fill(action.side === 0 ? action.sizeLots : -action.sizeLots);
      }
      expect(Math.abs(b.field(AgentField.position))).toBeLessThanOrEqual(1_500_001);
    }
  });

  it('trades nothing without equity or in a halt', () => {
    const b = bench();
    b.show(MID, { bestAsk: 99_000, halted: 1 });
    b.decide(0);
    b.show(MID, { bestAsk: 99_000 });
    b.setEquity(0, MID);
    b.decide(SECOND);
    expect(b.desk.take()).toEqual([]);
  });
});

describe('registry', () => {
  it('names at least 32 strategies, each once, in order', () => {
    const names = registry.map((strategy) => strategy.name);
    expect(names.length).toBeGreaterThanOrEqual(32);
    expect(names).toEqual([...new Set(names)].sort());
    for (const name of names) expect(strategyNamed(name).name).toBe(name);
  });

  it('offers the nearest name for an unknown one', () => {
    for (const [typed, meant] of [
      ['momentun', 'momentum'],
      ['market_maker', 'market-maker'],
      ['zero-inteligence', 'zero-intelligence'],
    ]) {
      expect(() => strategyNamed(typed)).toThrow(UserError);
      expect(() => strategyNamed(typed)).toThrow(`did you mean "${meant}"`);
    }
  });

  it('documents every parameter and state variable', () => {
    for (const strategy of registry) {
      expect(strategy.doc.length).toBeGreaterThan(40);
      expect(strategy.source.length).toBeGreaterThan(5);
      for (const [name, spec] of Object.entries(strategy.params)) {
        const where = `${strategy.name}.${name}`;
        expect(name, where).toMatch(/^[a-z][a-zA-Z0-9]*$/);
        expect(spec.doc.length * spec.unit.length * spec.source.length, where).toBeGreaterThan(0);
        // A dial may shrink leverage at will, so its range reaches zero.
        if (spec.unit === 'leverage') expect(spec.min, where).toBeLessThanOrEqual(0);
        if (spec.integer) expect(Number.isInteger(spec.default), where).toBe(true);
      }
      for (const spec of Object.values(strategy.state)) expect(spec.doc.length).toBeGreaterThan(0);
    }
  });

  it('gives every position-scaling rule a leverage that a dial can turn', () => {
    for (const strategy of registry.filter((s) => s.style === 'sizing')) {
      const turned = Object.values(strategy.params).some((spec) => spec.unit === 'leverage');
      expect(turned, strategy.name).toBe(true);
    }
  });
});

describe('the sizing wrapper', () => {
  interface Case {
    target: number;
    position?: number;
    pending?: number;
    equity?: number;
    band?: number;
    leverageMax?: number;
    urgency?: number;
    status?: number;
  }

  /** One lot is one quote unit at the mark. */
  function lots(c: Case): number {
    const bench = new StrategyBench(strategyNamed('momentum'), {
      terms: { kind: 'inverse', multiplier: 1e8, quotePerTick: 1, quotePerLot: 1 },
      band: c.band ?? 0.1,
      leverageMax: c.leverageMax ?? 10,
    });
    const { batch } = bench;
    batch.count = 1;
    batch.row[0] = 0;
    batch.price[0] = 5000;
    batch.equity[0] = c.equity ?? 100;
    bench.setField(AgentField.position, c.position ?? 0);
    bench.setField(AgentField.pending, c.pending ?? 0);
    bench.setField(AgentField.status, c.status ?? 0);
    batch.exposure[0] = c.position ?? 0;
    batch.target[0] = c.target;
    batch.urgency[0] = c.urgency ?? 0;
    return targetToLots(batch, 0);
  }

  it.each([
    ['holds on NaN', { target: NaN, position: 5 }, 0],
    ['trades the difference', { target: 300, position: 100 }, 200],
    ['counts what is pending', { target: 300, position: 100, pending: 150 }, 50],
    ['rounds the target toward zero', { target: 12.9 }, 12],
    ['rounds a short target toward zero', { target: -12.9 }, -12],
    ['holds inside the band', { target: 109, position: 100 }, 0],
    ['holds at the edge of the band', { target: 110, position: 100 }, 0],
    ['trades outside the band', { target: 111, position: 100 }, 11],
    ['trades inside the band when forced', { target: 109, position: 100, urgency: 1 }, 9],
    ['stops at the cap', { target: 5000 }, 1000],
    ['stops at the cap when short', { target: -5000, leverageMax: 3 }, -300],
    ['comes back to a cap that fell', { target: 5000, position: 1000, equity: 50 }, -500],
    ['closes without equity', { target: 500, position: 300, equity: 0 }, -300],
    ['closes with negative equity', { target: 500, position: -300, equity: -20 }, 300],
    ['does nothing without equity or position', { target: 500, equity: 0 }, 0],
    ['refuses to add when reduce-only', { target: 500, position: 300, urgency: 3 }, 0],
    ['refuses to turn over when reduce-only', { target: -500, position: 300, urgency: 3 }, -300],
    ['reduces a short when reduce-only', { target: -100, position: -300, urgency: 3 }, 200],
    ['opens nothing when reduce-only', { target: 100, urgency: 3 }, 0],
    ['waits while halted', { target: 300, status: AgentStatus.halted }, 0],
  ] as [string, Case, number][])('%s', (_name, c, expected) => {
    expect(lots(c)).toBe(expected);
    expect(Object.is(lots(c), -0)).toBe(false);
  });

  it('keeps whole lots through a round trip of prices', () => {
    const bench = new StrategyBench(strategyNamed('momentum'), {
      terms: { kind: 'linear', multiplier: 1, quotePerTick: 0.1, quotePerLot: 0.001 },
      leverageMax: 1e12,
    });
    const { batch, economics } = bench;
    batch.row[0] = 0;
    batch.equity[0] = 1e9;
    for (let k = 1; k < 5000; k++) {
      const held = (k * 7919) % 100_003;
      const ticks = 1 + ((k * 104_729) % 900_001);
      batch.price[0] = ticks * 0.1;
      batch.target[0] = economics.exposureQuote(held, ticks);
      batch.urgency[0] = Urgency.forced;
      bench.setField(AgentField.position, held);
      expect(targetToLots(batch, 0)).toBe(0);
    }
    expect(batch.market[MarketField.mark]).toBe(0);
  });
});
