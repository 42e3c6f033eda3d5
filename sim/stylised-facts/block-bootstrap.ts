/**
 * Intervals for dependent data: runs are drawn, then blocks of each. Sources: Kunsch 1989 (moving
 * blocks, and blocks of blocks for autocorrelations); Davison & Hinkley 1997, 3.8 (two levels).
 */
import { assert, type RandomStream } from '../kernel/index.js';
import { quantile, sorted } from '../metrics/index.js';

/** An interval. */
export interface Interval {
  low: number;
  high: number;
  /** Part of the resamples below 0. */
  negativeShare: number;
}

/** How intervals are made. */
export interface BootstrapTerms {
  stream: RandomStream;
  /** 400 unless given. */
  resamples?: number;
  confidence?: number;
}

const BLOCK_MIN = 10;
const RESAMPLES = 400;

/** Length of a block: twice the root of a run's length, so that blocks grow and so does their number. */
export function blockLength(length: number): number {
  return Math.min(length, Math.max(BLOCK_MIN, 2 * Math.ceil(Math.sqrt(length))));
}

/**
 * Resamples of runs of the given lengths. With more than one run, whole runs are drawn first, each
 * then made of moving blocks of itself; a single run is made of its blocks.
 */
export class BlockBootstrap {
  readonly resamples: number;
  private readonly confidence: number;
  private readonly lengths: readonly number[];
  private readonly stream: RandomStream;

  constructor(lengths: readonly number[], terms: BootstrapTerms) {
    this.lengths = lengths;
    this.stream = terms.stream;
    this.resamples = terms.resamples ?? RESAMPLES;
    this.confidence = terms.confidence ?? 0.95;
    assert(this.resamples >= 20, `${this.resamples} resamples`);
  }

  /** Calls `take(run, from, until)` for each block of resample `b`, positions within the run. */
  blocks(b: number, take: (run: number, from: number, until: number) => void): void {
    const { lengths, stream } = this;
    let draw = 0;
    for (let k = 0; k < lengths.length; k++) {
      const run = lengths.length === 1 ? 0 : Math.floor(stream.uniform(b, 0, k) * lengths.length);
      const length = lengths[run];
      const block = blockLength(length);
      for (let filled = 0; filled < length; filled += block) {
        const size = Math.min(block, length - filled);
        const from = Math.floor(stream.uniform(b, 1, draw++) * (length - size + 1));
        take(run, from, from + size);
      }
    }
  }

  /**
   * Returns intervals of what `statistic` makes of sums: `columns[c][run]` holds a term for each
   * position, and the statistic gets the sum of each column over a resample.
   */
  ofSums(
    columns: readonly (readonly Float64Array[])[],
    statistic: (sums: Float64Array) => readonly number[],
  ): Interval[] {
    const prefixes = columns.map((runs) => runs.map(prefixSums));
    const sums = new Float64Array(columns.length);
    return this.intervals((b) => {
      sums.fill(0);
      this.blocks(b, (run, from, until) => {
        for (let c = 0; c < sums.length; c++) {
          sums[c] += prefixes[c][run][until] - prefixes[c][run][from];
        }
      });
      return statistic(sums);
    });
  }

  /** Returns intervals of what `statistic` makes of the values of a resample, in no order. */
  ofValues(
    runs: readonly Float64Array[],
    statistic: (values: Float64Array) => readonly number[],
  ): Interval[] {
    return this.intervals((b) => {
      const parts: Float64Array[] = [];
      this.blocks(b, (run, from, until) => parts.push(runs[run].subarray(from, until)));
      let length = 0;
      for (const part of parts) length += part.length;
      const values = new Float64Array(length);
      let at = 0;
      for (const part of parts) {
        values.set(part, at);
        at += part.length;
      }
      return statistic(values);
    });
  }

  /** Percentile intervals of each number that `replicate` returns; what is NaN is left out. */
  private intervals(replicate: (b: number) => readonly number[]): Interval[] {
    const found: number[][] = [];
    for (let b = 0; b < this.resamples; b++) {
      replicate(b).forEach((value, i) => {
        found[i] ??= [];
        if (!Number.isNaN(value)) found[i].push(value);
      });
    }
    const tail = 0.5 - 0.5 * this.confidence;
    return found.map((values) => {
      const ascending = sorted(values);
      const negative = values.filter((value) => value < 0).length;
      return {
        low: quantile(ascending, tail),
        high: quantile(ascending, 1 - tail),
        negativeShare: negative / values.length,
      };
    });
  }
}

function prefixSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i] + values[i];
  return sums;
}
