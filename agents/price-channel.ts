/** Price channels and average true range over past bars, kept in an agent's row. */
import type { StateSpec } from '../sim/strategy/index.js';

/** Longest channel, bars: each bar's high and low is a state variable. */
export const CHANNEL_BARS_MAX = 20;

/** Offsets of the channel's state from its first variable, `bars`. */
export const Channel = {
  bars: 0,
  slot: 1,
  barHigh: 2,
  barLow: 3,
  lastClose: 4,
  averageRange: 5,
  entryHigh: 6,
  entryLow: 7,
  exitHigh: 8,
  exitLow: 9,
  /** Rings of the highs and of the lows of the last bars. */
  highs: 10,
  lows: 10 + CHANNEL_BARS_MAX,
} as const;

/** Declares the bars of a ring. */
function ring(name: string, doc: string): Record<never, StateSpec> {
  const specs: Record<string, StateSpec> = {};
  for (let k = 0; k < CHANNEL_BARS_MAX; k++) {
    specs[`${name}${k}`] = { doc, unit: 'quote', initial: 0 };
  }
  return specs;
}

/** The state a strategy with a channel declares, contiguous and in the order of `Channel`. */
export const channelState = {
  bars: { doc: 'Bars completed', unit: 'bars', initial: 0 },
  slot: { doc: 'Place of the next bar in the rings', unit: '1', initial: 0 },
  barHigh: { doc: 'Highest price seen in this bar', unit: 'quote', initial: 0 },
  barLow: { doc: 'Lowest price seen in this bar', unit: 'quote', initial: 0 },
  lastClose: { doc: 'Price at the end of the last bar', unit: 'quote', initial: 0 },
  averageRange: { doc: "Wilder's average true range", unit: 'quote', initial: 0 },
  entryHigh: { doc: 'Top of the entry channel', unit: 'quote', initial: 0 },
  entryLow: { doc: 'Bottom of the entry channel', unit: 'quote', initial: 0 },
  exitHigh: { doc: 'Top of the exit channel', unit: 'quote', initial: 0 },
  exitLow: { doc: 'Bottom of the exit channel', unit: 'quote', initial: 0 },
  ...ring('high', 'High of a past bar'),
  ...ring('low', 'Low of a past bar'),
} satisfies Record<string, StateSpec>;

/** Notes a price seen within the bar; `c` is the offset of the channel in `rows`. */
export function seePrice(rows: Float64Array, c: number, price: number): void {
  const low = rows[c + Channel.barLow];
  rows[c + Channel.barHigh] = Math.max(rows[c + Channel.barHigh], price);
  rows[c + Channel.barLow] = low > 0 ? Math.min(low, price) : price;
}

/**
 * Ends the open bar at a price: O(1), and O(bars) when the extreme of a channel leaves it.
 *
 * `bars` is the offset in `rows` of the three lengths: entry channel, exit channel, average range.
 * The range follows Wilder: (n - 1)/n of the last average plus 1/n of the true range, a plain mean
 * until n bars are there.
 */
export function closeBar(rows: Float64Array, c: number, bars: number, price: number): void {
  const high = rows[c + Channel.barHigh];
  const low = rows[c + Channel.barLow];
  const last = rows[c + Channel.lastClose];
  const done = rows[c + Channel.bars] + 1;
  rows[c + Channel.bars] = done;
  rows[c + Channel.lastClose] = price;
  // The next bar opens at this close.
  rows[c + Channel.barHigh] = price;
  rows[c + Channel.barLow] = price;
  if (last > 0) {
    const range = Math.max(high, last) - Math.min(low, last);
    const average = rows[c + Channel.averageRange];
    rows[c + Channel.averageRange] =
      average + (range - average) / Math.min(done - 1, rows[bars + 2]);
  }
  const slot = rows[c + Channel.slot];
  rows[c + Channel.slot] = slot + 1 === CHANNEL_BARS_MAX ? 0 : slot + 1;
  const entry = rows[bars];
  const exit = rows[bars + 1];
  // The bars that leave the channels, read before the new one takes the place of one of them.
  const entryOld = slot >= entry ? slot - entry : slot - entry + CHANNEL_BARS_MAX;
  const exitOld = slot >= exit ? slot - exit : slot - exit + CHANNEL_BARS_MAX;
  const highs = c + Channel.highs;
  const entryHighOld = rows[highs + entryOld];
  const exitHighOld = rows[highs + exitOld];
  rows[highs + slot] = high;
  const lows = c + Channel.lows;
  const entryLowOld = rows[lows + entryOld];
  const exitLowOld = rows[lows + exitOld];
  rows[lows + slot] = low;

  const entryHigh = rows[c + Channel.entryHigh];
  if (high >= entryHigh) rows[c + Channel.entryHigh] = high;
  else if (entryHighOld >= entryHigh) {
    rows[c + Channel.entryHigh] = highest(rows, highs, slot, Math.min(entry, done));
  }
  const exitHigh = rows[c + Channel.exitHigh];
  if (high >= exitHigh) rows[c + Channel.exitHigh] = high;
  else if (exitHighOld >= exitHigh) {
    rows[c + Channel.exitHigh] = highest(rows, highs, slot, Math.min(exit, done));
  }
  const entryLow = rows[c + Channel.entryLow];
  if (low <= entryLow || done === 1) rows[c + Channel.entryLow] = low;
  else if (entryLowOld <= entryLow) {
    rows[c + Channel.entryLow] = lowest(rows, lows, slot, Math.min(entry, done));
  }
  const exitLow = rows[c + Channel.exitLow];
  if (low <= exitLow || done === 1) rows[c + Channel.exitLow] = low;
  else if (exitLowOld <= exitLow) {
    rows[c + Channel.exitLow] = lowest(rows, lows, slot, Math.min(exit, done));
  }
}

/** Returns the highest of the last `count` bars, the newest at `slot` of the ring at `from`. */
function highest(rows: Float64Array, from: number, slot: number, count: number): number {
  let top = rows[from + slot];
  let k = slot;
  for (let n = 1; n < count; n++) {
    k = k === 0 ? CHANNEL_BARS_MAX - 1 : k - 1;
    top = Math.max(top, rows[from + k]);
  }
  return top;
}

/** Returns the lowest of the last `count` bars. */
function lowest(rows: Float64Array, from: number, slot: number, count: number): number {
  let bottom = rows[from + slot];
  let k = slot;
  for (let n = 1; n < count; n++) {
    k = k === 0 ? CHANNEL_BARS_MAX - 1 : k - 1;
    bottom = Math.min(bottom, rows[from + k]);
  }
  return bottom;
}
