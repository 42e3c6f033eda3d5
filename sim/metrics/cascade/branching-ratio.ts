/** The branching ratio of events in time: the part of them that earlier ones caused. */
import { assert, exp } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { type Estimate, mean, normalEstimate, ratioOfSums, variance } from '../numeric/index.js';
import { cascadesOf } from './forest.js';

/** Returns 1 - roots / nodes, with the interval of the delta method over cascades. */
export function treeBranchingRatio(parent: ArrayLike<number>): Estimate {
  const { size } = cascadesOf(parent);
  return ratioOfSums(
    Float64Array.from(size, (nodes) => nodes - 1),
    Float64Array.from(size),
  );
}

/** Counts events in `[from, to)` by whole windows of length `window`; a last part is left out. */
export function windowCounts(
  times: ArrayLike<number>,
  { from, to, window }: { from: number; to: number; window: number },
): Int32Array {
  assert(window > 0 && to >= from, `windows of ${window} in ${from}..${to}`);
  const counts = new Int32Array(Math.floor((to - from) / window));
  for (let i = 0; i < times.length; i++) {
    const at = Math.floor((times[i] - from) / window);
    if (at >= 0 && at < counts.length) counts[at]++;
  }
  return counts;
}

/** Returns variance over mean of counts; NaN of fewer than two. */
export function fanoFactor(counts: ArrayLike<number>): number {
  return variance(counts) / mean(counts);
}

/**
 * Returns n = 1 - F^(-1/2) from counts in windows far longer than the kernel (Hardiman & Bouchaud
 * 2014), with its delta-method interval, for which F has relative variance 2 / (windows - 1). A
 * drifting rate of immigrants raises it (Filimonov & Sornette 2015).
 */
export function fanoBranchingRatio(counts: ArrayLike<number>): Estimate {
  const root = 1 / Math.sqrt(fanoFactor(counts));
  const error = 0.5 * root * Math.sqrt(2 / (counts.length - 1));
  return normalEstimate(1 - root, error, counts.length);
}

/**
 * Returns the Fano factor of a stationary Hawkes process with kernel n beta e^(-beta t) in windows of
 * length `window`: with a = 1 - n, 1/a^2 + (1 - 1/a^2) (1 - e^(-beta a w)) / (beta a w).
 */
export function hawkesFano(n: number, beta: number, window: number): number {
  const a = 1 - n;
  const limit = 1 / (a * a);
  const reach = beta * a * window;
  return limit + ((1 - limit) * (1 - exp(-reach))) / reach;
}

const common = {
  group: 'cascade',
  over: 'trace',
  unit: 'fraction',
} as const;

export const branchingMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'branchingRatio.tree',
    doc: 'Share of liquidations that another liquidation tipped, from their recorded causes.',
    formula: 'n = 1 - roots / nodes',
    estimator: 'ratio of sums over cascades',
    interval: 'delta method over cascades, or bootstrap over runs',
    source: 'Filimonov & Sornette 2012',
    test: 'R13h',
  },
  {
    ...common,
    name: 'branchingRatio.fano',
    doc: 'Share of events that earlier ones caused, from how counts per window scatter.',
    formula: 'n = 1 - F^(-1/2), F = variance / mean of the counts in windows of one length',
    estimator: 'windows much longer than the response; a drifting base rate biases it upwards',
    interval: 'delta method, F with relative variance 2 / (windows - 1)',
    source: 'Hardiman & Bouchaud 2014; Filimonov & Sornette 2015 on its bias',
    test: 'R13h',
  },
  {
    ...common,
    name: 'branchingRatio.hawkes',
    doc: 'Share of events that earlier ones caused, from a fitted self-exciting process.',
    formula: 'lambda(t) = mu + sum_(t_i < t) n beta e^(-beta (t - t_i)); n is reported',
    estimator: 'maximum likelihood by Nelder & Mead on logarithms',
    interval: 'inverse of the observed information',
    source: 'Hawkes 1971; Ozaki 1979',
    test: 'R13h',
  },
];
