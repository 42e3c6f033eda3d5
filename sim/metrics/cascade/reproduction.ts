/** The reproduction number: how many liquidations a liquidation tips on average. */
import type { MetricInfo } from '../metric.js';
import { bootstrapRatio, type BootstrapOptions, type Estimate, ratioOfSums } from '../numeric/index.js';
import { cascadesOf } from './forest.js';

/** Offspring and nodes, summed over each cluster: R is the ratio of their sums. */
export interface OffspringSums {
  /** Children of the cluster's observed nodes. */
  offspring: Float64Array;
  /** Observed nodes of the cluster. */
  nodes: Float64Array;
}

/** How to pool. */
export interface PoolOptions {
  /** 1 where a node's children could not all be observed: such nodes count as nobody's parent. */
  censored?: ArrayLike<number>;
  /** Cluster of each node, from 0: the run it belongs to; its cascade unless given. */
  cluster?: ArrayLike<number>;
}

/** Sums offspring and nodes per cluster, for `ratioOfSums` and `bootstrapRatio`. O(nodes). */
export function offspringSums(parent: ArrayLike<number>, options: PoolOptions = {}): OffspringSums {
  const { censored, cluster = cascadesOf(parent).of } = options;
  let clusters = 0;
  for (let i = 0; i < cluster.length; i++) clusters = Math.max(clusters, cluster[i] + 1);
  const offspring = new Float64Array(clusters);
  const nodes = new Float64Array(clusters);
  const observed = (i: number): boolean => censored === undefined || !(censored[i] > 0);
  for (let i = 0; i < parent.length; i++) {
    if (observed(i)) nodes[cluster[i]]++;
    if (parent[i] >= 0 && observed(parent[i])) offspring[cluster[parent[i]]]++;
  }
  return { offspring, nodes };
}

/**
 * Returns R, the children of observed nodes over observed nodes, all pooled, with the interval of
 * the delta method over clusters. NaN without nodes.
 */
export function reproductionNumber(parent: ArrayLike<number>, options: PoolOptions = {}): Estimate {
  const { offspring, nodes } = offspringSums(parent, options);
  return ratioOfSums(offspring, nodes);
}

/** Returns R with the percentile interval of a bootstrap over clusters. */
export function reproductionNumberBootstrap(
  parent: ArrayLike<number>,
  options: PoolOptions & BootstrapOptions,
): Estimate {
  const { offspring, nodes } = offspringSums(parent, options);
  return bootstrapRatio(offspring, nodes, options);
}

/**
 * Marks the nodes so close to the end of what was observed that their children may lie beyond it:
 * those after `endMicros - responseMicros`, where a child follows within `responseMicros`.
 */
export function censoredNear(
  timeMicros: ArrayLike<number>,
  endMicros: number,
  responseMicros: number,
): Uint8Array {
  return Uint8Array.from(timeMicros, (time) => (time > endMicros - responseMicros ? 1 : 0));
}

/** R of the nodes in each of some bins. */
export interface BinnedReproduction {
  /** Observed nodes of the bin. */
  nodes: Int32Array;
  /** Their children, whichever bin those lie in. */
  offspring: Int32Array;
  /** offspring / nodes; NaN where there are no nodes. */
  value: Float64Array;
}

/**
 * Returns R of the nodes breached in each of `count` windows of `windowMicros` from `fromMicros`;
 * nodes outside all windows are left out.
 */
export function reproductionByWindow(
  parent: ArrayLike<number>,
  timeMicros: ArrayLike<number>,
  windows: { fromMicros: number; windowMicros: number; count: number; censored?: ArrayLike<number> },
): BinnedReproduction {
  const { fromMicros, windowMicros, count, censored } = windows;
  const bin = (i: number): number => Math.floor((timeMicros[i] - fromMicros) / windowMicros);
  return binned(parent, { bin, count, censored });
}

/** Returns R of each generation, n_(g+1) / n_g for generation g at index g - 1. */
export function reproductionByGeneration(
  parent: ArrayLike<number>,
  censored?: ArrayLike<number>,
): BinnedReproduction {
  const { generation, depth } = cascadesOf(parent);
  let count = 0;
  for (const one of depth) count = Math.max(count, one);
  return binned(parent, { bin: (i) => generation[i] - 1, count, censored });
}

interface Bins {
  bin: (node: number) => number;
  count: number;
  censored: ArrayLike<number> | undefined;
}

function binned(parent: ArrayLike<number>, { bin, count, censored }: Bins): BinnedReproduction {
  const nodes = new Int32Array(count);
  const offspring = new Int32Array(count);
  const into = (column: Int32Array, i: number): void => {
    if (censored !== undefined && censored[i] > 0) return;
    const at = bin(i);
    if (at >= 0 && at < count) column[at]++;
  };
  for (let i = 0; i < parent.length; i++) {
    into(nodes, i);
    if (parent[i] >= 0) into(offspring, parent[i]);
  }
  return { nodes, offspring, value: Float64Array.from(nodes, (n, k) => offspring[k] / n) };
}

const common = {
  group: 'cascade',
  over: 'trace',
  unit: 'liquidations per liquidation',
  source: 'Harris 1963, chapter 1; ratio of sums, Cochran 1977, chapter 6',
} as const;

export const reproductionMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'reproductionNumber',
    doc: 'How many further liquidations one liquidation tips on average: cascades run away from 1.',
    formula: 'R = sum_(g>=1) n_(g+1) / sum_(g>=1) n_g, n_g the liquidations of generation g',
    estimator: 'ratio of sums over all nodes, without those whose children lie beyond the horizon',
    interval: 'delta method, or bootstrap, over cascades (one run) or runs (many)',
    test: 'R13',
  },
  {
    ...common,
    name: 'reproductionNumber.byWindow',
    doc: 'The reproduction number of the liquidations breached in each window of time.',
    formula: 'R_t = children of the nodes breached in window t / nodes breached in window t',
    estimator: 'ratio of sums per window; children count wherever they fall',
    interval: 'bootstrap over runs',
    test: 'hand-drawn forest',
  },
  {
    ...common,
    name: 'reproductionNumber.byGeneration',
    doc: 'The reproduction number of each generation: where it crosses 1 a cascade turns.',
    formula: 'R_g = n_(g+1) / n_g',
    estimator: 'ratio of sums per generation',
    interval: 'bootstrap over runs',
    test: 'hand-drawn forest',
  },
];
