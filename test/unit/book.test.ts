/** The order book's rules, one by one, on books drawn as tables. */
import { describe, expect, it } from 'vitest';
import {
  BookCode,
  OrderBook,
  OrderFlag,
  SelfTrade,
  Side,
  TimeInForce,
} from '../../sim/book/index.js';
import type { OrderBookOptions } from '../../sim/book/index.js';
import { Hash64 } from '../../sim/kernel/index.js';
import { drawBook, drawTape, fillBook, table } from '../naive/book-text.js';

const { bid, ask } = Side;
const { gtc, ioc, fok } = TimeInForce;
const [A, B, C] = [0, 1, 2];

const USUAL = `
        | 104 | 9c
        | 102 | 4c
        | 101 | 5a 2b
  6c 1a |  99 |
  8b    |  97 |
`;

function bookOf(text: string, options: OrderBookOptions = {}): { book: OrderBook; ids: number[] } {
  const book = new OrderBook(options);
  const ids = fillBook(book, text);
  return { book, ids };
}

function hashOf(book: OrderBook): string {
  const hash = new Hash64();
  book.hash(hash);
  return hash.hex();
}

describe('limit orders', () => {
  it('rest behind older orders of their price', () => {
    const { book } = bookOf(USUAL);
    const id = book.limit(bid, 99, 3, gtc, 0, B, 77);
    expect(drawBook(book)).toBe(
      table(`
              | 104 | 9c
              | 102 | 4c
              | 101 | 5a 2b
     6c 1a 3b |  99 |
     8b       |  97 |
    `),
    );
    expect([book.sideOf(id), book.priceOf(id), book.leavesOf(id)]).toEqual([bid, 99, 3]);
    expect([book.accountOf(id), book.tagOf(id), book.flagsOf(id)]).toEqual([B, 77, 0]);
  });

  it('trade by price, then time, and rest what is left', () => {
    const { book } = bookOf(USUAL);
    const id = book.limit(bid, 102, 13, gtc, 0, B, 0);
    expect(drawTape(book)).toEqual([
      'fill 5 a at 101 leaves 0, next 101',
      'fill 2 b at 101 leaves 0, next 102',
      'fill 4 c at 102 leaves 0, next 104',
    ]);
    expect([book.filledLots, book.leavesLots, book.leavesOf(id)]).toEqual([11, 2, 2]);
    expect(drawBook(book)).toBe(
      table(`
          | 104 | 9c
       2b | 102 |
    6c 1a |  99 |
    8b    |  97 |
    `),
    );
  });

  it('leave a partly filled maker in front', () => {
    const { book } = bookOf(USUAL);
    expect(book.limit(ask, 99, 2, gtc, 0, A, 0)).toBe(BookCode.done);
    expect(drawTape(book)).toEqual(['fill 2 c at 99 leaves 4, next 99']);
    expect(book.firstOrderAt(bid, 99)).toBeGreaterThan(0);
    expect(drawBook(book)).toContain('4c 1a | 99');
  });

  it('that are immediate or cancel do not rest', () => {
    const { book } = bookOf(USUAL);
    expect(book.limit(ask, 98, 20, ioc, 0, A, 0)).toBe(BookCode.done);
    expect([book.filledLots, book.leavesLots]).toEqual([7, 13]);
    expect(book.bestBid()).toBe(97);
    expect(book.bestAsk()).toBe(101);
  });

  it('that are fill or kill trade whole or not at all', () => {
    const { book } = bookOf(USUAL);
    const before = drawBook(book);
    expect(book.limit(bid, 102, 12, fok, 0, B, 0)).toBe(BookCode.rejectFillOrKill);
    expect([drawBook(book), book.tapeCount]).toEqual([before, 0]);
    expect(book.limit(bid, 102, 11, fok, 0, B, 0)).toBe(BookCode.done);
    expect(book.filledLots).toBe(11);
    expect(book.limit(bid, 100, 1, fok, 0, B, 0)).toBe(BookCode.rejectFillOrKill);
  });

  it('that are post-only never trade', () => {
    const { book } = bookOf(USUAL);
    expect(book.limit(bid, 101, 1, gtc, OrderFlag.postOnly, B, 0)).toBe(BookCode.rejectPostOnly);
    expect(book.limit(bid, 100, 1, gtc, OrderFlag.postOnly, B, 0)).toBeGreaterThan(0);
  });

  it('are refused with an impossible price or size', () => {
    const book = new OrderBook({ ticksLimit: 1000 });
    for (const price of [0, -1, 1000, 1.5, Number.NaN, Infinity]) {
      expect(book.limit(bid, price, 1, gtc, 0, A, 0)).toBe(BookCode.rejectPrice);
    }
    for (const size of [0, -1, 0.5, 2 ** 31, Number.NaN]) {
      expect(book.limit(bid, 5, size, gtc, 0, A, 0)).toBe(BookCode.rejectSize);
    }
    expect(book.liveOrders()).toBe(0);
  });

  it('outside the band are refused, and the resting ones stay', () => {
    const { book } = bookOf(USUAL);
    book.setBand(98, 103);
    expect(book.limit(ask, 104, 1, gtc, 0, A, 0)).toBe(BookCode.rejectPriceBand);
    expect(book.limit(bid, 97, 1, gtc, 0, A, 0)).toBe(BookCode.rejectPriceBand);
    expect(book.limit(ask, 103, 1, gtc, 0, A, 0)).toBeGreaterThan(0);
    expect(book.lotsAt(ask, 104)).toBe(9);
  });
});

describe('market orders', () => {
  it('trade through the book and drop the remainder', () => {
    const { book } = bookOf(USUAL);
    expect(book.market(bid, 30, Number.MAX_SAFE_INTEGER, 0, B, 0)).toBe(BookCode.done);
    expect([book.filledLots, book.leavesLots, book.bestAsk()]).toEqual([20, 10, -1]);
    expect(drawTape(book).at(-1)).toBe('fill 9 c at 104 leaves 0, next -1');
  });

  it('stop at their protection price and at the band', () => {
    const { book } = bookOf(USUAL);
    book.market(bid, 30, 102, 0, B, 0);
    expect([book.filledLots, book.bestAsk()]).toEqual([11, 104]);
    book.setBand(98, 103);
    book.market(ask, 30, 0, 0, A, 0);
    expect([book.filledLots, book.bestBid()]).toEqual([7, 97]);
    expect(book.market(bid, 5, 90, 0, A, 0)).toBe(BookCode.done);
    expect([book.filledLots, book.leavesLots]).toEqual([0, 5]);
  });
});

describe('cancel and replace', () => {
  it('cancels once', () => {
    const { book, ids } = bookOf(USUAL);
    expect(book.cancel(ids[2]!)).toBe(5);
    expect(book.cancel(ids[2]!)).toBe(BookCode.rejectUnknown);
    expect(drawBook(book)).toContain('101 | 2b');
    for (const id of [-1, 0, 12345, 2 ** 31 - 1, Number.NaN, 1.5]) {
      expect(book.cancel(id)).toBe(BookCode.rejectUnknown);
    }
  });

  it('never takes a stale id for a younger order, however often the slot is used', () => {
    const book = new OrderBook();
    const seen = new Set<number>();
    for (let round = 0; round < 2000; round += 1) {
      const id = book.limit(bid, 10, 1, gtc, 0, A, 0);
      expect(seen.has(id)).toBe(false);
      seen.add(id);
      expect(book.cancel(id)).toBe(1);
    }
    book.limit(bid, 10, 1, gtc, 0, A, 0);
    for (const id of seen) expect(book.isLive(id)).toBe(false);
    book.check();
  });

  it('keeps priority for a smaller size at the same price only', () => {
    const { book, ids } = bookOf('5a 5b 5c | 99 |');
    expect(book.replace(ids[0]!, 99, 3)).toBe(ids[0]);
    expect(drawBook(book)).toBe('3a 5b 5c | 99 |');
    const moved = book.replace(ids[0]!, 99, 4);
    expect(moved).not.toBe(ids[0]);
    expect(drawBook(book)).toBe('5b 5c 4a | 99 |');
    book.replace(ids[1]!, 98, 5);
    expect(drawBook(book)).toBe('5c 4a | 99 |\n5b | 98 |');
  });

  it('trades when replaced across the spread, and survives a refusal', () => {
    const { book, ids } = bookOf(USUAL);
    expect(book.replace(ids[4]!, 0, 6)).toBe(BookCode.rejectPrice);
    expect(book.replace(ids[4]!, 99, 0)).toBe(BookCode.rejectSize);
    expect(book.isLive(ids[4]!)).toBe(true);
    const id = book.replace(ids[4]!, 101, 8);
    expect([book.filledLots, book.leavesOf(id), book.isLive(ids[4]!)]).toEqual([7, 1, false]);
    const shy = book.limit(ask, 103, 2, gtc, OrderFlag.postOnly, B, 0);
    expect(book.replace(shy, 101, 2)).toBe(BookCode.rejectPostOnly);
    expect(book.priceOf(shy)).toBe(103);
  });
});

describe('self-trade prevention', () => {
  const own = '| 101 | 2b 3a 4b';
  it('cancels the newest', () => {
    const { book } = bookOf(own, { selfTrade: SelfTrade.cancelNewest });
    expect(book.limit(bid, 101, 9, gtc, 0, A, 0)).toBe(BookCode.done);
    expect(drawTape(book)).toEqual([
      'fill 2 b at 101 leaves 0, next 101',
      'selfTradeCancel 7 a at 101 leaves 3, next 101',
    ]);
    expect([drawBook(book), book.filledLots, book.leavesLots]).toEqual(['| 101 | 3a 4b', 2, 0]);
  });

  it('cancels the oldest', () => {
    const { book } = bookOf(own, { selfTrade: SelfTrade.cancelOldest });
    book.limit(bid, 101, 9, gtc, 0, A, 0);
    expect(drawTape(book)[1]).toBe('selfTradeCancel 3 a at 101 leaves 0, next 101');
    expect([drawBook(book), book.filledLots]).toEqual(['3a | 101 |', 6]);
  });

  it('decrements both', () => {
    const { book } = bookOf(own, { selfTrade: SelfTrade.decrement });
    book.limit(bid, 101, 9, gtc, 0, A, 0);
    expect(drawTape(book)).toEqual([
      'fill 2 b at 101 leaves 0, next 101',
      'selfTradeDecrement 3 a at 101 leaves 0, next 101',
      'fill 4 b at 101 leaves 0, next -1',
    ]);
    expect([drawBook(book), book.filledLots]).toEqual(['', 6]);
  });

  it('is part of what fill or kill can count on', () => {
    for (const selfTrade of [SelfTrade.cancelNewest, SelfTrade.decrement]) {
      const { book } = bookOf(own, { selfTrade });
      expect(book.limit(bid, 101, 3, fok, 0, A, 0)).toBe(BookCode.rejectFillOrKill);
    }
    const { book } = bookOf(own, { selfTrade: SelfTrade.cancelOldest });
    expect(book.limit(bid, 101, 7, fok, 0, A, 0)).toBe(BookCode.rejectFillOrKill);
    expect(book.limit(bid, 101, 6, fok, 0, A, 0)).toBe(BookCode.done);
  });
});

describe('reduce-only', () => {
  const positions = new Map([
    [A, 5],
    [B, -2],
  ]);
  const reduceOnly = {
    closable: (account: number, side: number) =>
      Math.max(0, (positions.get(account) ?? 0) * (side === ask ? 1 : -1)),
  };

  it('trims the aggressor, or refuses it', () => {
    const { book } = bookOf('| 101 | 9c', { reduceOnly });
    expect(book.limit(bid, 101, 7, gtc, OrderFlag.reduceOnly, B, 0)).toBe(BookCode.done);
    expect(drawTape(book)).toEqual([
      'reduceOnlyTrim 5 b itself at 101 leaves 2, next 101',
      'fill 2 c at 101 leaves 7, next 101',
    ]);
    const flags = OrderFlag.reduceOnly;
    expect(book.limit(bid, 101, 7, gtc, flags, A, 0)).toBe(BookCode.rejectReduceOnly);
    expect(book.market(bid, 7, 200, flags, C, 0)).toBe(BookCode.rejectReduceOnly);
    expect(book.limit(bid, 101, 7, fok, flags, B, 0)).toBe(BookCode.rejectFillOrKill);
    expect(book.limit(bid, 100, 7, gtc, flags, A, 0)).toBeGreaterThan(0);
  });

  it('trims makers by what their account has traded in the same command', () => {
    const { book } = bookOf('| 101 | 3a! 4a! 2b! 6c', { reduceOnly });
    book.limit(bid, 101, 8, gtc, 0, C, 0);
    expect(drawTape(book)).toEqual([
      'fill 3 a at 101 leaves 0, next 101',
      'reduceOnlyTrim 2 a at 101 leaves 2, next 101',
      'fill 2 a at 101 leaves 0, next 101',
      'reduceOnlyTrim 2 b at 101 leaves 0, next 101',
      'fill 3 c at 101 leaves 3, next 101',
    ]);
    book.check();
  });
});

describe('views', () => {
  it('give depth, sums and levels', () => {
    const { book } = bookOf(USUAL);
    const [ticks, lots] = [new Int32Array(8), new Float64Array(8)];
    expect(book.depth(ask, 2, ticks, lots)).toBe(2);
    expect([...ticks.subarray(0, 2), ...lots.subarray(0, 2)]).toEqual([101, 102, 7, 4]);
    expect(book.depth(bid, 8, ticks, lots)).toBe(2);
    expect([...ticks.subarray(0, 2), ...lots.subarray(0, 2)]).toEqual([99, 97, 7, 8]);
    expect([book.lotsWithin(ask, 101, 103), book.lotsWithin(ask, 200, 0)]).toEqual([11, 20]);
    expect([book.lotsWithin(bid, 98, 97), book.lotsWithin(bid, 100, 200)]).toEqual([8, 0]);
    expect([book.lotsAt(bid, 99), book.lotsAt(ask, 99), book.lotsAt(bid, 5)]).toEqual([7, 0, 0]);
    expect([book.nextLevel(ask, 101), book.nextLevel(ask, 104)]).toEqual([102, -1]);
    expect([book.nextLevel(bid, 1000), book.nextLevel(bid, 1)]).toEqual([99, -1]);
    expect(book.nextLevel(ask, 1_000_000)).toBe(-1);
    expect(new OrderBook().nextLevel(bid, 10)).toBe(-1);
  });

  it('throw for the fields of a dead order', () => {
    const { book, ids } = bookOf(USUAL);
    book.cancel(ids[0]!);
    expect(() => book.priceOf(ids[0]!)).toThrow('no live order');
  });
});

describe('memory', () => {
  it('follows prices far beyond the first ladder, and a long tape', () => {
    const book = new OrderBook({ ticksInitial: 32, ordersInitial: 1 });
    const prices = [500_000, 499_000, 3, 1, 2_000_000, 700_000];
    for (const price of prices) book.limit(ask, price, 1, gtc, 0, A, price);
    for (let order = 0; order < 300; order += 1) book.limit(ask, 4, 1, gtc, 0, B, order);
    book.check();
    book.market(bid, 1000, Number.MAX_SAFE_INTEGER, 0, C, 0);
    expect([book.filledLots, book.tapeCount, book.liveOrders()]).toEqual([306, 306, 0]);
    book.check();
  });

  it('is restored from a save, ids and future included', () => {
    const { book, ids } = bookOf(USUAL, { ticksInitial: 32 });
    book.cancel(ids[1]!);
    book.setBand(50, 150);
    const copy = new OrderBook({ ticksInitial: 32 });
    copy.limit(bid, 1000, 5, gtc, 0, A, 0);
    copy.load(book.save());
    copy.check();
    expect(drawBook(copy)).toBe(drawBook(book));
    expect(hashOf(copy)).toBe(hashOf(book));
    for (let round = 0; round < 5; round += 1) {
      const order = [bid, 98 + round, 3, gtc, 0, B, round] as const;
      expect(copy.limit(...order)).toBe(book.limit(...order));
      expect(copy.cancel(ids[round]!)).toBe(book.cancel(ids[round]!));
    }
    expect(hashOf(copy)).toBe(hashOf(book));
  });

  it('adds up levels of more than 2^32 lots, restored ones too', () => {
    const book = new OrderBook();
    for (let order = 0; order < 5; order += 1) book.limit(bid, 7, 2 ** 31 - 1, gtc, 0, A, order);
    expect(book.lotsAt(bid, 7)).toBe(5 * (2 ** 31 - 1));
    const copy = new OrderBook();
    copy.load(book.save());
    expect(copy.lotsAt(bid, 7)).toBe(5 * (2 ** 31 - 1));
    copy.market(ask, 2 ** 31 - 1, 0, 0, B, 0);
    expect(copy.lotsWithin(bid, 1, 9)).toBe(4 * (2 ** 31 - 1));
    copy.check();
  });

  it('hashes what rests, not where it rests', () => {
    const { book } = bookOf(USUAL);
    const other = new OrderBook();
    for (let order = 0; order < 40; order += 1) other.limit(bid, 20 + order, 2, gtc, 0, C, 0);
    other.market(ask, 1000, 0, 0, A, 0);
    fillBook(other, USUAL);
    expect(hashOf(other)).toBe(hashOf(book));
    other.limit(bid, 98, 1, gtc, 0, A, 0);
    expect(hashOf(other)).not.toBe(hashOf(book));
  });

  it('is checked: a torn link is found', () => {
    const { book, ids } = bookOf(USUAL);
    const words = book.save();
    const row = 8 + (ids[2]! & 0x7fffff) * 8;
    words[row + 2] = 0;
    expect(() => {
      const broken = new OrderBook();
      broken.load(words);
      broken.check();
    }).toThrow('nothing left');
  });
});
