/** The flow generator against its published checkpoints, and the book benchmark on tiny inputs. */
import { describe, expect, it } from 'vitest';
import { OrderBook, TAPE, TimeInForce } from '../../sim/book/index.js';
import { bookBench } from '../bench/book.bench.js';
import { FlowKind, foldTape, makeFlow, TAPE_HASH_START } from '../bench/flow.js';
import type { Flow } from '../bench/flow.js';

interface Checkpoint {
  volume: number;
  trades: number;
  bestBid: number;
  bestAsk: number;
  live: number;
  hash: number;
}

function replay(flow: Flow, stops: number[]): Checkpoint[] {
  const book = new OrderBook();
  const ids = new Int32Array(flow.ids);
  const seen: Checkpoint[] = [];
  let [hash, volume, trades] = [TAPE_HASH_START, 0, 0];
  for (let at = 0; at <= flow.prefill + flow.operations; at += 1) {
    if (stops.includes(at - flow.prefill)) {
      const [bestBid, bestAsk, live] = [book.bestBid(), book.bestAsk(), book.liveOrders()];
      seen.push({ volume, trades, bestBid, bestAsk, live, hash: hash >>> 0 });
    }
    const [kind, id, price, size] = flow.records.subarray(at * 4, at * 4 + 4);
    if (kind === undefined) break;
    if (kind === FlowKind.cancel) {
      expect(book.cancel(ids[id!]!)).toBeGreaterThan(0);
      continue;
    }
    const timeInForce = kind < FlowKind.cancel ? TimeInForce.gtc : TimeInForce.ioc;
    ids[id!] = book.limit(kind & 1, price!, size!, timeInForce, 0, id!, id!);
    for (let row = 0; row < book.tapeCount * TAPE.stride; row += TAPE.stride) {
      hash = foldTape(hash, book.tape[row + TAPE.makerTag]!);
      hash = foldTape(hash, id!);
      hash = foldTape(hash, book.tape[row + TAPE.priceTicks]!);
      hash = foldTape(hash, book.tape[row + TAPE.sizeLots]!);
      volume += book.tape[row + TAPE.sizeLots]!;
      trades += 1;
    }
  }
  book.check();
  return seen;
}

function foldRecords(flow: Flow): number {
  let hash = TAPE_HASH_START;
  for (const word of flow.records) hash = foldTape(hash, word);
  return hash >>> 0;
}

describe('reference flow', () => {
  it('leaves the published tape of flow S', () => {
    const flow = makeFlow({ seed: 1, operations: 100_000, target: 2_000 });
    expect(foldRecords(flow)).toBe(4261414264);
    const [start, end] = replay(flow, [0, 100_000]);
    const [volume, trades] = [1013, 35];
    const live = 1965;
    expect(start).toEqual({
      volume,
      trades,
      bestBid: 15996,
      bestAsk: 15997,
      live,
      hash: 3645484425,
    });
    expect(end).toEqual({
      volume: 1505823,
      trades: 39613,
      bestBid: 15968,
      bestAsk: 15989,
      live: 2006,
      hash: 3333540475,
    });
  });

  it('leaves the published tape of flow M', () => {
    const flow = makeFlow({ seed: 1, operations: 100_000, target: 20_000 });
    expect(foldRecords(flow)).toBe(1955637843);
    const [start, end] = replay(flow, [0, 100_000]);
    expect([start!.live, start!.hash]).toEqual([18185, 243807141]);
    expect(end).toEqual({
      volume: 1455877,
      trades: 39564,
      bestBid: 15999,
      bestAsk: 16011,
      live: 20171,
      hash: 4275127018,
    });
  });
});

describe('book benchmark', () => {
  it('runs on tiny inputs and checks every library against the book', async () => {
    const { bench, rounds, results } = await bookBench({ tiny: true });
    expect([bench, rounds, results.map((result) => result.case)]).toEqual(['book', 1, ['S', 'M']]);
    for (const result of results) {
      expect(result.opsPerCpuSecond).toBeGreaterThan(0);
      expect(Object.keys(result.ratioTo)).toEqual(['nodejs-order-book', 'naive']);
      expect(result.hash).toBe(4154839787);
    }
  });
});
