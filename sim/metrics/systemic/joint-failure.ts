/** Who fails together, over runs. */
import { assert } from '../../kernel/index.js';
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
