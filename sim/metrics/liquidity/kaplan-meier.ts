/** The product-limit estimator of survival under right-censoring. */
import { assert, exp, log, normalQuantile, sortByKey } from '../../kernel/index.js';
import type { IntervalEstimate } from './least-squares.js';

/** A survival curve: one entry for each distinct time at which something ended. */
export interface SurvivalCurve {
  time: Float64Array;
  atRisk: Float64Array;
  ended: Float64Array;
  /** S(t), just after each time. */
  survival: Float64Array;
  /** Log-log interval of S(t); NaN where S is 0. */
  low: Float64Array;
  high: Float64Array;
  /** Median duration; Infinity where a curve stays above one half. */
  median: IntervalEstimate;
}

/**
 * Returns the Kaplan-Meier curve of durations, of which those marked in `isCensored` had not ended;
 * one censored at the time of another's end was still at risk. Interval: S^exp(+-z s / ln S) with
 * Greenwood's s (Kalbfleisch & Prentice 1980); of the median, where its bands cross one
 * half (Brookmeyer & Crowley 1982). O(n log n).
 */
export function kaplanMeier(
  duration: ArrayLike<number>,
  isCensored: ArrayLike<boolean | number>,
  confidence = 0.95,
): SurvivalCurve {
  const count = duration.length;
  assert(isCensored.length === count, 'one mark of censoring for each duration');
  const keys = Float64Array.from(duration);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  sortByKey(keys, order, count);
  const z = normalQuantile(0.5 + confidence / 2);
  const rows: number[][] = [];
  let survival = 1;
  let greenwood = 0;
  for (let from = 0; from < count; ) {
    const time = keys[order[from]];
    let to = from;
    let ended = 0;
    for (; to < count && keys[order[to]] === time; to++) if (!isCensored[order[to]]) ended++;
    const atRisk = count - from;
    from = to;
    if (ended === 0) continue;
    survival *= (atRisk - ended) / atRisk;
    greenwood += ended / (atRisk * (atRisk - ended));
    const width = survival > 0 ? (z * Math.sqrt(greenwood)) / -log(survival) : NaN;
    const low = survival > 0 ? exp(log(survival) * exp(width)) : NaN;
    const high = survival > 0 ? exp(log(survival) * exp(-width)) : NaN;
    rows.push([time, atRisk, ended, survival, low, high]);
  }
  const column = (k: number): Float64Array => Float64Array.from(rows, (row) => row[k]);
  // Half, but for the rounding of a product such as 6/7 x 5/6 x ...
  const crossing = (k: number): number =>
    rows.find((row) => row[k] <= 0.5 * (1 + 1e-12))?.[0] ?? Infinity;
  return {
    time: column(0),
    atRisk: column(1),
    ended: column(2),
    survival: column(3),
    low: column(4),
    high: column(5),
    median: { value: crossing(3), low: crossing(4), high: crossing(5) },
  };
}
