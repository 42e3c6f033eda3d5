/** Who pays whom when not everybody can. Source: Eisenberg & Noe 2001, Management Science 47. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { solveLinear } from './linear-solve.js';

/** Who owes what. */
export interface ClearingNetwork {
  count: number;
  /** Row i, column j: what i owes j, count x count. */
  liability: ArrayLike<number>;
  /** What each has from outside, >= 0. */
  external: ArrayLike<number>;
}

/** The greatest clearing vector. */
export interface Clearing {
  /** What each pays. */
  payment: Float64Array;
  /** What each owes. */
  owed: Float64Array;
  /** What each has left. */
  equity: Float64Array;
  /** Round in which each defaults, 1 for those who would even if all others paid; 0: never. */
  defaultRound: Int32Array;
  rounds: number;
  /** Sum of what is owed and not paid. */
  shortfall: number;
}

/** Shortfalls below this part of what is owed are rounding. */
const TOLERANCE = 1e-12;

/**
 * Returns the greatest p with p = min(owed, external + Pi' p), debts of equal rank paid pro rata, by
 * the fictitious default algorithm: exact, at most count rounds of O(count^3).
 */
export function eisenbergNoe({ count, liability, external }: ClearingNetwork): Clearing {
  assert(liability.length === count * count && external.length === count, `${count} nodes`);
  const owed = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) owed[i] += liability[i * count + j];
  }
  const share = Float64Array.from({ length: count * count }, (_, at) => {
    const total = owed[Math.floor(at / count)];
    return total > 0 ? liability[at] / total : 0;
  });
  const received = (payment: Float64Array, j: number): number => {
    let sum = external[j];
    for (let i = 0; i < count; i++) sum += share[i * count + j] * payment[i];
    return sum;
  };
  let payment: Float64Array = owed.slice();
  const defaultRound = new Int32Array(count);
  for (let round = 1; ; round++) {
    const fresh: number[] = [];
    for (let j = 0; j < count; j++) {
      const isShort = received(payment, j) < owed[j] * (1 - TOLERANCE);
      if (defaultRound[j] === 0 && isShort) fresh.push(j);
    }
    if (fresh.length === 0) {
      const equity = owed.map((total, j) => Math.max(0, received(payment, j) - total));
      const shortfall = owed.reduce((sum, total, j) => sum + total - payment[j], 0);
      return { payment, owed, equity, defaultRound, rounds: round - 1, shortfall };
    }
    for (const j of fresh) defaultRound[j] = round;
    payment = paidBy(defaultRound, { count, share, external, owed });
  }
}

/** Returns the payments when those marked pay all they receive and the others all they owe. */
function paidBy(
  defaultRound: Int32Array,
  terms: { count: number; share: Float64Array; external: ArrayLike<number>; owed: Float64Array },
): Float64Array {
  const { count, share, external, owed } = terms;
  const failed = [...defaultRound.keys()].filter((j) => defaultRound[j] > 0);
  const m = failed.length;
  const matrix = new Float64Array(m * m);
  const right = new Float64Array(m);
  failed.forEach((j, row) => {
    right[row] = external[j];
    for (let i = 0; i < count; i++) {
      if (defaultRound[i] === 0) right[row] += share[i * count + j] * owed[i];
    }
    failed.forEach((i, column) => {
      matrix[row * m + column] = (row === column ? 1 : 0) - share[i * count + j];
    });
  });
  // Never singular: of a closed circle of debtors one always pays in full.
  const solved = solveLinear(matrix, right);
  const payment = owed.slice();
  failed.forEach((j, row) => {
    payment[j] = Math.max(0, solved[row]);
  });
  return payment;
}

export const clearingMetrics: readonly MetricInfo[] = [
  {
    name: 'clearing.shortfall',
    group: 'systemic',
    over: 'runs',
    doc: 'What is owed in a network and cannot be paid.',
    formula: 'sum of owed - p, p the greatest p = min(owed, e + Pi\' p); e from outside, Pi shares of debts',
    unit: 'quote',
    estimator: 'fictitious default algorithm, exact',
    interval: 'none for a network; bootstrap over runs of networks',
    source: 'Eisenberg & Noe 2001',
    test: 'R12',
  },
  {
    name: 'clearing.rounds',
    group: 'systemic',
    over: 'runs',
    doc: 'Length of the chain of defaults in a network: 1 is nobody pulled down by another.',
    formula: 'rounds of the fictitious default algorithm',
    unit: 'rounds',
    estimator: 'fictitious default algorithm, exact',
    interval: 'none for a network; bootstrap over runs of networks',
    source: 'Eisenberg & Noe 2001',
    test: 'R12',
  },
];
