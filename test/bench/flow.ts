/**
 * The order flow of the book benchmark: random adds around a walking mid, cancels and immediate
 * orders.
 *
 * Sixty per cent adds at exponential distances, thirty per cent cancels of a random live order, ten
 * per cent immediate-or-cancel orders sized so that the book keeps its population. Seeded
 * (splitmix32), so that every library replays the same operations and must leave the same tape
 * hash.
 */
import { OrderBook, Side, TAPE, TimeInForce } from '../../sim/book/index.js';
import { log, pow } from '../../sim/kernel/index.js';

/** Kinds of operations; the low bit of an order's kind is its side. */
export const FlowKind = { addBid: 0, addAsk: 1, cancel: 2, takeBid: 4, takeAsk: 5 } as const;

/** A generated flow. */
export interface Flow {
  /** Untimed operations that fill the book. */
  prefill: number;
  /** Timed operations that follow. */
  operations: number;
  /** Ids handed out: adds and immediate orders count 0, 1, 2, ... */
  ids: number;
  /** Four int32 per operation: kind, id, price, size. */
  records: Int32Array;
}

/** What a flow is made from. */
export interface FlowOptions {
  seed: number;
  operations: number;
  /** Resting orders the flow settles at; also the length of the prefill. */
  target: number;
}

/** Generates a flow. O(operations). */
export function makeFlow(options: FlowOptions): Flow {
  const { operations, target } = options;
  const total = target + operations;
  const random = new SplitMix(options.seed);
  const records = new Int32Array(total * 4);
  const live = new LiveOrders(total);
  let mid = 16_000;
  let ids = 0;
  for (let at = 0; at < total; at += 1) {
    if (random.uniform() < 0.02) mid += random.uniform() < 0.5 ? -1 : 1;
    mid = Math.min(18_000, Math.max(14_000, mid));
    const choice = at < target ? 0 : random.uniform();
    const record = at * 4;
    if (choice < 0.6 || live.count < 10) {
      const side = random.uniform() < 0.5 ? Side.bid : Side.ask;
      const distance = Math.min(199, Math.floor(-log(1 - random.uniform()) * 40));
      const price = side === Side.bid ? mid - 1 - distance : mid + 1 + distance;
      const size = 1 + (random.word() % 100);
      records.set([side, ids, price, size], record);
      live.add(side, price, size, ids);
      ids += 1;
    } else if (choice < 0.9) {
      const id = live.pick(random.word());
      records.set([FlowKind.cancel, id, live.priceOf(id), 0], record);
      live.cancel(id);
    } else {
      const side = random.uniform() < 0.5 ? Side.bid : Side.ask;
      const crowding = Math.min(4, pow(live.count / target, 4));
      const size = 1 + Math.floor(random.uniform() * 300 * crowding);
      const price = side === Side.bid ? mid + 100 : mid - 100;
      records.set([FlowKind.takeBid + side, ids, price, size], record);
      live.take(side, price, size, ids);
      ids += 1;
    }
  }
  return { prefill: target, operations, ids, records };
}

/** Folds a word into a tape hash, which starts at `TAPE_HASH_START`. */
export function foldTape(hash: number, word: number): number {
  return Math.imul(hash ^ word, 0x01000193);
}

/** Initial value of a tape hash. */
export const TAPE_HASH_START = 0x811c9dc5 | 0;

/** The live orders, in the order of a list whose gaps are filled from its end. */
class LiveOrders {
  count = 0;
  private readonly book = new OrderBook({ ticksInitial: 4096 });
  private readonly list: Int32Array;
  private readonly place: Int32Array;
  private readonly bookIds: Int32Array;

  constructor(idsMax: number) {
    this.list = new Int32Array(idsMax);
    this.place = new Int32Array(idsMax);
    this.bookIds = new Int32Array(idsMax);
  }

  add(side: number, price: number, size: number, id: number): void {
    const resting = this.book.limit(side, price, size, TimeInForce.gtc, 0, 0, id);
    this.dropFilled();
    if (resting < 0) return;
    this.bookIds[id] = resting;
    this.place[id] = this.count;
    this.list[this.count] = id;
    this.count += 1;
  }

  take(side: number, price: number, size: number, id: number): void {
    this.book.limit(side, price, size, TimeInForce.ioc, 0, 0, id);
    this.dropFilled();
  }

  pick(word: number): number {
    return this.list[word % this.count]!;
  }

  priceOf(id: number): number {
    return this.book.priceOf(this.bookIds[id]!);
  }

  cancel(id: number): void {
    this.book.cancel(this.bookIds[id]!);
    this.drop(id);
  }

  private dropFilled(): void {
    const tape = this.book.tape;
    for (let cell = 0; cell < this.book.tapeCount * TAPE.stride; cell += TAPE.stride) {
      if (tape[cell + TAPE.makerLeavesLots] === 0) this.drop(tape[cell + TAPE.makerTag]!);
    }
  }

  private drop(id: number): void {
    this.count -= 1;
    const last = this.list[this.count]!;
    const place = this.place[id]!;
    this.list[place] = last;
    this.place[last] = place;
  }
}

/** Splitmix32. */
class SplitMix {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  word(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let mixed = this.state ^ (this.state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  uniform(): number {
    return this.word() / 4294967296;
  }
}
