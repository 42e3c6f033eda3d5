/** Price channels and average true range over past bars, kept in an agent's row; in ticks. */
import type { StateSpec } from '../../sim/strategy/index.js';

/** Longest channel, bars: each bar's high and low is a state variable. */
export const CHANNEL_BARS_MAX = 20;

/** Offsets of the channel's state from its first variable, `bars`. */
export const Channel = {
  bars: 0,
  slot: 1,
  barHigh: 2,
  barLow: 3,
  averageRange: 4,
  entryHigh: 5,
  entryLow: 6,
  exitLevel: 7,
  /** Rings of the highs and of the lows of the last bars. */
  highs: 8,
  lows: 8 + CHANNEL_BARS_MAX,
} as const;

/** The state a strategy with a channel declares, contiguous and in the order of `Channel`. */
export const channelState = {
  bars: { doc: 'Bars completed', unit: 'bars', initial: 0 },
  slot: { doc: 'Place of the next bar in the rings', unit: '1', initial: 0 },
  barHigh: { doc: 'Highest price since the last bar ended', unit: 'ticks', initial: 0 },
  barLow: { doc: 'Lowest price since the last bar ended', unit: 'ticks', initial: 0 },
  averageRange: { doc: "Wilder's average true range", unit: 'ticks', initial: 0 },
  entryHigh: { doc: 'Top of the entry channel, while flat', unit: 'ticks', initial: 0 },
  entryLow: { doc: 'Bottom of the entry channel, while flat', unit: 'ticks', initial: 0 },
  exitLevel: { doc: 'Edge of the exit channel, while in', unit: 'ticks', initial: 0 },
  highs: { doc: 'Highs of past bars', unit: 'ticks', initial: 0, count: CHANNEL_BARS_MAX },
  lows: { doc: 'Lows of past bars', unit: 'ticks', initial: 0, count: CHANNEL_BARS_MAX },
} satisfies Record<string, StateSpec>;

// Prices are whole ticks, so a + b + |a - b| is exact: a maximum without a branch, which on random
// prices would be mispredicted half of the time. Extremes are stored, not returned, since a float
// that crosses a call is boxed.

/** Notes a price seen within the bar; `c` is the offset of the channel in `rows`. */
export function seePrice(rows: Float64Array, c: number, ticks: number): void {
  const low = rows[c + Channel.barLow];
  rows[c + Channel.barHigh] = Math.max(rows[c + Channel.barHigh], ticks);
  rows[c + Channel.barLow] = low > 0 ? Math.min(low, ticks) : ticks;
}

/** Computes the entry channel anew: for an agent that has just left. Cost O(bars). */
export function watchEntry(rows: Float64Array, c: number, bars: number): void {
  const newest = newestOf(rows, c);
  const count = Math.min(rows[bars] | 0, rows[c + Channel.bars] | 0);
  storeHighest(rows, c, c + Channel.entryHigh, newest, count);
  storeLowest(rows, c, c + Channel.entryLow, newest, count);
}

/** Computes the exit channel's edge anew: for an agent that has just entered on `side`. */
export function watchExit(rows: Float64Array, c: number, bars: number, side: number): void {
  const newest = newestOf(rows, c);
  const count = Math.min(rows[bars + 1] | 0, rows[c + Channel.bars] | 0);
  if (side > 0) storeLowest(rows, c, c + Channel.exitLevel, newest, count);
  else storeHighest(rows, c, c + Channel.exitLevel, newest, count);
}

function newestOf(rows: Float64Array, c: number): number {
  const slot = rows[c + Channel.slot] | 0;
  return slot === 0 ? CHANNEL_BARS_MAX - 1 : slot - 1;
}

/**
 * Ends the open bar at a price, for an agent that holds on `side` or is flat (0): only the channel
 * it watches is kept. Says whether that changed. O(1), and O(bars) when the extreme of the channel
 * leaves it.
 *
 * `bars` is the offset in `rows` of the three lengths: entry channel, exit channel, average range.
 * A bar begins at the close of the last, so its height is its true range. The average follows
 * Wilder: (n - 1)/n of the last plus 1/n of the range, a plain mean until n bars are there.
 */
export function closeBar(
  rows: Float64Array,
  c: number,
  bars: number,
  side: number,
  ticks: number,
): boolean {
  const done = (rows[c + Channel.bars] | 0) + 1;
  const highSeen = rows[c + Channel.barHigh];
  const lowSeen = done > 1 ? rows[c + Channel.barLow] : ticks;
  const high = 0.5 * (highSeen + ticks + Math.abs(highSeen - ticks));
  const low = 0.5 * (lowSeen + ticks - Math.abs(lowSeen - ticks));
  rows[c + Channel.bars] = done;
  rows[c + Channel.barHigh] = ticks;
  rows[c + Channel.barLow] = ticks;
  if (done > 1) {
    const average = rows[c + Channel.averageRange];
    const weight = Math.min(done - 1, rows[bars + 2] | 0);
    rows[c + Channel.averageRange] = average + (high - low - average) / weight;
  }
  const slot = rows[c + Channel.slot] | 0;
  rows[c + Channel.slot] = slot + 1 === CHANNEL_BARS_MAX ? 0 : slot + 1;
  const length = rows[side === 0 ? bars : bars + 1] | 0;
  // The bar that leaves, read before the new one may take its place.
  const old = slot >= length ? slot - length : slot - length + CHANNEL_BARS_MAX;
  const highOld = rows[c + Channel.highs + old];
  const lowOld = rows[c + Channel.lows + old];
  rows[c + Channel.highs + slot] = high;
  rows[c + Channel.lows + slot] = low;
  const count = Math.min(length, done);
  let changed = false;
  if (side <= 0) {
    const at = c + (side === 0 ? Channel.entryHigh : Channel.exitLevel);
    const top = rows[at];
    if (high >= top) {
      rows[at] = high;
      changed = true;
    } else if (highOld === top) {
      storeHighest(rows, c, at, slot, count);
      changed = true;
    }
  }
  if (side >= 0) {
    const at = c + (side === 0 ? Channel.entryLow : Channel.exitLevel);
    const bottom = rows[at];
    if (low <= bottom || done === 1) {
      rows[at] = low;
      changed = true;
    } else if (lowOld === bottom) {
      storeLowest(rows, c, at, slot, count);
      changed = true;
    }
  }
  return changed;
}

/** Stores at `at` the highest of the last `count` bars, the newest at `slot` of its ring. */
function storeHighest(
  rows: Float64Array,
  c: number,
  at: number,
  slot: number,
  count: number,
): void {
  const from = c + Channel.highs;
  const first = slot + 1 - count;
  let top = rows[from + slot];
  for (let k = Math.max(first, 0); k < slot; k++) top = Math.max(top, rows[from + k]);
  for (let k = first + CHANNEL_BARS_MAX; k < CHANNEL_BARS_MAX; k++) {
    top = Math.max(top, rows[from + k]);
  }
  rows[at] = top;
}

/** Stores at `at` the lowest of the last `count` bars. */
function storeLowest(
  rows: Float64Array,
  c: number,
  at: number,
  slot: number,
  count: number,
): void {
  const from = c + Channel.lows;
  const first = slot + 1 - count;
  let bottom = rows[from + slot];
  for (let k = Math.max(first, 0); k < slot; k++) bottom = Math.min(bottom, rows[from + k]);
  for (let k = first + CHANNEL_BARS_MAX; k < CHANNEL_BARS_MAX; k++) {
    bottom = Math.min(bottom, rows[from + k]);
  }
  rows[at] = bottom;
}
