/** Parent orders, cohort sums and liquidation maps: one hash for any shards, cut or thread. */
import { describe, expect, it } from 'vitest';
import { DecidingSide, readSnapshot, WindowLoop, World, writeSnapshot } from '../../sim/engine/index.js';
import type { ExecutionSpec } from '../../sim/execution/index.js';
import { LocalMemory, SharedMemory } from '../../sim/kernel/index.js';
import { EXECUTION_FIELDS, ExecutionField, ParentState } from '../../sim/engine/layout.js';
import { ConservationAudit, EventLog, EventReader } from '../../sim/trace/index.js';
import { crowdStrategy } from '../support/crowd-strategy.js';
import { tinyWorld } from '../support/tiny-world.js';

type Policy = ExecutionSpec['policy'];
const policies: (Policy | undefined)[] = ['limit-join', 'twap', 'pov', 'almgren-chriss', undefined];

const spec = (policy: Policy | undefined) =>
  tinyWorld({ execution: policy, custom: crowdStrategy(), halt: true, seconds: 30, speedLimit: 0.02 });

const fresh = (policy: Policy | undefined, shards: number, audit?: ConservationAudit): World =>
  new World(
    new LocalMemory(), spec(policy), shards,
    new EventLog((bytes) => audit?.add(new EventReader(bytes))),
  );

const runTo = (world: World, untilMicros: number) =>
  new WindowLoop(world, { parallel: false, untilMicros, check: true, checkWindows: 100 }).run();

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, k) => byte === b[k]);

/** Parents under way. */
function working(world: World): number {
  let found = 0;
  for (const rows of world.population.execution) {
    for (let x = 0; x < rows.length; x += EXECUTION_FIELDS) {
      if (rows[x + ExecutionField.state] !== ParentState.none) found++;
    }
  }
  return found;
}

describe('worlds with parent orders, cohort sums and maps', () => {
  for (const policy of policies) {
    it(`give one hash with 1, 2 and 3 shards and lose no money: ${policy ?? 'market'}`, () => {
      const audit = new ConservationAudit();
      const one = fresh(policy, 1, audit);
      one.open();
      one.close(runTo(one, Infinity).micros);
      expect(audit.result().errorQuanta).toBe(0);
      expect(one.venue.liquidationCount).toBeGreaterThan(3);
      for (const shards of [2, 3]) {
        const other = fresh(policy, shards);
        other.open();
        other.close(runTo(other, Infinity).micros);
        expect(other.stateHash(), `${shards} shards`).toBe(one.stateHash());
      }
    });

    it(`resume in mid-schedule at any number of shards: ${policy ?? 'market'}`, () => {
      const whole = fresh(policy, 1);
      whole.open();
      runTo(whole, Infinity);
      let under = 0;
      for (const [cutMicros, shards] of [[7_300_000, 3], [16_850_000, 1]]) {
        const first = fresh(policy, 2);
        first.open();
        runTo(first, cutMicros);
        under += working(first);
        const bytes = writeSnapshot(first);
        const second = fresh(policy, shards);
        readSnapshot(second, bytes);
        second.check();
        expect(sameBytes(writeSnapshot(second), bytes), 'the bytes are canonical').toBe(true);
        runTo(second, Infinity);
        expect(second.stateHash(), `cut at ${cutMicros}, ${shards} shards`).toBe(whole.stateHash());
      }
      if (policy !== undefined) expect(under).toBeGreaterThan(10);
    });

    it(`keep all state in memory that threads share: ${policy ?? 'market'}`, () => {
      const alone = fresh(policy, 3);
      alone.open();
      runTo(alone, Infinity);
      const memory = new SharedMemory();
      const world = new World(memory, spec(policy), 3, new EventLog(() => {}));
      // What another thread builds over the same memory decides two of the three shards.
      const other = new DecidingSide(new SharedMemory(memory.buffers), spec(policy), 3);
      world.open();
      world.shards[0] = other.shards[0];
      world.shards[2] = other.shards[2];
      runTo(world, Infinity);
      expect(world.stateHash()).toBe(alone.stateHash());
    });
  }
});
