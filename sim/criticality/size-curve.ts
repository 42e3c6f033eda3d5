/** Where one population turns, told in four ways. */
import {
  criticalCrossing,
  curvePeak,
  nonSpanningCascades,
  ratioOfSums,
} from '../metrics/index.js';
import type { ControlCurve } from '../metrics/index.js';
import type { CriticalityRow } from './row.js';

/** Part of the population from which a cascade spans it. */
export const SPANNING_LIMIT = 0.2;

/** Curves of one size over the control. */
export interface SizeCurves {
  control: number[];
  /** Reproduction number, pooled over runs. */
  reproduction: number[];
  /** Mean, and variance over mean, of the largest cascades that do not span. */
  mean: number[];
  dispersion: number[];
  /** Share of runs whose largest cascade spans. */
  spanning: number[];
}

/** Settings at which one size turns; NaN where the settings do not show it. */
export interface Turns {
  reproduction: number;
  mean: number;
  dispersion: number;
  onset: number;
}

/** Which turn a report tells. */
export type TurnName = keyof Turns;
export const TURN_NAMES: readonly TurnName[] = ['reproduction', 'mean', 'dispersion', 'onset'];

/** Computes the curves from the runs at each setting; settings without runs are left out. */
export function curvesOf(control: readonly number[], runs: readonly CriticalityRow[][]): SizeCurves {
  const curves: SizeCurves = { control: [], reproduction: [], mean: [], dispersion: [], spanning: [] };
  runs.forEach((rows, k) => {
    if (rows.length === 0) return;
    const { value } = ratioOfSums(rows.map((row) => row.offspring), rows.map((row) => row.nodes));
    // Populations may differ between runs, so sizes are compared as if all were of the first.
    const [{ population }] = rows;
    const sizes = rows.map((row) => (row.largest * population) / row.population);
    const found = nonSpanningCascades(sizes, population, SPANNING_LIMIT);
    curves.control.push(control[k]);
    curves.reproduction.push(value);
    curves.mean.push(found.mean);
    curves.dispersion.push(found.dispersion);
    curves.spanning.push(found.spanningShare);
  });
  return curves;
}

/** Finds where the curves turn; the onset is where the spanning share rises through `spanningLevel`. */
export function turnsOf(curves: SizeCurves, spanningLevel: number): Turns {
  const { control } = curves;
  const crossing = (value: number[], level: number): number => {
    const known = knownOf({ control, value });
    return criticalCrossing(known, level)?.value ?? NaN;
  };
  const peak = (value: number[]): number => curvePeak({ control, value })?.control ?? NaN;
  return {
    reproduction: crossing(curves.reproduction, 1),
    mean: peak(curves.mean),
    dispersion: peak(curves.dispersion),
    onset: crossing(curves.spanning, spanningLevel),
  };
}

/** Counts how often a curve rises through a level. */
export function risesThrough(value: readonly number[], level: number): number {
  const known = value.filter((one) => !Number.isNaN(one));
  return known.filter((one, i) => i > 0 && known[i - 1] < level && one >= level).length;
}

/** A curve without the settings at which nothing is known, such as R without liquidations. */
function knownOf({ control, value }: ControlCurve): ControlCurve {
  const known = Array.from(value, (_, i) => i).filter((i) => !Number.isNaN(value[i]));
  return { control: known.map((i) => control[i]), value: known.map((i) => value[i]) };
}
