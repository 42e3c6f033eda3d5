import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EventKind } from '../../sim/trace/index.js';
import { OrderKind, Reject, ReportKind, SlotState } from '../../sim/venue/index.js';
import { VenueDesk } from '../support/venue-desk.js';

const BID = 0;
const ASK = 1;
const REDUCE_ONLY = 2;

describe('orders', () => {
  test('rest, trade and settle both sides', () => {
    const desk = new VenueDesk({
      instrument: { fees: { makerPpm: -250, takerPpm: 750, liquidationPpm: 0 } },
    });
    const { venue } = desk;
    desk.limit(0, 0, ASK, 1010, 30);
    desk.market(1, BID, 20);
    expect([venue.positionOf(1, 0), venue.costOf(1, 0), venue.positionOf(0, 0)]).toEqual([
      20, 20_200, -20,
    ]);
    // fees on 20,200: taker ceil(15.15), maker ceil(-5.05)
    expect([venue.walletOf(1), venue.walletOf(0), venue.ledger.fees]).toEqual([
      999_984, 1_000_005, 11,
    ]);
    expect(desk.reports).toEqual([
      [ReportKind.accepted, 1, 0, 0, 0, 0, 30, 1010],
      [ReportKind.fillMaker, 2, 0, 0, 0, 20, 10, 1010],
      [ReportKind.filled, 2, 1, 0, 7, 20, 0, 1010],
    ]);
    expect([venue.slotLeaves(0, 0), venue.openInterestLots(0), venue.volumeLots(0)]).toEqual([
      10, 20, 20,
    ]);
    expect(venue.cohortNetLots(0, 0)).toBe(0);
    venue.check();
  });

  test('a market remainder and a cancel are reported, an empty slot refused', () => {
    const desk = new VenueDesk();
    desk.limit(0, 0, ASK, 1001, 5);
    desk.market(1, BID, 8);
    expect(desk.reports.at(-1)).toEqual([ReportKind.cancelled, 2, 1, 0, 7, 5, 3, 0]);
    desk.limit(0, 1, BID, 990, 4);
    desk.cancel(0, 1);
    expect(desk.reports.at(-1)).toEqual([ReportKind.cancelled, 4, 0, 0, 1, 0, 4, 990]);
    desk.cancel(0, 1);
    expect(desk.reports.at(-1)).toEqual([
      ReportKind.cancelRejected,
      5,
      0,
      0,
      1,
      0,
      Reject.Unknown,
      0,
    ]);
    expect(desk.venue.slotState(0, 1)).toBe(SlotState.empty);
  });

  test('are refused for their slot, size, price and the halt', () => {
    const desk = new VenueDesk();
    desk.limit(0, 0, BID, 990, 1);
    desk.limit(0, 0, BID, 990, 1);
    expect(desk.refusal()).toBe(Reject.SlotTaken);
    desk.limit(0, 8, BID, 990, 1);
    expect(desk.refusal()).toBe(Reject.Unknown);
    desk.limit(0, 1, BID, 990, 0);
    expect(desk.refusal()).toBe(Reject.Size);
    desk.limit(0, 1, BID, 4000, 1);
    expect(desk.refusal()).toBe(Reject.Price);
    desk.venue.halt(10, 3);
    desk.time = 10;
    desk.limit(0, 1, BID, 990, 1);
    expect(desk.refusal()).toBe(Reject.Halted);
    desk.cancel(0, 0);
    expect(desk.reports.at(-1)?.[6]).toBe(Reject.Halted);
    desk.venue.resume(20);
    desk.time = 20;
    desk.cancel(0, 0);
    expect(desk.reports.at(-1)?.[0]).toBe(ReportKind.cancelled);
  });

  test('reserve initial margin until they are cancelled', () => {
    const desk = new VenueDesk({ deposit: 1000 });
    desk.limit(0, 0, BID, 1000, 6);
    expect(desk.venue.reservedOf(0)).toBe(600);
    desk.limit(0, 1, BID, 1000, 5);
    expect(desk.refusal()).toBe(Reject.InsufficientMargin);
    // The other side does not add to it: max(bids, asks).
    desk.limit(0, 2, ASK, 1001, 5);
    expect(desk.refusal()).toBe(0);
    desk.cancel(0, 0);
    desk.limit(0, 1, BID, 1000, 9);
    expect(desk.refusal()).toBe(0);
    expect(desk.venue.reservedOf(0)).toBe(900);
  });

  test('that only reduce need no margin', () => {
    const desk = new VenueDesk({ accounts: 3, deposit: 0 });
    desk.venue.deposit(0, 60);
    desk.venue.deposit(1, 100_000);
    desk.venue.deposit(2, 100_000);
    desk.pair(0, 1, 1);
    desk.limit(2, 0, BID, 995, 5);
    desk.market(0, ASK, 1);
    expect(desk.venue.positionOf(0, 0)).toBe(0);
    expect(desk.venue.walletOf(0)).toBe(55);
    desk.market(0, ASK, 1);
    expect(desk.refusal()).toBe(Reject.InsufficientMargin);
  });

  test('leverage sets the initial margin', () => {
    const desk = new VenueDesk({ deposit: 1000 });
    desk.venue.setLeverage(0, 0, 2);
    desk.limit(0, 0, BID, 1000, 3);
    expect(desk.refusal()).toBe(Reject.InsufficientMargin);
    desk.limit(0, 0, BID, 1000, 2);
    expect(desk.refusal()).toBe(0);
    expect(desk.venue.reservedOf(0)).toBe(1000);
  });

  test('a refused replacement leaves the order as it was', () => {
    const desk = new VenueDesk({ deposit: 1000, instrument: { band: { widthPpm: 100_000 } } });
    desk.limit(0, 0, BID, 1000, 5);
    desk.venue.replace(5, 0, 0, 0, 1000, 50);
    expect(desk.refusal()).toBe(Reject.InsufficientMargin);
    desk.venue.replace(6, 0, 0, 0, 899, 5);
    expect(desk.refusal()).toBe(Reject.PriceBand);
    expect([desk.venue.slotLeaves(0, 0), desk.venue.bestBid(0), desk.venue.reservedOf(0)]).toEqual([
      5, 1000, 500,
    ]);
    desk.venue.replace(7, 0, 0, 0, 999, 7);
    expect([desk.venue.slotLeaves(0, 0), desk.venue.bestBid(0)]).toEqual([7, 999]);
    desk.venue.check();
  });

  test('the band follows the index', () => {
    const desk = new VenueDesk({ instrument: { band: { widthPpm: 100_000 } } });
    desk.limit(0, 0, BID, 899, 1);
    expect(desk.refusal()).toBe(Reject.PriceBand);
    desk.index(980);
    desk.limit(0, 0, BID, 899, 1);
    expect(desk.refusal()).toBe(0);
  });
});

describe('triggers', () => {
  test('fire on a trade and on the mark, and refuse what is due already', () => {
    const desk = new VenueDesk();
    desk.stop(0, 0, ASK, OrderKind.stopMarket, 1000, 3);
    expect(desk.refusal()).toBe(Reject.WouldTrigger);
    desk.stop(0, 0, ASK, OrderKind.stopMarket, 995, 3);
    desk.stop(1, 0, BID, OrderKind.stopLimit, 1005, 4, 0, 1, 1010);
    desk.limit(2, 0, BID, 995, 10);
    desk.market(3, ASK, 2);
    expect(desk.reportsOf(ReportKind.triggered)).toEqual([[11, 5, 0, 0, 0, 0, 3, 995]]);
    expect(desk.venue.positionOf(0, 0)).toBe(-3);
    desk.index(1006);
    expect(desk.venue.slotState(1, 0)).toBe(SlotState.resting);
    expect(desk.venue.bestBid(0)).toBe(1010);
    desk.venue.check();
  });

  test('reduce-only ones go with the position', () => {
    const desk = new VenueDesk();
    desk.pair(0, 1, 5);
    desk.stop(0, 0, ASK, OrderKind.stopMarket, 950, 5, REDUCE_ONLY);
    desk.limit(0, 1, ASK, 1100, 5, REDUCE_ONLY);
    desk.limit(2, 0, BID, 1000, 9);
    desk.market(0, ASK, 5);
    expect([desk.venue.slotState(0, 0), desk.venue.slotState(0, 1)]).toEqual([0, 0]);
    desk.venue.check();
  });
});

describe('liquidation', () => {
  /** Account 0 long 100 at 1,000 with 8,000: breach below 968.4.., bankrupt at 920. */
  const exposed = (options: object = {}) => {
    const desk = new VenueDesk({ deposit: 0, ...options });
    for (let a = 1; a < 6; a++) desk.venue.deposit(a, 1_000_000);
    desk.venue.deposit(0, 8000);
    desk.pair(0, 1, 100);
    return desk;
  };

  test('strikes at the threshold, not a tick before', () => {
    const desk = exposed();
    desk.index(969);
    expect(desk.venue.liquidationCount).toBe(0);
    desk.index(968);
    expect(desk.venue.liquidationCount).toBe(1);
    const [row] = desk.rowsOf(EventKind.liquidation);
    // stage 2, at mark 968: equity 4,800, margin 4,840, bankrupt at 920, notional 96,800
    expect(row.slice(2)).toEqual([0, 2, 968, 100, 1, 4800, 4840, 920, 96_800]);
    expect([desk.venue.positionOf(0, 0), desk.venue.walletOf(0)]).toEqual([0, 0]);
    expect(desk.venue.deskInventory(0)).toBe(100);
    expect([desk.venue.bestAsk(0), desk.venue.fund()]).toEqual([920, 100_000]);
    desk.venue.check();
  });

  test('the desk sells at the bankruptcy price or better, the surplus is the fund’s', () => {
    const desk = exposed();
    desk.limit(2, 0, BID, 950, 40);
    desk.index(968);
    expect(desk.venue.fund()).toBe(100_000 + 40 * 30);
    expect(desk.rowsOf(EventKind.trade).at(-1)?.slice(2, 7)).toEqual([6, 2, 950, -40, 1]);
    desk.market(3, BID, 60);
    expect([desk.venue.deskInventory(0), desk.venue.fund()]).toEqual([0, 101_200]);
    desk.venue.check();
  });

  test('steps down one bracket before it takes over', () => {
    const tiers = [
      { floorQuanta: 0, maintenanceRate: 20_000, initialRate: 40_000 },
      { floorQuanta: 50_000, maintenanceRate: 100_000, initialRate: 100_000 },
    ];
    const desk = exposed({ instrument: { margin: { tiers } } });
    desk.limit(2, 0, BID, 955, 100);
    desk.index(975);
    // notional 97,500: margin 9,750 - 4,000 = 5,750 > equity 5,500; 51 lots stay at or below 50,000
    expect(desk.rowsOf(EventKind.liquidation).map((row) => row.slice(3, 6))).toEqual([
      [1, 975, 49],
    ]);
    expect([desk.venue.positionOf(0, 0), desk.venue.walletOf(0)]).toEqual([51, 8000 - 49 * 45]);
    expect(desk.reportsOf(ReportKind.liquidated)).toEqual([[6, 2, 0, 0, -1, -49, 51, 955]]);
    desk.venue.check();
  });

  test('a loss beyond the fund is deleveraged at the bankruptcy price', () => {
    const desk = exposed({ venue: { insuranceFundQuanta: 1000 } });
    desk.index(968);
    desk.index(915);
    expect(desk.venue.adlCount).toBe(0);
    desk.index(909);
    // 100 lots 11 ticks under 920: a loss of 1,100 against 1,000
    expect([desk.venue.adlCount, desk.venue.deskInventory(0), desk.venue.positionOf(1, 0)]).toEqual(
      [1, 0, 0],
    );
    expect(desk.venue.walletOf(1)).toBe(1_000_000 + 100 * 80);
    expect(desk.rowsOf(EventKind.autoDeleverage)[0].slice(2, 9)).toEqual([
      1, 6, 920, 100, 1, 92_000, 8000,
    ]);
    expect([desk.venue.fund(), desk.venue.badDebt()]).toEqual([1000, 0]);
    desk.venue.check();
  });

  test('without deleveraging what the fund cannot pay is bad debt', () => {
    const desk = exposed({
      venue: { insuranceFundQuanta: 1000, waterfall: ['insuranceFund', 'badDebt'] },
      instrument: { band: { widthPpm: 20_000 } },
    });
    desk.index(850);
    // The band ends at 867, below the bankruptcy price of 920: a loss of 53 ticks on 100 lots.
    expect(desk.venue.bestAsk(0)).toBe(867);
    desk.market(3, BID, 100);
    expect([desk.venue.deskInventory(0), desk.venue.fund(), desk.venue.badDebt()]).toEqual([
      0, 0, 4300,
    ]);
    expect(desk.venue.fundMin).toBe(0);
    desk.venue.check();
  });

  test('whole at market leaves a debt that the fund covers, then bad debt', () => {
    const desk = exposed({
      venue: { insuranceFundQuanta: 1000, liquidation: { kind: 'wholeAtMarket' } },
    });
    desk.limit(2, 0, BID, 900, 200);
    desk.index(960);
    // sold at 900: 10,000 lost with 8,000 in the wallet
    expect([desk.venue.walletOf(0), desk.venue.fund(), desk.venue.badDebt()]).toEqual([0, 0, 1000]);
    expect(desk.rowsOf(EventKind.insolvency)[0][7]).toBe(2000);
    desk.venue.check();
  });

  test('an isolated account loses the margin of the position only', () => {
    const desk = new VenueDesk({ isolated: Uint8Array.from([1, 0, 0, 0, 0, 0]) });
    desk.pair(0, 1, 100);
    expect(desk.venue.ledger.marginOf(0, 0)).toBe(10_000);
    desk.index(947);
    // equity 10,000 - 5,300 = 4,700 < 4,735
    expect([desk.venue.positionOf(0, 0), desk.venue.walletOf(0)]).toEqual([0, 990_000]);
    desk.venue.check();
  });

  test('liquidations queue: the threshold crossed first goes first, and feeds the next', () => {
    const desk = new VenueDesk({ deposit: 0, instrument: { mark: { kind: 'last' } } });
    for (const a of [1, 4, 5]) desk.venue.deposit(a, 1_000_000);
    desk.venue.deposit(0, 8000);
    desk.venue.deposit(2, 9000);
    desk.venue.deposit(3, 20_000);
    desk.pair(0, 1, 100);
    desk.pair(2, 1, 100);
    desk.pair(3, 1, 100);
    desk.limit(4, 0, BID, 955, 10);
    desk.limit(4, 1, BID, 850, 100);
    desk.limit(4, 2, BID, 840, 300);
    desk.market(5, ASK, 10);
    expect(desk.rowsOf(EventKind.liquidation).map((row) => row[2])).toEqual([0, 2]);
    expect(desk.venue.largestCascade).toBe(2);
    desk.venue.check();
  });

  test('a delayed liquidation waits for its time', () => {
    const desk = exposed({ venue: { liquidation: { kind: 'stepDown', delayMicros: 500 } } });
    desk.index(960);
    expect([desk.venue.liquidationCount, desk.venue.nextTimedMicros()]).toEqual([0, 501]);
    desk.venue.timed(501);
    expect(desk.venue.liquidationCount).toBe(1);
    const saved = exposed({ venue: { liquidation: { kind: 'stepDown', delayMicros: 500 } } });
    saved.index(960);
    saved.index(1000);
    saved.venue.timed(502);
    expect(saved.venue.liquidationCount).toBe(0);
  });

  test('a halt freezes the mark; breaches run on resumption', () => {
    const desk = exposed();
    desk.venue.halt(5, 1);
    desk.time = 5;
    desk.index(900);
    expect([desk.venue.markTicks(0), desk.venue.indexTicks(0)]).toEqual([1000, 900]);
    desk.venue.resume(9);
    expect([desk.venue.markTicks(0), desk.venue.liquidationCount]).toEqual([900, 1]);
  });

  test('the queue of the published example is served in order of score', () => {
    const url = new URL('../vectors/adl_ranking.json', import.meta.url);
    const { vectors } = JSON.parse(readFileSync(url, 'utf8'));
    const { inputs, expected } = vectors.find(
      (vector: { id: string }) => vector.id === 'adl-queue-01',
    );
    const candidates = inputs.candidates as { id: string; qty: string; score: string }[];
    const desk = new VenueDesk({
      accounts: candidates.length + 2,
      deposit: 0,
      venue: { insuranceFundQuanta: 0 },
    });
    const long = candidates.length;
    const total = candidates.reduce((sum, one) => sum + Number(one.qty), 0);
    // Shorts share profit per lot; the score falls as the equity per lot rises.
    candidates.forEach((one, a) => {
      desk.venue.deposit(a, Math.round((Number(one.qty) * 10_000) / Number(one.score)));
      desk.venue.open(a, 0, -Number(one.qty), -Number(one.qty) * 1000);
    });
    desk.venue.deposit(long, Number(inputs.qty) * 60);
    desk.venue.open(long, 0, Number(inputs.qty), Number(inputs.qty) * 1000);
    desk.venue.deposit(long + 1, 10_000_000);
    desk.venue.open(long + 1, 0, total - Number(inputs.qty), (total - Number(inputs.qty)) * 1000);
    desk.index(930);
    const fills = desk.rowsOf(EventKind.autoDeleverage).map((row) => ({
      id: candidates[row[2]].id,
      qty: String(row[5]),
    }));
    expect(fills).toEqual(expected.fills);
  });
});

describe('funding', () => {
  test('longs pay shorts, the remainder is the fund’s', () => {
    const desk = new VenueDesk({
      accounts: 3,
      instrument: {
        mark: { kind: 'fair' },
        funding: {
          kind: 'premium',
          intervalMicros: 28_800_000_000,
          firstAtMicros: 1000,
          interestRate: 0.0001,
          clamp: 0.0005,
          impactNotional: 1000,
          sampleMicros: 500,
        },
      },
    });
    desk.pair(0, 1, 7);
    desk.pair(2, 1, 6);
    expect(desk.venue.nextTimedMicros()).toBe(500);
    desk.venue.timed(500);
    desk.venue.timed(1000);
    // 0.0001 of 7,000 and 6,000 paid, of 13,000 received: 1 + 1 - 1
    expect([0, 1, 2].map((a) => desk.venue.walletOf(a) - 1_000_000)).toEqual([-1, 1, -1]);
    expect([desk.venue.fund(), desk.venue.fundingRate(0)]).toEqual([100_001, 0.0001]);
    expect(desk.venue.nextFundingMicros(0)).toBe(28_800_001_000);
    desk.venue.check();
  });
});
