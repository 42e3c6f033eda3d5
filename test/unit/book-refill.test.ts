/** Levels of a seeded book that come back after liquidation orders. */
import { describe, expect, it } from 'vitest';
import { WindowLoop, World, readSnapshot, writeSnapshot } from '../../sim/engine/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { buildWorld } from '../../scenarios/model/index.js';
import { FlatWorld } from '../../scenarios/model/replicates/index.js';
import { flatScenario, ordinaryRun } from '../support/flat-runs.js';

/** Best bid after a replicate whose liquidations pushed the mark so far. */
function bestBid(world: FlatWorld): number {
  return world.venue.bestBid(0);
}

/** A seed whose replicate has so many liquidations. */
function seedWith(world: FlatWorld, count: number): number {
  for (let seed = 0; ; seed++) {
    world.replicate(seed);
    if (world.run.count === count) return seed;
  }
}

describe('a refill', () => {
  it('posts half of the eight levels again, the lowest, so that they join the rest', () => {
    const world = new FlatWorld(flatScenario({ R: 0.6, theta: 1, refill: 0.5 }));
    world.replicate(seedWith(world, 1));
    const { shockTicks } = world.terms;
    const bottom = world.startTicks - shockTicks - 8;
    expect(world.run.markTicks).toBe(bottom);
    expect(bestBid(world)).toBe(bottom + 3);
    for (let tick = bottom + 3; tick > bottom - 20; tick--) {
      expect(world.venue.instruments[0].book.lotsAt(0, tick)).toBe(10);
    }
    // The second order meets those four, and four fresh ones.
    world.replicate(seedWith(world, 2));
    expect(world.run.markTicks).toBe(bottom - 4);
    expect(bestBid(world)).toBe(bottom - 1);
    world.venue.check();
  });

  it('posts nothing after the shock, all at 1, and whole levels only, with a carry', () => {
    const full = new FlatWorld(flatScenario({ R: 0.6, theta: 1, refill: 1 }));
    full.replicate(seedWith(full, 0));
    expect(bestBid(full)).toBe(full.startTicks - full.terms.shockTicks - 1);
    full.replicate(seedWith(full, 3));
    expect(bestBid(full)).toBe(full.startTicks - full.terms.shockTicks - 1);
    const world = new FlatWorld(flatScenario({ R: 0.6, theta: 1, refill: 0.3 }));
    const posted = [0, 0, 0, 0];
    for (let seed = 0, found = 0; found < 200; seed++) {
      world.replicate(seed);
      if (world.run.count !== 1) continue;
      const levels = bestBid(world) - world.run.markTicks + 1;
      posted[levels]++;
      found++;
    }
    // 0.3 of eight levels is 2.4: two or three, three in two of five seeds.
    expect(posted[0] + posted[1]).toBe(0);
    expect(posted[3] / 200).toBeGreaterThan(0.28);
    expect(posted[3] / 200).toBeLessThan(0.52);
  });

  it('works in ordinary runs, and goes on after a snapshot', () => {
    const scenario = flatScenario({ R: 1.4, theta: 2, refill: 0.3, cap: 60 });
    const seed = [...Array(50).keys()].find((k) => ordinaryRun(scenario, k).liquidations > 10) ?? -1;
    expect(seed).toBeGreaterThanOrEqual(0);
    const spec = buildWorld(scenario, { seed });
    const make = () => new World(new LocalMemory(), spec, 1, new EventLog(() => {}));
    const world = make();
    world.open();
    const until = (one: World, untilMicros?: number) => {
      new WindowLoop(one, { parallel: false, check: true, untilMicros }).run();
    };
    until(world, 1_100_000);
    expect(world.venue.liquidationCount).toBeGreaterThan(10);
    const resumed = make();
    readSnapshot(resumed, writeSnapshot(world));
    expect(resumed.stateHash()).toBe(world.stateHash());
    until(world);
    until(resumed);
    expect(resumed.stateHash()).toBe(world.stateHash());
  });
});
