/** Suppressed liquidations conserve money, survive snapshots, and cost nothing where there are none. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Hash64 } from '../../sim/kernel/index.js';
import { ConservationAudit, EventLog, EventReader } from '../../sim/trace/index.js';
import type { PerpetualVenue, Suppression } from '../../sim/venue/index.js';
import { Dice, VenueFlow, apply, buildVenue, drawCase } from '../support/venue-flow.js';
import type { VenueInput } from '../support/venue-flow.js';

const seeds = fc.integer({ min: 0, max: 1 << 28 });
const silent = () => new EventLog(() => {});

function drawRules(dice: Dice): Suppression[] {
  const rule = (): Suppression => ({
    mode: dice.pick(['warehouse', 'warehouse', 'recapitalise', 'defer'] as const),
    ...(dice.chance(0.3) ? { cohort: dice.below(3) } : {}),
    ...(dice.chance(0.3) ? { ordinal: 1 + dice.below(2) } : {}),
    ...(dice.chance(0.3) ? { side: dice.pick([1, -1] as const) } : {}),
    defer: {
      delayMicros: dice.below(20_000_000),
      intervalMicros: 1 + dice.below(3_000_000),
      participation: dice.pick([0.2, 1]),
    },
  });
  return [rule(), rule()];
}

function hashOf(venue: PerpetualVenue): string {
  const hash = new Hash64();
  venue.hash(hash);
  return hash.hex();
}

function bytesOf(venue: PerpetualVenue): number[] {
  const numbers: number[] = [];
  venue.snapshot({ float: (x) => numbers.push(x) });
  return numbers;
}

describe('suppressions', () => {
  test('conserve money after every event, by the books and by the trace', () => {
    let suppressed = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const dice = new Dice(seed);
        const drawn = drawCase(dice, 1 + (seed % 2));
        const chunks: Uint8Array[] = [];
        const log = new EventLog((bytes) => chunks.push(bytes.slice()));
        const venue = buildVenue(drawn, log, () => {});
        venue.liquidator.suppress(drawRules(dice));
        const flow = new VenueFlow(dice, drawn);
        for (let event = 0; event < 400; event++) {
          apply(venue, flow.next(venue));
          venue.ledger.check();
          if (event % 20 === 0) venue.check();
        }
        suppressed += venue.liquidator.suppressions?.count ?? 0;
        venue.logFinalAccounts(venue.nowMicros);
        log.flush();
        const audit = new ConservationAudit();
        for (const chunk of chunks) audit.add(new EventReader(chunk));
        const found = audit.result();
        expect([seed, found.errorQuanta, found.positionErrorLots]).toEqual([seed, 0, 0]);
      }),
      { seed: 161803, numRuns: 80 },
    );
    expect(suppressed).toBeGreaterThan(200);
  });

  test('go on alike from a snapshot taken anywhere', () => {
    let underWay = 0;
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 350 }), (seed, cut) => {
        const dice = new Dice(seed);
        const drawn = drawCase(dice, 1 + (seed % 2));
        const rules = drawRules(dice);
        const venue = buildVenue(drawn, silent(), () => {});
        venue.liquidator.suppress(rules);
        const flow = new VenueFlow(dice, drawn);
        const inputs: VenueInput[] = [];
        let numbers: number[] = [];
        for (let event = 0; event < 400; event++) {
          if (event === cut) numbers = bytesOf(venue);
          const input = flow.next(venue);
          if (event >= cut) inputs.push(input);
          apply(venue, input);
        }
        const restored = buildVenue(drawn, silent(), () => {});
        restored.liquidator.suppress(rules);
        let at = 0;
        restored.restore({ float: () => numbers[at++] });
        expect(at).toBe(numbers.length);
        underWay += restored.liquidator.suppressions?.deferred.length ?? 0;
        restored.check();
        for (const input of inputs) apply(restored, input);
        expect(hashOf(restored)).toBe(hashOf(venue));
      }),
      { seed: 577215, numRuns: 80 },
    );
    expect(underWay).toBeGreaterThan(10);
  });

  test('that fit nothing leave state, snapshot and rows as they are', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const play = (rules: Suppression[]) => {
          const dice = new Dice(seed);
          const drawn = drawCase(dice, 1 + (seed % 2));
          const log = silent();
          const venue = buildVenue(drawn, log, () => {});
          venue.liquidator.suppress(rules);
          const flow = new VenueFlow(dice, drawn);
          for (let event = 0; event < 300; event++) apply(venue, flow.next(venue));
          venue.logFinalAccounts(venue.nowMicros);
          return [hashOf(venue), log.hash.hex(), log.rows(), bytesOf(venue)];
        };
        expect(play([{ mode: 'warehouse', ordinal: 99 }])).toEqual(play([]));
      }),
      { seed: 693147, numRuns: 40 },
    );
  });
});
