/** The first primary outcome while a study runs: its value so far, with its interval. */
import { quantile, studentQuantile } from '../../../sim/metrics/index.js';
import { quantileInterval, shareInterval } from '../../../sim/statistics/index.js';
import { metricPlace } from '../run/index.js';
import type { StudyPlan } from '../study/index.js';

/** A value over the runs so far, of all points together. */
export interface LiveOutcome {
  label: string;
  value: number;
  low: number;
  high: number;
  count: number;
}

/** Values kept for quantiles: enough for an interval, whatever the number of runs. */
const KEPT_MAX = 20_000;

/** Follows one figure. */
export class LiveFigure {
  readonly #place: number;
  readonly #label: string;
  readonly #statistic: string;
  readonly #above: number;
  readonly #confidence: number;
  #count = 0;
  #hits = 0;
  /** Welford's running mean and squares (1962). */
  #mean = 0;
  #squares = 0;
  /** Every so manyth value: those of all points alike, in whatever order points come. */
  #kept: number[] = [];
  #stride = 1;

  constructor(plan: StudyPlan) {
    const { primary, confidence } = plan.study;
    const [first] = primary;
    const metric = first?.metric ?? plan.metrics[0].name;
    this.#place = metricPlace(metric, '', plan.metrics);
    this.#statistic = first?.statistic ?? 'mean';
    this.#above = first?.above ?? 0;
    this.#confidence = confidence;
    this.#label = this.#statistic === 'share' ? `P(${metric} > ${this.#above})` : `${this.#statistic} ${metric}`;
  }

  add(values: readonly (number | null)[]): void {
    const value = values[this.#place];
    if (value === null || value === undefined) return;
    if (this.#count++ % this.#stride === 0) this.#keep(value);
    if (value > this.#above) this.#hits++;
    const gap = value - this.#mean;
    this.#mean += gap / this.#count;
    this.#squares += gap * (value - this.#mean);
  }

  #keep(value: number): void {
    this.#kept.push(value);
    if (this.#kept.length < KEPT_MAX) return;
    this.#kept = this.#kept.filter((_, k) => k % 2 === 0);
    this.#stride *= 2;
  }

  /** Returns the value so far; null before the first. O(values kept) for quantiles. */
  get now(): LiveOutcome | null {
    const count = this.#count;
    if (count === 0) return null;
    const [label, confidence] = [this.#label, this.#confidence];
    if (this.#statistic === 'share') {
      const { share, low, high } = shareInterval(this.#hits, count, confidence);
      return { label, value: share, low, high, count };
    }
    if (this.#statistic === 'mean') {
      const error = Math.sqrt(this.#squares / (count - 1) / count);
      const half = count < 2 ? NaN : studentQuantile(0.5 + confidence / 2, count - 1) * error;
      return { label, value: this.#mean, low: this.#mean - half, high: this.#mean + half, count };
    }
    const p = this.#statistic === 'median' ? 0.5 : Number(this.#statistic.slice(1)) / 100;
    const ascending = Float64Array.from(this.#kept).sort();
    const { low, high } = quantileInterval(ascending, p, confidence);
    return { label, value: quantile(ascending, p), low, high, count };
  }
}
