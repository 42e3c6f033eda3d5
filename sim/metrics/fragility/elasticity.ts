/** How losses grow with the shock. */
import { assert, log } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { type Estimate, mean, normalEstimate, ratioOfSums, variance } from '../numeric/index.js';

/** Losses of runs at two shocks on either side of the baseline, paired by seed. */
export interface PairedLosses {
  shockLow: number;
  lossLow: ArrayLike<number>;
  shockHigh: number;
  lossHigh: ArrayLike<number>;
}

/**
 * Returns d ln E[loss] / d ln shock by the difference quotient between two shocks, 0 < low < high,
 * with the delta-method interval of paired runs. 1: losses grow as the shock does.
 */
export function fragilityIndex({ shockLow, lossLow, shockHigh, lossHigh }: PairedLosses): Estimate {
  assert(lossLow.length === lossHigh.length, `${lossLow.length} runs for ${lossHigh.length}`);
  assert(shockLow > 0 && shockHigh > shockLow, `shocks ${shockLow} and ${shockHigh}`);
  const low = mean(lossLow);
  const high = mean(lossHigh);
  const width = log(shockHigh / shockLow);
  const influence = Float64Array.from(lossLow, (loss, run) => lossHigh[run] / high - loss / low);
  const runs = lossLow.length;
  const error = Math.sqrt(variance(influence) / runs) / width;
  return normalEstimate(log(high / low) / width, error, runs);
}

/**
 * Returns E[loss(2 shock)] / (2 E[loss(shock)]), with the delta-method interval of paired runs:
 * above 1 a shock of twice the size costs more than twice as much.
 */
export function lossConvexity(
  lossAtShock: ArrayLike<number>,
  lossAtDouble: ArrayLike<number>,
): Estimate {
  return ratioOfSums(lossAtDouble, Float64Array.from(lossAtShock, (loss) => 2 * loss));
}

const common = {
  group: 'fragility',
  over: 'runs',
  interval: 'delta method over runs paired by seed',
} as const;

export const elasticityMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'fragilityIndex',
    doc: 'By how many per cent the expected loss grows when the shock grows by one per cent.',
    formula: 'd ln E[loss] / d ln shock',
    unit: 'elasticity',
    estimator: 'difference quotient between two shocks around the baseline, common random numbers',
    source: 'definition',
    test: 'losses a shock^b: b exactly',
  },
  {
    ...common,
    name: 'fragilityIndex.convexity',
    doc: 'What a shock of twice the size costs over twice what the shock costs.',
    formula: 'E[loss(2 shock)] / (2 E[loss(shock)])',
    unit: 'ratio',
    estimator: 'ratio of sums, common random numbers',
    source: 'Taleb & Douady 2013: fragility as convexity of losses',
    test: 'losses a shock^b: 2^(b - 1) exactly',
  },
];
