import { describe, expect, test } from 'vitest';
import { SelfTrade } from '../../sim/book/index.js';
import { ReportKind, SlotState } from '../../sim/venue/index.js';
import { VenueDesk } from '../support/venue-desk.js';

const BID = 0;
const ASK = 1;

/** Account 0 rests an ask of 5 at 1,001 behind one of account 1; returns what comes after. */
function meet(selfTrade: number, ahead: number, size: number) {
  const desk = new VenueDesk({ instrument: { selfTrade } });
  if (ahead > 0) desk.limit(1, 0, ASK, 1000, ahead);
  desk.limit(0, 0, ASK, 1001, 5);
  const before = desk.reports.length;
  desk.limit(0, 1, BID, 1002, size);
  desk.venue.check();
  const own = desk.reports.slice(before).filter((report) => report[2] === 0);
  return { desk, reports: own.map((report) => [report[0], report[4], report[5], report[6]]) };
}

describe('an incoming order that meets one of its own account', () => {
  test('is reported cancelled when the newest goes', () => {
    const { desk, reports } = meet(SelfTrade.cancelNewest, 0, 4);
    expect(reports).toEqual([[ReportKind.cancelled, 1, 0, 4]]);
    expect([desk.venue.slotState(0, 0), desk.venue.slotState(0, 1)]).toEqual([
      SlotState.resting,
      SlotState.empty,
    ]);
  });

  test('is reported with what it traded before', () => {
    expect(meet(SelfTrade.cancelNewest, 3, 7).reports).toEqual([
      [ReportKind.filled, 1, 3, 0],
      [ReportKind.cancelled, 1, 3, 4],
    ]);
  });

  test('is reported cancelled when a decrement takes all of it', () => {
    expect(meet(SelfTrade.decrement, 0, 4).reports).toEqual([[ReportKind.cancelled, 1, 0, 4]]);
    expect(meet(SelfTrade.decrement, 0, 5).reports).toEqual([
      [ReportKind.cancelled, 0, 0, 5],
      [ReportKind.cancelled, 1, 0, 5],
    ]);
  });

  test('is accepted with what is left when a decrement takes part of it', () => {
    expect(meet(SelfTrade.decrement, 0, 7).reports).toEqual([
      [ReportKind.cancelled, 0, 0, 5],
      [ReportKind.accepted, 1, 0, 2],
    ]);
  });

  test('is reported after a replacement too', () => {
    const desk = new VenueDesk({ instrument: { selfTrade: SelfTrade.cancelNewest } });
    desk.limit(0, 0, ASK, 1001, 5);
    desk.limit(0, 1, BID, 990, 4);
    desk.venue.replace(9, 0, 0, 1, 1001, 4);
    expect(desk.reports.at(-1)).toEqual([ReportKind.cancelled, 9, 0, 0, 1, 0, 4, 1001]);
    expect(desk.venue.slotState(0, 1)).toBe(SlotState.empty);
    desk.venue.check();
  });
});
