/** Rows of a log and their causes, where it is easy to take the wrong one. */
import { describe, expect, it } from 'vitest';
import { ForestReader } from '../../sim/contagion/index.js';
import { OrderKind } from '../../sim/venue/index.js';
import { type Cause, CauseJoin, EventKind } from '../../sim/trace/index.js';
import type { RunMetadata } from '../../sim/trace/index.js';
import { logReaderOf, VenueDesk } from '../support/venue-desk.js';

const BUY = 0;
const SELL = 1;
const [first] = new VenueDesk().venue.spec.instruments;
const two = [first, { ...first, name: 'OTHER' }];

/** Causes of the rows of a kind, in order. */
function joined(desk: VenueDesk, kind: number): (Cause | null)[] {
  const join = new CauseJoin();
  const reader = logReaderOf(desk);
  const found: (Cause | null)[] = [];
  while (reader.next()) {
    const cause = join.take(reader);
    if (reader.kind === kind) found.push(cause);
  }
  return found;
}

function forestOf(desk: VenueDesk) {
  const one = { contract: 'linear', quotePerTick: 1, quotePerLot: 1 };
  const metadata = { cohorts: [], instruments: [one, one] } as unknown as RunMetadata;
  const reader = new ForestReader(metadata);
  reader.add(logReaderOf(desk));
  return reader;
}

/** Gives account 5 longs in two instruments, bids included. */
function twoLongs(isolated: boolean, delayMicros: number): VenueDesk {
  const desk = new VenueDesk({
    accounts: 8,
    deposit: 20_000,
    isolated: new Uint8Array(8).fill(isolated ? 1 : 0, 5, 6),
    venue: { instruments: two, liquidation: { kind: 'wholeAtMarket', delayMicros } },
  });
  for (const k of [0, 1]) {
    desk.venue.open(5, k, 70 + 10 * k, 70_000 + 10_000 * k);
    desk.venue.open(6, k, -70 - 10 * k, -70_000 - 10_000 * k);
    desk.venue.submit(1, 0, k, 4 + k, BUY, OrderKind.limit, 700, 1, 0, 0, 0, 0);
  }
  return desk;
}

describe('the cause of a liquidation', () => {
  it('is not a breach that the account recovered from in the instrument it is closed in', () => {
    const desk = twoLongs(false, 100);
    desk.venue.index(10, 1, 800);
    desk.venue.index(20, 1, 1000);
    desk.venue.timed(200);
    desk.venue.index(300, 0, 800);
    desk.venue.timed(400);
    const causes = joined(desk, EventKind.liquidation);
    expect(causes.length).toBeGreaterThan(0);
    for (const cause of causes) expect([cause?.timeMicros, cause?.instrument]).toEqual([300, 0]);
  });

  it('is its own of two isolated positions in breach at once, closed as first and second', () => {
    const desk = twoLongs(true, 100);
    desk.venue.index(10, 1, 850);
    desk.venue.index(20, 0, 850);
    desk.venue.timed(200);
    const { liquidation, instrument, ordinal, timeMicros } = forestOf(desk).forest(1);
    expect([...liquidation]).toEqual([1, 2]);
    expect([...instrument]).toEqual([1, 0]);
    expect([...timeMicros]).toEqual([10, 20]);
    expect([...ordinal]).toEqual([1, 2]);
    expect(desk.venue.breaches.ordinals[5]).toBe(2);
  });
});

describe('the cause of a trade', () => {
  it('is not the stop whose order traded before', () => {
    const desk = new VenueDesk({ accounts: 8, slots: 64 });
    desk.pair(5, 6, 10);
    desk.limit(0, 0, BUY, 990, 50);
    desk.stop(5, 0, SELL, OrderKind.stopMarket, 991, 1);
    desk.market(1, SELL, 1);
    desk.market(5, SELL, 2);
    const causes = joined(desk, EventKind.trade);
    expect(causes.map((cause) => cause?.account ?? -1)).toEqual([-1, 5, -1]);
    expect(forestOf(desk).forest(2).notionalQuote).toEqual(Float64Array.of(990));
  });

  it('makes a node of a stop only once its order is sent', () => {
    const desk = new VenueDesk({ accounts: 8, slots: 64, deposit: 20_000 });
    desk.pair(5, 6, 150);
    desk.limit(0, 0, BUY, 900, 15);
    desk.stop(5, 0, SELL, OrderKind.stopMarket, 950, 1, 0, 1);
    desk.stop(6, 0, SELL, OrderKind.stopMarket, 950, 1, 0, 1);
    desk.index(880);
    // Account 5 is liquidated by the same move, and its stop cancelled with its orders.
    const { account, subject } = forestOf(desk).forest(2);
    expect([...account].map((a, i) => [a, subject[i]])).toEqual([[6, 3], [5, 1]]);
  });
});
