/**
 * Shapley values: a fair division of an outcome over players.
 *
 * A coalition is a bit mask, bit i for player i. The value of one is what comes out when its players
 * act and the others do not: here, whose forced sales reach the market.
 */
import { assert, RandomSource } from '../kernel/index.js';

/** Most players of an exact division: 2^8 runs. */
export const PLAYERS_EXACT_MAX = 8;
/** Most players at all: masks are 30 bits. */
export const PLAYERS_MAX = 30;

/** A division of an outcome. */
export interface ShapleyValues {
  values: number[];
  /** Of each value: 0 when exact, else over permutations. */
  standardErrors: number[];
  /** Sum of the values less what there is to divide: 0 but for rounding. */
  efficiencyResidual: number;
}

/**
 * Divides exactly: the mean marginal over all orders in which players may come (Shapley 1953).
 * O(players 2^players).
 *
 * @param worthOf 2^players values by coalition
 */
export function shapleyExact(players: number, worthOf: ArrayLike<number>): ShapleyValues {
  assert(players >= 1 && worthOf.length === 1 << players, 'a value for every coalition');
  const weights = weightsOf(players);
  const values = Array.from({ length: players }, (_, i) => {
    let value = 0;
    for (let mask = 0; mask < worthOf.length; mask++) {
      if ((mask & (1 << i)) !== 0) continue;
      value += weights[countBits(mask)] * (worthOf[mask | (1 << i)] - worthOf[mask]);
    }
    return value;
  });
  const total = worthOf[worthOf.length - 1] - worthOf[0];
  return { values, standardErrors: values.map(() => 0), efficiencyResidual: sum(values) - total };
}

/** Draws orders of the players at random, each equally likely. */
export function drawPermutations(players: number, count: number, seed: number): number[][] {
  assert(players >= 1 && players <= PLAYERS_MAX, `at most ${PLAYERS_MAX} players`);
  const stream = new RandomSource(seed).stream('shapley');
  return Array.from({ length: count }, (_, n) => {
    const order = Array.from({ length: players }, (__, i) => i);
    for (let i = players - 1; i > 0; i--) {
      const j = Math.floor(stream.uniform(0, n, i) * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  });
}

/** Lists the coalitions that come up as players join in these orders, each once, ascending. */
export function coalitionsOf(permutations: readonly (readonly number[])[]): number[] {
  const masks = new Set<number>();
  for (const order of permutations) {
    let mask = 0;
    masks.add(mask);
    for (const player of order) {
      mask |= 1 << player;
      masks.add(mask);
    }
  }
  return [...masks].sort((a, b) => a - b);
}

/**
 * Estimates the division from some orders; an unbiased mean with its standard error (Castro, Gomez &
 * Tejada 2009). Each order divides everything, so the residual is rounding alone.
 */
export function shapleySampled(
  permutations: readonly (readonly number[])[],
  worthOf: (mask: number) => number,
): ShapleyValues {
  const players = permutations[0].length;
  const sums = new Float64Array(players);
  const squares = new Float64Array(players);
  for (const order of permutations) {
    let mask = 0;
    for (const player of order) {
      const marginal = worthOf(mask | (1 << player)) - worthOf(mask);
      mask |= 1 << player;
      sums[player] += marginal;
      squares[player] += marginal * marginal;
    }
  }
  const n = permutations.length;
  const values = [...sums].map((total) => total / n);
  const standardErrors = values.map((mean, i) => {
    const variance = Math.max(0, squares[i] - n * mean * mean) / (n - 1);
    return n < 2 ? NaN : Math.sqrt(variance / n);
  });
  const total = worthOf((1 << players) - 1) - worthOf(0);
  return { values, standardErrors, efficiencyResidual: sum(values) - total };
}

/** Weight of a coalition by size: size! (players - size - 1)! / players!. */
function weightsOf(players: number): number[] {
  const weights = [1 / players];
  for (let size = 1; size < players; size++) {
    weights.push((weights[size - 1] * size) / (players - size));
  }
  return weights;
}

function countBits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
