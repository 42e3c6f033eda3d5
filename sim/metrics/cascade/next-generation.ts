/** Which cohort's liquidations tip which cohort's. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

/** R between cohorts. */
export interface NextGeneration {
  cohorts: number;
  /** Row a, column b: children in b per node of a, cohorts x cohorts; zeros where a has no nodes. */
  matrix: Float64Array;
  /** Observed nodes of each cohort. */
  nodes: Int32Array;
}

/**
 * Returns R_ab, the children in cohort b of cohort a's nodes over cohort a's nodes. With instruments
 * in place of cohorts it is the matrix across instruments. Censored nodes count as nobody's parent.
 */
export function nextGenerationMatrix(
  parent: ArrayLike<number>,
  cohort: ArrayLike<number>,
  { cohorts, censored }: { cohorts: number; censored?: ArrayLike<number> },
): NextGeneration {
  const matrix = new Float64Array(cohorts * cohorts);
  const nodes = new Int32Array(cohorts);
  const observed = (i: number): boolean => censored === undefined || !(censored[i] > 0);
  for (let i = 0; i < parent.length; i++) {
    assert(cohort[i] >= 0 && cohort[i] < cohorts, `node ${i} is of cohort ${cohort[i]}`);
    if (observed(i)) nodes[cohort[i]]++;
    const from = parent[i];
    if (from >= 0 && observed(from)) matrix[cohort[from] * cohorts + cohort[i]]++;
  }
  for (let a = 0; a < cohorts; a++) {
    if (nodes[a] === 0) continue;
    for (let b = 0; b < cohorts; b++) matrix[a * cohorts + b] /= nodes[a];
  }
  return { cohorts, matrix, nodes };
}

export const nextGenerationMetrics: readonly MetricInfo[] = [
  {
    name: 'reproductionNumber.matrix',
    group: 'cascade',
    over: 'trace',
    doc: 'How many liquidations in one cohort a liquidation in another tips on average.',
    formula: 'R_ab = children in b of nodes in a / nodes in a',
    unit: 'liquidations per liquidation',
    estimator: 'ratio of sums per pair of cohorts',
    interval: 'bootstrap over runs',
    source: 'Diekmann, Heesterbeek & Metz 1990: next-generation matrix',
    test: 'hand-drawn forest',
  },
  {
    name: 'reproductionNumber.spectralRadius',
    group: 'cascade',
    over: 'trace',
    doc: 'Growth of liquidations per generation across cohorts: systemic from 1, even if no cohort is.',
    formula: 'largest eigenvalue modulus of R_ab',
    unit: 'ratio',
    estimator: 'shifted power iteration on each strongly connected part, with Collatz-Wielandt bounds',
    interval: 'bootstrap over runs',
    source: 'Diekmann, Heesterbeek & Metz 1990',
    test: 'two cohorts that tip only each other: the geometric mean',
  },
];
