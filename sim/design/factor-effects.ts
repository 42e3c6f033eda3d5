/** Effects of factors on an outcome over any design: linear, monotone, and by level. */
import { assert } from '../kernel/index.js';
import { meanInterval, type MeanInterval } from '../counterfactual/index.js';
import {
  type BootstrapOptions,
  type Estimate,
  inverseOf,
  type RowMatrix,
} from '../metrics/index.js';
import { percentileEstimates } from './resample.js';

/** Work of the default number of resamples: up to a few seconds. */
const DEFAULT_WORK = 1_000_000_000;
/** A factor is taken as a combination of others when its variance inflation exceeds this. */
const INFLATION_MAX = 1e10;

/** Effects of all factors together. */
export interface FactorEffects {
  /** By column: standardised regression coefficients or partial rank correlations, -1..1 or so. */
  effects: Estimate[];
  /** Share of the outcome's variance (or of its ranks') that the linear model accounts for. */
  rSquared: number;
  /** Rows used, and rows left out as the outcome was missing. */
  rows: number;
  dropped: number;
}

/**
 * Returns standardised regression coefficients: standard deviations the outcome moves by as a
 * factor moves by one of its own, the others held (Saltelli et al. 2008, section 1.2). Trust them
 * as far as `rSquared` is near 1. Percentile bootstrap intervals over rows; replicates of a point
 * are to be averaged first. Resamples are 2000 unless given, down to 200 for many rows and factors.
 * NaN for a factor that is constant or a combination of others.
 *
 * @param factors a row for every point, a column for every factor
 * @param outcomes by row; NaN where the run failed
 */
export function regressionEffects(
  factors: RowMatrix,
  outcomes: ArrayLike<number>,
  options: BootstrapOptions,
): FactorEffects {
  return effectsOf(factors, outcomes, { ...options, ranked: false });
}

/**
 * Returns partial rank correlations: of each factor and the outcome, both as ranks, less what the
 * other factors account for (McKay, Beckman & Conover 1979; Iman, Shortencarier & Johnson 1985).
 * For monotone effects. Ties share their mean rank; every resample is ranked anew. Otherwise as
 * `regressionEffects`.
 */
export function rankEffects(
  factors: RowMatrix,
  outcomes: ArrayLike<number>,
  options: BootstrapOptions,
): FactorEffects {
  return effectsOf(factors, outcomes, { ...options, ranked: true });
}

function effectsOf(
  factors: RowMatrix,
  outcomes: ArrayLike<number>,
  { ranked, ...options }: BootstrapOptions & { ranked: boolean },
): FactorEffects {
  assert(outcomes.length === factors.rows, `${outcomes.length} outcomes of ${factors.rows} rows`);
  const { columns: k } = factors;
  const kept = Array.from({ length: factors.rows }, (_, i) => i).filter((i) =>
    Number.isFinite(outcomes[i]),
  );
  const rows = kept.length;
  const columns = Array.from({ length: k + 1 }, (_, j) =>
    Float64Array.from(kept, (i) => (j < k ? factors.values[i * k + j] : outcomes[i])),
  );
  const places = ranked ? columns.map(placesOf) : [];
  const drawn = columns.map(() => new Float64Array(rows));
  const ranks = new Float64Array(rows);
  const affordable = Math.floor(DEFAULT_WORK / (Math.max(1, rows) * (k + 1) * (k + 2)));
  const resamples = options.resamples ?? Math.max(200, Math.min(2000, affordable));
  const statistic = (picks: Int32Array, out: Float64Array): void => {
    columns.forEach((column, j) => {
      if (ranked) rankDrawn(places[j], picks, ranks, drawn[j]);
      else for (let i = 0; i < rows; i++) drawn[j][i] = column[picks[i]];
    });
    solve(correlationsOf(drawn), k, ranked, out);
  };
  const found = percentileEstimates(rows, k + 1, statistic, { ...options, resamples });
  const dropped = factors.rows - rows;
  return { effects: found.slice(0, k), rSquared: found[k].value, rows, dropped };
}

/**
 * Writes the effects and then the R squared. With Q the inverse of the factors' correlations r_xx
 * and b = Q r_xy, the coefficients are b, R^2 = b r_xy, and the partial correlation of factor j is
 * b_j / sqrt(b_j^2 + (1 - R^2) Q_jj).
 */
function solve(correlation: RowMatrix, k: number, partial: boolean, out: Float64Array): void {
  out.fill(NaN);
  const { values, columns: width } = correlation;
  if (!(values[k * width + k] > 0)) return;
  const used = Array.from({ length: k }, (_, j) => j).filter((j) => values[j * width + j] > 0);
  const n = used.length;
  const among = new Float64Array(n * n);
  for (let at = 0; at < n * n; at++) {
    among[at] = values[used[Math.floor(at / n)] * width + used[at % n]];
  }
  const inverse = inverseOf({ rows: n, columns: n, values: among });
  if (inverse === null) return;
  const slopes = used.map((_, a) =>
    used.reduce((sum, m, b) => sum + inverse.values[a * n + b] * values[m * width + k], 0),
  );
  const explained = used.reduce((sum, j, a) => sum + slopes[a] * values[j * width + k], 0);
  const rest = Math.max(0, 1 - explained);
  used.forEach((j, a) => {
    const inflation = inverse.values[a * n + a];
    if (!(inflation > 0 && inflation < INFLATION_MAX)) return;
    const scale = Math.sqrt(slopes[a] * slopes[a] + rest * inflation);
    out[j] = !partial ? slopes[a] : scale > 0 ? slopes[a] / scale : 0;
  });
  out[k] = Math.min(1, explained);
}

/**
 * Correlations of columns, which it centres and scales in place; a constant one has 0 with all,
 * itself included.
 */
function correlationsOf(columns: readonly Float64Array[]): RowMatrix {
  const width = columns.length;
  columns.forEach(standardise);
  const values = new Float64Array(width * width);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b <= a; b++) {
      const sum = dot(columns[a], columns[b]);
      values[a * width + b] = sum;
      values[b * width + a] = sum;
    }
  }
  return { rows: width, columns: width, values };
}

/** Shifts and scales to sum 0 and length 1; what rounding leaves of a constant becomes 0. */
function standardise(column: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum += column[i];
  const middle = sum / column.length;
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < column.length; i++) {
    largest = Math.max(largest, Math.abs(column[i]));
    column[i] -= middle;
    squares += column[i] * column[i];
  }
  const length = Math.sqrt(squares);
  const constant = length <= 1e-14 * largest * Math.sqrt(column.length);
  for (let i = 0; i < column.length; i++) column[i] = constant ? 0 : column[i] / length;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Of every value, its place among the distinct ones in ascending order. */
function placesOf(values: Float64Array): Int32Array {
  const distinct = Float64Array.from(new Set(values)).sort();
  const placeOf = new Map(Array.from(distinct, (value, place) => [value, place]));
  return Int32Array.from(values, (value) => placeOf.get(value)!);
}

/**
 * Writes the ranks of the picked values among themselves, ties at their mean. O(count).
 *
 * @param ranks scratch, one entry for every pick
 */
function rankDrawn(
  places: Int32Array,
  picks: Int32Array,
  ranks: Float64Array,
  out: Float64Array,
): void {
  ranks.fill(0);
  for (let i = 0; i < picks.length; i++) ranks[places[picks[i]]]++;
  let below = 0;
  for (let place = 0; place < ranks.length; place++) {
    const ties = ranks[place];
    ranks[place] = below + (ties + 1) / 2;
    below += ties;
  }
  for (let i = 0; i < picks.length; i++) out[i] = ranks[places[picks[i]]];
}

/** Outcomes by level of one factor. */
export interface LevelEffects {
  /**
   * Distinct levels in order of appearance, each with the mean of its outcomes and a t interval.
   */
  levels: { level: number | string | boolean; outcome: MeanInterval }[];
  /** Variance between levels over variance of all: the correlation ratio eta squared. */
  varianceShare: number;
  /** Rows left out, as the outcome was missing. */
  dropped: number;
}

/**
 * Returns the mean outcome at each level of a factor with Student's intervals, over all values of
 * the other factors: a main effect of a balanced grid.
 */
export function levelEffects(
  levels: readonly (number | string | boolean)[],
  outcomes: ArrayLike<number>,
  confidence = 0.95,
): LevelEffects {
  assert(levels.length === outcomes.length, `${outcomes.length} outcomes of ${levels.length}`);
  const byLevel = new Map<number | string | boolean, number[]>();
  levels.forEach((level, i) => {
    const found = byLevel.get(level) ?? [];
    if (found.length === 0) byLevel.set(level, found);
    if (Number.isFinite(outcomes[i])) found.push(outcomes[i]);
  });
  const groups = [...byLevel.values()];
  const all = groups.flat();
  const middle = all.reduce((sum, y) => sum + y, 0) / all.length;
  const total = all.reduce((sum, y) => sum + (y - middle) * (y - middle), 0);
  let between = 0;
  for (const group of groups) {
    if (group.length === 0) continue;
    const gap = group.reduce((sum, y) => sum + y, 0) / group.length - middle;
    between += group.length * gap * gap;
  }
  return {
    levels: [...byLevel].map(([level, group]) => {
      return { level, outcome: meanInterval(group, confidence) };
    }),
    varianceShare: between / total,
    dropped: levels.length - all.length,
  };
}
