/**
 * R19: margin, insurance and deleveraging arithmetic, through the venue: the tick at which the mark
 * breaches an account, the price at which the desk offers what it took over, who is deleveraged,
 * and what is left of the fund. The policies' own formulas have their vectors in vectors-risk.
 */
import { describe, expect, it } from 'vitest';
import { bitmexScore } from '../../sim/risk/index.js';
import { deleverageIncidence, rankConsistency } from '../../sim/metrics/solvency/index.js';
import { EventKind } from '../../sim/trace/index.js';
import { VenueDesk } from '../support/venue-desk.js';

/** Ticks of a quote unit: thresholds are met to a hundred thousandth of the price. */
const TICKS = 1000;
const START = 100 * TICKS;

interface Terms {
  side: 1 | -1;
  leverage: number;
  maintenancePpm: number;
  kind: 'linear' | 'inverse';
}

/** A venue in which account 0 holds `side` at 100 with its margin, against account 1. */
function holding({ side, leverage, maintenancePpm, kind }: Terms): VenueDesk {
  const multiplier = kind === 'linear' ? 1 : 1e12;
  const desk = new VenueDesk({
    deposit: 0,
    instrument: {
      contract: { kind, multiplier, quotePerTick: 1 / TICKS, quotePerLot: 1 },
      margin: {
        tiers: [{ floorQuanta: 0, maintenanceRate: maintenancePpm, initialRate: maintenancePpm }],
      },
      ticksMax: 2 * START,
      startTicks: START,
    },
    venue: { insuranceFundQuanta: 1e12 },
  });
  const lots = 1000;
  const value = kind === 'linear' ? lots * START : (multiplier * lots) / START;
  desk.venue.deposit(0, value / leverage);
  desk.venue.deposit(1, 100 * value);
  const cost = side * value * (kind === 'linear' ? 1 : -1);
  desk.venue.open(0, 0, side * lots, cost);
  desk.venue.open(1, 0, -side * lots, -cost);
  return desk;
}

describe('R19: liquidation and bankruptcy prices', () => {
  it.each([
    ['linear long 10x', 1, 10, 5000, 'linear', 90.452261, 90],
    ['linear long 20x', 1, 20, 5000, 'linear', 95.477387, 95],
    ['linear long 50x', 1, 50, 4000, 'linear', 98.393574, 98],
    ['linear short 10x', -1, 10, 5000, 'linear', 109.452736, 110],
    ['inverse long 10x', 1, 10, 5000, 'inverse', 91.363636, 90.909091],
    ['inverse short 20x', -1, 20, 5000, 'inverse', 104.736842, 105.263158],
  ] as const)('%s', (_name, side, leverage, maintenancePpm, kind, liquidation, bankruptcy) => {
    const terms: Terms = { side, leverage, maintenancePpm, kind };
    // The last tick at which the account stands, and the first at which it does not.
    const inside = side > 0 ? Math.ceil(liquidation * TICKS) : Math.floor(liquidation * TICKS);
    const safe = holding(terms);
    safe.index(inside);
    expect(safe.venue.positionOf(0, 0)).toBe(side * 1000);
    safe.venue.check();
    const breached = holding(terms);
    breached.index(inside - side);
    expect(breached.venue.positionOf(0, 0)).toBe(0);
    expect(breached.venue.liquidationCount).toBe(1);
    const offer = side > 0 ? breached.venue.bestAsk(0) : breached.venue.bestBid(0);
    // To the tick that is no worse than the price of bankruptcy.
    const exact = bankruptcy * TICKS;
    expect(offer).toBe(side > 0 ? Math.ceil(exact - 0.01) : Math.floor(exact + 0.01));
    breached.venue.check();
  });
});

describe('R19: cross margin along a factor move', () => {
  const BETA = 0.8;

  /** Long 10 at 100, short 2 at 200, 300 behind both; the factor has moved by x. */
  function moved(x: number): VenueDesk {
    const one = (name: string, start: number, ppm: number) => ({
      name,
      contract: { kind: 'linear', multiplier: 1, quotePerTick: 1, quotePerLot: 1 } as const,
      margin: { tiers: [{ floorQuanta: 0, maintenanceRate: ppm, initialRate: ppm }] },
      leverageMax: 10,
      mark: { kind: 'index' } as const,
      funding: { kind: 'none' } as const,
      fees: { makerPpm: 0, takerPpm: 0, liquidationPpm: 0 },
      band: null,
      ticksMax: 2 * start,
      startTicks: start,
      selfTrade: 0,
    });
    const instruments = [one('A', START, 10_000), one('B', 2 * START, 20_000)];
    const desk = new VenueDesk({ deposit: 0, venue: { instruments } });
    desk.venue.deposit(0, 300 * TICKS);
    desk.venue.deposit(1, 1e9);
    for (const [k, lots, price] of [[0, 10, START], [1, -2, 2 * START]]) {
      desk.venue.open(0, k, lots, lots * price);
      desk.venue.open(1, k, -lots, -lots * price);
    }
    // The hedge's profit comes first, so that the account does not breach on the way.
    desk.venue.index(1, 1, Math.round(2 * START * (1 + BETA * x)));
    desk.venue.index(2, 0, Math.round(START * (1 + x)));
    desk.venue.check();
    return desk;
  }

  it('breaches at x = -.4249548, from either side', () => {
    expect(moved(-0.42494).venue.positionOf(0, 0)).toBe(10);
    const breached = moved(-0.42497).venue;
    expect([breached.positionOf(0, 0), breached.positionOf(0, 1)]).toEqual([0, 0]);
  });
});

describe('R19: deleveraging', () => {
  // Name, lots, entry, wallet of the shorts, in the order of their accounts.
  const shorts: [string, number, number, number][] = [
    ['A', 30, 120, 100], ['B', 20, 110, 300], ['C', 50, 95, 700], ['D', 10, 100, 20],
    ['E', 40, 85, 900],
  ];
  const SCORES = [0.675, 0.467532, 0.249307, 0.75, -0.011438];
  const MARK = 90;

  it('scores profit by leverage', () => {
    shorts.forEach(([, lots, entry, wallet], i) => {
      const mark = -lots * MARK;
      const equity = wallet + lots * (entry - MARK);
      expect(bitmexScore(mark, -lots * entry, mark - equity)).toBeCloseTo(SCORES[i], 6);
    });
  });

  it('closes D, then A, for 40 contracts', () => {
    const desk = new VenueDesk({
      accounts: 7,
      deposit: 0,
      instrument: { startTicks: 100, ticksMax: 200 },
      venue: { insuranceFundQuanta: 0 },
    });
    const [bankrupt, rich] = [5, 6];
    desk.venue.deposit(rich, 1_000_000);
    for (const [a, [, lots, entry, wallet]] of shorts.entries()) {
      desk.venue.deposit(a, wallet);
      desk.pair(rich, a, lots, entry);
    }
    // 40 long at 100 with 320: bankrupt at 92, the price at which the desk takes it over.
    desk.venue.deposit(bankrupt, 320);
    desk.pair(bankrupt, rich, 40, 100);
    desk.index(MARK);
    const closed = shorts.map(([, lots], a) => lots + desk.venue.positionOf(a, 0));
    expect(closed).toEqual([30, 0, 0, 10, 0]);
    const order = desk.rowsOf(EventKind.autoDeleverage).map((row) => row[2]);
    expect(order).toEqual([3, 0]);
    expect(rankConsistency(order.map((a) => SCORES[a])).share).toBe(1);
    // Closed at 92 what was worth 90: D loses 20 of 100, A 60 of 900.
    expect([3, 0].map((a) => desk.venue.walletOf(a))).toEqual([20 + 80, 100 + 840]);
    const winners = [0, 1, 2, 3];
    const incidence = deleverageIncidence(
      winners.map((a) => closed[a]),
      winners.map((a) => shorts[a][1]),
    );
    expect(incidence.herfindahl).toBe(0.625);
    expect(incidence.proRataDistance).toBeCloseTo(0.636, 3);
    expect(desk.venue.deskInventory(0)).toBe(0);
    expect([desk.venue.fund(), desk.venue.badDebt()]).toEqual([0, 0]);
    desk.venue.check();
  });

  it('empties the fund of 100 and leaves 20 of a long filled 2 below bankruptcy', () => {
    const desk = new VenueDesk({
      deposit: 0,
      instrument: { startTicks: 100, ticksMax: 200 },
      venue: {
        insuranceFundQuanta: 100,
        liquidation: { kind: 'wholeAtMarket' },
        waterfall: ['insuranceFund', 'badDebt'],
      },
    });
    for (const a of [1, 2]) desk.venue.deposit(a, 1_000_000);
    desk.venue.deposit(0, 600);
    desk.pair(0, 1, 60, 100);
    // Bankrupt at 90; 5 % of maintenance at 94 leave it in breach.
    desk.limit(2, 0, 0, 88, 60);
    desk.index(94);
    expect(desk.venue.positionOf(0, 0)).toBe(0);
    expect([desk.venue.fund(), desk.venue.badDebt()]).toEqual([0, 20]);
    desk.venue.check();
  });
});
