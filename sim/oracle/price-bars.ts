/** Open, high, low and close over equal intervals, and the walk a price takes through them. */
import { assert, exp, log } from '../kernel/index.js';
import type { PricePath } from './price-path.js';

/** Bars without gaps: bar i covers [start + i interval, start + (i + 1) interval). */
export interface PriceBars {
  /** Opening time of the first bar, milliseconds since 1970 UTC. */
  startMillis: number;
  intervalMicros: number;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
}

const MICROS_PER_SECOND = 1_000_000;
/** Fewest updates a bar is walked in: one for each of its four prices. */
const STEPS_MIN = 4;

/** Returns how long the bars last, in microseconds. */
export function barsDurationMicros(bars: PriceBars): number {
  return bars.open.length * bars.intervalMicros;
}

/**
 * Walks each bar from its open to the nearer extreme, the other extreme and the close.
 *
 * The four prices are reached exactly, a third of the bar apart; between them the log price moves
 * in equal steps of at most one second. With both extremes equally near, a bar that rises visits
 * its low first. An open outside low..high is walked as it is.
 */
export function ohlcPath(bars: PriceBars): PricePath {
  const count = bars.open.length;
  assert(count >= 1 && bars.intervalMicros >= STEPS_MIN, 'bars are not empty');
  const steps = Math.max(STEPS_MIN, Math.ceil(bars.intervalMicros / MICROS_PER_SECOND));
  const knots = [0, Math.round((steps - 1) / 3), Math.round((2 * (steps - 1)) / 3), steps - 1];
  const timesMicros = new Float64Array(count * steps);
  const prices = new Float64Array(count * steps);
  const corner = new Float64Array(4);
  for (let bar = 0; bar < count; bar++) {
    orderCorners(bars, bar, corner);
    const first = bar * steps;
    const startMicros = bar * bars.intervalMicros;
    for (let k = 0; k < steps; k++) {
      timesMicros[first + k] = startMicros + Math.floor((k * bars.intervalMicros) / steps);
    }
    for (let leg = 0; leg < 3; leg++) {
      const from = knots[leg];
      const to = knots[leg + 1];
      const logFrom = log(corner[leg]);
      const slope = (log(corner[leg + 1]) - logFrom) / (to - from);
      for (let k = from + 1; k < to; k++) prices[first + k] = exp(logFrom + slope * (k - from));
    }
    for (let leg = 0; leg < 4; leg++) prices[first + knots[leg]] = corner[leg];
  }
  return { timesMicros, prices };
}

/** Writes the bar's prices in the order they are visited. */
function orderCorners(bars: PriceBars, bar: number, corner: Float64Array): void {
  const open = bars.open[bar];
  const high = bars.high[bar];
  const low = bars.low[bar];
  const close = bars.close[bar];
  const toHigh = Math.abs(high - open);
  const toLow = Math.abs(open - low);
  const lowFirst = toLow < toHigh || (toLow === toHigh && close >= open);
  corner[0] = open;
  corner[1] = lowFirst ? low : high;
  corner[2] = lowFirst ? high : low;
  corner[3] = close;
}
