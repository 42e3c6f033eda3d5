/** Exit convergence: what share of pairs of agents would leave through the same door. */
import { assert, sortByKey } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

export const exitConvergenceInfo: MetricInfo = {
  name: 'exitConvergence',
  group: 'crowding',
  over: 'world',
  doc: "Share of the weight of pairs of agents of which one's exit triggers the other's.",
  formula:
    'XC = sum over i<j of w_i w_j 1{|LEP_i - LEP_j| <= h_ij} / sum over i<j of w_i w_j;' +
    ' h_ij = price move caused by executing the smaller of the two exits',
  unit: '1 (0..1)',
  estimator: 'exact at one instant, by a weighted tree over exit prices',
  interval: 'cluster bootstrap by run',
  source: 'new here: overlap with a bandwidth that follows from market depth',
  test: 'differential with every pair; all exits at one price: 1',
};

export const exitOverlapInfo: MetricInfo = {
  name: 'exitOverlap',
  group: 'crowding',
  over: 'world',
  doc: 'Common area of the exit densities of two agents.',
  formula: 'OVL_ij = integral of min(f_i, f_j); f = exit density normalised to 1',
  unit: '1 (0..1)',
  estimator: 'sum over cells of a common ladder',
  interval: 'cluster bootstrap by run',
  source: 'Weitzman 1970, overlap coefficient',
  test: 'equal densities: 1; disjoint: 0; shifted uniforms: their common part',
};

/** Exits of one direction. */
export interface ExitConvergenceInput {
  /** Liquidity exit points; not finite (NaN, Infinity) for an agent that never leaves. */
  exitPrice: ArrayLike<number>;
  /** Quantity that leaves at each, >= 0. */
  exitQuantity: ArrayLike<number>;
  /**
   * Price move that executing each exit alone would cause from its exit point, >= 0: as from
   * `constantImpactReach` or `depthWalkReach`.
   */
  reachPrice: ArrayLike<number>;
  /** Weight of each agent, >= 0; by default its quantity. */
  weight?: ArrayLike<number>;
}

/**
 * Returns XC, 0..1; NaN without a weighted pair. Of two exits the one of smaller quantity sets the
 * bandwidth; of two equal ones the one of smaller reach. Who never leaves shares no exit, but
 * counts among the pairs. O(n log n): agents enter a tree over exit prices from the largest exit
 * down, and each counts what already stands within its reach.
 */
export function exitConvergence(input: ExitConvergenceInput): number {
  const { exitPrice, exitQuantity, reachPrice } = input;
  const weight = input.weight ?? exitQuantity;
  const agents = exitPrice.length;
  assert(exitQuantity.length === agents && reachPrice.length === agents, 'one entry for each exit');
  assert(weight.length === agents, `${weight.length} weights for ${agents} exits`);
  const leaving = indices(agents).filter((i) => Number.isFinite(exitPrice[i]));
  const count = leaving.length;
  const byPrice = sortedBy(exitPrice, leaving.slice(), 1);
  const sorted = Float64Array.from(byPrice, (i) => exitPrice[i]);
  const place = new Int32Array(agents);
  for (let at = 0; at < count; at++) place[byPrice[at]] = at;
  const order = sortedBy(exitQuantity, sortedBy(reachPrice, leaving, -1), -1);
  const tree = new Float64Array(count + 1);
  let pairs = 0;
  let before = 0;
  for (let i = 0; i < agents; i++) {
    pairs += weight[i] * before;
    before += weight[i];
  }
  let shared = 0;
  for (const i of order) {
    const low = firstWithin(sorted, exitPrice[i], reachPrice[i]);
    const high = firstBeyond(sorted, exitPrice[i], reachPrice[i]);
    shared += weight[i] * (sumBefore(tree, high) - sumBefore(tree, low));
    for (let at = place[i] + 1; at <= count; at += at & -at) tree[at] += weight[i];
  }
  return shared / pairs;
}

function indices(count: number): Int32Array {
  const all = new Int32Array(count);
  for (let i = 0; i < count; i++) all[i] = i;
  return all;
}

/** Sorts indices stably by sign x keys. */
function sortedBy(keys: ArrayLike<number>, order: Int32Array, sign: number): Int32Array {
  sortByKey(Float64Array.from(keys, (key) => sign * key), order, order.length);
  return order;
}

/** First place whose price lies at most `reach` below `price`. */
function firstWithin(sorted: Float64Array, price: number, reach: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (price - sorted[middle] > reach) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First place whose price lies more than `reach` above `price`. */
function firstBeyond(sorted: Float64Array, price: number, reach: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] - price > reach) high = middle;
    else low = middle + 1;
  }
  return low;
}

function sumBefore(tree: Float64Array, place: number): number {
  let sum = 0;
  for (let at = place; at > 0; at -= at & -at) sum += tree[at];
  return sum;
}

/** Returns each exit's reach when a unit of quantity moves the price by `impact`. */
export function constantImpactReach(quantity: ArrayLike<number>, impact: number): Float64Array {
  return Float64Array.from(quantity, (one) => impact * one);
}

/** A ladder of resting quantity: cell k spans [lowPrice + k stepPrice, + stepPrice). */
export interface DepthLadder {
  lowPrice: number;
  stepPrice: number;
  depth: ArrayLike<number>;
}

/**
 * Returns how far executing each quantity from its price walks down (`direction` -1, sells) or up
 * (+1, buys) the ladder, depth lying evenly within a cell. Infinity when the ladder does not hold
 * the quantity. O(cells + exits x log cells).
 */
export function depthWalkReach(
  price: ArrayLike<number>,
  quantity: ArrayLike<number>,
  ladder: DepthLadder,
  direction: -1 | 1,
): Float64Array {
  const { lowPrice, stepPrice, depth } = ladder;
  const cells = depth.length;
  // An upward walk is a downward one on the mirrored ladder.
  const below = new Float64Array(cells + 1);
  for (let k = 0; k < cells; k++) {
    below[k + 1] = below[k] + (direction < 0 ? depth[k] : depth[cells - 1 - k]);
  }
  const reach = new Float64Array(price.length);
  for (let i = 0; i < price.length; i++) {
    if (quantity[i] === 0) continue;
    const at = (price[i] - lowPrice) / stepPrice;
    const start = direction < 0 ? at : cells - at;
    const inside = Math.min(Math.max(start, 0), cells);
    const cell = Math.min(Math.floor(inside), cells - 1);
    const standing = below[cell] + (inside - cell) * (below[cell + 1] - below[cell]);
    reach[i] = (start - placeOf(below, standing - quantity[i])) * stepPrice;
  }
  return reach;
}

/** Highest place at which the cumulated depth is at most `level`; -Infinity when it is never. */
function placeOf(below: Float64Array, level: number): number {
  if (level < 0) return -Infinity;
  let [low, high] = [0, below.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (below[middle] <= level) low = middle + 1;
    else high = middle;
  }
  const cell = low - 1;
  if (cell === below.length - 1) return cell;
  return cell + (level - below[cell]) / (below[cell + 1] - below[cell]);
}

/**
 * Returns the overlap of two exit masses over the cells of one ladder (as from `exitMass`), each
 * normalised to 1: 0..1, NaN when one of them is empty.
 */
export function exitOverlap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert(a.length === b.length, 'both masses lie on one ladder');
  let [sumA, sumB] = [0, 0];
  for (let k = 0; k < a.length; k++) {
    sumA += a[k];
    sumB += b[k];
  }
  let common = 0;
  for (let k = 0; k < a.length; k++) common += Math.min(a[k] / sumA, b[k] / sumB);
  return common;
}
