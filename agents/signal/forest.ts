/** A small random forest: trained by the library, kept as numbers in an agent's row. */
import * as library from 'ml-random-forest';

/** Features an example has. */
export const FEATURES = 6;
/** Trees in a forest, and their depth at most. */
export const TREES = 8;
export const DEPTH = 3;
/** Places for the nodes of a tree: node k has its children at 2 k + 1 and 2 k + 2. */
export const NODES = (2 << DEPTH) - 1;
/** Examples a forest is trained on, at most. */
export const EXAMPLES_MAX = 128;

/** Offsets of a forest's values from its first, each of TREES x NODES values. */
export const Forest = {
  /** Feature a node asks for; -1 in a leaf. */
  feature: 0,
  /** What is below it goes to the first child. */
  threshold: TREES * NODES,
  /** Share of the positive label in a leaf. */
  share: 2 * TREES * NODES,
  length: 3 * TREES * NODES,
} as const;

/** What a forest is trained on. The examples are read from their start. */
export interface Training {
  /** Rows of FEATURES values, one an example. */
  features: Float64Array;
  /** 0 or 1, one an example. */
  labels: Float64Array;
  count: number;
  /** Seed of bootstrap samples and feature subsets, int32. */
  seed: number;
  /** Features a tree may ask for, 1..FEATURES. */
  featuresPerTree: number;
  /** Examples below which a node is not split. */
  leafExamples: number;
}

/** The parts of the library's objects that are read here; its own types do not name them. */
interface LibraryNode {
  left?: LibraryNode;
  right?: LibraryNode;
  splitColumn?: number;
  splitValue?: number;
  distribution?: { columns: number; get(row: number, column: number): number };
}
interface LibraryForest {
  indexes: number[][];
  estimators: { root: LibraryNode }[];
  train(examples: number[][], labels: number[]): void;
}
const { RandomForestClassifier } = library as unknown as {
  RandomForestClassifier: new (options: object) => LibraryForest;
};

/** Trainings remembered: those who share data and seed train once. */
const REMEMBERED = 8;
const SETTINGS = 4;
// A memo of a pure function, its inputs compared in full: what is remembered never changes a result.
const inputs: Float64Array[] = [];
const outputs: Float64Array[] = [];
let oldest = 0;
let asked = new Float64Array(SETTINGS + EXAMPLES_MAX * (FEATURES + 1));

/**
 * Trains a forest and writes it to `rows` from `f` on (layout: `Forest`): a pure function of the
 * training. Cost, unless remembered: about 10 ms for 100 examples; it allocates.
 *
 * Source: Breiman 2001; the trees are CART with Gini impurity. Differs: a tree draws its features
 * once, not at every split.
 */
export function trainForest(training: Training, rows: Float64Array, f: number): void {
  const length = gather(training);
  const known = find(length);
  if (known >= 0) {
    rows.set(outputs[known], f);
    return;
  }
  const forest = new RandomForestClassifier({
    seed: training.seed,
    nEstimators: TREES,
    // As a fraction: the library takes the whole number 1 for all of them.
    maxFeatures: Math.min((training.featuresPerTree + 0.5) / FEATURES, 1),
    replacement: false,
    useSampleBagging: true,
    noOOB: true,
    treeOptions: { maxDepth: DEPTH, minNumSamples: training.leafExamples, gainThreshold: 0 },
  });
  const { count } = training;
  forest.train(
    Array.from({ length: count }, (_, j) => {
      const from = SETTINGS + j * FEATURES;
      return [...asked.subarray(from, from + FEATURES)];
    }),
    [...asked.subarray(SETTINGS + count * FEATURES, length)],
  );
  const flat = new Float64Array(Forest.length);
  forest.estimators.forEach(({ root }, tree) => {
    flatten(root, forest.indexes[tree], flat, { base: tree * NODES, node: 0 });
  });
  rows.set(flat, f);
  inputs[oldest] = asked.slice(0, length);
  outputs[oldest] = flat;
  oldest = (oldest + 1) % REMEMBERED;
}

/**
 * Returns the forest's probability of the positive label: the mean over its trees of the share in
 * the leaf that the features at `x` of `values` lead to. O(TREES x DEPTH), no allocation.
 */
export function askForest(
  rows: Float64Array,
  f: number,
  values: Float64Array,
  x: number,
): number {
  let sum = 0;
  for (let tree = 0; tree < TREES; tree++) {
    const base = f + tree * NODES;
    let node = 0;
    let feature = rows[base + Forest.feature];
    while (feature >= 0) {
      const below = values[x + feature] < rows[base + Forest.threshold + node];
      node = 2 * node + (below ? 1 : 2);
      feature = rows[base + Forest.feature + node];
    }
    sum += rows[base + Forest.share + node];
  }
  return sum / TREES;
}

/** Forgets what was trained: for measurements of its cost. */
export function forgetForests(): void {
  inputs.length = 0;
  outputs.length = 0;
  oldest = 0;
}

function flatten(
  from: LibraryNode,
  columns: number[],
  flat: Float64Array,
  to: { base: number; node: number },
): void {
  const { base, node } = to;
  const place = base + node;
  const { left, right, splitColumn, splitValue, distribution } = from;
  if (left === undefined || right === undefined) {
    flat[place + Forest.feature] = -1;
    // A leaf that met no positive label has one column.
    const share = distribution !== undefined && distribution.columns > 1 ? distribution.get(0, 1) : 0;
    // It adds up 1/n for every example, which may end a rounding beyond 1.
    flat[place + Forest.share] = Math.min(share, 1);
    return;
  }
  flat[place + Forest.feature] = columns[splitColumn as number];
  flat[place + Forest.threshold] = splitValue as number;
  flatten(left, columns, flat, { base, node: 2 * node + 1 });
  flatten(right, columns, flat, { base, node: 2 * node + 2 });
}

/** Lays out all that a training depends on in `asked`; returns its length. */
function gather({ features, labels, count, seed, featuresPerTree, leafExamples }: Training): number {
  const length = SETTINGS + count * (FEATURES + 1);
  if (asked.length < length) asked = new Float64Array(length);
  asked[0] = count;
  asked[1] = seed;
  asked[2] = featuresPerTree;
  asked[3] = leafExamples;
  // Adding 0 makes one zero of the two, which compare equal and would be remembered as one.
  for (let k = 0; k < count * FEATURES; k++) asked[SETTINGS + k] = features[k] + 0;
  for (let k = 0; k < count; k++) asked[SETTINGS + count * FEATURES + k] = labels[k];
  return length;
}

/** Returns which remembered training has exactly the inputs asked for, or -1. */
function find(length: number): number {
  for (let n = 0; n < inputs.length; n++) {
    const known = inputs[n];
    if (known.length !== length) continue;
    let k = 0;
    while (k < length && known[k] === asked[k]) k++;
    if (k === length) return n;
  }
  return -1;
}
