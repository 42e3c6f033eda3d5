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
  /** See `BisectionOptions`: an interval of 2 reach + 2 cells is as narrow as wanted. */
  reach: number;
}

/**
 * Lays a grid over a range so that ten cells are as wide as the wanted interval: `precision` times the
 * value where the range is positive, else times the largest distance from 0. Whole numbers: one cell.
 */
export function valueGrid(range: DialRange, precision: number): ValueGrid {
  const { from, to, isWhole } = range;
  assert(to > from && precision > 0, 'a range, and a width');
  const parts = isWhole ? 1 : CELLS;
  const size = stepsOf(range, precision, parts);
  const spread = spreadOf(range, Math.min(SIZE_MAX, size));
  if (isWhole) return { values: [...new Set(spread.map(Math.round))], reach: 0 };
  return { values: spread.map(tidy), reach: CELLS / 2 - 1 };
}

/** Returns `count` + 1 values from one end to the other: ratios where the range is positive. */
export function spreadOf({ from, to }: DialRange, count: number): number[] {
  const at = (part: number): number =>
    from > 0 ? from * exp(part * log(to / from)) : from + part * (to - from);
  return Array.from({ length: count + 1 }, (_, k) => (k === 0 ? from : k === count ? to : at(k / count)));
}

function stepsOf({ from, to, isWhole }: DialRange, precision: number, parts: number): number {
  const steps =
    from > 0
      ? (parts * log(to / from)) / log(1 + precision)
      : (parts * (to - from)) / (precision * Math.max(Math.abs(from), Math.abs(to)));
  return Math.max(1, Math.ceil(isWhole ? Math.min(steps, to - from) : steps));
}

/** Six digits: what a scenario can be asked for in so many words. */
function tidy(value: number): number {
  return Number(value.toPrecision(6));
}
