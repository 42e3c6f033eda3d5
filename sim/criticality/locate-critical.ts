/** The critical point of a control parameter, with second opinions. */
import { assert, RandomSource } from '../kernel/index.js';
import { bimodalityCoefficient, dipTest, finiteSizeLimit } from '../metrics/index.js';
import { type Located, locate, resampledTurns } from './resample.js';
import { type CriticalityRow, groupRows, type SizeRows } from './row.js';
import { curvesOf, risesThrough, TURN_NAMES, turnsOf } from './size-curve.js';
import type { Turns } from './size-curve.js';
import type { CriticalPoint, OrderParameter, SecondOpinion, SizeReport } from './critical-point.js';
import { warningsOf } from './warnings.js';

/** How to look. */
export interface CriticalOptions {
  /** Of the bootstrap. */
  seed?: number;
  /** Resamples of seeds; 400 unless given. */
  resamples?: number;
  /** Share of spanning runs that counts as the onset at the largest size; .05 unless given. */
  spanningLevel?: number;
}

/**
 * Locates the critical point from the runs of a sweep over a control parameter, at one or more sizes.
 * O(resamples x rows).
 *
 * R = 1 comes first. The peaks of what does not span, and the onset of what does, are other views of the
 * same runs with other errors. Left out, as they mislead for this kind of transition: N Var(n / N), whose
 * peak lies 20 to 25 % high, and Binder's ratio, which does not cross at R = 1.
 */
export function locateCritical(
  rows: readonly CriticalityRow[],
  options: CriticalOptions = {},
): CriticalPoint {
  const { seed = 0, resamples = 400, spanningLevel = 0.05 } = options;
  assert(rows.length > 0, 'rows of at least one run');
  const stream = new RandomSource(seed).stream('criticality');
  const groups = groupRows(rows);
  const levels = groups.map((group) => onsetLevel(spanningLevel, group, groups[groups.length - 1]));
  const drawn = groups.map((group, key) => (
    resampledTurns(group, key, { stream, resamples, spanningLevel: levels[key] })
  ));
  const sizes = groups.map((group, k) => reportSize(group, drawn[k], levels[k]));
  const largest = sizes[sizes.length - 1];
  const { reproduction, mean, dispersion } = largest.turns;
  const primary = Number.isNaN(reproduction.control) ? null : reproduction;
  const found: [SecondOpinion['name'], Located][] = [
    ['peak.mean', mean],
    ['peak.dispersion', dispersion],
    ['spanning.onset', onsetAtInfinity(sizes, drawn)],
  ];
  const step = primary === null ? 0 : stepAt(largest.curves.control, primary.control);
  const secondOpinions = found.map(([name, located]): SecondOpinion => (
    { name, ...located, agrees: primary === null ? null : meets(primary, located, step) }
  ));
  const told = secondOpinions.filter((one) => one.agrees !== null);
  return {
    primary,
    secondOpinions,
    agrees: told.length > 0 && told.every((one) => one.agrees === true),
    warnings: warningsOf(sizes, secondOpinions, primary),
    order: primary === null ? null : orderAt(groups[groups.length - 1], primary.control, stream),
    sizes,
  };
}

function reportSize(group: SizeRows, drawn: readonly Turns[], spanningLevel: number): SizeReport {
  const { size, population, settings } = group;
  const curves = curvesOf(settings.map((one) => one.control), settings.map((one) => [...one.rows]));
  const turns = turnsOf(curves, spanningLevel);
  const located = TURN_NAMES.map((name) => [name, locate(turns[name], drawn.map((one) => one[name]))]);
  return {
    size,
    population,
    runsMin: settings.reduce((least, { rows }) => Math.min(least, rows.length), Infinity),
    curves,
    turns: Object.fromEntries(located) as SizeReport['turns'],
    rises: risesThrough(curves.reproduction, 1),
  };
}

/**
 * Share of spanning runs that counts as the onset at a size. At R = 1 a cascade reaches a part of N with
 * probability ~ N^(-1/2), Borel's tail, and so it does while (R - 1) N^(1/2) stays the same: with a level
 * that falls alike, onsets go to R = 1 as N^(-1/2); with one level for all sizes they would not.
 */
function onsetLevel(level: number, group: SizeRows, largest: SizeRows): number {
  return Math.min(0.5, level * Math.sqrt(largest.population / group.population));
}

/** Extrapolates the onset in the population where all sizes show it; with one size, it is that one's. */
function onsetAtInfinity(sizes: readonly SizeReport[], drawn: readonly Turns[][]): Located {
  const limitOf = (onsets: readonly number[]): number => {
    const known = onsets.map((_, k) => k).filter((k) => !Number.isNaN(onsets[k]));
    if (known.length < sizes.length) return NaN;
    return finiteSizeLimit(known.map((k) => sizes[k].population), known.map((k) => onsets[k]), 1 / 2).limit;
  };
  if (new Set(sizes.map((one) => one.population)).size < 2) return sizes[sizes.length - 1].turns.onset;
  const resampled = drawn[0].map((_, b) => limitOf(drawn.map((turns) => turns[b].onset)));
  return locate(limitOf(sizes.map((one) => one.turns.onset.control)), resampled);
}

/** Distance of the two settings around a point. */
function stepAt(control: readonly number[], at: number): number {
  const above = control.findIndex((one) => one >= at);
  return above <= 0 ? 0 : control[above] - control[above - 1];
}

function meets(primary: Located, other: Located, step: number): boolean | null {
  if (Number.isNaN(other.control)) return null;
  return other.low - step / 2 <= primary.high + step / 2 && other.high + step / 2 >= primary.low - step / 2;
}

function orderAt(
  group: SizeRows,
  control: number,
  stream: ReturnType<RandomSource['stream']>,
): OrderParameter {
  const nearest = group.settings.reduce((best, one) =>
    Math.abs(one.control - control) < Math.abs(best.control - control) ? one : best,
  );
  const values = nearest.rows.map((row) => row.largest / row.population);
  const { dip, pValue } = dipTest(values, { stream, resamples: 200 });
  return { control: nearest.control, bimodality: bimodalityCoefficient(values), dip, dipPValue: pValue };
}
