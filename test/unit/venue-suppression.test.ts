/** What takes the place of a suppressed liquidation. */
import { describe, expect, test } from 'vitest';
import { shapleyExact, synergy } from '../../sim/counterfactual/index.js';
import { EventKind } from '../../sim/trace/index.js';
import { OrderKind, ReportKind, SlotState } from '../../sim/venue/index.js';
import type { Suppression } from '../../sim/venue/index.js';
import { VenueDesk } from '../support/venue-desk.js';

const BID = 0;
const ASK = 1;
/** Rates are per eight hours. */
const EIGHT_HOURS_MICROS = 28_800_000_000;

/**
 * Three longs of 100 lots at 1,000 and a last-price mark: maintenance is 5 %, so they breach below about
 * 959, 944 and 928; the bids below let each one's sale reach the next.
 */
function chain(rules: Suppression[] = [], isolated?: Uint8Array): VenueDesk {
  const desk = new VenueDesk({
    deposit: 0,
    accounts: 6,
    instrument: { mark: { kind: 'last' } },
    venue: { liquidation: { kind: 'wholeAtMarket' } },
    ...(isolated === undefined ? {} : { isolated }),
  });
  desk.venue.liquidator.suppress(rules);
  for (const a of [3, 4, 5]) desk.venue.deposit(a, 10_000_000);
  [8900, 10_300, 11_800].forEach((quanta, a) => {
    desk.venue.deposit(a, quanta);
    desk.pair(a, 3, 100);
  });
  desk.limit(4, 0, BID, 955, 1);
  desk.limit(4, 1, BID, 940, 100);
  desk.limit(4, 2, BID, 925, 100);
  desk.limit(4, 3, BID, 900, 1000);
  return desk;
}

const liquidated = (desk: VenueDesk): number[] => [
  ...new Set(desk.rowsOf(EventKind.liquidation).map((row) => row[2])),
];

describe('a chain of three', () => {
  test('goes down one after the other without suppressions', () => {
    const desk = chain();
    desk.market(5, ASK, 1);
    expect(liquidated(desk)).toEqual([0, 1, 2]);
    expect(desk.venue.liquidationCount).toBe(3);
  });

  test('ends where a link is warehoused: its price channel is gone', () => {
    const desk = chain([{ mode: 'warehouse', account: 0, ordinal: 1 }]);
    desk.market(5, ASK, 1);
    expect(liquidated(desk)).toEqual([]);
    expect(desk.venue.liquidationCount).toBe(0);
    expect([desk.venue.positionOf(0, 0), desk.venue.walletOf(0)]).toEqual([0, 0]);
    const { ledger } = desk.venue;
    expect(ledger.sizeOf(ledger.holder, 0)).toBe(100);
    // At cost less the wallet that came with it: its bankruptcy value.
    expect(ledger.costOf(ledger.holder, 0)).toBe(100_000 - 8900);
    expect(desk.venue.lastTicks(0)).toBe(955);
    desk.venue.check();
  });

  test('loses only what hangs on the suppressed link', () => {
    const middle = chain([{ mode: 'warehouse', account: 1 }]);
    middle.market(5, ASK, 1);
    expect(liquidated(middle)).toEqual([0]);
    const second = chain([{ mode: 'warehouse', account: 0, ordinal: 2 }]);
    second.market(5, ASK, 1);
    expect(liquidated(second)).toEqual([0, 1, 2]);
  });

  test.each([
    [{ cohort: 0 }, []],
    [{ cohort: 1 }, [0, 1, 2]],
    [{ side: 1 as const }, []],
    [{ side: -1 as const }, [0, 1, 2]],
    [{ fromMicros: 1 }, []],
    [{ fromMicros: 1e9 }, [0, 1, 2]],
    [{}, []],
  ])('is selected by %j', (which, left) => {
    const desk = chain([{ mode: 'warehouse', ...which }]);
    desk.market(5, ASK, 1);
    expect(liquidated(desk)).toEqual(left);
  });

  test('is stopped by money from outside, up to the initial margin', () => {
    for (const isolated of [0, 1]) {
      const flags = Uint8Array.from([isolated, 0, 0, 0, 0, 0]);
      const desk = chain([{ mode: 'recapitalise', account: 0 }], flags);
      const outside = desk.venue.ledger.outside;
      desk.market(5, ASK, 1);
      expect(liquidated(desk)).toEqual([]);
      expect(desk.venue.positionOf(0, 0)).toBe(100);
      // 100 x 955 x 10 %, less 8,900 - 100 x 45.
      const injected = 9550 - 4400;
      expect(desk.venue.equityOf(0)).toBe(9550);
      expect(desk.venue.ledger.outside - outside).toBe(injected);
      const deposit = desk.rowsOf(EventKind.deposit).at(-1);
      expect([deposit?.[2], deposit?.[7]]).toEqual([0, injected]);
      desk.venue.check();
    }
  });
});

describe('a deferred liquidation', () => {
  const terms = { delayMicros: 1000, intervalMicros: 100, participation: 0.25 };

  test('waits, then trades a share of the volume of each interval', () => {
    const desk = chain([{ mode: 'defer', account: 0, defer: terms }]);
    desk.market(5, ASK, 1);
    const breach = desk.time;
    expect([desk.venue.positionOf(0, 0), desk.venue.liquidationCount]).toEqual([100, 0]);
    expect(desk.venue.nextTimedMicros()).toBe(breach + 900);
    desk.venue.timed(breach + 900);
    desk.time = breach + 950;
    desk.limit(4, 4, BID, 950, 60);
    desk.market(5, ASK, 41);
    expect(liquidated(desk)).toEqual([]);
    expect(desk.venue.nextTimedMicros()).toBe(breach + 1000);
    desk.venue.timed(breach + 1000);
    expect(desk.venue.positionOf(0, 0)).toBe(90);
    expect(desk.venue.liquidationCount).toBe(1);
    // Its own ten lots are all that traded since.
    desk.venue.timed(breach + 1100);
    expect(desk.venue.positionOf(0, 0)).toBe(88);
    const rows = desk.rowsOf(EventKind.liquidation);
    expect(rows.map((row) => [row[2], row[5], row[6]])).toEqual([[0, 10, 1], [0, 2, 1]]);
    desk.venue.check();
  });

  test('is called off when the account is no longer in breach', () => {
    const desk = chain([{ mode: 'defer', account: 0, defer: terms }]);
    desk.market(5, ASK, 1);
    const breach = desk.time;
    desk.venue.deposit(0, 100_000);
    desk.venue.timed(breach + 900);
    desk.venue.timed(breach + 1000);
    expect([desk.venue.positionOf(0, 0), desk.venue.liquidationCount]).toEqual([100, 0]);
    expect(desk.venue.nextTimedMicros()).toBe(Infinity);
    desk.venue.check();
  });

  test('refuses terms that make no sense', () => {
    for (const bad of [{ participation: 0 }, { participation: 1.1 }, { intervalMicros: 0 }]) {
      const rules: Suppression[] = [{ mode: 'defer', defer: { ...terms, ...bad } }];
      expect(() => chain(rules)).toThrow(/must be/);
    }
  });
});

describe('the holder of warehoused positions', () => {
  test('pays funding itself, so that the fund is not in its place', () => {
    const desk = new VenueDesk({
      deposit: 0,
      accounts: 3,
      instrument: {
        funding: {
          kind: 'premium', intervalMicros: EIGHT_HOURS_MICROS, firstAtMicros: 1000, interestRate: 0.01,
          clamp: 0.05, impactNotional: 1000, sampleMicros: 100,
        },
      },
    });
    desk.venue.liquidator.suppress([{ mode: 'warehouse' }]);
    desk.venue.deposit(0, 6000);
    desk.venue.deposit(1, 1_000_000);
    desk.pair(0, 1, 100);
    desk.index(980);
    const { ledger } = desk.venue;
    expect(ledger.sizeOf(ledger.holder, 0)).toBe(100);
    const [fund, wallet] = [desk.venue.fund(), desk.venue.walletOf(1)];
    for (let t = 100; t <= 1000; t += 100) desk.venue.timed(t);
    expect(desk.venue.walletOf(1) - wallet).toBe(980);
    expect(ledger.walletOf(ledger.holder)).toBe(-980);
    expect(desk.venue.fund()).toBe(fund);
    desk.venue.check();
  });

  test('stands in where nobody else is on the other side of a deleveraging', () => {
    const desk = new VenueDesk({
      deposit: 0,
      accounts: 3,
      venue: { waterfall: ['autoDeleverage'], insuranceFundQuanta: 0 },
    });
    desk.venue.liquidator.suppress([{ mode: 'warehouse', side: -1 }]);
    desk.venue.deposit(0, 6000);
    desk.venue.deposit(1, 6000);
    desk.pair(0, 1, 100);
    desk.index(1040);
    const { ledger, deskAccount } = desk.venue;
    expect(ledger.sizeOf(ledger.holder, 0)).toBe(-100);
    desk.index(900);
    expect([ledger.sizeOf(ledger.holder, 0), ledger.sizeOf(deskAccount, 0)]).toEqual([0, 0]);
    const [row] = desk.rowsOf(EventKind.autoDeleverage);
    expect([row[2], row[5]]).toEqual([ledger.holder, 100]);
    desk.venue.check();
  });
});

describe('the forced sales of a chain', () => {
  // Whoever is not in the coalition is warehoused; how many are sold then?
  const sold = [0, 1, 2, 3, 4, 5, 6, 7].map((mask) => {
    const rules = [0, 1, 2].filter((a) => (mask & (1 << a)) === 0);
    const desk = chain(rules.map((account): Suppression => ({ mode: 'warehouse', account })));
    desk.market(5, ASK, 1);
    return desk.venue.liquidationCount;
  });

  test('need those before them', () => {
    expect(sold).toEqual([0, 1, 0, 2, 0, 1, 0, 3]);
  });

  test('are divided in favour of the first', () => {
    const { values, efficiencyResidual } = shapleyExact(3, sold);
    for (let a = 0; a < 3; a++) expect(values[a]).toBeCloseTo([11 / 6, 5 / 6, 2 / 6][a], 12);
    expect(efficiencyResidual).toBeCloseTo(0, 12);
    expect(synergy(sold[7], sold[0], [3, 2, 1])).toBe(-3);
  });
});

describe('a venue without stops', () => {
  test.each([true, false])('fires them: %s', (fires) => {
    const desk = chain();
    desk.venue.firesTriggers = fires;
    desk.stop(5, 5, ASK, OrderKind.stopMarket, 955, 7);
    desk.market(5, ASK, 1);
    expect(desk.reportsOf(ReportKind.triggered).length).toBe(fires ? 1 : 0);
    expect(desk.venue.slotState(5, 5)).toBe(fires ? SlotState.empty : SlotState.waiting);
    desk.venue.check();
  });
});
