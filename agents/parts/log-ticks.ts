/** Logarithms of prices in ticks, remembered: the agents of a batch look at few prices. */
import { log } from '../../sim/kernel/index.js';

/** Prices remembered; a power of two. */
const REMEMBERED = 512;
const MASK = REMEMBERED - 1;

// A memo of a pure function: what is remembered never changes a result.
const prices = new Float64Array(REMEMBERED);
const logarithms = new Float64Array(REMEMBERED);
const tops = new Float64Array(REMEMBERED);
const bottoms = new Float64Array(REMEMBERED);
const ratios = new Float64Array(REMEMBERED);

/** Returns log(ticks), ticks > 0: about 2 ns for a price seen lately, else a logarithm. */
export function logTicks(ticks: number): number {
  const place = ticks & MASK;
  if (prices[place] === ticks) return logarithms[place];
  return remember(ticks, place);
}

function remember(ticks: number, place: number): number {
  const value = log(ticks);
  prices[place] = ticks;
  logarithms[place] = value;
  return value;
}

/** Returns log(top / bottom), both in ticks and > 0, remembered like `logTicks`. */
export function logRatio(top: number, bottom: number): number {
  const place = bottom & MASK;
  if (bottoms[place] === bottom && tops[place] === top) return ratios[place];
  return rememberRatio(top, bottom, place);
}

function rememberRatio(top: number, bottom: number, place: number): number {
  const value = log(top / bottom);
  tops[place] = top;
  bottoms[place] = bottom;
  ratios[place] = value;
  return value;
}
