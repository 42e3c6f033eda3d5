/** What a probe does with clocks, alerts, orders and cohorts; and that looking changes nothing. */
import { describe, expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { probeOutcomes, probePath, Probe } from '../../sim/probe/index.js';
import {
  AgentField,
  MarketField,
  OrderKind,
  type Strategy,
  Urgency,
  WakeOn,
  WakeReason,
} from '../../sim/strategy/index.js';
import { type TinyRule, tinyRule } from '../support/tiny-rule.js';

const DAY = 86_400e6;

function probeOf(strategy: Strategy, options = {}): Probe {
  return new Probe({ strategy, startPrice: 100, priceMax: 128, equity: 1000, ...options });
}

/** A rule that notes each decision as [time in days, reason]. */
function noting(rule: TinyRule): { strategy: Strategy; notes: [number, number][] } {
  const notes: [number, number][] = [];
  const { decide } = rule;
  const strategy = tinyRule({
    ...rule,
    decide(batch, at) {
      notes.push([batch.time[0] / DAY, batch.reason[0]]);
      decide?.(batch, at);
    },
  });
  return { strategy, notes };
}

describe('clocks and alerts', () => {
  it('runs timers within a bar at its price, before the next', () => {
    const { strategy, notes } = noting({
      decide(batch) {
        batch.wakeAt[0] = batch.time[0] + DAY / 2;
      },
    });
    const probe = probeOf(strategy);
    probe.step(100);
    expect(notes).toEqual([[0, 1], [0.5, 1]]);
    probe.step(101);
    expect(notes.slice(2)).toEqual([[1, 1], [1.5, 1]]);
  });

  it('moves a timer that is not in the future on, and gives up on a rule that never rests', () => {
    const { strategy } = noting({
      decide(batch) {
        batch.wakeAt[0] = batch.time[0];
      },
    });
    expect(() => probeOf(strategy).step(100)).toThrow(/decided 200000 times within one bar/);
  });

  it('wakes a rule without a clock by its alert between two prices, at the new price', () => {
    const level = 98.01;
    const { strategy, notes } = noting({
      start(batch) {
        batch.target[0] = NaN;
        batch.alertBelow[0] = Math.floor(level / batch.economics.quotePerTick);
      },
      decide(batch) {
        batch.target[0] = 500;
      },
    });
    const probe = probeOf(strategy);
    expect(probe.step(100).orderUnits).toBe(0);
    expect(probe.step(98.1).orderUnits).toBe(0);
    // The level itself, though it lies between two ticks; then nothing more.
    expect(probe.step(98.01).orderUnits).toBeCloseTo(500 / 98.01, 12);
    expect(probe.step(90).orderUnits).toBe(0);
    expect(notes).toEqual([[2, WakeReason.alert]]);
    const gap = probeOf(strategy);
    gap.step(100);
    const { price, orderUnits, targetPositionUnits } = gap.step(90);
    expect([price, orderUnits, targetPositionUnits]).toEqual([90, 500 / 90, 500 / 90]);
  });

  it('shows an alerted rule the extremes of the move, and later decisions the price alone', () => {
    const seen: number[][] = [];
    const strategy = tinyRule({
      each(batch) {
        const m = batch.market;
        seen.push([m[MarketField.high], m[MarketField.low]].map((x) => x * batch.economics.quotePerTick));
        batch.wakeAt[0] = batch.time[0] + DAY / 2;
      },
    });
    const probe = probeOf(strategy);
    probe.step(100);
    probe.step(90);
    expect(seen).toEqual([[100, 100], [100, 100], [100, 90], [90, 90]]);
  });

  it('fires an alert that is met already when set, as long as it leads to trades', () => {
    // A ladder that looks at one rung a decision: the gap to 90 passes three.
    const rungs = [98, 95, 91, 85];
    const { strategy, notes } = noting({
      state: { rung: {} },
      start(batch) {
        batch.alertBelow[0] = 98 / batch.economics.quotePerTick;
      },
      decide(batch, at) {
        const k = batch.rows[at.rung]++;
        batch.target[0] = (k + 1) * batch.price[0];
        batch.alertBelow[0] = rungs[k + 1] / batch.economics.quotePerTick;
      },
    });
    const probe = probeOf(strategy);
    probe.step(100);
    expect(probe.step(90).orderUnits).toBe(3);
    expect(notes.map(([, reason]) => reason)).toEqual([2, 2, 2]);
    expect(probe.step(89).orderUnits).toBe(0);
  });
});

describe('the wrapper', () => {
  const rule = (target: number, urgency = 0) =>
    tinyRule({
      each(batch) {
        batch.target[0] = target;
        batch.urgency[0] = urgency;
      },
    });

  it('trades fractions, whole lots when asked, within the band not at all', () => {
    expect(probeOf(rule(250)).step(100).orderUnits).toBe(2.5);
    expect(probeOf(rule(250), { lot: 1 }).step(100).orderUnits).toBe(2);
    expect(probeOf(rule(-250), { lot: 1 }).step(100).orderUnits).toBe(-2);
    const held = { position: 2.4, band: 0.1 };
    expect(probeOf(rule(250), held).step(100).orderUnits).toBe(0);
    expect(probeOf(rule(250), held).step(100).targetPositionUnits).toBe(2.5);
    expect(probeOf(rule(250, Urgency.forced), held).step(100).orderUnits).toBeCloseTo(0.1, 12);
  });

  it('caps leverage when asked, and lets no one add or turn over who may only reduce', () => {
    const capped = probeOf(rule(5000), { leverageMax: 2 }).step(100);
    expect([capped.orderUnits, capped.targetLeverage]).toEqual([20, 2]);
    const { reduceOnly } = Urgency;
    expect(probeOf(rule(500, reduceOnly), { position: 3 }).step(100).orderUnits).toBe(0);
    expect(probeOf(rule(-500, reduceOnly), { position: 3 }).step(100).orderUnits).toBe(-3);
    expect(probeOf(rule(100, reduceOnly), { position: 3 }).step(100).orderUnits).toBe(-2);
    expect(probeOf(rule(500), { equity: 0 }).step(100).orderUnits).toBe(0);
  });
});

describe('orders of quoting rules', () => {
  const ticksOf = (batch: { economics: { quotePerTick: number } }, price: number) =>
    Math.round(price / batch.economics.quotePerTick);
  /** Sends once, at the first price. */
  const quoting = (send: TinyRule['each'], rest: TinyRule = {}) =>
    tinyRule({
      style: 'quoting',
      ...rest,
      each(batch, i, r, at) {
        if (batch.time[0] === 0) send?.(batch, i, r, at);
      },
    });

  it('fills resting ones at their price when the path reaches it', () => {
    const strategy = quoting((batch) => {
      batch.orders.limit(0, 0, ticksOf(batch, 98), 3, 0);
      batch.orders.limit(0, 1, ticksOf(batch, 104), 2, 0);
    });
    const probe = probeOf(strategy);
    expect(probe.step(100).orders?.map(({ side, priceQuote }) => [side, priceQuote])).toEqual([
      ['buy', 98], ['sell', 104],
    ]);
    expect(probe.step(98.5).orderUnits).toBe(0);
    const filled = probe.step(97);
    expect([filled.orderUnits, filled.equityQuote, filled.targetPositionUnits]).toEqual([3, 997, 3]);
    expect(probe.step(104).orderUnits).toBe(-2);
    expect(probe.step(104).orders).toEqual([]);
  });

  it('takes at the price what crosses, refuses post-only, leaves what does not reach', () => {
    const [took, postOnly, short] = [0, 1, 0].map((flags, k) =>
      probeOf(quoting((batch) => {
        if (k < 2) batch.orders.limit(0, 0, ticksOf(batch, 101), 3, flags);
        else batch.orders.immediate(0, 0, ticksOf(batch, 99), 3, 0);
      })).step(100),
    );
    expect([took.orderUnits, took.equityQuote]).toEqual([3, 1000]);
    expect([postOnly.orderUnits, short.orderUnits]).toEqual([0, 0]);
  });

  it('knows stops from take-profits, and cuts reduce-only orders', () => {
    const strategy = quoting((batch) => {
      const { stopMarket, takeProfitMarket } = OrderKind;
      batch.orders.stop(0, 1, stopMarket, ticksOf(batch, 95), 9, 1, 2);
      batch.orders.stop(0, 1, takeProfitMarket, ticksOf(batch, 105), 1, 1, 2);
    });
    const up = probeOf(strategy, { position: 4 });
    up.step(100);
    expect(up.step(106).orderUnits).toBe(-1);
    expect(up.step(94).orderUnits).toBe(-3);
    const down = probeOf(strategy, { position: 4 });
    down.step(100);
    expect(down.step(94).orderUnits).toBe(-4);
    expect(down.step(106).orderUnits).toBe(0);
  });

  it('tells a rule of its fills when it asked to hear of them', () => {
    const reasons: number[] = [];
    const strategy = tinyRule({
      style: 'quoting',
      wakeOn: WakeOn.fill,
      decide(batch) {
        reasons.push(batch.reason[0]);
        if (reasons.length === 1) batch.orders.limit(0, 0, ticksOf(batch, 98), 1, 0);
        if (reasons.length === 2) batch.orders.market(0, 1, 1, -1, 0);
      },
    });
    const probe = probeOf(strategy);
    probe.step(100);
    probe.step(97);
    expect(reasons).toEqual([WakeReason.timer, WakeReason.fill, WakeReason.fill]);
    expect(probe.rows[AgentField.position]).toBe(0);
  });
});

describe('looking', () => {
  const prices = [100, 101, 103, 102, 99, 97, 98, 101, 104, 103];

  it.each(registry.map((strategy) => [strategy.name, strategy] as const))(
    'at what %s would trade leaves no trace',
    (_name, strategy) => {
      const options = { startPrice: 100, priceMax: 104, position: 20, strategy };
      const plain = new Probe(options);
      const watched = new Probe(options);
      for (const price of prices) {
        const step = plain.step(price);
        expect(watched.step(price)).toEqual(step);
        for (const other of [price, price * 0.97, price * 1.2]) watched.wouldTrade(other);
        expect([...watched.rows]).toEqual([...plain.rows]);
        expect([...watched.market]).toEqual([...plain.market]);
      }
    },
  );

  it('is the trade the next step would make', () => {
    for (const strategy of registry) {
      const probe = new Probe({ startPrice: 100, priceMax: 104, position: 20, strategy });
      probe.step(100);
      const would = probe.wouldTrade(97);
      const { orderUnits, price } = probe.step(97, { index: 100 });
      if (strategy.style === 'sizing') expect(would, strategy.name).toBeCloseTo(orderUnits * price, 6);
    }
  });
});

describe('cohorts, paths and bets', () => {
  it('shows everybody what the cohort published a bar before', () => {
    const seen: number[][] = [];
    const strategy = tinyRule({
      state: { vote: {} },
      publishes: 'vote',
      each(batch, i, r, at) {
        seen.push([batch.crowdSum[i], batch.cohortCount]);
        batch.rows[r + at.vote] = batch.agent[i] + 1;
      },
    });
    const probe = probeOf(strategy, { agents: 3 });
    probe.step(100);
    probe.step(100);
    expect(seen).toEqual([[0, 3], [0, 3], [0, 3], [6, 3], [6, 3], [6, 3]]);
  });

  it('refuses what is no path, no setting, no range', () => {
    const strategy = tinyRule({ params: { size: { min: 0, max: 2, integer: true } } });
    const options = { strategy };
    expect(() => probePath(options, [])).toThrow(/no prices/);
    expect(() => probePath(options, [100, NaN])).toThrow(/price 1 was NaN/);
    expect(() => probePath(options, [1, 1e7])).toThrow(/factor of 1000000/);
    expect(() => probePath(options, [1, 2], { index: [1] })).toThrow(/1 index prices, must be 2/);
    expect(() => probePath({ strategy, params: { sise: 1 } }, [1])).toThrow(/must be one of size/);
    expect(() => probePath({ strategy, params: { size: 3 } }, [1])).toThrow(/in \[0, 2\]/);
    expect(() => probePath({ strategy, params: { size: 0.5 } }, [1])).toThrow(/whole number/);
    expect(() => probeOutcomes({ strategy, startPrice: 1, priceMax: 1 }, [1])).toThrow(/no bets/);
    const quotes = tinyRule({ style: 'quoting' });
    expect(() => probePath({ strategy: quotes }, [1], { gain: true })).toThrow(/has no gain/);
  });

  it('moves the price to the barrier that wins or loses, and tells the end', () => {
    // Bets a tenth of its equity short; after each bet on the other side.
    const strategy = tinyRule({
      params: { barrier: { default: 0.25, min: 0, max: 0.5 } },
      state: { side: { initial: 1 } },
      bets: { barrier: 'barrier', side: 'side' },
      each(batch, i, r, at) {
        batch.rows[r + at.side] *= -1;
        batch.target[i] = batch.rows[r + at.side] * 100;
      },
    });
    const { steps, end } = probeOutcomes({ strategy, startPrice: 100, priceMax: 100, equity: 1000 }, [1, 0, 0]);
    expect(steps.map(({ price }) => price)).toEqual([100, 75, 56.25]);
    expect(steps.map(({ equityQuote }) => equityQuote)).toEqual([1000, 1025, 1000]);
    expect(end).toEqual({ price: 70.3125, equityQuote: 975 });
    const many = Array.from({ length: 60 }, (_, k) => 1 - (k % 2));
    expect(() => probeOutcomes({ strategy, startPrice: 100, priceMax: 100 }, many)).toThrow(/fewer outcomes/);
  });
});
