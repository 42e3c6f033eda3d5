/** Autocorrelations pooled over runs, with block-bootstrap intervals. */
import { BlockBootstrap, type BootstrapTerms, type Interval } from './block-bootstrap.js';

/** Lags that are averaged: `from` = `until` for a single one. */
export interface LagBin {
  from: number;
  until: number;
}

/** Mean autocorrelations over bins of lags. */
export interface Correlogram {
  /** Geometric middle of each bin. */
  lag: number[];
  value: number[];
  interval: Interval[];
  /** Intervals of the numbers derived from it. */
  derived: Interval[];
  /** Observations of one run, on average: what bands such as 2 / sqrt(n) go by. */
  length: number;
}

/** Returns the single lags 1..lags. */
export function singleLags(lags: number): LagBin[] {
  return Array.from({ length: lags }, (_, k) => ({ from: k + 1, until: k + 1 }));
}

/** Successive bins of lags grow by this factor. */
const BIN_RATIO = 1.4;

/** Returns bins of lags up to `lags` that grow geometrically: 1, 2, 3, 4, 5-7, 8-11, ... */
export function geometricLags(lags: number): LagBin[] {
  const bins: LagBin[] = [];
  for (let from = 1; from <= lags; ) {
    const until = Math.min(lags, Math.max(from, Math.floor(from * BIN_RATIO)));
    bins.push({ from, until });
    from = until + 1;
  }
  return bins;
}

/**
 * Returns the autocorrelation over bins of lags: products at each lag over squares, summed over the
 * runs, around the mean of all of them; and intervals, also of what `derive` makes of it. Blocks hold
 * products, so that a seam between two blocks makes none. O(observations x lags).
 */
export function correlogram(
  runs: readonly ArrayLike<number>[],
  bins: readonly LagBin[],
  terms: BootstrapTerms,
  derive: (rho: readonly number[]) => readonly number[] = () => [],
): Correlogram {
  const middle = pooledMean(runs);
  const gaps = runs.map((run) => Float64Array.from(run, (x) => x - middle));
  const columns = [
    gaps.map((gap) => gap.map((x) => x * x)),
    ...bins.map((bin) => gaps.map((gap) => productsOver(gap, bin))),
  ];
  const rhoOf = (sums: ArrayLike<number>): number[] =>
    bins.map((_, k) => sums[k + 1] / sums[0]);
  const bootstrap = new BlockBootstrap(runs.map((run) => run.length), terms);
  const intervals = bootstrap.ofSums(columns, (sums) => {
    const rho = rhoOf(sums);
    return [...rho, ...derive(rho)];
  });
  return {
    lag: bins.map(({ from, until }) => Math.sqrt(from * until)),
    value: rhoOf(columns.map(total)),
    interval: intervals.slice(0, bins.length),
    derived: intervals.slice(bins.length),
    length: pooledLength(runs) / runs.length,
  };
}

/** Returns, for each place, the mean over the bin's lags of its product with what came before. */
function productsOver(gap: Float64Array, { from, until }: LagBin): Float64Array {
  const width = until - from + 1;
  const products = new Float64Array(gap.length);
  for (let i = from; i < gap.length; i++) {
    let before = 0;
    const most = Math.min(until, i);
    for (let lag = from; lag <= most; lag++) before += gap[i - lag];
    products[i] = (gap[i] * before) / width;
  }
  return products;
}

function total(column: readonly Float64Array[]): number {
  let sum = 0;
  for (const run of column) for (const x of run) sum += x;
  return sum;
}

/**
 * Returns the part of the bins that stand above what white noise reaches in one of forty: 2 over the
 * root of observations times lags. A power law fits noise too; memory is what stands out of it.
 */
export function shareAboveNoise(
  value: readonly number[],
  bins: readonly LagBin[],
  observations: number,
): number {
  let above = 0;
  bins.forEach(({ from, until }, k) => {
    if (value[k] > 2 / Math.sqrt(observations * (until - from + 1))) above++;
  });
  return above / bins.length;
}

/** Returns the mean over all runs. */
export function pooledMean(runs: readonly ArrayLike<number>[]): number {
  let sum = 0;
  for (const run of runs) for (let i = 0; i < run.length; i++) sum += run[i];
  return sum / pooledLength(runs);
}

/** Returns the observations of all runs together. */
export function pooledLength(runs: readonly ArrayLike<number>[]): number {
  let length = 0;
  for (const run of runs) length += run.length;
  return length;
}
