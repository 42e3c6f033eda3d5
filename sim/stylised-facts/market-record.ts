/** What one run of a market leaves to test: bins of clock time, market orders, orders, parents. */
import { assert, log } from '../kernel/index.js';

/** One run. All arrays of a group have one length; bins are equal and follow each other. */
export interface MarketRecord {
  /** Length of a bin, microseconds. */
  binMicros: number;
  /** Mid price at the start of the first bin and at the end of each: one more than there are bins. */
  midPrice: Float64Array;
  /** Volume of each bin, lots. */
  volumeLots: Float64Array;
  /** Orders that took, in the order of time. */
  takers: TakerRecord;
  /** What was sent to the book; undefined where only trades are known. */
  orders?: OrderRecord | undefined;
  /** Runs of takers of one account and side; undefined where accounts are not known. */
  parents?: ParentRecord | undefined;
  /** Whether the market opens and closes within the run. */
  hasSession?: boolean;
}

/** Orders that took liquidity: all fills of one order at one moment are one entry. */
export interface TakerRecord {
  timeMicros: Float64Array;
  /** 1 buys, -1 sells. */
  sign: Int8Array;
  sizeLots: Float64Array;
  /** Price of its last fill, ticks. */
  lastTicks: Float64Array;
}

/** Orders sent to the book. */
export interface OrderRecord {
  /** Arrivals of all new orders, microseconds, ascending. */
  timeMicros: Float64Array;
  /** Sizes of limit orders, lots. */
  limitLots: Float64Array;
  /** Distance of passive limit orders from the best of their side when they arrived, ticks >= 0. */
  placementTicks: Float64Array;
  /** Lives of limit orders that were cancelled, microseconds. */
  cancelMicros: Float64Array;
  /** Times to the first fill of limit orders that rested, microseconds. */
  fillMicros: Float64Array;
  /** Volume at the best of either side at equal times, lots. */
  bestLots: Float64Array;
}

/** Parent orders. */
export interface ParentRecord {
  sizeLots: Float64Array;
  /** Log price change in its direction, from before its first piece to its last. */
  impact: Float64Array;
}

/** Runs of one scenario that differ in their seeds. */
export type Sample = readonly MarketRecord[];

/** Returns log returns over `step` bins, without overlap. */
export function returnsOver(record: MarketRecord, step = 1): Float64Array {
  assert(step >= 1, `returns over ${step} bins`);
  const { midPrice } = record;
  const count = Math.max(0, Math.floor((midPrice.length - 1) / step));
  return Float64Array.from({ length: count }, (_, i) =>
    log(midPrice[(i + 1) * step] / midPrice[i * step]),
  );
}

/** Returns log returns of last trade prices over equal numbers of takers: as many as bins. */
export function eventReturns(record: MarketRecord): Float64Array {
  const { lastTicks } = record.takers;
  const bins = record.midPrice.length - 1;
  const each = Math.floor(lastTicks.length / (bins + 1));
  if (each < 1) return new Float64Array(0);
  return Float64Array.from({ length: bins }, (_, i) =>
    log(lastTicks[(i + 2) * each - 1] / lastTicks[(i + 1) * each - 1]),
  );
}

/** Joins arrays. */
export function joined(parts: readonly ArrayLike<number>[]): Float64Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const all = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Returns absolute values. */
export function magnitudes(values: Float64Array): Float64Array {
  return values.map((x) => Math.abs(x));
}
