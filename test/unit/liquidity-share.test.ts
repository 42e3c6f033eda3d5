/** What forced orders move by their size, and what by quotes that had gone. */
import { describe, expect, it } from 'vitest';
import { EventKind } from '../../sim/trace/index.js';
import { OrderBook } from '../../sim/book/index.js';
import type { EventLog } from '../../sim/trace/index.js';
import type { Instrument } from '../../sim/venue/instrument.js';
import { LiquidityShare } from '../../sim/venue/liquidity-share.js';
import { VenueDesk } from '../support/venue-desk.js';

const [BID, ASK] = [0, 1];
const [MAKER, OTHER, SELLER, FIRST, SECOND, SHORT] = [0, 1, 2, 3, 4, 5];

/**
 * Bids of ten lots at every tick from 999 down; FIRST and SECOND are long forty lots each, on isolated
 * margin that ends at 990 and 960, and the mark is the last price.
 */
function prepared(): VenueDesk {
  const desk = new VenueDesk({
    deposit: 10_000_000,
    slots: 200,
    instrument: { mark: { kind: 'last' } },
    venue: { liquidation: { kind: 'wholeAtMarket' }, waterfall: ['badDebt'], insuranceFundQuanta: 0 },
    isolated: Uint8Array.from([0, 0, 0, 1, 1, 0]),
  });
  for (let k = 0; k < 100; k++) desk.limit(k < 40 || k % 2 === 0 ? MAKER : OTHER, k, BID, 999 - k, 10);
  desk.pair(FIRST, SHORT, 40);
  desk.pair(SECOND, SHORT, 40);
  return desk;
}

const rows = (desk: VenueDesk, kind: number) => desk.causes.filter((row) => (row[0] & 255) === kind);
/** Ticks moved, by size, by gone quotes. */
const impacts = (desk: VenueDesk) => rows(desk, EventKind.impact).map((row) => row.slice(7, 10));

describe('the liquidity share', () => {
  it('is all flow where no quote went', () => {
    const desk = prepared();
    desk.market(SELLER, ASK, 600);
    expect(impacts(desk).length).toBeGreaterThan(0);
    for (const [moved, flow, gone] of impacts(desk)) {
      expect(moved).toBe(3);
      expect(flow).toBe(3);
      expect(gone).toBe(0);
    }
    expect(rows(desk, EventKind.withdrawal)).toEqual([]);
  });

  it('tells the same memory to nobody but the cascade it is of', () => {
    const desk = prepared();
    desk.market(SELLER, ASK, 600);
    const before = impacts(desk).length;
    // Quotes that go now are of no cascade to come: the next one remembers the book without them.
    for (let k = 70; k < 90; k += 2) desk.cancel(MAKER, k);
    desk.pair(FIRST, SHORT, 40, 945);
    desk.market(SELLER, ASK, 60);
    for (const [moved, flow, gone] of impacts(desk).slice(before)) {
      expect(flow).toBe(moved);
      expect(gone).toBe(0);
    }
  });
});

describe('quotes that had gone', () => {
  const told: number[][] = [];
  const log = { append: (...row: number[]) => told.push(row) } as unknown as EventLog;
  const order = { timeMicros: 0, account: 7, liquidation: 1, root: 1, event: 1 };

  it('are told by cohort, net of what came back, beside what others took', () => {
    told.length = 0;
    const reduceOnly = { closable: () => 0 };
    const book = new OrderBook({ ticksLimit: 2000, selfTrade: 0, reduceOnly });
    const ids = new Map<number, number>();
    for (let tick = 999; tick >= 900; tick--) {
      ids.set(tick, book.limit(BID, tick, 10, 0, 0, tick % 2, tick));
    }
    const one = { number: 0, book } as unknown as Instrument;
    const share = new LiquidityShare(log, 3);
    const sell = (lots: number, root = 1): void => {
      book.market(ASK, lots, 1, 0, 9, -1);
      share.forced(one, ASK, { ...order, root });
    };
    const cancel = (tick: number, cohort: number): void => {
      book.cancel(ids.get(tick) as number);
      share.withdrew(cohort, 0, BID, tick, 10);
    };
    sell(40);
    expect(told.pop()?.slice(7, 10)).toEqual([3, 3, 0]);
    // 995 and 994 go by cohort 0, of which ten lots come back at 992; 993 goes by cohort 1.
    cancel(995, 0);
    cancel(994, 0);
    cancel(993, 1);
    book.limit(BID, 992, 10, 0, 0, 0, 5000);
    share.withdrew(0, 0, BID, 992, -10);
    sell(40);
    // In memory from 995 to 992; in the book it ends at 990: two ticks more, halves of two cohorts.
    const impact = told.find((row) => row[0] === EventKind.impact) as number[];
    expect(impact.slice(7, 10)).toEqual([5, 3, 2]);
    const gone = told.filter((row) => row[0] === EventKind.withdrawal);
    expect(gone.map((row) => [row[3], row[5], row[9]])).toEqual([[0, 10, 1], [1, 10, 1]]);
    // Another cascade remembers the book as it is now.
    told.length = 0;
    sell(20, 2);
    expect(told.map((row) => row.slice(7, 10))).toEqual([[1, 1, 0]]);
    // What others take away is not the quotes'.
    book.market(ASK, 30, 1, 0, 8, -1);
    for (let k = 0; k < 3; k++) share.took(0, BID, 987 - k, 10);
    told.length = 0;
    sell(10, 2);
    expect(told.map((row) => row.slice(7, 10))).toEqual([[3, 0, 0]]);
  });

  it('survive a snapshot', () => {
    const share = new LiquidityShare(log, 3);
    const reduceOnly = { closable: () => 0 };
    const book = new OrderBook({ ticksLimit: 2000, selfTrade: 0, reduceOnly });
    for (let tick = 999; tick >= 900; tick--) book.limit(BID, tick, 10, 0, 0, 0, tick);
    const one = { number: 0, book } as unknown as Instrument;
    book.market(ASK, 40, 1, 0, 9, -1);
    share.forced(one, ASK, order);
    share.withdrew(2, 0, BID, 950, 10);
    const numbers: number[] = [];
    share.write({ float: (x) => numbers.push(x) });
    const copy = new LiquidityShare(log, 3);
    let at = 0;
    copy.read({ float: () => numbers[at++] });
    expect(at).toBe(numbers.length);
    book.market(ASK, 10, 1, 0, 9, -1);
    told.length = 0;
    share.forced(one, ASK, order);
    copy.forced(one, ASK, order);
    expect(told[0]).toEqual(told[1]);
  });
});
