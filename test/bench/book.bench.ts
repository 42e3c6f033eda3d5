/**
 * Operations per CPU-second of the order book, against nodejs-order-book and the naive twin.
 *
 * Every library replays the same flow, in interleaved rounds of alternating order; the first replay
 * of each is cold, reported apart and not counted. The slower libraries replay the same prefill and
 * fewer timed operations; each tape hash is checked against that of the book at the same operation.
 */
import { createRequire } from 'node:module';
import { OrderBook, TimeInForce } from '../../sim/book/index.js';
import { NaiveOrderBook } from '../naive/order-book.js';
import { FlowKind, foldTape, makeFlow, TAPE_HASH_START } from './flow.js';
import type { Flow } from './flow.js';

/** What the book benchmark may be told. */
export interface BookBenchOptions {
  /** Small inputs and one round: shows that the benchmark works, not how fast anything is. */
  tiny?: boolean;
  /** Interleaved rounds; an odd number has a round as its median. */
  rounds?: number;
  /** Flows to replay. */
  cases?: BookCase[];
}

/** Name of a flow: 2,000, 20,000 or 100,000 resting orders. */
export type BookCase = 'S' | 'M' | 'L';

/** Speed of one library on one flow. */
export interface BookSpeed {
  /** Timed operations of a replay. */
  operations: number;
  /** Median over the rounds. */
  opsPerCpuSecond: number;
  /** First and third quartile over the rounds. */
  quartiles: [number, number];
  /** The first replay, which compiles. */
  coldOpsPerCpuSecond: number;
  /** Tape hash after those operations. */
  hash: number;
}

/** Result of one flow. */
export interface BookBenchCase extends BookSpeed {
  case: BookCase;
  /** Median over the rounds of the ratio of speeds within a round. */
  ratioTo: Record<string, number>;
  /** The ratio wanted. */
  ratioWanted: Record<string, number>;
  /** Whether the tape hash is the known one; always true of tiny inputs, which have none. */
  hashExpected: boolean;
  others: Record<string, BookSpeed>;
}

/** Result of the book benchmark. */
export interface BookBenchResult {
  bench: 'book';
  rounds: number;
  results: BookBenchCase[];
}

interface Replay {
  hash: number;
  opsPerCpuSecond: number;
}

interface Contender {
  name: string;
  operations: number;
  replay: (operations: number) => Replay;
  speeds: number[];
  hash: number;
}

const FULL = 2_000_000;
const REFERENCE = 'nodejs-order-book';
const CASES: Record<BookCase, { target: number; reference: number; naive: number; hash: number }> =
  {
    S: { target: 2_000, reference: 200_000, naive: 40_000, hash: 454829153 },
    M: { target: 20_000, reference: 100_000, naive: 4_000, hash: 3174677188 },
    L: { target: 100_000, reference: 20_000, naive: 500, hash: 3845122797 },
  };
const WANTED: Record<BookCase, number> = { S: 75, M: 200, L: 200 };

/** Runs the benchmark. @throws Error when a library's tape differs from the book's */
export async function bookBench(options: BookBenchOptions = {}): Promise<BookBenchResult> {
  const tiny = options.tiny ?? false;
  const rounds = tiny ? 1 : (options.rounds ?? 9);
  const results: BookBenchCase[] = [];
  for (const name of options.cases ?? (['S', 'M'] as const))
    results.push(runCase(name, rounds, tiny));
  return { bench: 'book', rounds, results };
}

function runCase(name: BookCase, rounds: number, tiny: boolean): BookBenchCase {
  const shape = CASES[name];
  const target = tiny ? 200 : shape.target;
  const operations = tiny ? 4_000 : FULL;
  const flow = makeFlow({ seed: 1, operations, target });
  const ids = new Int32Array(flow.ids);
  const names = Array.from({ length: flow.ids }, (_, id) => `o${id}`);
  const book = contender('book', operations, (count) => replayBook(flow, count, ids));
  const others = [
    contender(REFERENCE, tiny ? 1_000 : shape.reference, (n) => replayReference(flow, n, names)),
    contender('naive', tiny ? 1_000 : shape.naive, (count) => replayNaive(flow, count, ids)),
  ];
  for (const other of others) {
    const expected = replayBook(flow, other.operations, ids).hash;
    other.hash = other.replay(other.operations).hash;
    if (other.hash !== expected) throw new Error(`book bench: the tape of ${other.name} differs`);
  }
  const line = [book, ...others];
  for (let round = 0; round <= rounds; round += 1) {
    for (const one of round % 2 === 0 ? line : [...line].reverse()) {
      const { hash, opsPerCpuSecond } = one.replay(one.operations);
      if (one.speeds.length > 0 && hash !== one.hash) throw new Error('book bench: unstable hash');
      one.hash = hash;
      one.speeds.push(opsPerCpuSecond);
    }
  }
  return {
    case: name,
    ...speedOf(book),
    ratioTo: Object.fromEntries(others.map((other) => [other.name, ratio(book, other)])),
    ratioWanted: { [REFERENCE]: WANTED[name] },
    hashExpected: tiny || book.hash === shape.hash,
    others: Object.fromEntries(others.map((other) => [other.name, speedOf(other)])),
  };
}

function contender(
  name: string,
  operations: number,
  replay: (operations: number) => Replay,
): Contender {
  return { name, operations, replay, speeds: [], hash: 0 };
}

function speedOf(one: Contender): BookSpeed {
  const warm = one.speeds.slice(1);
  return {
    operations: one.operations,
    opsPerCpuSecond: Math.round(quantile(warm, 0.5)),
    quartiles: [Math.round(quantile(warm, 0.25)), Math.round(quantile(warm, 0.75))],
    coldOpsPerCpuSecond: Math.round(one.speeds[0]!),
    hash: one.hash,
  };
}

function ratio(book: Contender, other: Contender): number {
  const ratios = book.speeds.slice(1).map((speed, round) => speed / other.speeds[round + 1]!);
  return Number(quantile(ratios, 0.5).toFixed(2));
}

function quantile(values: number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * fraction)]!;
}

/** Fills with the prefill, then times the operations in CPU time of the process. */
function time(flow: Flow, count: number, drive: (from: number, to: number) => void): number {
  drive(0, flow.prefill);
  (globalThis as { gc?: () => void }).gc?.();
  const start = process.cpuUsage();
  drive(flow.prefill, flow.prefill + count);
  const { user, system } = process.cpuUsage(start);
  return (count / Math.max(1, user + system)) * 1e6;
}

/**
 * The last book replayed. As long as one book lives, the engine keeps what it has learnt about the
 * class; a collection between replays would otherwise throw the compiled code away.
 */
let lastBook: OrderBook | undefined;

function replayBook(flow: Flow, count: number, ids: Int32Array): Replay {
  const book = new OrderBook({ ordersInitial: 32_767, ticksInitial: 4096 });
  lastBook = book;
  let hash = TAPE_HASH_START;
  const opsPerCpuSecond = time(flow, count, (from, to) => {
    hash = driveBook(book, flow.records, ids, from, to, hash);
  });
  lastBook.check();
  return { hash: hash >>> 0, opsPerCpuSecond };
}

function driveBook(
  book: OrderBook,
  records: Int32Array,
  ids: Int32Array,
  from: number,
  to: number,
  start: number,
): number {
  // Locals, as a caller that cares for speed would have them: imported names are looked up each
  // time.
  const cancel = FlowKind.cancel;
  const gtc = TimeInForce.gtc;
  const ioc = TimeInForce.ioc;
  let hash = start;
  for (let at = from * 4; at < to * 4; at += 4) {
    const kind = records[at]!;
    const id = records[at + 1]!;
    if (kind === cancel) {
      book.cancel(ids[id]!);
      continue;
    }
    const price = records[at + 2]!;
    const size = records[at + 3]!;
    if (kind < cancel) {
      ids[id] = book.limit(kind, price, size, gtc, 0, id, id);
    } else {
      book.limit(kind & 1, price, size, ioc, 0, id, id);
    }
    const cells = book.tapeCount << 3;
    if (cells === 0) continue;
    const tape = book.tape;
    for (let cell = 0; cell < cells; cell += 8) {
      hash = Math.imul(hash ^ tape[cell + 3]!, 0x01000193);
      hash = Math.imul(hash ^ id, 0x01000193);
      hash = Math.imul(hash ^ tape[cell + 4]!, 0x01000193);
      hash = Math.imul(hash ^ tape[cell + 5]!, 0x01000193);
    }
  }
  return hash;
}

/** The part of nodejs-order-book that the flow needs; its own types cannot be resolved. */
interface ReferenceOrder {
  id: string;
  price: number;
  size: number;
}
interface ReferenceBook {
  limit(order: object): {
    done: ReferenceOrder[];
    partial: ReferenceOrder | null;
    partialQuantityProcessed: number;
  };
  cancel(id: string): unknown;
}

function replayReference(flow: Flow, count: number, names: string[]): Replay {
  const module = createRequire(import.meta.url)(REFERENCE) as {
    OrderBook: new () => ReferenceBook;
  };
  const book = new module.OrderBook();
  const { records } = flow;
  let hash = TAPE_HASH_START;
  const fold = (maker: string, taker: number, price: number, size: number) => {
    hash = foldTape(hash, Number(maker.slice(1)));
    hash = foldTape(hash, taker);
    hash = foldTape(hash, price);
    hash = foldTape(hash, size);
  };
  const opsPerCpuSecond = time(flow, count, (from, to) => {
    for (let at = from * 4; at < to * 4; at += 4) {
      const kind = records[at]!;
      const id = records[at + 1]!;
      const name = names[id]!;
      if (kind === FlowKind.cancel) {
        book.cancel(name);
        continue;
      }
      const { done, partial, partialQuantityProcessed } = book.limit({
        side: (kind & 1) === 0 ? 'buy' : 'sell',
        id: name,
        size: records[at + 3]!,
        price: records[at + 2]!,
        timeInForce: kind < FlowKind.cancel ? 'GTC' : 'IOC',
      });
      // What was filled comes first, the incoming order last if it was filled too.
      for (let i = 0; i < done.length && done[i]!.id !== name; i += 1) {
        fold(done[i]!.id, id, done[i]!.price, done[i]!.size);
      }
      if (partial !== null && partial.id !== name) {
        fold(partial.id, id, partial.price, partialQuantityProcessed);
      }
    }
  });
  return { hash: hash >>> 0, opsPerCpuSecond };
}

function replayNaive(flow: Flow, count: number, ids: Int32Array): Replay {
  const book = new NaiveOrderBook();
  const { records } = flow;
  let hash = TAPE_HASH_START;
  const opsPerCpuSecond = time(flow, count, (from, to) => {
    for (let at = from * 4; at < to * 4; at += 4) {
      const kind = records[at]!;
      const id = records[at + 1]!;
      if (kind === FlowKind.cancel) {
        book.cancel(ids[id]!);
        continue;
      }
      const timeInForce = kind < FlowKind.cancel ? TimeInForce.gtc : TimeInForce.ioc;
      const [price, size] = [records[at + 2]!, records[at + 3]!];
      const code = book.limit(kind & 1, price, size, timeInForce, 0, id, id);
      if (code > 0) ids[id] = code;
      for (const event of book.events) {
        hash = foldTape(hash, event.makerTag);
        hash = foldTape(hash, id);
        hash = foldTape(hash, event.priceTicks);
        hash = foldTape(hash, event.sizeLots);
      }
    }
  });
  return { hash: hash >>> 0, opsPerCpuSecond };
}
