/** Parent orders through the engine: what each policy sends, when, and what it adds up to. */
import { describe, expect, it } from 'vitest';
import type { WorldSpec } from '../../sim/engine/index.js';
import { DeskCounter, WindowLoop, World } from '../../sim/engine/index.js';
import { almgrenChrissLots, tradeOffRate } from '../../sim/execution/index.js';
import type { ExecutionSpec } from '../../sim/execution/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import {
  AgentField,
  type DecisionBatch,
  defineStrategy,
  FORCED_OUT,
  MarketField,
  type Strategy,
} from '../../sim/strategy/index.js';
import { EventKind, EventLog, EventReader } from '../../sim/trace/index.js';
import { tinyExecution, tinyWorld } from '../support/tiny-world.js';
import type { TinyOptions } from '../support/tiny-world.js';

type Policy = ExecutionSpec['policy'];
const policies: Policy[] = ['limit-join', 'twap', 'pov', 'almgren-chriss'];
const SECOND = 1_000_000;

/** What a test strategy wants at a time: a target in quote units (lots of the inverse contract). */
interface Plan {
  atMicros: number;
  targetQuote: number;
  urgency?: number;
}

interface Woken {
  agent: number;
  time: number;
  reason: number;
  volume: number;
}

/** Agents act a millisecond or so apart. */
const shift = (batch: DecisionBatch, i: number): number => 1009 * batch.rows[batch.row[i] + AgentField.keyLow];

/** A sizing strategy that follows a plan and writes down when it was asked. */
function planned(plans: Plan[], woken: Woken[]): Strategy {
  return defineStrategy({
    name: 'planned', family: 'scaling', doc: 'Made for a test.', source: 'none', params: {},
    state: { next: { doc: 'Next plan', unit: '1', initial: 0 } },
    style: 'sizing', orderSlots: 2, gainSign: 0, exitTrigger: 'none', wakeOn: 0,
    start(batch) {
      for (let i = 0; i < batch.count; i++) batch.wakeAt[i] = plans[0].atMicros + shift(batch, i);
    },
    decide(batch, at) {
      for (let i = 0; i < batch.count; i++) {
        const r = batch.row[i];
        const plan = plans[batch.rows[r + at.next]++];
        const volume = batch.market[batch.marketAt[i] + MarketField.volume];
        woken.push({ agent: batch.agent[i], time: batch.time[i], reason: batch.reason[i], volume });
        batch.target[i] = plan.targetQuote;
        batch.urgency[i] = plan.urgency ?? 0;
        const next = plans[batch.rows[r + at.next]];
        batch.wakeAt[i] = next === undefined ? Infinity : next.atMicros + shift(batch, i);
      }
    },
  });
}

/** Puts more on the book than anybody takes. */
function deepen(spec: WorldSpec): void {
  for (const order of spec.exogenous) order.sizeLots = 100_000;
}

interface Fill {
  time: number;
  lots: number;
  maker: boolean;
}

interface Ran {
  world: World;
  woken: Woken[];
  agents: number[];
  fills: Map<number, Fill[]>;
  /** Traded lots up to and including each time, ascending. */
  volumes: { time: number; lots: number }[];
  executions: number;
  wakes: number;
}

/** Before the index of a minute's world falls. */
const CALM = 29 * SECOND;

interface More extends TinyOptions {
  amend?: (spec: WorldSpec) => void;
  untilMicros?: number;
}

function run(policy: Policy | undefined, plans: Plan[], more: More = {}): Ran {
  const { amend, untilMicros = CALM } = more;
  const woken: Woken[] = [];
  const spec = tinyWorld({ execution: policy, custom: planned(plans, woken), seconds: 60, ...more });
  amend?.(spec);
  const fills = new Map<number, Fill[]>();
  const volumes: Ran['volumes'] = [];
  let traded = 0;
  const log = new EventLog((bytes) => {
    const rows = new EventReader(bytes);
    while (rows.next()) {
      if (rows.kind !== EventKind.trade) continue;
      const { time, sizeLots } = rows;
      traded += Math.abs(sizeLots);
      volumes.push({ time, lots: traded });
      const add = (agent: number, lots: number, maker: boolean) =>
        fills.set(agent, [...(fills.get(agent) ?? []), { time, lots, maker }]);
      add(rows.account, sizeLots, false);
      add(rows.other, -sizeLots, true);
    }
  });
  const world = new World(new LocalMemory(), spec, 1, log);
  world.open();
  const loop = new WindowLoop(world, { parallel: false, check: true, checkWindows: 50, untilMicros });
  world.close(loop.run().micros);
  const c = spec.cohorts.findIndex((cohort) => cohort.name === 'targets');
  const agents = Array.from({ length: spec.cohorts[c].count }, (_, k) => world.population.base[c] + k);
  const counter = (k: number) => world.shards.reduce((sum, shard) => sum + shard.counters[k], 0);
  return {
    world, woken, agents, fills, volumes,
    executions: counter(DeskCounter.executions), wakes: counter(DeskCounter.wakes),
  };
}

/** Lots an agent took at each time, in order. */
function taken(ran: Ran, agent: number): { time: number; lots: number }[] {
  const byTime = new Map<number, number>();
  for (const { time, lots, maker } of ran.fills.get(agent) ?? []) {
    if (!maker) byTime.set(time, (byTime.get(time) ?? 0) + lots);
  }
  return [...byTime].map(([time, lots]) => ({ time, lots }));
}

const latency = (ran: Ran, agent: number, field: number): number =>
  ran.world.population.rows[ran.world.population.cohortOf[agent]][ran.world.population.rowOf(agent) + field];

const long = { horizonMicros: () => 20 * SECOND, intervalMicros: () => 500_000 };
const buy: Plan[] = [{ atMicros: 5 * SECOND, targetQuote: 500.5 }];

describe('a parent order', () => {
  it('is completed by every policy, to the lot', () => {
    for (const policy of policies) {
      for (const targetQuote of [503.7, -1201.2]) {
        const ran = run(policy, [{ atMicros: 5 * SECOND, targetQuote }], { ...long, horizonMicros: () => 15 * SECOND, rate: 0.02, amend: deepen });
        for (const agent of ran.agents) {
          expect(ran.world.venue.positionOf(agent, 0), `${policy} ${agent}`).toBe(Math.trunc(targetQuote));
          const total = (ran.fills.get(agent) ?? []).reduce((sum, fill) => sum + fill.lots, 0);
          expect(total).toBe(Math.trunc(targetQuote));
        }
        expect(ran.executions).toBeGreaterThan(ran.agents.length);
        for (const shard of ran.world.shards) {
          for (const agent of ran.agents) expect(shard.wheel.timeOf(agent)).toBe(Infinity);
        }
      }
    }
  });

  it('waits out a halt', () => {
    for (const policy of policies) {
      const ran = run(policy, [{ atMicros: 6 * SECOND, targetQuote: 400 }], {
        horizonMicros: () => 6 * SECOND, intervalMicros: () => 500_000, rate: 0.2,
        amend: (spec) => {
          deepen(spec);
          spec.faults = [{ kind: 'halt', fromMicros: 7 * SECOND, untilMicros: 14 * SECOND }];
        },
      });
      for (const agent of ran.agents) expect(ran.world.venue.positionOf(agent, 0), policy).toBe(400);
    }
  });

  it('does not touch the clock of its strategy, nor count as its wakes', () => {
    const plans = Array.from({ length: 40 }, (_, k) => ({
      atMicros: (2 + k) * SECOND, targetQuote: 300 * ((k >> 3) % 3) - 200,
    }));
    const plain = run(undefined, plans);
    const times = ({ woken }: Ran) =>
      woken.map(({ agent, time, reason }) => [agent, time, reason].join()).sort();
    for (const policy of policies) {
      const ran = run(policy, plans);
      expect(times(ran), policy).toEqual(times(plain));
      expect(ran.executions).toBeGreaterThan(0);
    }
    expect(plain.executions).toBe(0);
  });

  it('gives way to a new target, from where the position is', () => {
    const plans = [...buy, { atMicros: 14 * SECOND, targetQuote: -300 }];
    for (const policy of policies) {
      const ran = run(policy, plans, { ...long, horizonMicros: () => 12 * SECOND, rate: 0.02, amend: deepen });
      let begun = 0;
      for (const agent of ran.agents) {
        const turn = ran.woken.find((one) => one.agent === agent && one.time > 13 * SECOND)!.time;
        const known = turn + latency(ran, agent, AgentField.orderLatencyMicros);
        const fills = ran.fills.get(agent) ?? [];
        const before = fills.filter((fill) => fill.time < known).reduce((sum, fill) => sum + fill.lots, 0);
        const after = fills.filter((fill) => fill.time > known);
        begun += before;
        expect(before, policy).toBeLessThanOrEqual(500);
        for (const fill of after) expect(fill.lots, `${policy} ${agent} at ${fill.time}`).toBeLessThan(0);
        expect(ran.world.venue.positionOf(agent, 0), policy).toBe(-300);
      }
      expect(begun, policy).toBeGreaterThan(100);
    }
  });

  it('is left alone by decisions that hold, or want what it leads to', () => {
    for (const targetQuote of [NaN, 500.5]) {
      const more = Array.from({ length: 30 }, (_, k) => ({
        atMicros: 5 * SECOND + (k + 1) * 300_000, targetQuote,
      }));
      const ran = run('twap', [...buy, ...more], { ...long, amend: deepen });
      const plain = run('twap', buy, { ...long, amend: deepen });
      for (const agent of ran.agents) {
        expect(ran.woken.filter((one) => one.agent === agent)).toHaveLength(31);
        expect(taken(ran, agent)).toEqual(taken(plain, agent));
      }
    }
  });

  it('goes to the market at once when its agent is forced out, and nothing follows', () => {
    const plans = [...buy, { atMicros: 12 * SECOND, targetQuote: 0, urgency: FORCED_OUT }];
    for (const policy of policies) {
      const ran = run(policy, plans, { ...long, rate: 0.002 });
      let left = 0;
      for (const agent of ran.agents) {
        const out = ran.woken.find((one) => one.agent === agent && one.time > 11 * SECOND)!.time;
        const arrival = out + latency(ran, agent, AgentField.orderLatencyMicros);
        const before = (ran.fills.get(agent) ?? []).filter((fill) => fill.time < arrival);
        if (before.length > 0) {
          const last = taken(ran, agent).at(-1)!;
          expect(last.time, policy).toBe(arrival);
          expect(last.lots).toBeLessThan(0);
          left++;
        }
        const late = (ran.fills.get(agent) ?? []).filter((fill) => fill.time > arrival);
        expect(late, `${policy} ${agent}`).toEqual([]);
        expect(Math.abs(ran.world.venue.positionOf(agent, 0))).toBe(0);
      }
      expect(left, policy).toBeGreaterThan(0);
    }
  });

  it('ends when its agent is liquidated', () => {
    let liquidated = 0;
    for (const policy of policies) {
      // Up to sixty times its equity in the fall: it is closed out while it is still buying.
      const ran = run(policy, [{ atMicros: 29 * SECOND, targetQuote: 3000 }], {
        horizonMicros: () => 25 * SECOND, intervalMicros: () => 500_000, rate: 0.01,
        untilMicros: Infinity,
        amend: (spec) => {
          deepen(spec);
          const { populate } = spec;
          const c = spec.cohorts.findIndex((cohort) => cohort.name === 'targets');
          spec.populate = () => {
            const drawn = populate();
            drawn[c].depositQuanta.fill(Math.floor((100 * 1e8 * 1000) / 10_000));
            drawn[c].initialEquityQuote.fill(100);
            drawn[c].leverageMax.fill(100);
            drawn[c].venueLeverage.fill(100);
            return drawn;
          };
        },
      });
      for (const agent of ran.agents) {
        const c = ran.world.population.cohortOf[agent];
        const status = latency(ran, agent, AgentField.status);
        if ((status & 1) === 0) continue;
        liquidated++;
        expect(ran.world.venue.positionOf(agent, 0), policy).toBe(0);
        expect(ran.world.population.execution[c].length).toBeGreaterThan(0);
        expect(ran.world.shards[0].wheel.timeOf(agent)).toBe(Infinity);
      }
    }
    expect(liquidated).toBeGreaterThan(20);
  });
});

describe('slices', () => {
  it('are equal and evenly spaced for twap', () => {
    const ran = run('twap', buy, { ...long, amend: deepen });
    for (const agent of ran.agents) {
      const start = ran.woken.find((one) => one.agent === agent)!.time;
      const delay = latency(ran, agent, AgentField.orderLatencyMicros);
      const wanted = Array.from({ length: 10 }, (_, k) => ({ time: start + delay + k * 2 * SECOND, lots: 50 }));
      expect(taken(ran, agent)).toEqual(wanted);
    }
  });

  it('follow the optimum of Almgren and Chriss for the turnover seen', () => {
    const ran = run('almgren-chriss', [{ atMicros: 5 * SECOND, targetQuote: -2000 }], { ...long, rate: 30, amend: deepen });
    const { volatility, temporaryImpact, permanentImpact } = tinyExecution('almgren-chriss');
    let curved = 0;
    for (const agent of ran.agents) {
      const { time, volume } = ran.woken.find((one) => one.agent === agent)!;
      const seen = time - latency(ran, agent, AgentField.feedLatencyMicros);
      // A lot of the inverse contract is worth one quote unit.
      const turnover = (volume / seen) * 86_400e6;
      const days = 20 / 86_400;
      const eta = temporaryImpact - 0.5 * permanentImpact * (days / 10);
      const urgency = days * tradeOffRate((30 * volatility * volatility * turnover) / eta, days / 10);
      const sizes = taken(ran, agent).map(({ lots }) => lots);
      const wanted = Array.from({ length: 10 }, (_, k) =>
        almgrenChrissLots(-2000, k + 1, 10, urgency) - almgrenChrissLots(-2000, k, 10, urgency),
      );
      expect(sizes).toEqual(wanted.filter((lots) => lots !== 0));
      if (wanted[0] < 1.5 * wanted[9]) curved++;
    }
    expect(curved).toBe(ran.agents.length);
  });
});

describe('participation', () => {
  it('stays within its rate of the volume since the parent began', () => {
    const rate = 0.004;
    const ran = run('pov', [{ atMicros: 5 * SECOND, targetQuote: 4000 }], { ...long, rate, amend: deepen });
    let traded = 0;
    for (const agent of ran.agents) {
      const { volume } = ran.woken.find((one) => one.agent === agent)!;
      let own = 0;
      for (const { time, lots } of taken(ran, agent)) {
        own += lots;
        const before = ran.volumes.filter((one) => one.time < time).at(-1)!;
        expect(own).toBeLessThanOrEqual(rate * (before.lots - volume));
      }
      traded += own;
      const known = ran.volumes.filter((one) => one.time < 27 * SECOND).at(-1)!;
      expect(own).toBeGreaterThan(Math.min(4000, rate * (known.lots - volume)) - 2);
    }
    expect(traded).toBeGreaterThan(1000);
  });
});

describe('a joining order', () => {
  it('only makes until its patience ends, and takes what is left once', () => {
    const patience = 6 * SECOND;
    const ran = run('limit-join', [{ atMicros: 5 * SECOND, targetQuote: 90 }], { horizonMicros: () => patience, intervalMicros: () => 300_000 });
    let made = 0;
    let took = 0;
    for (const agent of ran.agents) {
      const start = ran.woken.find((one) => one.agent === agent)!.time;
      const fills = ran.fills.get(agent) ?? [];
      for (const fill of fills) if (!fill.maker) expect(fill.time).toBeGreaterThan(start + patience);
      expect(taken(ran, agent).length).toBeLessThanOrEqual(1);
      if (fills.every((fill) => fill.maker)) made++;
      else took++;
    }
    expect(made).toBeGreaterThan(0);
    expect(took).toBeGreaterThan(3);
  });
});
