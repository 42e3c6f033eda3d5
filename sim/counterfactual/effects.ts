/** What a change does to an outcome: estimates from runs and their twins. */
import { assert } from '../kernel/index.js';
import {
  type MeanInterval,
  pairedDifference,
  shareInterval,
  type ShareInterval,
} from '../statistics/index.js';

/** Effect of something on an outcome Y: Y - Y(without it). */
export interface Effect {
  /** Y and Y without, on the path that happened. */
  value: number;
  twin: number;
  /** Their difference. */
  difference: number;
  /** Over futures that share the past: paired differences; null where none were run. */
  continuations: MeanInterval | null;
}

/**
 * Returns the effect of what `twin` and `twins` are without.
 *
 * @param values Y over continuation seeds, in the order of `twins`
 */
export function effectOf(
  value: number,
  twin: number,
  values: readonly number[],
  twins: readonly number[],
): Effect {
  const continuations = values.length === 0 ? null : pairedDifference(values, twins);
  return { value, twin, difference: value - twin, continuations };
}

/**
 * Returns what causes do together beyond the sum of what each does: Y - Y(without all) - sum of Y -
 * Y(without one). Negative where one would do, positive where it takes several.
 */
export function synergy(value: number, withoutAll: number, differences: readonly number[]): number {
  return value - withoutAll - differences.reduce((total, difference) => total + difference, 0);
}

/**
 * Returns the probability of necessity: among futures with a cascade, the share in which Y would be
 * lower without the cause.
 *
 * @param values Y with the cause, per future
 * @param twins Y without it, per future
 * @param cascades whether a cascade happened with the cause, per future
 */
export function necessity(
  values: readonly number[],
  twins: readonly number[],
  cascades: readonly boolean[],
): ShareInterval {
  assert(values.length === twins.length && values.length === cascades.length, 'runs are paired');
  let count = 0;
  let hits = 0;
  for (let k = 0; k < values.length; k++) {
    if (!cascades[k]) continue;
    count++;
    if (twins[k] < values[k]) hits++;
  }
  return shareInterval(hits, count);
}

/** Returns the share of futures from a calm state that have a cascade. */
export function sufficiency(cascades: readonly boolean[]): ShareInterval {
  return shareInterval(cascades.filter(Boolean).length, cascades.length);
}
