/**
 * The bias-corrected and accelerated bootstrap interval of any statistic of rows. Source: Efron
 * 1987; Efron & Tibshirani 1993, chapter 14.
 */
import { assert, normalCdf, normalQuantile, type RandomStream } from '../kernel/index.js';
import { mean, quantile } from '../metrics/index.js';
import type { Bounds } from './interval.js';

/** A statistic of the rows with these indices, some of them more than once. NaN where undefined. */
export type RowStatistic = (rows: Int32Array) => number;

/** How to resample. */
export interface BcaOptions {
  /** Equal streams give equal intervals. */
  stream: RandomStream;
  /** 2000 unless given. */
  resamples?: number;
  confidence?: number;
}

/** An estimate with its bootstrap interval. */
export interface BootstrapInterval extends Bounds {
  value: number;
  /** Rows: runs, pairs of runs, or clusters. */
  count: number;
  /** `percentile` where bias or acceleration cannot be told; `none` where there is no interval. */
  method: 'bca' | 'percentile' | 'none';
  /** Resamples in which the statistic was undefined, which are left out. */
  undefinedResamples: number;
}

/**
 * Returns the interval of `statistic` over `count` rows that are drawn whole: pairs or clusters
 * where a row is one. Of fewer than two rows there is none. The array handed over is used again.
 * O((resamples + count) x statistic).
 */
export function bcaInterval(
  count: number,
  statistic: RowStatistic,
  { stream, resamples = 2000, confidence = 0.95 }: BcaOptions,
): BootstrapInterval {
  assert(
    resamples >= 1 && confidence > 0 && confidence < 1,
    'resamples and a confidence in (0, 1)',
  );
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const value = statistic(rows);
  const none = {
    value,
    low: NaN,
    high: NaN,
    count,
    undefinedResamples: 0,
    method: 'none',
  } as const;
  if (count < 2 || Number.isNaN(value)) return none;
  const drawn = new Float64Array(resamples);
  let defined = 0;
  for (let b = 0; b < resamples; b++) {
    for (let i = 0; i < count; i++) rows[i] = Math.floor(stream.uniform(b, 0, i) * count);
    const found = statistic(rows);
    if (!Number.isNaN(found)) drawn[defined++] = found;
  }
  const undefinedResamples = resamples - defined;
  if (defined === 0) return { ...none, undefinedResamples };
  const ascending = drawn.subarray(0, defined).sort();
  const bias = biasOf(ascending, value);
  const acceleration = accelerationOf(count, statistic);
  const adjusted = (p: number): number => {
    const z = bias + normalQuantile(p);
    const shrink = 1 - acceleration * z;
    return shrink > 0 ? normalCdf(bias + z / shrink) : NaN;
  };
  const tail = (1 - confidence) / 2;
  const ends = [adjusted(tail), adjusted(1 - tail)];
  const method = ends.some(Number.isNaN) ? 'percentile' : 'bca';
  const [from, to] = method === 'bca' ? ends : [tail, 1 - tail];
  return {
    value,
    low: quantile(ascending, from),
    high: quantile(ascending, to),
    count,
    method,
    undefinedResamples,
  };
}

/** Returns the interval of a statistic of one sample; the array handed over is used again. */
export function bcaOf(
  values: ArrayLike<number>,
  statistic: (sample: Float64Array) => number,
  options: BcaOptions,
): BootstrapInterval {
  const samples = [
    new Float64Array(values.length),
    new Float64Array(Math.max(0, values.length - 1)),
  ];
  const rowStatistic = (rows: Int32Array): number => {
    const sample = samples[values.length - rows.length];
    for (let i = 0; i < rows.length; i++) sample[i] = values[rows[i]];
    return statistic(sample);
  };
  return bcaInterval(values.length, rowStatistic, options);
}

/** Returns z0: the normal quantile of the share of resamples below the value, ties counted half. */
function biasOf(ascending: Float64Array, value: number): number {
  let below = 0;
  for (const found of ascending) below += found < value ? 1 : found === value ? 0.5 : 0;
  const share = below / ascending.length;
  return share > 0 && share < 1 ? normalQuantile(share) : NaN;
}

/** Returns the acceleration from leaving each row out once; NaN where no row matters. */
function accelerationOf(count: number, statistic: RowStatistic): number {
  const rows = new Int32Array(count - 1);
  const without = Float64Array.from({ length: count }, (_, left) => {
    for (let i = 0; i < count - 1; i++) rows[i] = i < left ? i : i + 1;
    return statistic(rows);
  });
  const middle = mean(without);
  let squares = 0;
  let cubes = 0;
  for (const found of without) {
    const gap = middle - found;
    squares += gap * gap;
    cubes += gap * gap * gap;
  }
  return cubes / (6 * squares * Math.sqrt(squares));
}
