/** What the closed law declares. */
import type { MetricInfo } from '../metric.js';

export const lawMetrics: readonly MetricInfo[] = [
  {
    name: 'cascade.runawayProbability',
    group: 'cascade',
    over: 'runs',
    doc: 'Probability that a cascade never ends by itself.',
    formula: '1 - e^(theta (z - 1)), z the smallest root of z = e^(R (z - 1)); theta: thresholds in the shock',
    unit: 'probability',
    estimator: 'share of runs whose cascade reaches the cap, against the closed form',
    interval: 'Wilson',
    source: 'Harris 1963, chapter 1, theorem 6.1; Consul & Jain 1973',
    test: 'R13: .2969, .5242, .6883, .7968 at R = 1.1, 1.25, 1.5, 2',
  },
];
