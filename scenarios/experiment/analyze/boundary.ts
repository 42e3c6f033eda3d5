/** Where an outcome crosses a level as a factor moves: the boundary between calm and contagion. */
import { criticalCrossing, quantile, sorted } from '../../../sim/metrics/index.js';
import type { CellTable } from './cell-table.js';

/** Part of the resamples that must cross for an interval to mean anything. */
const FOUND_MIN = 0.5;

/** A crossing with its interval: none where fewer than half of the resamples cross. */
export interface Crossing {
  /** Setting of the factor; NaN where the level is not crossed. */
  control: number;
  low: number;
  high: number;
  /** Share of resamples that cross it. */
  found: number;
  /** Whether the outcome rises or falls through the level; null where it does neither. */
  direction: 'rises' | 'falls' | null;
}

/** That of a level that is not crossed. */
export const NO_CROSSING: Crossing = { control: NaN, low: NaN, high: NaN, found: 0, direction: null };

/** Where a row of cells crosses a level, by linear interpolation between settings; a percentile interval. */
export function crossingOf(
  controls: readonly number[],
  cells: CellTable,
  { row, level, confidence }: { row: number; level: number; confidence: number },
): Crossing {
  const slice = (values: Float64Array): Float64Array => values.slice(row * cells.columns, (row + 1) * cells.columns);
  const own = slice(cells.value);
  const rising = crossing(controls, own, level);
  const falling = crossing(controls, own.map((one) => -one), -level);
  const isFalling = Number.isNaN(rising) || falling < rising;
  const control = isFalling ? falling : rising;
  const direction = Number.isNaN(control) ? null : isFalling ? 'falls' : 'rises';
  if (direction === null) return NO_CROSSING;
  const drawn = cells.resampled.map((values) => {
    const again = slice(values);
    return isFalling ? crossing(controls, again.map((one) => -one), -level) : crossing(controls, again, level);
  });
  const known = sorted(drawn.filter((one) => !Number.isNaN(one)));
  const found = drawn.length === 0 ? NaN : known.length / drawn.length;
  const end = (p: number): number => (found >= FOUND_MIN ? quantile(known, p) : NaN);
  return { control, low: end((1 - confidence) / 2), high: end((1 + confidence) / 2), found, direction };
}

function crossing(controls: readonly number[], values: Float64Array, level: number): number {
  const kept = controls.map((_, i) => i).filter((i) => !Number.isNaN(values[i]) && !Number.isNaN(controls[i]));
  const curve = { control: kept.map((i) => controls[i]), value: kept.map((i) => values[i]) };
  return criticalCrossing(curve, level)?.value ?? NaN;
}
