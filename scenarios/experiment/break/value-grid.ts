/** The values of a dial that a search may ask about. */
import { assert, exp, log } from '../../../sim/kernel/index.js';

/** Cells of the wanted width. */
const CELLS = 10;
const SIZE_MAX = 20_000;

/** A range of a dial. */
export interface DialRange {
  from: number;
  to: number;
  /** Only whole numbers are values. */
  isWhole: boolean;
}

/** Values, ascending, and how near to the crossing the search must come. */
export interface ValueGrid {
  values: number[];
  /**
   * See `BisectionOptions`: an interval of 2 reach + 2 cells, or one without reach, is as narrow as
   * wanted.
   */
  reach: number;
}

/**
 * Lays a grid over a range so that ten cells are as wide as the wanted interval: `precision` times
 * the value where the range is positive, else times the largest distance from 0. Whole numbers: one
 * cell.
 */
export function valueGrid(range: DialRange, precision: number): ValueGrid {
  const { from, to, isWhole } = range;
  assert(to > from && precision > 0, 'a range, and a width');
  if (isWhole) return { values: wholeValues(from, to, precision), reach: 0 };
  const spread = spreadOf(range, Math.min(SIZE_MAX, stepsOf(range, precision)));
  return { values: spread.map(tidy), reach: CELLS / 2 - 1 };
}

function wholeValues(from: number, to: number, precision: number): number[] {
  const values: number[] = [];
  const least = Math.max(1, Math.ceil((to - from) / SIZE_MAX));
  const stride = (x: number): number => Math.max(least, Math.floor(precision * Math.abs(x)));
  for (let x = from; x < to; x += stride(x)) values.push(x);
  return [...values, to];
}

/** Returns `count` + 1 values from one end to the other: ratios where the range is positive. */
export function spreadOf({ from, to }: DialRange, count: number): number[] {
  const at = (part: number): number =>
    from > 0 ? from * exp(part * log(to / from)) : from + part * (to - from);
  return Array.from({ length: count + 1 }, (_, k) => (k === 0 ? from : k === count ? to : at(k / count)));
}

function stepsOf({ from, to }: DialRange, precision: number): number {
  const steps =
    from > 0
      ? (CELLS * log(to / from)) / log(1 + precision)
      : (CELLS * (to - from)) / (precision * Math.max(Math.abs(from), Math.abs(to)));
  return Math.max(1, Math.ceil(steps));
}

/** Six digits: what a scenario can be asked for in so many words. */
function tidy(value: number): number {
  return Number(value.toPrecision(6));
}
