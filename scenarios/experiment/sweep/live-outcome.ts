/** The first primary outcome while a study runs: its value so far, with its interval. */
import { quantile } from '../../../sim/metrics/index.js';
import { meanInterval, quantileInterval, shareInterval } from '../../../sim/statistics/index.js';
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

/** Values kept: enough for an interval, whatever the number of runs. */
const KEPT_MAX = 20_000;

/** Follows one figure. */
export class LiveFigure {
  readonly #place: number;
  readonly #label: string;
  readonly #statistic: string;
  readonly #above: number;
  readonly #confidence: number;
  readonly #values: number[] = [];
  #next = 0;

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
    if (this.#values.length < KEPT_MAX) this.#values.push(value);
    else this.#values[this.#next++ % KEPT_MAX] = value;
  }

  /** Returns the value so far; null before the first. O(n log n) for quantiles. */
  get now(): LiveOutcome | null {
    const values = this.#values;
    const count = values.length;
    if (count === 0) return null;
    const [label, confidence] = [this.#label, this.#confidence];
    if (this.#statistic === 'share') {
      const hits = values.reduce((sum, one) => sum + (one > this.#above ? 1 : 0), 0);
      const { share, low, high } = shareInterval(hits, count, confidence);
      return { label, value: share, low, high, count };
    }
    if (this.#statistic === 'mean') {
      const { mean, low, high } = meanInterval(values, confidence);
      return { label, value: mean, low, high, count };
    }
    const p = this.#statistic === 'median' ? 0.5 : Number(this.#statistic.slice(1)) / 100;
    const ascending = Float64Array.from(values).sort();
    const { low, high } = quantileInterval(ascending, p, confidence);
    return { label, value: quantile(ascending, p), low, high, count };
  }
}
