/** How far distress spreads along exposures before anybody defaults. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

/** Who has lent what to whom. */
export interface ExposureNetwork {
  count: number;
  /** Row i, column j: what i has lent to j, count x count. */
  exposure: ArrayLike<number>;
  /** What absorbs i's losses, > 0. */
  equity: ArrayLike<number>;
  /** Each one's part of the economic value; DebtRank is in its unit. */
  value: ArrayLike<number>;
}

/** Distress after it has spread. */
export interface Distress {
  /** DebtRank: value lost beyond the first shock. */
  debtRank: number;
  /** Part of each one's equity that is lost, 0..1. */
  loss: Float64Array;
  rounds: number;
}

/** Losses that still move by more than this go on to spread. */
const TOLERANCE = 1e-15;
const ROUNDS_MAX = 100_000;

/**
 * Spreads a first loss of equity (fractions, 0..1) with each in distress passing it on once:
 * Battiston, Puliga, Kaushik, Tasca & Caldarelli 2012, Scientific Reports 2. O(count^2).
 */
export function debtRank(network: ExposureNetwork, first: ArrayLike<number>): Distress {
  const { count, exposure, equity } = network;
  checkNetwork(network, first);
  const loss = Float64Array.from(first);
  let active = [...loss.keys()].filter((i) => loss[i] > 0);
  const reached = new Uint8Array(count);
  for (const i of active) reached[i] = 1;
  let rounds = 0;
  while (active.length > 0) {
    rounds++;
    const next = loss.slice();
    for (const i of active) {
      for (let j = 0; j < count; j++) {
        next[j] += Math.min(1, exposure[j * count + i] / equity[j]) * loss[i];
      }
    }
    const fresh: number[] = [];
    for (let j = 0; j < count; j++) {
      loss[j] = Math.min(1, next[j]);
      if (reached[j] === 0 && loss[j] > 0) {
        reached[j] = 1;
        fresh.push(j);
      }
    }
    active = fresh;
  }
  return { debtRank: valueLost(network, loss, first), loss, rounds };
}

/**
 * Spreads a first loss with every further loss passed on: h(t+1) = min(1, h(t) + Lambda (h(t) -
 * h(t-1))), Lambda_ij = A_ij / E_i. Bardoscia, Battiston, Caccioli & Caldarelli 2015, PLOS ONE 10.
 * Amplifies without end where Lambda's spectral radius exceeds 1, until all is lost.
 */
export function linearDebtRank(network: ExposureNetwork, first: ArrayLike<number>): Distress {
  const { count, exposure, equity } = network;
  checkNetwork(network, first);
  const loss = Float64Array.from(first);
  let fresh = loss.slice();
  let rounds = 0;
  let isMoving = true;
  while (isMoving && rounds < ROUNDS_MAX) {
    rounds++;
    isMoving = false;
    const next = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      let passed = 0;
      for (let j = 0; j < count; j++) passed += (exposure[i * count + j] / equity[i]) * fresh[j];
      next[i] = Math.min(1 - loss[i], passed);
      if (next[i] > TOLERANCE) isMoving = true;
    }
    for (let i = 0; i < count; i++) loss[i] += next[i];
    fresh = next;
  }
  return { debtRank: valueLost(network, loss, first), loss, rounds };
}

/** Returns Lambda_ij = A_ij / E_i, row by row: what a loss of j's equity takes of i's. */
export function leverageMatrix({ count, exposure, equity }: ExposureNetwork): Float64Array {
  return Float64Array.from({ length: count * count }, (_, at) => {
    return exposure[at] / equity[Math.floor(at / count)];
  });
}

function valueLost(
  { value }: ExposureNetwork,
  loss: ArrayLike<number>,
  first: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < loss.length; i++) sum += (loss[i] - first[i]) * value[i];
  return sum;
}

function checkNetwork(
  { count, exposure, equity, value }: ExposureNetwork,
  first: ArrayLike<number>,
): void {
  assert(exposure.length === count * count, `${exposure.length} exposures among ${count}`);
  assert(equity.length === count && value.length === count && first.length === count, 'one each');
  for (let i = 0; i < count; i++) {
    assert(equity[i] > 0 && first[i] >= 0 && first[i] <= 1, `node ${i}: ${equity[i]}, ${first[i]}`);
  }
}

const common = {
  group: 'systemic',
  over: 'runs',
  unit: 'fraction of value',
  interval: 'none for a network; bootstrap over runs of networks',
} as const;

export const debtRankMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'debtRank',
    doc: 'Value lost beyond a first shock when each in distress passes its distress on once.',
    formula: 'R = sum_j (h_j(T) - h_j(0)) v_j; h_j += W_ij h_i, W_ij = min(1, A_ji / E_j)',
    estimator: 'walks until nobody is newly in distress',
    source: 'Battiston, Puliga, Kaushik, Tasca & Caldarelli 2012',
    test: 'R12',
  },
  {
    ...common,
    name: 'debtRank.linear',
    doc: 'Value lost beyond a first shock when every further loss is passed on.',
    formula: 'h(t+1) = min(1, h(t) + Lambda (h(t) - h(t-1))), Lambda_ij = A_ij / E_i',
    estimator: 'iterated until no loss moves',
    source: 'Bardoscia, Battiston, Caccioli & Caldarelli 2015',
    test: 'R12',
  },
];
