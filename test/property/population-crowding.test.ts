/** Crowding: every choice of a cohort keeps its distribution, and becomes more and more the same. */
import { describe, expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { WindowLoop, World } from '../../sim/engine/index.js';
import { LocalMemory, normalCdf, normalQuantile, RandomSource } from '../../sim/kernel/index.js';
import { AgentField, defineStrategy, WakeOn } from '../../sim/strategy/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { crowdWorlds, drawCrowds } from '../support/crowd-draws.js';
import { correlation, kolmogorov, kolmogorovLimit, mean } from '../support/sample-statistics.js';

const LEVELS = [0, 0.25, 0.5, 0.75, 1];
const BARS = 20;

/** Remembers the noise of its signal at every bar. */
const listener = defineStrategy({
  name: 'listener', family: 'flow', doc: 'Hears.', source: 'none', gainSign: 0, exitTrigger: 'none',
  style: 'sizing', orderSlots: 2, wakeOn: WakeOn.none, params: {},
  state: {
    bar: { doc: 'Bars so far', unit: '1', initial: 0 },
    heard: { doc: 'Noise of each bar', unit: '1', initial: 0, count: BARS },
  },
  start(batch) {
    for (let i = 0; i < batch.count; i++) batch.wakeAt[i] = 0;
  },
  decide(batch, at) {
    for (let i = 0; i < batch.count; i++) {
      const r = batch.row[i];
      const bar = batch.rows[r + at.bar]++;
      if (bar < BARS) batch.rows[r + at.heard + bar] = batch.noise(i, 0, bar);
      batch.wakeAt[i] = batch.time[i] + 1_000_000;
    }
  },
});

/** Uniform fields, so that a draw is its own distribution function. */
const KEYS = `equity: 1e5, period: 1m,
    params: { stop1: { dist: uniform, min: 0.1, max: 0.2 }, leverage: { dist: uniform, min: 2, max: 3 } },
    feedLatency: { dist: uniform, min: 1s, max: 2s }, orderLatency: { dist: uniform, min: 1s, max: 2s },
    start: { dist: uniform, min: 0s, max: 1000s }, phase: 0,
    opening: { leverage: { dist: uniform, min: 1, max: 2 }, longShare: 1 }`;
const CLOCKED = `equity: 1e5, period: { dist: uniform, min: 1000s, max: 2000s }`;

interface Uniforms {
  name: string;
  of: (agent: number) => number[];
}

const drawn = new Map<number, Uniforms[]>();

/** Draws of each field as uniforms, one entry per cohort and seed for the agent asked. */
function uniforms(crowding: number): Uniforms[] {
  const known = drawn.get(crowding) ?? drawUniforms(crowding);
  drawn.set(crowding, known);
  return known;
}

function drawUniforms(crowding: number): Uniforms[] {
  const fields = drawCrowds({ strategy: 'stop-ladder', keys: KEYS, crowding }, 20);
  const clocks = drawCrowds({ strategy: 'momentum', keys: CLOCKED, crowding }, 20);
  const names = registry.find((one) => one.name === 'stop-ladder')!.paramNames;
  const param = (name: string, min: number, width: number): Uniforms => ({
    name,
    of: (agent) =>
      fields.map((one) => (one.params[agent * names.length + names.indexOf(name)] - min) / width),
  });
  // A lot is worth one quote unit at the start.
  const lots = 1e5;
  return [
    param('stop1', 0.1, 0.1),
    param('leverage', 2, 1),
    { name: 'feedLatency', of: (k) => fields.map((one) => one.feedLatencyMicros[k] / 1e6 - 1) },
    { name: 'orderLatency', of: (k) => fields.map((one) => one.orderLatencyMicros[k] / 1e6 - 1) },
    { name: 'start', of: (k) => fields.map((one) => one.phaseMicros[k] / 1e9) },
    { name: 'opening', of: (k) => fields.map((one) => one.openingLots[k] / lots - 1) },
    { name: 'period', of: (k) => clocks.map((one) => one.periodMicros[k] / 1e9 - 1) },
    { name: 'phase', of: (k) => clocks.map((one) => one.phaseMicros[k] / one.periodMicros[k]) },
  ];
}

const score = (u: number): number => normalQuantile(Math.min(Math.max(u, 1e-9), 1 - 1e-9));

/** Noise of both agents of every cohort at every bar, by a run of the engine. */
function heard(crowding: number): [number[], number[]] {
  const strategies = [...registry, listener];
  const options = { strategy: 'listener', keys: 'equity: 100', crowding, strategies };
  const world = new World(new LocalMemory(), crowdWorlds(options)(3), 2, new EventLog(() => {}));
  world.open();
  new WindowLoop(world, { parallel: false }).run();
  const both: [number[], number[]] = [[], []];
  for (const rows of world.population.rows.slice(0, -1)) {
    both.forEach((one, agent) => {
      const from = agent * listener.rowLength + listener.at.heard;
      one.push(...rows.subarray(from, from + BARS));
    });
  }
  return both;
}

describe('marginal distributions', () => {
  // 2,000 crowds: at 1e-4 a distance of 0.05 is refused. Normal scores pooled over the eight fields
  // have a mean square of 1 +- 0.011, so that a common part weighed c instead of sqrt(c), which
  // makes it 0.75 at c = 0.5, lies 22 standard errors off.
  it.each(LEVELS)('of parameters, clocks, start, latencies and openings stay, c = %f', (c) => {
    let squares = 0;
    let n = 0;
    for (const { name, of } of uniforms(c)) {
      for (const agent of [0, 1]) {
        const u = of(agent);
        expect(u).toHaveLength(2000);
        expect(kolmogorov(u), `${name} of ${agent}`).toBeLessThan(kolmogorovLimit(u.length));
        if (agent === 1) continue;
        for (const x of u) squares += score(x) ** 2;
        n += u.length;
      }
    }
    expect(Math.abs(squares / n - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  });

  it.each(LEVELS)('of the noise of signals stay, c = %f', (c) => {
    for (const noise of heard(c)) {
      expect(noise).toHaveLength(2000);
      expect(kolmogorov(noise, normalCdf)).toBeLessThan(kolmogorovLimit(noise.length));
      const square = mean(noise.map((x) => x * x));
      expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / noise.length));
    }
  });
});

/** Expects the correlation of two samples at each level, rising from 0 to 1. */
function expectRising(sample: (c: number) => [number[], number[]]): void {
  let before = -Infinity;
  for (const c of LEVELS) {
    const [a, b] = sample(c);
    const r = correlation(a, b);
    // Standard error of a correlation: four of them never exceed 0.09 here, a third of a step.
    expect(Math.abs(r - c), `c = ${c}`).toBeLessThan((4 * (1 - c * c)) / Math.sqrt(a.length) + 1e-9);
    expect(r).toBeGreaterThan(before);
    before = r;
  }
}

// 2,000 pairs a level: a step of 0.25 is at least 8 standard errors of a difference, so that a
// correlation that did not rise would be taken for a rising one once in 1e15, and the reverse.
describe('the correlation of two agents of a cohort is c', () => {
  it('in the noise of their signals', () => {
    expectRising(heard);
  });

  it('in each drawn field', () => {
    for (let f = 0; f < 8; f++) {
      expectRising((c) => {
        const { of } = uniforms(c)[f];
        return [of(0).map(score), of(1).map(score)];
      });
    }
  });

  it('in what volatility targeters trade in the engine', () => {
    // A market that stands still and a deep book: the logarithm of a position is that of its
    // owner's target volatility, up to one lot in thousands and the spread.
    const keys = `equity: 1e4, leverageMax: 100, period: 10s, phase: 0, params: { volatilityInitial: 0.05,
        volatilityTarget: { dist: lognormal, median: 0.5, sigma: 0.5 } }`;
    const instrument = 'book: { levels: 3, size: 100000000 },';
    expectRising((crowding) => {
      const both: [number[], number[]] = [[], []];
      const worldOf = crowdWorlds({ strategy: 'volatility-target', keys, crowding, instrument });
      for (let seed = 0; seed < 20; seed++) {
        const spec = worldOf(seed);
        const world = new World(new LocalMemory(), spec, 1, new EventLog(() => {}));
        world.open();
        new WindowLoop(world, { parallel: false, untilMicros: 5_000_000 }).run();
        const { rowLength } = spec.cohorts[0].strategy;
        for (const rows of world.population.rows.slice(0, -1)) {
          both.forEach((one, k) => {
            one.push(Math.log(rows[k * rowLength + AgentField.position]));
          });
        }
      }
      return both;
    });
  });
});

describe('a cohort of its own crowding', () => {
  it('overrides the dial, upwards and downwards', () => {
    const keys = 'equity: 100, params: { weight: { dist: uniform, min: 0, max: 1 } }';
    const spread = (crowding: number, own: string) => {
      const [one] = drawCrowds({ strategy: 'momentum', keys: `${own} ${keys}`, crowding, cohorts: 1, agents: 50 }, 1);
      return new Set(Array.from({ length: 50 }, (_, k) => one.params[k * 3 + 1])).size;
    };
    expect([spread(0, ''), spread(1, '')]).toEqual([50, 1]);
    expect([spread(0, 'crowding: 1,'), spread(1, 'crowding: 0,')]).toEqual([1, 50]);
  });

  it('reaches the signals of that cohort alone', () => {
    const keys = 'equity: 100, crowding: 0.3';
    const strategies = [...registry, listener];
    const spec = crowdWorlds({ strategy: 'listener', keys, strategies, cohorts: 1, crowding: 0.8 })(1);
    expect(spec.cohorts.map((one) => one.crowding)).toEqual([0.3, 0.8]);
  });

  it('draws signals from a stream that decisions do not use', () => {
    const strategies = [...registry, listener];
    const options = { strategy: 'listener', keys: 'equity: 100', strategies, cohorts: 1 };
    const world = new World(new LocalMemory(), crowdWorlds(options)(9), 1, new EventLog(() => {}));
    world.open();
    new WindowLoop(world, { parallel: false, untilMicros: 500_000 }).run();
    const [first] = world.population.rows[0].subarray(listener.at.heard);
    expect(first).toBe(new RandomSource(9).stream('signals/c0').normal(1, 0, 0));
  });
});
