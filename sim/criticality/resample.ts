/** Intervals of turns: a bootstrap that draws seeds, with all settings that were run on them. */
import type { RandomStream } from '../kernel/index.js';
import { quantile, sorted } from '../metrics/index.js';
import type { CriticalityRow, SizeRows } from './row.js';
import { curvesOf, turnsOf } from './size-curve.js';
import type { Turns } from './size-curve.js';

/** How to resample. */
export interface ResampleTerms {
  stream: RandomStream;
  resamples: number;
  spanningLevel: number;
}

/** The turns of every resample of a size. Runs that share a seed stay together. */
export function resampledTurns(rows: SizeRows, key: number, terms: ResampleTerms): Turns[] {
  const { stream, resamples, spanningLevel } = terms;
  const control = rows.settings.map((setting) => setting.control);
  const bySeed = new Map<number, { setting: number; row: CriticalityRow }[]>();
  rows.settings.forEach(({ rows: own }, setting) => {
    for (const row of own) {
      const known = bySeed.get(row.seed);
      if (known === undefined) bySeed.set(row.seed, [{ setting, row }]);
      else known.push({ setting, row });
    }
  });
  const clusters = [...bySeed.values()];
  return Array.from({ length: resamples }, (_, b) => {
    const runs: CriticalityRow[][] = control.map(() => []);
    for (let c = 0; c < clusters.length; c++) {
      const drawn = clusters[Math.floor(stream.uniform(key, b, c) * clusters.length)];
      for (const { setting, row } of drawn) runs[setting].push(row);
    }
    return turnsOf(curvesOf(control, runs), spanningLevel);
  });
}

/** A value with a percentile interval. */
export interface Located {
  /** NaN where the settings do not show it. */
  control: number;
  low: number;
  high: number;
  /** Part of the resamples that show it. */
  found: number;
}

/** Puts an interval around a value: that of the resamples which show one. */
export function locate(control: number, resampled: readonly number[]): Located {
  const known = sorted(resampled.filter((one) => !Number.isNaN(one)));
  const end = (part: number): number => (known.length === 0 ? NaN : quantile(known, part));
  return { control, low: end(0.025), high: end(0.975), found: known.length / resampled.length };
}
