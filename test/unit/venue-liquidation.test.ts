import { describe, expect, test } from 'vitest';
import { EventKind } from '../../sim/trace/index.js';
import { OrderKind, ReportKind, SlotState } from '../../sim/venue/index.js';
import { VenueDesk } from '../support/venue-desk.js';

const BID = 0;
const ASK = 1;

const TIERS = [
  { floorQuanta: 0, maintenanceRate: 20_000, initialRate: 40_000 },
  { floorQuanta: 50_000, maintenanceRate: 100_000, initialRate: 100_000 },
];

describe('isolated margin', () => {
  test('an isolated opening sets aside no more than the wallet has', () => {
    const openings = (isolated: number) => {
      const desk = new VenueDesk({
        deposit: 0,
        isolated: Uint8Array.from([isolated, 0, 0, 0, 0, 0]),
      });
      desk.venue.deposit(0, 2000);
      desk.venue.deposit(1, 1_000_000);
      desk.pair(0, 1, 100);
      return desk;
    };
    // 2,000 behind 100,000, less than the maintenance margin: in breach at once.
    const desk = openings(1);
    expect([desk.venue.ledger.marginOf(0, 0), desk.venue.ledger.freeOf(0)]).toEqual([2000, 0]);
    desk.index(999);
    const cross = openings(0);
    cross.index(999);
    for (const one of [desk, cross]) {
      expect([one.venue.positionOf(0, 0), one.venue.walletOf(0)]).toEqual([0, 0]);
      expect(one.venue.bestAsk(0)).toBe(980);
      one.venue.check();
    }
  });
});

describe('the notional liquidated', () => {
  // At 970 the account is in breach; 49 lots are to go by step, 3 find a buyer at 955.
  test.each([
    ['stepDown', 'fok', [[2, 970, 100]]],
    [
      'stepDown',
      'ioc',
      [
        [1, 970, 3],
        [2, 970, 97],
      ],
    ],
    [
      'wholeAtMarket',
      'ioc',
      [
        [3, 970, 3],
        [2, 970, 97],
      ],
    ],
  ] as const)('counts what %s (%s) closes, once', (kind, order, stages) => {
    const desk = new VenueDesk({
      deposit: 0,
      instrument: { margin: { tiers: TIERS } },
      venue: { liquidation: { kind, order } },
    });
    for (let a = 1; a < 6; a++) desk.venue.deposit(a, 1_000_000);
    desk.venue.deposit(0, 8000);
    desk.pair(0, 1, 100);
    desk.limit(2, 0, BID, 955, 3);
    desk.index(970);
    const rows = desk.rowsOf(EventKind.liquidation);
    expect(rows.map((row) => row.slice(3, 6))).toEqual(stages);
    expect(rows.reduce((sum, row) => sum + row[10], 0)).toBe(97_000);
    expect(desk.venue.liquidatedNotionalQuote).toBe(97_000);
    expect(desk.venue.cohortLiquidatedQuote(0)).toBe(97_000);
    const [first] = desk.rows.filter((row) => row[6] === 1);
    expect(first[0]).toBe(EventKind.liquidation);
    desk.venue.check();
  });
});

describe('an insolvent account', () => {
  test.each([0, 1])('loses its orders before its debt is paid (isolated %i)', (isolated) => {
    const desk = new VenueDesk({
      deposit: 0,
      isolated: Uint8Array.from([isolated, 0, 0, 0, 0, 0]),
    });
    for (let a = 1; a < 6; a++) desk.venue.deposit(a, 1_000_000);
    desk.venue.deposit(0, 12_000);
    desk.pair(0, 1, 100);
    desk.limit(0, 0, BID, 800, 1);
    desk.stop(0, 1, BID, OrderKind.stopMarket, 1100, 1);
    desk.limit(2, 0, BID, 870, 100);
    // 13,000 lost of 12,000 while the mark stays at 1,000.
    desk.market(0, ASK, 100);
    expect([desk.venue.positionOf(0, 0), desk.venue.walletOf(0)]).toEqual([0, 0]);
    expect([desk.venue.slotState(0, 0), desk.venue.slotState(0, 1)]).toEqual([
      SlotState.empty,
      SlotState.empty,
    ]);
    const kinds = desk.rows.map((row) => row[0] & 255);
    expect(kinds.indexOf(EventKind.cancelAll)).toBe(kinds.indexOf(EventKind.insolvency) - 1);
    expect(desk.reportsOf(ReportKind.cancelled).slice(-2).map((report) => report[4])).toEqual([
      0, 1,
    ]);
    desk.venue.check();
  });
});

describe('deleveraging', () => {
  test('ranks once for all that one move of the mark brings to the desk', () => {
    const desk = new VenueDesk({ deposit: 0, venue: { insuranceFundQuanta: 0 } });
    for (const a of [4, 5]) desk.venue.deposit(a, 1_000_000);
    for (const a of [0, 1, 2, 3]) {
      desk.venue.deposit(a, 8000);
      desk.pair(a, a < 2 ? 4 : 5, 100);
    }
    // All four are under water at 900, and nobody bids.
    desk.index(900);
    const order = desk.rows
      .map((row) => row[0] & 255)
      .filter((kind) => kind === EventKind.takeover || kind === EventKind.autoDeleverage);
    const { takeover, autoDeleverage } = EventKind;
    expect(order).toEqual([
      takeover, takeover, takeover, takeover,
      autoDeleverage, autoDeleverage,
    ]);
    expect([desk.venue.deskInventory(0), desk.venue.badDebt()]).toEqual([0, 0]);
    expect([desk.venue.walletOf(4), desk.venue.walletOf(5)]).toEqual([1_016_000, 1_016_000]);
    desk.venue.check();
  });
});
