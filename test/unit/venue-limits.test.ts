import { describe, expect, test } from 'vitest';
import { Reject, SlotState } from '../../sim/venue/index.js';
import { VenueDesk } from '../support/venue-desk.js';

const BID = 0;
const ASK = 1;
const REDUCE_ONLY = 2;
const SIZE_MAX = 0x7fffffff;
const HALF = 2 ** 52;

/** A venue whose accounts 0 and 1 have a wallet no bank has. */
function rich(kind: 'linear' | 'inverse', multiplier: number): VenueDesk {
  const contract = { kind, multiplier, quotePerTick: 1, quotePerLot: 1 };
  const desk = new VenueDesk({ deposit: 0, instrument: { contract } });
  desk.venue.deposit(0, 1e15);
  desk.venue.deposit(1, 1e15);
  return desk;
}

describe('orders beyond the exact integers', () => {
  test('are refused by the open interest at the end of the price range', () => {
    const desk = rich('linear', 1_000_000);
    const most = Math.ceil(HALF / (3999 * 1_000_000)) - 1;
    for (const size of [SIZE_MAX, most + 1]) {
      desk.limit(0, 0, BID, 1000, size);
      expect(desk.refusal()).toBe(Reject.OpenInterest);
      desk.market(0, BID, size);
      expect(desk.refusal()).toBe(Reject.OpenInterest);
    }
    desk.limit(0, 0, BID, 1000, most);
    expect(desk.refusal()).toBe(0);
    desk.limit(1, 0, ASK, 1000, most);
    expect(desk.venue.openInterestLots(0)).toBe(most);
    desk.limit(1, 0, ASK, 1000, 1);
    expect(desk.refusal()).toBe(Reject.OpenInterest);
    // What the positions may be worth, they may be worth.
    desk.index(3999);
    desk.venue.check();
  });

  test('are refused by what the account has open on a side', () => {
    const desk = rich('linear', 1_000_000);
    const size = 1_100_000;
    for (let slot = 0; slot < 4; slot++) {
      desk.limit(0, slot, BID, 1000, size);
      expect(desk.refusal()).toBe(0);
    }
    desk.limit(0, 4, BID, 1000, size);
    expect(desk.refusal()).toBe(Reject.OpenInterest);
    desk.limit(0, 4, ASK, 1001, size);
    expect(desk.refusal()).toBe(0);
    desk.venue.replace(++desk.time, 0, 0, 3, 1100, size + 1);
    expect([desk.refusal(), desk.venue.slotLeaves(0, 3)]).toEqual([Reject.OpenInterest, size]);
    desk.venue.check();
  });

  test('of an inverse contract are bounded at a quarter of the price, and at their own', () => {
    const desk = rich('inverse', 2_000_000_000);
    const most = Math.ceil((HALF * 250) / 2_000_000_000) - 1;
    desk.limit(0, 0, BID, 1000, most + 1);
    expect(desk.refusal()).toBe(Reject.OpenInterest);
    desk.limit(0, 0, BID, 1, SIZE_MAX);
    expect(desk.refusal()).toBe(Reject.OpenInterest);
    desk.limit(0, 0, BID, 1, 3_000_000);
    expect(desk.refusal()).toBe(Reject.OpenInterest);
    desk.limit(0, 0, BID, 1000, most);
    expect(desk.refusal()).toBe(0);
    desk.limit(1, 0, ASK, 1000, most);
    expect(desk.venue.positionOf(0, 0)).toBe(most);
    desk.limit(1, 0, BID, 1, most, REDUCE_ONLY);
    expect(desk.refusal()).toBe(Reject.OpenInterest);
    expect(desk.venue.slotState(1, 0)).toBe(SlotState.empty);
    desk.index(251);
    desk.venue.check();
  });
});
