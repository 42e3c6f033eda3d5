/** The trigger book's rules, one by one. */
import { describe, expect, it } from 'vitest';
import {
  BookCode,
  FIRED,
  OrderFlag,
  Side,
  TriggerBook,
  TriggerOrder,
  TriggerQueue,
  TriggerSource,
} from '../../sim/book/index.js';
import { Hash64 } from '../../sim/kernel/index.js';

const { last, mark, index } = TriggerSource;
const [up, down] = [1, -1];

function addStop(book: TriggerBook, source: number, direction: number, at: number, tag: number) {
  const side = direction === up ? Side.bid : Side.ask;
  return book.add(source, direction, at, TriggerOrder.market, side, 0, 5, 0, 7, tag);
}

function fire(book: TriggerBook, source: number, price: number): number[] {
  const queue = new TriggerQueue();
  const count = book.fire(source, price, queue);
  expect(count).toBe(queue.count);
  book.check();
  const tags: number[] = [];
  for (let row = 0; row < count; row += 1) tags.push(queue.rows[row * FIRED.stride + FIRED.tag]!);
  return tags;
}

function hashOf(book: TriggerBook): string {
  const hash = new Hash64();
  book.hash(hash);
  return hash.hex();
}

describe('triggers', () => {
  it('fire at their price and beyond, once', () => {
    const book = new TriggerBook();
    addStop(book, last, up, 105, 1);
    addStop(book, last, down, 95, 2);
    expect(fire(book, last, 104)).toEqual([]);
    expect(fire(book, last, 105)).toEqual([1]);
    expect(fire(book, last, 200)).toEqual([]);
    expect(fire(book, last, 94)).toEqual([2]);
    expect(book.liveTriggers()).toBe(0);
  });

  it('watch their own source', () => {
    const book = new TriggerBook();
    for (const source of [last, mark, index]) addStop(book, source, down, 95, source);
    expect(fire(book, mark, 90)).toEqual([mark]);
    expect([book.nextFall(last), book.nextFall(mark), book.nextFall(index)]).toEqual([95, -1, 95]);
    expect([book.isDue(last, 96), book.isDue(last, 95), book.isDue(mark, 1)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(fire(book, index, 95)).toEqual([index]);
  });

  it('fire in the order in which the move crosses them, then by entry', () => {
    const book = new TriggerBook();
    fire(book, last, 100);
    for (const [tag, at] of [103, 101, 102, 101].entries()) addStop(book, last, up, at, tag);
    for (const [tag, at] of [98, 99, 97, 99].entries()) addStop(book, last, down, at, 10 + tag);
    expect(fire(book, last, 102)).toEqual([1, 3, 2]);
    expect(fire(book, last, 90)).toEqual([11, 13, 10, 12]);
    expect(fire(book, last, 110)).toEqual([0]);
  });

  it('that were due when entered come before those the move crosses', () => {
    const book = new TriggerBook();
    fire(book, last, 100);
    addStop(book, last, up, 103, 1);
    addStop(book, last, down, 120, 2);
    addStop(book, last, up, 90, 3);
    expect(fire(book, last, 105)).toEqual([2, 3, 1]);
    addStop(book, last, down, 104, 4);
    addStop(book, last, up, 50, 5);
    expect(fire(book, last, 101)).toEqual([5, 4]);
  });

  it('hand out the whole order', () => {
    const book = new TriggerBook();
    const flags = OrderFlag.reduceOnly;
    const id = book.add(mark, down, 95, TriggerOrder.limit, Side.ask, 94, 12, flags, 3, 99);
    expect([book.sourceOf(id), book.directionOf(id), book.triggerOf(id)]).toEqual([mark, down, 95]);
    expect([book.orderKindOf(id), book.sideOf(id), book.limitOf(id)]).toEqual([1, Side.ask, 94]);
    expect([book.sizeOf(id), book.flagsOf(id), book.accountOf(id)]).toEqual([12, flags, 3]);
    expect([book.tagOf(id), book.isLive(id)]).toEqual([99, true]);
    const queue = new TriggerQueue();
    book.fire(mark, 95, queue);
    const row = [id, mark, down, 95, 1, Side.ask, 94, 12, flags, 3, 99];
    expect([...queue.rows.subarray(0, row.length)]).toEqual(row);
    expect(book.isLive(id)).toBe(false);
    expect(() => book.tagOf(id)).toThrow('no waiting trigger');
  });

  it('are cancelled once, and their ids stay stale', () => {
    const book = new TriggerBook({ triggersInitial: 1 });
    const seen = new Set<number>();
    for (let round = 0; round < 1000; round += 1) {
      const id = addStop(book, last, up, 10, round);
      expect(seen.has(id)).toBe(false);
      seen.add(id);
      expect([book.cancel(id), book.cancel(id)]).toEqual([5, BookCode.rejectUnknown]);
    }
    expect(book.nextRise(last)).toBe(-1);
    book.check();
  });

  it('are refused with an impossible price or size', () => {
    const book = new TriggerBook({ ticksLimit: 1000 });
    const { limit, market } = TriggerOrder;
    expect(book.add(last, up, 0, market, 0, 0, 1, 0, 0, 0)).toBe(BookCode.rejectPrice);
    expect(book.add(last, up, 1000, market, 0, 0, 1, 0, 0, 0)).toBe(BookCode.rejectPrice);
    expect(book.add(last, up, 10, limit, 0, 0, 1, 0, 0, 0)).toBe(BookCode.rejectPrice);
    expect(book.add(last, up, 10, market, 0, 0, 0, 0, 0, 0)).toBe(BookCode.rejectSize);
    expect(() => book.add(3, up, 10, market, 0, 0, 1, 0, 0, 0)).toThrow('unknown source');
    expect(() => book.add(0, 0, 10, market, 0, 0, 1, 0, 0, 0)).toThrow('direction');
    const free = Number.MAX_SAFE_INTEGER;
    expect(book.add(last, up, 10, market, 0, free, 1, 0, 0, 0)).toBeGreaterThan(0);
  });

  it('are restored from a save, ids and order of entry included', () => {
    const book = new TriggerBook({ triggersInitial: 3 });
    const ids: number[] = [];
    for (let tag = 0; tag < 40; tag += 1) ids.push(addStop(book, tag % 3, up, 50 + (tag % 4), tag));
    for (let tag = 0; tag < 40; tag += 3) book.cancel(ids[tag]!);
    fire(book, last, 51);
    const copy = new TriggerBook();
    copy.load(book.save());
    copy.check();
    expect(hashOf(copy)).toBe(hashOf(book));
    expect(addStop(copy, mark, down, 9, 1)).toBe(addStop(book, mark, down, 9, 1));
    expect(copy.cancel(ids[1]!)).toBe(book.cancel(ids[1]!));
    expect(fire(copy, index, 60)).toEqual(fire(book, index, 60));
    expect(hashOf(copy)).toBe(hashOf(book));
  });

  it('grow the queue and the ladder in a storm', () => {
    const book = new TriggerBook();
    for (let tag = 0; tag < 5000; tag += 1) addStop(book, last, down, 1 + tag * 37, tag);
    book.check();
    const order = fire(book, last, 1);
    expect(order.length).toBe(5000);
    expect(order).toEqual([...order].sort((a, b) => b - a));
  });
});
