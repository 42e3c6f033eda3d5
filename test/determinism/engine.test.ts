/** The engine gives the same bits however it is sharded, and different ones for another seed. */
import { describe, expect, it } from 'vitest';
import { readSnapshot, runInMemory, WindowLoop, World, writeSnapshot } from '../../sim/engine/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { EventLog } from '../../sim/trace/index.js';
import type { TinyOptions } from '../support/tiny-world.js';
import { tinyWorld } from '../support/tiny-world.js';

describe('the window loop', () => {
  it('gives the same hash and figures for 1, 2, 3 and 7 shards', () => {
    const one = runInMemory(tinyWorld(), { check: true });
    expect(one.trades).toBeGreaterThan(500);
    expect(one.liquidations.count).toBeGreaterThan(5);
    for (const shards of [2, 3, 7]) {
      expect(runInMemory(tinyWorld(), { shards }), `${shards} shards`).toEqual(one);
    }
  });

  it('gives another hash for another seed', () => {
    const a = runInMemory(tinyWorld({ seed: 1 }));
    const b = runInMemory(tinyWorld({ seed: 2 }));
    expect(a.hash).not.toBe(b.hash);
  });

  it('runs every contract and mark with all checks on', () => {
    for (const contract of ['linear', 'inverse'] as const) {
      for (const mark of ['last', 'fair', 'medianOfThree'] as const) {
        const run = runInMemory(tinyWorld({ contract, mark, halt: true, seconds: 30 }), { check: true });
        expect(run.trades, `${contract} ${mark}`).toBeGreaterThan(100);
      }
    }
  });
});

describe('snapshots', () => {
  const runTo = (world: World, untilMicros: number) =>
    new WindowLoop(world, { parallel: false, untilMicros }).run();
  const fresh = (shards: number, options: TinyOptions = {}): World =>
    new World(new LocalMemory(), tinyWorld(options), shards, new EventLog(() => {}));

  it('restore at any shard count, with mail and orders in flight, to the same end', () => {
    const whole = fresh(1);
    whole.open();
    const { windows } = runTo(whole, Infinity);
    const wanted = whole.stateHash();
    for (const cutMicros of [5_000_000, 33_300_000, 41_700_000]) {
      const first = fresh(2);
      first.open();
      runTo(first, cutMicros);
      const hash = first.stateHash();
      const bytes = writeSnapshot(first);
      for (const shards of [1, 3]) {
        const second = fresh(shards);
        readSnapshot(second, bytes);
        second.check();
        expect(writeSnapshot(second), 'the bytes are canonical').toEqual(bytes);
        expect(second.stateHash()).toBe(hash);
        expect(runTo(second, Infinity).windows).toBe(windows);
        expect(second.stateHash(), `cut at ${cutMicros}, ${shards} shards`).toBe(wanted);
      }
    }
  });

  it('refuse bytes that are not of this world', () => {
    const first = fresh(1);
    first.open();
    const bytes = writeSnapshot(first);
    for (const other of [{ seed: 9 }, { halt: true }, { mark: 'last' as const }]) {
      expect(() => readSnapshot(fresh(1, other), bytes)).toThrow(/another scenario or seed/);
    }
    expect(() => readSnapshot(fresh(1), bytes.slice(0, bytes.length - 800))).toThrow(/ends before/);
  });

  it('hash what is under way', () => {
    const first = fresh(1);
    first.open();
    runTo(first, 5_000_000);
    const hash = first.stateHash();
    const { reports } = first.shards[0];
    const at = reports.first(reports.nextWindow());
    reports.records[at + 8]++;
    expect(first.stateHash()).not.toBe(hash);
  });
});
