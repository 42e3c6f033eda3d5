/** Random small worlds with every check on and their money recounted: a search for what nobody wrote. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WindowLoop, World } from '../../sim/engine/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { ConservationAudit, EventLog, EventReader } from '../../sim/trace/index.js';
import { tinyWorld } from '../support/tiny-world.js';

const cohorts = ['noise', 'makers', 'retail', 'targets', 'etf', 'trend', 'stops', 'anchor'];

const options = fc.record({
  seed: fc.integer({ min: 0, max: 1_000_000 }),
  seconds: fc.integer({ min: 10, max: 40 }),
  scale: fc.constantFrom(0.2, 0.5, 1),
  windowMicros: fc.constantFrom(10_000, 50_000, 100_000),
  contract: fc.constantFrom('linear' as const, 'inverse' as const),
  mark: fc.constantFrom('last' as const, 'fair' as const, 'medianOfThree' as const),
  halt: fc.boolean(),
  without: fc.subarray(cohorts, { maxLength: 4 }),
  execution: fc.constantFrom(undefined, 'limit-join', 'twap', 'pov', 'almgren-chriss'),
  speedLimit: fc.constantFrom(undefined, undefined, 0.01),
});

describe('random worlds', () => {
  it('pass every check, lose no money, and do not depend on shards', () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 2, max: 5 }), (world, shards) => {
        const audit = new ConservationAudit();
        const run = (count: number, audited: boolean): string => {
          const log = new EventLog((bytes) => {
            if (audited) audit.add(new EventReader(bytes));
          });
          const one = new World(new LocalMemory(), tinyWorld(world), count, log);
          one.open();
          const loop = new WindowLoop(one, { parallel: false, check: true, checkWindows: 25 });
          one.close(loop.run().micros);
          return one.stateHash();
        };
        const hash = run(1, true);
        expect(audit.result().errorQuanta).toBe(0);
        expect(run(shards, false)).toBe(hash);
      }),
      { seed: 20_260_312, numRuns: 15 },
    );
  });
});
