/** Overlap of portfolios: who holds the same, by direction, by liquidity, and net of each other. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { dominantEigenpair, unitLength } from './row-matrix.js';
import type { RowMatrix } from './row-matrix.js';

export const positionOverlapInfo: MetricInfo = {
  name: 'positionOverlap',
  group: 'crowding',
  over: 'world',
  doc: 'Share of the weight of pairs of agents that holds portfolios pointing the same way.',
  formula:
    'sum over i<j of E_i E_j max(cos_ij, 0) / sum over i<j of E_i E_j;' +
    ' cos_ij = x_i.x_j / (|x_i||x_j|),' +
    ' x_i = signed notional by instrument, E_i = weight (equity)',
  unit: '1 (0..1)',
  estimator: 'exact at one instant',
  interval: 'cluster bootstrap by run',
  source: 'Girardi et al. 2021 (JFE), portfolio similarity',
  test: 'rows (3,1,0) (3,1,0) (0,1,3) (-3,-1,0): cos 1, .1, -1',
};

export const liquidityOverlapInfo: MetricInfo = {
  name: 'liquidityOverlap.eigenvalue',
  group: 'crowding',
  over: 'world',
  doc: 'Overlap of portfolios by illiquidity along their most fragile common direction.',
  formula:
    'largest eigenvalue of Omega_ij = sum over k of x_ik x_jk / D_k;' +
    ' x_ik = position, D_k = market depth',
  unit: 'position^2 / depth (quote when both are quote)',
  estimator: 'power iteration by squarings of the instruments matrix',
  interval: 'cluster bootstrap by run',
  source: 'Cont & Schaanning 2019, liquidity-weighted overlap',
  test: 'leading eigenpair of the whole Omega',
};

export const netCrowdingInfo: MetricInfo = {
  name: 'netCrowding',
  group: 'crowding',
  over: 'world',
  doc: 'Length of the summed portfolio over the summed lengths: 1 when all point the same way.',
  formula: '|sum of x_i| / sum of |x_i|, Euclidean norms',
  unit: '1 (0..1)',
  estimator: 'exact at one instant',
  interval: 'cluster bootstrap by run',
  source: 'net over gross exposure',
  test: 'rows (3,1,0) (3,1,0) (0,1,3) (-3,-1,0): .3708',
};

export const netCrowdingL1Info: MetricInfo = {
  ...netCrowdingInfo,
  name: 'netCrowding.l1',
  doc: 'Net over gross notional: 1 when nobody is on the other side in any instrument.',
  formula: '|sum of x_i| / sum of |x_i|, sums of absolute values',
  test: 'rows (3,1,0) (3,1,0) (0,1,3) (-3,-1,0): .5',
};

/** Returns the cosine of the angle between rows i and j; 0 when one of them holds nothing. */
export function cosineOverlap(positions: RowMatrix, i: number, j: number): number {
  const { columns, values } = positions;
  let both = 0;
  let first = 0;
  let second = 0;
  for (let k = 0; k < columns; k++) {
    const a = values[i * columns + k];
    const b = values[j * columns + k];
    both += a * b;
    first += a * a;
    second += b * b;
  }
  return first === 0 || second === 0 ? 0 : both / Math.sqrt(first * second);
}

/**
 * Returns the overlap index of a crowd of agents (rows) in instruments (columns), each agent with a
 * weight >= 0. An agent without position overlaps with nobody. NaN without a weighted pair.
 * O(agents) for one instrument, O(agents^2 x instruments) otherwise.
 */
export function positionOverlap(positions: RowMatrix, weights: ArrayLike<number>): number {
  const { rows, columns } = positions;
  assert(weights.length === rows, `${weights.length} weights for ${rows} agents`);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < rows; i++) {
    sum += weights[i];
    squares += weights[i] * weights[i];
  }
  const pairs = (sum * sum - squares) / 2;
  if (columns === 1) return sameSidePairs(positions.values, weights) / pairs;
  const unit = unitRows(positions);
  let overlap = 0;
  for (let i = 0; i < rows; i++) {
    if (weights[i] === 0) continue;
    for (let j = i + 1; j < rows; j++) {
      let cosine = 0;
      for (let k = 0; k < columns; k++) cosine += unit[i * columns + k] * unit[j * columns + k];
      if (cosine > 0) overlap += weights[i] * weights[j] * cosine;
    }
  }
  return overlap / pairs;
}

/** Weight of pairs on the same side of a single instrument. */
function sameSidePairs(sizes: ArrayLike<number>, weights: ArrayLike<number>): number {
  let total = 0;
  for (const side of [-1, 1]) {
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < sizes.length; i++) {
      if (sizes[i] * side <= 0) continue;
      sum += weights[i];
      squares += weights[i] * weights[i];
    }
    total += (sum * sum - squares) / 2;
  }
  return total;
}

function unitRows({ rows, columns, values }: RowMatrix): Float64Array {
  const unit = Float64Array.from(values);
  for (let i = 0; i < rows; i++) {
    let squares = 0;
    for (let k = 0; k < columns; k++) squares += unit[i * columns + k] * unit[i * columns + k];
    if (squares === 0) continue;
    const length = Math.sqrt(squares);
    for (let k = 0; k < columns; k++) unit[i * columns + k] /= length;
  }
  return unit;
}

/** The most fragile direction of a crowd of portfolios. */
export interface LiquidityOverlap {
  /** Largest eigenvalue of Omega. */
  eigenvalue: number;
  /** Its unit eigenvector: the load of each agent; the largest is positive. */
  agents: Float64Array;
  /** Share of the eigenvalue that each instrument carries; they sum to 1. */
  instruments: Float64Array;
}

/** Returns Omega_ij, the overlap of rows i and j weighted by the depth (> 0) of each instrument. */
export function liquidityOverlapOf(
  positions: RowMatrix,
  depth: ArrayLike<number>,
  i: number,
  j: number,
): number {
  const { columns, values } = positions;
  let sum = 0;
  for (let k = 0; k < columns; k++) {
    sum += (values[i * columns + k] * values[j * columns + k]) / depth[k];
  }
  return sum;
}

/**
 * Returns the largest eigenvalue of Omega and its vector. Omega = Y Y' with y_ik = x_ik / sqrt(D_k)
 * shares its eigenvalues with the small matrix Y' Y, so the agents may be many:
 * O(agents x instruments^2). @throws Error when a depth is not positive.
 */
export function liquidityOverlap(
  positions: RowMatrix,
  depth: ArrayLike<number>,
): LiquidityOverlap {
  const { rows, columns, values } = positions;
  assert(depth.length === columns, `${depth.length} depths for ${columns} instruments`);
  const roots = Float64Array.from(depth, (one, k) => {
    assert(one > 0, `depth ${k} was ${one}, must be positive`);
    return Math.sqrt(one);
  });
  const gram = new Float64Array(columns * columns);
  for (let i = 0; i < rows; i++) {
    for (let a = 0; a < columns; a++) {
      const left = values[i * columns + a] / roots[a];
      if (left === 0) continue;
      for (let b = 0; b < columns; b++) {
        gram[a * columns + b] += (left * values[i * columns + b]) / roots[b];
      }
    }
  }
  const pair = dominantEigenpair({ rows: columns, columns, values: gram });
  const agents = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      agents[i] += (values[i * columns + k] / roots[k]) * pair.vector[k];
    }
  }
  unitLength(agents);
  return {
    eigenvalue: pair.value,
    agents,
    instruments: pair.vector.map((entry) => entry * entry),
  };
}

/** Returns |sum of rows| / sum of |rows| with Euclidean norms; NaN when nobody holds anything. */
export function netCrowding(positions: RowMatrix): number {
  const { rows, columns, values } = positions;
  const net = new Float64Array(columns);
  let lengths = 0;
  for (let i = 0; i < rows; i++) {
    let squares = 0;
    for (let k = 0; k < columns; k++) {
      const held = values[i * columns + k];
      net[k] += held;
      squares += held * held;
    }
    lengths += Math.sqrt(squares);
  }
  let squares = 0;
  for (const sum of net) squares += sum * sum;
  return Math.sqrt(squares) / lengths;
}

/** Returns net over gross: |sum of rows| / sum of |rows| with sums of absolute values. */
export function netCrowdingL1(positions: RowMatrix): number {
  const { columns, values } = positions;
  const net = new Float64Array(columns);
  let gross = 0;
  for (let at = 0; at < values.length; at++) {
    net[at % columns] += values[at];
    gross += Math.abs(values[at]);
  }
  let sum = 0;
  for (const one of net) sum += Math.abs(one);
  return sum / gross;
}
