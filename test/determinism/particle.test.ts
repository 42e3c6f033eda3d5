/** Particles: worlds that stop at a level, and go on from there. */
import { describe, expect, it } from 'vitest';
import { buildWorld, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { runInMemory, runParticle, writeSnapshot, readSnapshot, World } from '../../sim/engine/index.js';
import type { ParticleRun } from '../../sim/engine/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { EventKind, EventLog, EventReader } from '../../sim/trace/index.js';
import { NOISY_SCENARIO } from '../support/noisy-scenario.js';

const SEED = 10;
const scenario = resolveScenario(parseScenario(NOISY_SCENARIO, 'noisy.yaml'));
const spec = buildWorld(scenario, { seed: SEED });
const straight = runInMemory(spec);
const { count, notionalQuote } = straight.liquidations;
const LEVEL = Math.ceil(count / 2);

const run = (terms: Partial<ParticleRun>) =>
  runParticle(spec, { metric: 'liquidations.count', level: Infinity, keepsPoint: false, ...terms });

describe('a particle', () => {
  it('without a level is the run', () => {
    expect(count).toBeGreaterThan(5);
    expect(run({})).toEqual({ reached: false, value: count, windows: expect.any(Number) });
    expect(run({ metric: 'liquidations.notionalQuote' }).value).toBe(notionalQuote);
    expect(run({ level: count }).reached).toBe(true);
    expect(run({ level: count + 1 }).reached).toBe(false);
  });

  it('ends after the first window in which the level is reached', () => {
    const bytes: Uint8Array[] = [];
    runInMemory(spec, { onChunk: (chunk) => bytes.push(chunk.slice()) });
    let happened = 0;
    let micros = -1;
    const seen = new Set<number>();
    for (const chunk of bytes) {
      const reader = new EventReader(chunk);
      while (reader.next()) {
        if (reader.kind !== EventKind.liquidation || seen.has(reader.cause)) continue;
        seen.add(reader.cause);
        if (++happened === LEVEL) micros = reader.time;
      }
    }
    const found = run({ level: LEVEL, keepsPoint: true });
    expect(found.reached).toBe(true);
    expect(found.value).toBeGreaterThanOrEqual(LEVEL);
    expect(found.point!.window).toBe(Math.floor(micros / spec.windowMicros) + 1);
  });

  it('goes on as the run did under the seed it has, at any number of shards', () => {
    for (const shards of [1, 3]) {
      const { point, windows } = run({ level: LEVEL, keepsPoint: true, shards });
      const later = run({ from: { point: point!, seed: SEED }, shards: 4 - shards, check: true });
      expect(later.value).toBe(count);
      expect(later.windows + windows).toBe(straight.windows);
      // Once more, from a point that was gone on to.
      const middle = run({ from: { point: point!, seed: SEED }, level: count, keepsPoint: true });
      const world = (bytes: Uint8Array): string => {
        const restored = new World(new LocalMemory(), spec, shards, new EventLog(() => {}));
        readSnapshot(restored, bytes);
        return restored.stateHash();
      };
      expect(world(middle.point!.bytes)).toBe(world(run({ level: count, keepsPoint: true }).point!.bytes));
    }
  });

  it('goes on otherwise under another seed, at once, and alike under the same', () => {
    const { point } = run({ level: 1, keepsPoint: true });
    const state = (seed: number): Uint8Array =>
      run({ from: { point: point!, seed }, level: LEVEL, keepsPoint: true }).point!.bytes;
    expect(state(11)).toEqual(state(11));
    expect(state(11)).not.toEqual(state(12));
    const values = Array.from({ length: 12 }, (_, seed) => run({ from: { point: point!, seed } }).value);
    expect(new Set(values).size).toBeGreaterThan(1);
  });

  it('runs nothing where the level is reached already', () => {
    expect(run({ level: 0 })).toEqual({ reached: true, value: 0, windows: 0 });
    const { point } = run({ level: LEVEL, keepsPoint: true });
    const there = run({ from: { point: point!, seed: 3 }, level: LEVEL, keepsPoint: true });
    expect(there).toMatchObject({ reached: true, windows: 0 });
    expect(there.point!.bytes).toEqual(point!.bytes);
  });

  it('a branch with anything else changed still has no snapshot', () => {
    const world = new World(new LocalMemory(), spec, 1, new EventLog(() => {}));
    world.open();
    world.isBranch = true;
    expect(() => writeSnapshot(world)).toThrow('a branch has no snapshots');
  });
});
