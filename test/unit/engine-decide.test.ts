/** What an agent sees and when it acts, through the engine, with strategies made for the purpose. */
import { describe, expect, it } from 'vitest';
import type { WorldSpec } from '../../sim/engine/index.js';
import { runInMemory } from '../../sim/engine/index.js';
import { AgentField, defineStrategy, MarketField, WakeOn, WakeReason } from '../../sim/strategy/index.js';
import type { Strategy, StrategyDeclaration } from '../../sim/strategy/index.js';
import { tinyWorld } from '../support/tiny-world.js';

type Rule = Pick<StrategyDeclaration<never, never>, 'start' | 'decide'> & { wakeOn?: number };

function custom(rule: Rule): Strategy {
  return defineStrategy({
    name: 'custom', family: 'flow', doc: 'Made for a test.', source: 'none',
    params: {}, state: {}, style: 'quoting', orderSlots: 8, gainSign: 0, exitTrigger: 'none',
    wakeOn: rule.wakeOn ?? WakeOn.none, start: rule.start, decide: rule.decide,
  });
}

/** The tiny world with the volatility targeters' strategy, and perhaps instrument, replaced. */
function worldWith(strategy: Strategy, instrument = 0): WorldSpec {
  const spec = tinyWorld({ seconds: 20 });
  const c = spec.cohorts.findIndex((cohort) => cohort.name === 'targets');
  spec.cohorts[c] = { ...spec.cohorts[c], strategy, instrument };
  return spec;
}

describe('decisions', () => {
  it('come in the order of their times, each knowing only what had been reported', () => {
    const lastTime = new Map<number, number>();
    const knownBefore = new Map<number, number>();
    let decisions = 0;
    let afterFill = 0;
    const strategy = custom({
      wakeOn: WakeOn.fill | WakeOn.liquidated,
      start: (batch) => {
        for (let i = 0; i < batch.count; i++) batch.wakeAt[i] = 1_000_000 + 137 * batch.agent[i];
      },
      decide: (batch) => {
        for (let i = 0; i < batch.count; i++) {
          const agent = batch.agent[i];
          const time = batch.time[i];
          expect(Number.isInteger(time)).toBe(true);
          expect(time).toBeGreaterThan(lastTime.get(agent) ?? -1);
          lastTime.set(agent, time);
          const position = batch.rows[batch.row[i] + AgentField.position];
          const filled = (batch.reason[i] & (WakeReason.fill | WakeReason.liquidated)) !== 0;
          // Between reports nothing may be learnt.
          if (!filled) expect(position).toBe(knownBefore.get(agent) ?? 0);
          knownBefore.set(agent, position);
          decisions++;
          if (filled) afterFill++;
          if (decisions % 5 === 0) batch.orders.market(i, agent & 1, 10, -1, 0);
          // A fill leaves the clock as it was set before.
          if (batch.reason[i] & WakeReason.timer) batch.wakeAt[i] = time + 2_500.25;
        }
      },
    });
    runInMemory(worldWith(strategy));
    expect(decisions).toBeGreaterThan(10_000);
    expect(afterFill).toBeGreaterThan(100);
  });

  it('see snapshots that ended a feed latency ago, and not much older ones', () => {
    let seen = 0;
    const strategy = custom({
      start: (batch) => {
        for (let i = 0; i < batch.count; i++) batch.wakeAt[i] = 3_000_000 + 7919 * batch.agent[i];
      },
      decide: (batch) => {
        for (let i = 0; i < batch.count; i++) {
          const window = batch.market[batch.marketAt[i] + MarketField.window];
          const latency = batch.rows[batch.row[i] + AgentField.feedLatencyMicros];
          const end = (window + 1) * 100_000;
          expect(end).toBeLessThanOrEqual(batch.time[i] - latency);
          // The tiny world is busy in every window, so the newest visible one is the next older.
          expect(end + 100_000).toBeGreaterThan(batch.time[i] - latency);
          batch.wakeAt[i] = batch.time[i] + 61_803;
          seen++;
        }
      },
    });
    runInMemory(worldWith(strategy));
    expect(seen).toBeGreaterThan(5000);
  });
});

describe('price alerts', () => {
  it('watch the instrument of their agents', () => {
    for (const instrument of [0, 1]) {
      const fired: number[] = [];
      const strategy = custom({
        start: (batch) => {
          for (let i = 0; i < batch.count; i++) batch.alertBelow[i] = 9000;
        },
        decide: (batch) => {
          for (let i = 0; i < batch.count; i++) {
            expect(batch.reason[i]).toBe(WakeReason.alert);
            fired.push(batch.time[i]);
          }
        },
      });
      const spec = worldWith(strategy, instrument);
      const [first] = spec.venue.instruments;
      spec.venue.instruments.push({ ...first, name: 'SECOND', mark: { kind: 'index' } });
      // The first instrument falls through 9000 after 10 s; the second only after 15 s.
      spec.index.push({
        timesMicros: Float64Array.of(0, 15_000_000),
        priceTicks: Int32Array.of(10_000, 8_500),
      });
      runInMemory(spec);
      const { count } = spec.cohorts.find((cohort) => cohort.strategy === strategy)!;
      expect(fired.length, `instrument ${instrument}`).toBe(count);
      const from = instrument === 0 ? 10_000_000 : 15_000_000;
      for (const time of fired) {
        expect(time).toBeGreaterThanOrEqual(from);
        expect(time).toBeLessThan(from + 3_000_000);
      }
    }
  });
});

describe('mail and orders under way', () => {
  it('fit however many agents fire at once, with any number of shards', () => {
    const strategy = custom({
      start: (batch) => {
        for (let i = 0; i < batch.count; i++) batch.wakeAt[i] = 1_000_000;
      },
      decide: (batch) => {
        for (let i = 0; i < batch.count; i++) {
          for (let k = 0; k < 8; k++) batch.orders.limit(i, k & 1, k & 1 ? 12_000 + k : 8000 - k, 1, 0);
          batch.wakeAt[i] = Infinity;
        }
      },
    });
    const spec = (): WorldSpec => {
      const world = tinyWorld({ seconds: 2, scale: 300 });
      const c = world.cohorts.findIndex((cohort) => cohort.name === 'targets');
      world.cohorts[c] = { ...world.cohorts[c], strategy };
      return world;
    };
    const one = runInMemory(spec());
    expect(one.limitOrders).toBeGreaterThan(70_000);
    expect(runInMemory(spec(), { shards: 3 }).hash).toBe(one.hash);
  });
});
