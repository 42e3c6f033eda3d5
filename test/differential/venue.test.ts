import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EventLog, isUnhashed } from '../../sim/trace/index.js';
import { EventKind } from '../../sim/trace/index.js';
import { NaiveVenue } from '../naive/perpetual-venue.js';
import { ReportKind, Reject } from '../../sim/venue/index.js';
import { Dice, VenueFlow, apply, buildVenue, drawCase, enlarge, prepare } from '../support/venue-flow.js';
import type { VenueCase } from '../support/venue-flow.js';

const EVENTS = 1000;

/** Plays one seed into both venues and compares rows, reports and accounts after every event. */
function play(
  seed: number,
  events: number,
  counts: Map<number, number>,
  change: (drawn: VenueCase) => VenueCase = (drawn) => drawn,
): void {
  const dice = new Dice(seed);
  const drawn = change(drawCase(dice, 1 + (seed % 2)));
  const rows: number[][] = [];
  const reports: number[][] = [];
  let appended = 0;
  const log = {
    rows: () => appended,
    // The twin keeps no causal ledger.
    append: (...row: number[]) => {
      appended++;
      if (!isUnhashed(row[0] & 0xff)) rows.push(row.map((x) => x + 0));
    },
  };
  const venue = buildVenue(drawn, log as unknown as EventLog, (...report) => reports.push(report));
  const naive = new NaiveVenue(drawn.spec, drawn);
  prepare(drawn, naive);
  const flow = new VenueFlow(dice, drawn);
  let rowsSeen = 0;
  let reportsSeen = 0;
  let liquidatedQuote = 0;
  for (let event = 0; event <= events; event++) {
    const context = `seed ${seed} event ${event}`;
    if (event > 0) {
      const input = flow.next(venue);
      apply(venue, input);
      apply(naive, input);
      if (rows.length !== naive.rows.length || reports.length !== naive.reports.length) {
        expect({
          context,
          input,
          rows: rows.slice(rowsSeen),
          reports: reports.slice(reportsSeen),
        }).toEqual({
          context,
          input,
          rows: naive.rows.slice(rowsSeen),
          reports: naive.reports.slice(reportsSeen),
        });
      }
      if (venue.nextTimedMicros() !== naive.nextTimedMicros())
        expect.fail(`${context}: timers differ`);
    }
    for (; rowsSeen < rows.length; rowsSeen++) {
      same(context, rows[rowsSeen], naive.rows[rowsSeen]);
      tally(counts, rows[rowsSeen]);
      if ((rows[rowsSeen][0] & 255) === EventKind.liquidation) liquidatedQuote += rows[rowsSeen][10];
    }
    if (liquidatedQuote !== venue.liquidatedNotionalQuote) {
      expect.fail(`${context}: liquidation rows do not sum to the liquidated notional`);
    }
    for (; reportsSeen < reports.length; reportsSeen++) {
      same(`${context} report`, reports[reportsSeen], naive.reports[reportsSeen]);
    }
    compareAccounts(context, venue, naive);
    if (event === events) countRefusals(counts, reports);
    if (event % 40 === 0) venue.check();
  }
}

const REFUSED = 1000;

/** Counts refusals by -code, above the kinds of rows. */
function countRefusals(counts: Map<number, number>, reports: number[][]): void {
  for (const report of reports) {
    if (report[0] !== ReportKind.rejected) continue;
    const key = REFUSED - report[6];
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
}

/** Counts rows by kind, those of liquidations by stage too. */
function tally(counts: Map<number, number>, row: number[]): void {
  const kind = row[0] & 255;
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (kind === EventKind.liquidation)
    counts.set(kind + row[3] / 10, (counts.get(kind + row[3] / 10) ?? 0) + 1);
}

function same(context: string, real: number[], naive: number[]): void {
  if (real.length === naive.length && real.every((x, k) => x + 0 === naive[k] + 0)) return;
  expect({ context, row: real }).toEqual({ context, row: naive });
}

function compareAccounts(
  context: string,
  venue: ReturnType<typeof buildVenue>,
  naive: NaiveVenue,
): void {
  naive.accounts.forEach((account, a) => {
    const real = [venue.walletOf(a)];
    const twin = [Number(account.wallet)];
    account.positions.forEach((position, i) => {
      real.push(venue.positionOf(a, i), venue.costOf(a, i), venue.ledger.marginOf(a, i));
      twin.push(position.size, Number(position.cost), Number(position.margin));
    });
    same(`${context} account ${a}`, real, twin);
  });
  same(
    `${context} pots`,
    [venue.fund(), venue.ledger.fees, venue.badDebt()],
    [Number(naive.fund), Number(naive.fees), Number(naive.deficit)],
  );
}

describe('the venue against its naive twin', () => {
  test('logs the same rows and reports and keeps the same accounts, event for event', () => {
    const counts = new Map<number, number>();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1 << 28 }), (seed) => play(seed, EVENTS, counts)),
      { seed: 20200312, numRuns: 56, endOnFailure: true },
    );
    for (const kind of [
      EventKind.trade,
      EventKind.mark,
      EventKind.funding,
      EventKind.liquidation,
      EventKind.takeover,
      EventKind.autoDeleverage,
      EventKind.badDebt,
      EventKind.halt,
      EventKind.cancelAll,
      5.1,
      5.2,
      5.3,
    ]) {
      expect(counts.get(kind) ?? 0, `rows of kind ${kind}`).toBeGreaterThan(20);
    }
    expect(counts.get(EventKind.insolvency)).toBeGreaterThan(5);
  });

  test('does so where amounts near the end of the exact integers', () => {
    const counts = new Map<number, number>();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1 << 28 }), (seed) =>
        play(seed, EVENTS, counts, enlarge),
      ),
      { seed: 9007199, numRuns: 16, endOnFailure: true },
    );
    for (const kind of [EventKind.trade, EventKind.liquidation, REFUSED - Reject.OpenInterest]) {
      expect(counts.get(kind) ?? 0, `rows of kind ${kind}`).toBeGreaterThan(50);
    }
  });
});
