/** Surveys leave no trace, and find what looking at everything, one by one, finds. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TriggerBook } from '../../sim/book/index.js';
import { readSnapshot, WindowLoop, World, writeSnapshot } from '../../sim/engine/index.js';
import { LocalMemory, RandomSource } from '../../sim/kernel/index.js';
import {
  ExitCause, measuredGain, Rehearsal, runSurveyed, Survey, type SurveyReading,
} from '../../sim/survey/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';
import { tinyWorld } from '../support/tiny-world.js';
import { worldOf } from '../support/world-of.js';

const library = (name: string): string =>
  readFileSync(new URL(`../../scenarios/library/${name}.yaml`, import.meta.url), 'utf8');

/** How it is built, how long it runs, and when it is looked at, seconds. */
const worlds: [string, () => World, number, number][] = [
  ['small', () => worldOf(SMALL_SCENARIO), 120, 4],
  ['every rule of mixed', () => worldOf(library('mixed'), { set: ['dials.traders=0.05'] }), 120, 60],
  ['tiny, inverse', () => tiny('inverse'), 40, 20],
  ['tiny, linear, worked orders', () => tiny('linear', 'twap'), 40, 20],
];

function tiny(contract: 'inverse' | 'linear', execution?: 'twap', shards = 2): World {
  const world = closedTiny(contract, execution, shards);
  world.open();
  return world;
}

function closedTiny(contract: 'inverse' | 'linear', execution?: 'twap', shards = 2): World {
  const spec = tinyWorld({ contract, ...(execution === undefined ? {} : { execution }) });
  return new World(new LocalMemory(), spec, shards, new EventLog(() => {}));
}

function runTo(world: World, seconds: number): World {
  new WindowLoop(world, { parallel: false, untilMicros: seconds * 1e6 }).run();
  return world;
}

describe('a survey', () => {
  it.each(worlds)('changes no bit of %s, now or later', (_name, build, seconds) => {
    const plain = runTo(build(), seconds).stateHash();
    const world = build();
    const survey = new Survey(world, { bars: 2 });
    let exits = 0;
    const look = (): void => {
      const before = world.stateHash();
      const reading = survey.take();
      exits += reading.down.exits.count + reading.up.exits.count;
      expect(world.stateHash()).toBe(before);
    };
    runSurveyed(world, 7e6, look, seconds * 1e6);
    expect(exits).toBeGreaterThan(0);
    expect(world.stateHash()).toBe(plain);
  });

  it('gives the same twice, and at the same time whatever was looked at before', () => {
    const [, build] = worlds[0];
    const once = new Survey(runTo(build(), 60)).take();
    const world = build();
    const survey = new Survey(world);
    const seen: SurveyReading[] = [];
    runSurveyed(world, 20e6, () => seen.push(survey.take()), 80e6);
    expect(seen.map(({ timeMicros }) => timeMicros)).toEqual([0, 20e6, 40e6, 60e6]);
    expect(seen[3]).toEqual(once);
  });

  it('finds the same whatever the shards, and in a world restored from a snapshot', () => {
    const world = runTo(tiny('linear', 'twap', 1), 20);
    const one = new Survey(world).take();
    expect(new Survey(runTo(tiny('linear', 'twap', 3), 20)).take()).toEqual(one);
    const restored = closedTiny('linear', 'twap', 2);
    readSnapshot(restored, writeSnapshot(world));
    expect(new Survey(restored).take()).toEqual(one);
  });

  it.each(worlds)('finds forced lots and depth of %s as a look at each does', (_name, build, _, at) => {
    const world = runTo(build(), at);
    const survey = new Survey(world, { buckets: 30 });
    const reading = survey.take();
    const { venue } = world;
    const [one] = venue.instruments;
    let found = 0;
    for (const side of [reading.down, reading.up]) {
      const { sign, edges } = side;
      const holds = (k: number, tick: number): boolean =>
        sign < 0 ? tick > edges[k + 1] && tick <= edges[k] : tick >= edges[k] && tick < edges[k + 1];
      for (let k = 0; k < 30; k++) {
        let depth = 0;
        for (let tick = 1; tick < one.ticksMax; tick++) {
          const isBefore = k === 0 && sign * tick < sign * edges[0];
          if (holds(k, tick) || isBefore) depth += one.book.lotsAt(sign < 0 ? 0 : 1, tick);
        }
        expect(side.restingLots[k]).toBe(depth);
      }
      const forced = new Float64Array(30);
      for (let account = 0; account <= world.population.count; account++) {
        const held = venue.positionOf(account, 0);
        if (held === 0 || held > 0 !== sign < 0 || venue.breaches.isQueued(account, 0)) continue;
        const from = Math.round(venue.markTicks(0));
        for (let tick = from; sign * tick < sign * edges[30] && tick > 0; tick += sign) {
          if (venue.breaches.slackAt(account, 0, tick) >= 0) continue;
          const k = forced.findIndex((_, bucket) => holds(bucket, tick));
          if (k >= 0) forced[k] += Math.abs(held);
          break;
        }
      }
      expect([...side.forcedLots]).toEqual([...forced]);
      found += forced.reduce((sum, lots) => sum + lots, 0);
    }
    expect(found).toBeGreaterThan(0);
  });

  it.each(worlds)('finds the exit points of %s that a walk tick by tick finds', (_name, build, _, at) => {
    const world = runTo(build(), at);
    const reading = new Survey(world, { buckets: 100, scanPoints: 40 }).take();
    let ruled = 0;
    const { down, up } = reading;
    for (const [sign, exits] of [
      [down.sign, down.exits], [up.sign, up.exits], [down.sign, down.leaning], [up.sign, up.leaning],
    ] as const) {
      for (let i = 0; i < exits.count; i += 7) {
        const agent = exits.agent[i];
        const near = nearest(world, agent, sign, exits.ticks[i]);
        expect({ agent, ticks: exits.ticks[i] }).toEqual({ agent, ticks: near });
        if (exits.cause[i] === ExitCause.rule) ruled++;
      }
    }
    expect(ruled).toBeGreaterThan(0);
  });

  it('measures the gains that closed forms declare, where agents have just traded', () => {
    const world = runTo(worldOf(SMALL_SCENARIO), 100);
    const { gains } = new Survey(world).take();
    const cohort = world.spec.cohorts.findIndex(({ name }) => name === 'targets');
    const rehearsal = new Rehearsal(world, cohort);
    rehearsal.look();
    let compared = 0;
    for (let k = 0; k < world.spec.cohorts[cohort].count; k++) {
      const agent = world.population.base[cohort] + k;
      if (gains.isClosed[agent] === 0) continue;
      rehearsal.take(agent);
      const measured = measuredGain(rehearsal, world.venue.markTicks(0), 1e-4);
      const scale = Math.abs(rehearsal.exposureQuote()) + 1e-3;
      expect(Math.abs(measured.down - gains.down[agent])).toBeLessThan(0.01 * scale);
      expect(Math.abs(measured.up - gains.up[agent])).toBeLessThan(0.01 * scale);
      compared++;
    }
    expect(compared).toBeGreaterThan(10);
  });
});

/**
 * The tick nearest to the mark at which an agent leaves, looking at each as far as a little past
 * one.
 */
function nearest(world: World, agent: number, sign: -1 | 1, last: number): number {
  const cohort = world.population.cohortOf[agent];
  const rehearsal = new Rehearsal(world, cohort);
  const sizes = rehearsal.strategy.style === 'sizing';
  rehearsal.look();
  rehearsal.take(agent);
  for (let tick = Math.round(world.venue.markTicks(0)); sign * tick <= sign * last + 3; tick += sign) {
    const queued = world.venue.breaches.isQueued(agent, 0);
    if (queued || world.venue.breaches.slackAt(agent, 0, tick) < 0) return tick;
    if (!sizes) continue;
    const end = rehearsal.walk({ endTicks: tick, bars: 1, cutFraction: 0.5 });
    if (end.cutMicros < Infinity) return tick;
  }
  return -1;
}

describe('stops by trigger', () => {
  it('lie in the bucket of their price, whatever price they watch', () => {
    const random = new RandomSource(5).stream('stops');
    for (let round = 0; round < 200; round++) {
      const book = new TriggerBook({ ticksLimit: 4096 });
      const below = Int32Array.from([1000, 990, 970, 940]);
      const above = Int32Array.from([1000, 1010, 1030, 1060]);
      const want = { fall: [0, 0, 0], rise: [0, 0, 0] };
      for (let k = 0; k < 40; k++) {
        const draw = (lane: number): number => random.uniform(round, k, lane);
        const [direction, side] = [draw(0) < 0.5 ? -1 : 1, draw(1) < 0.7 ? 1 : 0];
        const tick = 930 + Math.floor(draw(2) * 140);
        const lots = 1 + Math.floor(draw(3) * 9);
        book.add(Math.floor(draw(4) * 3), direction, tick, 0, side, 0, lots, 0, k, 0);
        const into = (edges: Int32Array): number =>
          [0, 1, 2].findIndex((b) => direction * tick < direction * edges[b + 1]);
        if (direction < 0 && side === 1 && into(below) >= 0) want.fall[into(below)] += lots;
        if (direction > 0 && side === 0 && into(above) >= 0) want.rise[into(above)] += lots;
      }
      const [fall, rise] = [new Float64Array(3), new Float64Array(3)];
      book.lotsByTrigger(-1, below, fall);
      book.lotsByTrigger(1, above, rise);
      expect({ fall: [...fall], rise: [...rise] }).toEqual(want);
    }
  });
});
