/** Who fails together, over runs. */
import { assert, normalQuantile } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

/** Failures over runs. */
export interface FailureTable {
  count: number;
  runs: number;
  /** Row run, column node: 1 where the node failed in the run. */
  failed: ArrayLike<number>;
}

/** How failures hang together. */
export interface JointFailure {
  /** P(i fails). */
  probability: Float64Array;
  /** Row i, column j: P(i fails | j fails); NaN where j never fails. The distress dependence matrix. */
  conditional: Float64Array;
  /** Row i, column j: P(i fails | j fails) / P(i fails); 1 where they are independent. */
  lift: Float64Array;
}

/**
 * Returns marginal and conditional failure probabilities, relative frequencies over runs. O(runs x
 * count^2). Source: Segoviano & Goodhart 2009, IMF WP 09/4, the distress dependence matrix.
 */
export function jointFailure({ count, runs, failed }: FailureTable): JointFailure {
  assert(failed.length === count * runs, `${failed.length} entries for ${runs} runs of ${count}`);
  const both = new Float64Array(count * count);
  for (let run = 0; run < runs; run++) {
    const row = run * count;
    for (let i = 0; i < count; i++) {
      if (!(failed[row + i] > 0)) continue;
      for (let j = 0; j < count; j++) if (failed[row + j] > 0) both[i * count + j]++;
    }
  }
  const alone = (i: number): number => both[i * count + i];
  const probability = Float64Array.from({ length: count }, (_, i) => alone(i) / runs);
  const conditional = both.map((joint, at) => joint / alone(at % count));
  const lift = conditional.map((p, at) => p / probability[Math.floor(at / count)]);
  return { probability, conditional, lift };
}

/** Returns the interval of a probability from a count of successes. Source: Wilson 1927. */
export function wilsonInterval(
  successes: number,
  trials: number,
  confidence = 0.95,
): { low: number; high: number } {
  const z = normalQuantile(0.5 + 0.5 * confidence);
  const p = successes / trials;
  const weight = 1 + (z * z) / trials;
  const middle = (p + (z * z) / (2 * trials)) / weight;
  const half = (z * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials))) / weight;
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

const common = {
  group: 'systemic',
  over: 'runs',
  estimator: 'relative frequency over the runs in which j fails',
  interval: 'Wilson, over those runs',
  source: 'Segoviano & Goodhart 2009, IMF WP 09/4',
  test: 'hand-made table of runs',
} as const;

export const jointFailureMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'distressDependence',
    doc: 'Probability that one cohort fails where another does.',
    formula: 'P(i fails | j fails), a matrix',
    unit: 'probability',
  },
  {
    ...common,
    name: 'distressDependence.lift',
    doc: 'How many times likelier one cohort\'s failure is where another fails.',
    formula: 'P(i fails | j fails) / P(i fails); 1 where independent',
    unit: 'ratio',
  },
];
