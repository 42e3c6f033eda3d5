/** The forest of liquidations, cut into its cascades. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

/** The cascades of a forest: one per root, in the order of the roots. */
export interface Cascades {
  count: number;
  /** Cascade of each node. */
  of: Int32Array;
  /** Generation of each node: 1 for a root, its parent's and one otherwise. */
  generation: Int32Array;
  /** Root node of each cascade. */
  root: Int32Array;
  /** Liquidations of each cascade. */
  size: Int32Array;
  /** Last generation of each cascade. */
  depth: Int32Array;
  /** Sum of the nodes' notionals of each cascade, quote; zeros where none were given. */
  notionalQuote: Float64Array;
}

/**
 * Cuts a forest into cascades. `parent` holds each node's parent, -1 of a root; parents stand before
 * their children. With `rootEvent`, the event that each node goes back to, all that one event set off
 * is one cascade (an episode), whose `root` is its first node; else each root has its own. O(nodes).
 */
export function cascadesOf(
  parent: ArrayLike<number>,
  notionalQuote?: ArrayLike<number>,
  rootEvent?: ArrayLike<number>,
): Cascades {
  const nodes = parent.length;
  const of = new Int32Array(nodes);
  const generation = new Int32Array(nodes);
  const ofEvent = new Map<number, number>();
  let count = 0;
  for (let i = 0; i < nodes; i++) {
    const from = parent[i];
    assert(from >= -1 && from < i, `node ${i} has parent ${from}, which does not precede it`);
    if (from >= 0) of[i] = of[from];
    else {
      const known = rootEvent === undefined ? undefined : ofEvent.get(rootEvent[i]);
      of[i] = known ?? count++;
      if (rootEvent !== undefined) ofEvent.set(rootEvent[i], of[i]);
    }
    generation[i] = from < 0 ? 1 : generation[from] + 1;
  }
  const cascades: Cascades = {
    count,
    of,
    generation,
    root: new Int32Array(count),
    size: new Int32Array(count),
    depth: new Int32Array(count),
    notionalQuote: new Float64Array(count),
  };
  for (let i = 0; i < nodes; i++) {
    const c = of[i];
    if (cascades.size[c] === 0) cascades.root[c] = i;
    cascades.size[c]++;
    cascades.depth[c] = Math.max(cascades.depth[c], generation[i]);
    if (notionalQuote !== undefined) cascades.notionalQuote[c] += notionalQuote[i];
  }
  return cascades;
}

/** What sizes and generations come to. */
export interface CascadeSizes {
  /** Liquidations. */
  nodes: number;
  cascades: number;
  largest: number;
  /** Mean size; NaN without cascades. */
  mean: number;
  /** Largest size over the accounts at risk; NaN unless their number was given. */
  largestShare: number;
  /** Notional of the cascade with the largest, quote. */
  largestNotionalQuote: number;
  generationsMax: number;
  /** Mean generation of a node; NaN without nodes. */
  generationsMean: number;
  /** Nodes of generation g at index g - 1. */
  width: Int32Array;
}

/** Summarises cascades; `atRisk` is the number of accounts that could have been liquidated. */
export function cascadeSizes(cascades: Cascades, atRisk = NaN): CascadeSizes {
  const { count, size, depth, generation, notionalQuote } = cascades;
  const nodes = generation.length;
  let largest = 0;
  let deepest = 0;
  let notional = 0;
  for (let c = 0; c < count; c++) {
    largest = Math.max(largest, size[c]);
    deepest = Math.max(deepest, depth[c]);
    notional = Math.max(notional, notionalQuote[c]);
  }
  const width = new Int32Array(deepest);
  let sum = 0;
  for (let i = 0; i < nodes; i++) {
    width[generation[i] - 1]++;
    sum += generation[i];
  }
  return {
    nodes,
    cascades: count,
    largest,
    mean: nodes / count,
    largestShare: largest / atRisk,
    largestNotionalQuote: notional,
    generationsMax: deepest,
    generationsMean: sum / nodes,
    width,
  };
}

/**
 * Cuts liquidations, ascending in time, into episodes wherever more than `gapMicros` pass between
 * two: what can be done with data that name no causes. Returns each one's episode, from 0.
 */
export function episodesByGap(timeMicros: ArrayLike<number>, gapMicros: number): Int32Array {
  const episode = new Int32Array(timeMicros.length);
  for (let i = 1; i < timeMicros.length; i++) {
    const parted = timeMicros[i] - timeMicros[i - 1] > gapMicros;
    episode[i] = episode[i - 1] + (parted ? 1 : 0);
  }
  return episode;
}

const common = {
  group: 'cascade',
  over: 'trace',
  estimator: 'counted on the forest of tipping parents, at the stated scope level',
  interval: 'across runs: t for means, bootstrap over runs for maxima',
} as const;

export const forestMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'cascade.count',
    doc: 'How many cascades there were: each is all that one event set off.',
    formula: 'number of events that nodes without a parent go back to',
    unit: 'cascades',
    source: 'Harris 1963, The Theory of Branching Processes, chapter 1',
    test: 'hand-drawn forest',
  },
  {
    ...common,
    name: 'cascade.largest',
    doc: 'How many accounts the largest cascade liquidated.',
    formula: 'max over root events of the nodes that go back to the event',
    unit: 'liquidations',
    source: 'Consul & Jain 1973 for its law on a flat book',
    test: 'hand-drawn forest',
  },
  {
    ...common,
    name: 'cascade.mean',
    doc: 'Mean number of liquidations per cascade.',
    formula: 'nodes / root events; theta / (1 - R) on a flat book whose shock tips theta for R < 1',
    unit: 'liquidations',
    source: 'Borel 1942; Tanner 1961',
    test: 'R18: mean subtree 1 / (1 - R)',
  },
  {
    ...common,
    name: 'cascade.largestShare',
    doc: 'The largest cascade as a share of the accounts at risk.',
    formula: 'cascade.largest / N, N the accounts with leverage when the run starts',
    unit: 'fraction',
    source: 'Watts 2002, PNAS 99: global cascades',
    test: 'hand-drawn forest',
  },
  {
    ...common,
    name: 'cascade.notional',
    doc: 'Notional that the heaviest cascade liquidated.',
    formula: 'max over trees of sum |q| p at breach, q the position and p the mark',
    unit: 'quote',
    source: 'definition',
    test: 'hand-drawn forest',
  },
  {
    ...common,
    name: 'generations.max',
    doc: 'Length of the longest chain of liquidations that tipped each other.',
    formula: 'max g; g = 1 for a liquidation no other tipped, else 1 + g of its parent',
    unit: 'generations',
    source: 'Harris 1963, chapter 1',
    test: 'hand-drawn forest',
  },
  {
    ...common,
    name: 'generations.mean',
    doc: 'Mean generation of a liquidation.',
    formula: 'sum of g / nodes',
    unit: 'generations',
    source: 'Harris 1963, chapter 1',
    test: 'hand-drawn forest',
  },
  {
    ...common,
    name: 'generations.width',
    doc: 'Liquidations in the widest generation.',
    formula: 'max over g of n_g, n_g the nodes of generation g',
    unit: 'liquidations',
    source: 'Harris 1963, chapter 1',
    test: 'hand-drawn forest',
  },
];
