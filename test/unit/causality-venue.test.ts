/** Causes of forced trades on small venues, where the answer can be read off the page. */
import { describe, expect, it } from 'vitest';
import { OrderKind, SIZING_RULE } from '../../sim/venue/index.js';
import {
  type Cause,
  CauseJoin,
  CauseKind,
  CauseSubject,
  EventKind,
} from '../../sim/trace/index.js';
import { type DeskOptions, VenueDesk, logReaderOf } from '../support/venue-desk.js';

const BUY = 0;
const SELL = 1;

/** A venue whose accounts quote, but for those given another kind. */
function desk(options: DeskOptions = {}): VenueDesk {
  return new VenueDesk({ slots: 64, accounts: 8, ...options });
}

/** The causes told, in order, with their shares. */
function causesOf(venue: VenueDesk): Cause[] {
  const join = new CauseJoin();
  const reader = logReaderOf(venue);
  const causes: Cause[] = [];
  while (reader.next()) {
    join.take(reader);
    if (reader.kind === EventKind.cause && join.latest !== null) causes.push(join.latest);
  }
  return causes;
}

/** Weights by account of their owner. */
function weightsOf(cause: Cause): Record<number, number> {
  return Object.fromEntries(cause.shares.map(({ account, weight }) => [account, weight]));
}

describe('shares of a fired stop', () => {
  it.each([
    ['last', 0],
    ['last', 1],
    ['medianOfThree', 0],
  ] as const)('hold the trade that fired it: mark %s, source %i', (kind, source) => {
    const venue = desk({ instrument: { mark: { kind } } });
    venue.pair(5, 6, 10);
    venue.limit(0, 0, BUY, 1000, 1);
    venue.limit(0, 1, BUY, 995, 1);
    venue.limit(0, 2, BUY, 990, 1);
    venue.stop(5, 0, SELL, OrderKind.stopMarket, 991, 1, 0, source);
    venue.market(1, SELL, 1);
    venue.market(2, SELL, 1);
    venue.market(3, SELL, 1);
    const [cause] = causesOf(venue).filter(({ subject }) => subject === CauseSubject.stop);
    expect(cause.parentAccount).toBe(3);
    const weights = weightsOf(cause);
    expect(weights[2]).toBeCloseTo(5 / 9, 9);
    expect(weights[3]).toBeCloseTo(4 / 9, 9);
    expect(cause.shares).toHaveLength(2);
  });
});

describe('a causal ledger that is reset', () => {
  it.each(['last', 'medianOfThree'] as const)('is as a fresh one: mark %s', (kind) => {
    const numbersOf = (venue: VenueDesk): number[] => {
      const [one] = venue.venue.instruments;
      one.indexTicks = one.lastTicks = one.markTicks = 1000;
      venue.venue.causality?.reset(3, 7);
      const numbers: number[] = [];
      venue.venue.causality?.write({ float: (x) => numbers.push(x) });
      return numbers;
    };
    const used = desk({ instrument: { mark: { kind } } });
    used.limit(0, 0, BUY, 1000, 2);
    used.limit(0, 1, BUY, 980, 9);
    used.limit(0, 2, SELL, 1001, 9);
    used.index(990);
    used.market(1, SELL, 1);
    used.market(7, SELL, 3);
    used.time = 3_000_000;
    used.venue.timed(used.time);
    expect(numbersOf(used)).toEqual(numbersOf(desk({ instrument: { mark: { kind } } })));
  });
});

describe('a cross account with two instruments', () => {
  const [first] = desk().venue.spec.instruments;
  const two = { instruments: [first, { ...first, name: 'OTHER' }] };

  it('has its buffer split by value', () => {
    const small = desk({ venue: two, deposit: 20_000 });
    const { venue } = small;
    for (const k of [0, 1]) {
      venue.open(5, k, 30 * (2 * k + 1), 30_000 * (2 * k + 1));
      venue.open(6, k, -30 * (2 * k + 1), -30_000 * (2 * k + 1));
    }
    venue.index(1, 0, 900);
    venue.index(2, 1, 900);
    venue.index(3, 0, 800);
    const [cause] = causesOf(small);
    // Maintenance is 5 %: 120,000 - 20,000 owed, of lots 30 and 90.
    expect([cause.account, cause.instrument, cause.parentAccount]).toEqual([5, 0, -1]);
    const weights = cause.shares.map(({ weight }) => weight).sort((a, b) => a - b);
    const level = cause.levelTicks;
    const worth = [30 * (900 - level), 30 * 100, 90 * 100];
    const total = worth[0] + worth[1] + worth[2];
    expect(weights).toHaveLength(3);
    worth.sort((a, b) => a - b);
    for (let i = 0; i < 3; i++) expect(weights[i]).toBeCloseTo(worth[i] / total, 9);
  });

  it('that trips over a trade of its own is told what used up its buffer elsewhere', () => {
    const small = desk({ venue: two, deposit: 20_000 });
    const { venue } = small;
    venue.open(5, 0, 10, 10_000);
    venue.open(6, 0, -10, -10_000);
    venue.open(5, 1, 100, 100_000);
    venue.open(6, 1, -100, -100_000);
    venue.submit(1, 0, 0, 0, BUY, OrderKind.limit, 800, 10, 0, 0, 0, 0);
    venue.index(2, 1, 860);
    expect(causesOf(small)).toEqual([]);
    // Sold 200 below the mark: 2,000 lost.
    venue.submit(3, 5, 0, 1, SELL, OrderKind.market, 0, 10, 0, 0, 0, 0);
    const [cause] = causesOf(small);
    expect([cause.account, cause.levelTicks, cause.parentAccount]).toEqual([5, 0, 5]);
    expect(cause.shares.map(({ kind, weight }) => [kind, weight])).toEqual([[CauseKind.index, 1]]);
  });
});

describe('a trade of a sizing rule', () => {
  it('is a node also where a changed order trades', () => {
    const causes = new Uint8Array(8).fill(CauseKind.rule | SIZING_RULE, 2, 3);
    const venue = desk({ causes });
    venue.limit(0, 0, BUY, 995, 1);
    venue.limit(0, 1, BUY, 990, 1);
    venue.limit(2, 0, SELL, 1010, 1);
    venue.market(1, SELL, 1);
    venue.venue.replace(9, 2, 0, 0, 990, 1);
    const join = new CauseJoin();
    const reader = logReaderOf(venue);
    const traders: (number | undefined)[] = [];
    while (reader.next()) {
      const cause = join.take(reader);
      if (reader.kind === EventKind.trade) traders.push(cause?.account);
    }
    expect(traders).toEqual([undefined, 2]);
    expect(causesOf(venue).map(({ parentAccount, shares }) => [parentAccount, shares.length])).toEqual([[1, 1]]);
  });
});
