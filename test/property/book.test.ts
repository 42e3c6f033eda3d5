/** Laws of the order book that need no twin: conservation, priority, mirror image, restoration. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookCode, OrderBook, SelfTrade, Side, TAPE, TapeKind } from '../../sim/book/index.js';
import { Hash64 } from '../../sim/kernel/index.js';

interface Step {
  act: 'limit' | 'market' | 'cancel' | 'replace';
  side: number;
  priceTicks: number;
  sizeLots: number;
  timeInForce: number;
  flags: number;
  account: number;
  target: number;
}

const MIRROR = 2000;

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom('limit', 'limit', 'limit', 'market', 'cancel', 'replace'),
  side: fc.nat(1),
  priceTicks: fc.integer({ min: 980, max: 1020 }),
  sizeLots: fc.integer({ min: 1, max: 30 }),
  timeInForce: fc.constantFrom(0, 0, 0, 1, 2),
  flags: fc.constantFrom(0, 0, 1),
  account: fc.nat(6),
  target: fc.nat(100_000),
});
const steps = fc.array(step, { minLength: 1, maxLength: 300, size: 'max' });
const selfTrades = fc.constantFrom(...Object.values(SelfTrade));

/** Takes a step; the `mirrored` book sees bids for asks and prices reflected. Returns the code. */
function take(book: OrderBook, ids: number[], one: Step, tag: number, mirrored: boolean): number {
  const side = mirrored ? 1 - one.side : one.side;
  const price = mirrored ? MIRROR - one.priceTicks : one.priceTicks;
  const { sizeLots, timeInForce, flags, account } = one;
  const target = ids.length === 0 ? 1 : ids[one.target % ids.length]!;
  let code = 0;
  if (one.act === 'cancel') return book.cancel(target);
  if (one.act === 'limit') {
    code = book.limit(side, price, sizeLots, timeInForce, flags, account, tag);
  } else if (one.act === 'market') {
    code = book.market(side, sizeLots, price, flags, account, tag);
  } else {
    code = book.replace(target, price, sizeLots);
  }
  if (code > 0) ids.push(code);
  return code;
}

function restingLots(book: OrderBook): number {
  return book.lotsWithin(Side.bid, 1, 1 << 21) + book.lotsWithin(Side.ask, 1, 1 << 21);
}

function hashOf(book: OrderBook): string {
  const hash = new Hash64();
  book.hash(hash);
  return hash.hex();
}

describe('order book laws', () => {
  it('conserves lots: what comes in trades, rests, or is cancelled', () => {
    const law = fc.property(steps, selfTrades, (list, selfTrade) => {
      const book = new OrderBook({ selfTrade, ticksInitial: 32, ordersInitial: 1 });
      const ids: number[] = [];
      for (const [tag, one] of list.entries()) {
        const before = restingLots(book);
        if (one.act === 'replace') continue;
        const code = take(book, ids, one, tag, false);
        let gone = 0;
        let traded = 0;
        for (let row = 0; row < book.tapeCount * TAPE.stride; row += TAPE.stride) {
          const kind = book.tape[row + TAPE.kind]!;
          const lots = book.tape[row + TAPE.sizeLots]!;
          const newest = kind === TapeKind.selfTradeCancel && selfTrade === SelfTrade.cancelNewest;
          if (!newest) gone += lots;
          if (kind === TapeKind.fill) traded += lots;
        }
        if (one.act === 'cancel') gone = Math.max(0, code);
        const rests = one.act !== 'cancel' && code > 0 ? book.leavesLots : 0;
        expect(restingLots(book)).toBe(before - gone + rests);
        expect(book.filledLots).toBe(traded);
        if (one.act !== 'cancel')
          expect(traded + book.leavesLots).toBeLessThanOrEqual(one.sizeLots);
      }
      book.check();
    });
    fc.assert(law, { seed: 101, numRuns: 150 });
  });

  it('is never crossed, and trades by price then time', () => {
    const law = fc.property(steps, (list) => {
      const book = new OrderBook({ ticksInitial: 32 });
      const ids: number[] = [];
      const entered = new Map<number, number>();
      for (const [tag, one] of list.entries()) {
        const code = take(book, ids, one, tag, false);
        if (code > 0 && one.act !== 'cancel' && !entered.has(code)) entered.set(code, tag);
        const crossed = book.bestAsk() !== -1 && book.bestBid() >= book.bestAsk();
        expect(crossed).toBe(false);
        const at = (row: number, field: number) => book.tape[row * TAPE.stride + field]!;
        for (let row = 1; row < book.tapeCount; row += 1) {
          const [price, previous] = [at(row, TAPE.priceTicks), at(row - 1, TAPE.priceTicks)];
          const sells = price <= previous;
          const rises = price >= previous;
          expect(at(0, TAPE.priceTicks) <= at(row, TAPE.priceTicks) ? rises : sells).toBe(true);
          if (price !== previous) continue;
          const born = entered.get(at(row, TAPE.makerId))!;
          expect(born).toBeGreaterThan(entered.get(at(row - 1, TAPE.makerId))!);
        }
        for (let row = 0; row + 1 < book.tapeCount; row += 1) {
          expect(at(row, TAPE.makerLeavesLots)).toBe(0);
          expect(at(row, TAPE.nextPriceTicks)).toBe(at(row + 1, TAPE.priceTicks));
        }
      }
    });
    fc.assert(law, { seed: 102, numRuns: 150 });
  });

  it('does the same in the mirror', () => {
    const law = fc.property(steps, selfTrades, (list, selfTrade) => {
      const [book, mirror] = [new OrderBook({ selfTrade }), new OrderBook({ selfTrade })];
      const ids: number[] = [];
      const mirrorIds: number[] = [];
      for (const [tag, one] of list.entries()) {
        const code = take(book, ids, one, tag, false);
        expect(take(mirror, mirrorIds, one, tag, true)).toBe(code);
        expect([mirror.filledLots, mirror.leavesLots]).toEqual([book.filledLots, book.leavesLots]);
        expect(mirror.tapeCount).toBe(book.tapeCount);
        const ask = mirror.bestAsk();
        expect(ask === -1 ? -1 : MIRROR - ask).toBe(book.bestBid());
      }
    });
    fc.assert(law, { seed: 103, numRuns: 150 });
  });

  it('sweeps in two orders as in one', () => {
    const law = fc.property(
      steps,
      fc.integer({ min: 2, max: 500 }),
      fc.nat(400),
      (list, lots, cut) => {
        const [one, two] = [new OrderBook(), new OrderBook()];
        const ids: number[] = [];
        const twoIds: number[] = [];
        for (const [tag, each] of list.entries()) {
          take(one, ids, each, tag, false);
          take(two, twoIds, each, tag, false);
        }
        one.market(Side.bid, lots, 5000, 0, 50, 0);
        const first = 1 + (cut % (lots - 1));
        two.market(Side.bid, first, 5000, 0, 50, 0);
        const filled = two.filledLots;
        two.market(Side.bid, lots - first, 5000, 0, 50, 0);
        expect(filled + two.filledLots).toBe(one.filledLots);
        expect(hashOf(two)).toBe(hashOf(one));
      },
    );
    fc.assert(law, { seed: 104, numRuns: 100 });
  });

  it('goes on after a restoration as if nothing had happened', () => {
    const law = fc.property(steps, fc.nat(299), (list, cut) => {
      let book = new OrderBook({ ticksInitial: 64 });
      const whole = new OrderBook({ ticksInitial: 64 });
      const ids: number[] = [];
      const wholeIds: number[] = [];
      for (const [tag, one] of list.entries()) {
        if (tag === cut) {
          const words = book.save();
          book = new OrderBook({ ticksInitial: 64 });
          book.load(words);
          book.check();
        }
        expect(take(book, ids, one, tag, false)).toBe(take(whole, wholeIds, one, tag, false));
      }
      expect(hashOf(book)).toBe(hashOf(whole));
      expect(ids).toEqual(wholeIds);
      for (const id of ids)
        if (!book.isLive(id)) expect(book.cancel(id)).toBe(BookCode.rejectUnknown);
    });
    fc.assert(law, { seed: 105, numRuns: 150 });
  });
});
