import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Hash64 } from '../../sim/kernel/index.js';
import { ConservationAudit, EventLog, EventReader } from '../../sim/trace/index.js';
import type { PerpetualVenue } from '../../sim/venue/index.js';
import {
  Dice,
  VenueFlow,
  apply,
  buildVenue,
  drawCase,
  type VenueCase,
  type VenueInput,
} from '../support/venue-flow.js';

const seeds = fc.integer({ min: 0, max: 1 << 28 });
const silent = () => new EventLog(() => {});

function hashOf(venue: PerpetualVenue): string {
  const hash = new Hash64();
  venue.hash(hash);
  return hash.hex();
}

/** Plays `events` inputs and returns them. */
function run(venue: PerpetualVenue, drawn: VenueCase, dice: Dice, events: number): VenueInput[] {
  const flow = new VenueFlow(dice, drawn);
  const inputs: VenueInput[] = [];
  for (let event = 0; event < events; event++) {
    const input = flow.next(venue);
    apply(venue, input);
    inputs.push(input);
  }
  return inputs;
}

describe('a venue', () => {
  test('conserves money after every event, by its own books and by its trace', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const dice = new Dice(seed);
        const drawn = drawCase(dice, 1 + (seed % 2));
        const chunks: Uint8Array[] = [];
        const log = new EventLog((bytes) => chunks.push(bytes.slice()));
        const venue = buildVenue(drawn, log, () => {});
        const flow = new VenueFlow(dice, drawn);
        for (let event = 0; event < 400; event++) {
          apply(venue, flow.next(venue));
          venue.ledger.check();
        }
        venue.logFinalAccounts(venue.nowMicros);
        log.flush();
        const audit = new ConservationAudit();
        for (const chunk of chunks) audit.add(new EventReader(chunk));
        const found = audit.result();
        expect({ seed, errorQuanta: found.errorQuanta, lots: found.positionErrorLots }).toEqual({
          seed,
          errorQuanta: 0,
          lots: 0,
        });
      }),
      { seed: 271828, numRuns: 40 },
    );
  });

  test('gives the same rows twice, and from a snapshot taken anywhere', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 350 }), (seed, cut) => {
        const dice = new Dice(seed);
        const drawn = drawCase(dice, 1 + (seed % 2));
        const log = silent();
        const venue = buildVenue(drawn, log, () => {});
        const inputs = run(venue, drawn, dice, 400);
        const again = buildVenue(drawn, silent(), () => {});
        for (const input of inputs.slice(0, cut)) apply(again, input);
        const numbers: number[] = [];
        again.snapshot({ float: (x) => numbers.push(x) });
        const restored = buildVenue(drawn, silent(), () => {});
        let at = 0;
        restored.restore({ float: () => numbers[at++] });
        expect(at).toBe(numbers.length);
        restored.check();
        expect(hashOf(restored)).toBe(hashOf(again));
        const rows: number[][] = [];
        const twin: number[][] = [];
        // Events are numbered by the rows before them; an engine's log goes on with their number.
        const before = again.log.rows();
        again.log.append = (...row: number[]) => rows.push(row);
        again.log.rows = () => before + rows.length;
        restored.log.append = (...row: number[]) => twin.push(row);
        restored.log.rows = () => before + twin.length;
        for (const input of inputs.slice(cut)) {
          apply(again, input);
          apply(restored, input);
        }
        expect(twin).toEqual(rows);
        expect([hashOf(again), hashOf(restored)]).toEqual([hashOf(venue), hashOf(venue)]);
        restored.check();
      }),
      { seed: 141421, numRuns: 40 },
    );
  });

  test('treats accounts alike whatever their row', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const dice = new Dice(seed);
        const drawn = drawCase(dice, 1 + (seed % 2));
        const venue = buildVenue(drawn, silent(), () => {});
        const inputs = run(venue, drawn, dice, 400);
        const rowOf = shuffle(new Dice(seed + 1), drawn.count);
        const moved = relabel(drawn, rowOf);
        const other = buildVenue(moved, silent(), () => {});
        for (const input of inputs) apply(other, relabelInput(input, rowOf));
        for (let a = 0; a < drawn.count; a++) {
          const b = rowOf[a];
          expect(other.walletOf(b)).toBe(venue.walletOf(a));
          for (let i = 0; i < drawn.spec.instruments.length; i++) {
            expect([other.positionOf(b, i), other.costOf(b, i)]).toEqual([
              venue.positionOf(a, i),
              venue.costOf(a, i),
            ]);
          }
        }
        expect([other.fund(), other.badDebt(), other.tradeCount]).toEqual([
          venue.fund(),
          venue.badDebt(),
          venue.tradeCount,
        ]);
      }),
      { seed: 173205, numRuns: 60 },
    );
  });
});

function shuffle(dice: Dice, count: number): number[] {
  const rows = Array.from({ length: count }, (_, a) => a);
  for (let a = count - 1; a > 0; a--) {
    const b = dice.below(a + 1);
    [rows[a], rows[b]] = [rows[b], rows[a]];
  }
  return rows;
}

function relabel(drawn: VenueCase, rowOf: number[]): VenueCase {
  const move = <T>(items: ArrayLike<T>): T[] => {
    const moved: T[] = [];
    rowOf.forEach((row, a) => {
      moved[row] = items[a];
    });
    return moved;
  };
  return {
    ...drawn,
    keys: move(drawn.keys),
    isolated: move(drawn.isolated),
    cohorts: Uint16Array.from(move(drawn.cohorts)),
    deposits: move(drawn.deposits),
    leverages: drawn.leverages.map(([a, i, leverage]) => [rowOf[a], i, leverage]),
    openings: drawn.openings.map(([a, i, lots, cost]) => [rowOf[a], i, lots, cost]),
  };
}

function relabelInput(input: VenueInput, rowOf: number[]): VenueInput {
  if (input.kind !== 'submit' && input.kind !== 'cancel' && input.kind !== 'replace') return input;
  const [account, ...rest] = input.args;
  return { ...input, args: [rowOf[account], ...rest] } as VenueInput;
}
