/** Trajectories of Morris: one factor at a time, from many places. */
import { RandomSource, UserError } from '../kernel/index.js';
import { emptyDesign, type UnitDesign } from './unit-design.js';

/** Work of the default pool: about a second. */
const DEFAULT_WORK = 400_000_000;
/** Rounds of exchanges at most; a handful is usual. */
const ROUNDS_MAX = 20;

/** What to sample. */
export interface MorrisOptions {
  /** r: trajectories, of dimensions + 1 points each. */
  trajectories: number;
  dimensions: number;
  /** 0..2^53-1. */
  seed: number;
  /** p: an even number of levels of each factor, 4 unless given. */
  levels?: number;
  /**
   * Trajectories drawn, of which the most spread are taken; `trajectories` takes all as drawn. By
   * default ten times as many, fewer where that would take more than about a second: comparing them
   * costs O(pool^2 dimensions^3).
   */
  pool?: number;
}

/**
 * Returns trajectories through the grid of p levels 0, 1/(p-1), ..., 1 as blocks: a random start,
 * then every factor in random order moves once by delta = p / (2 (p - 1)), up from the lower half
 * of the levels and down from the upper (Morris 1991). Of a larger pool those are taken that lie
 * far apart, by the sum of squared distances between trajectories (Campolongo, Cariboni & Saltelli
 * 2007). Differs: their search of all subsets is replaced by a greedy choice and exchanges, and
 * spread trajectories visit the outer levels more often than chance does.
 *
 * @throws UserError design/levels for levels that are not 2, 4, 6, ...
 */
export function morrisDesign(options: MorrisOptions): UnitDesign {
  const { trajectories, dimensions, seed, levels = 4 } = options;
  if (!(Number.isInteger(levels) && levels >= 2 && levels % 2 === 0)) {
    const text = `design: Morris levels were ${levels}, must be an even number from 2, such as 4`;
    throw new UserError('design/levels', text);
  }
  const points = dimensions + 1;
  const design = emptyDesign(trajectories * points, dimensions, points);
  const affordable = Math.floor(Math.sqrt((2 * DEFAULT_WORK) / (points * points * dimensions)));
  const wanted = options.pool ?? Math.min(10 * trajectories, affordable);
  const pool = Math.max(trajectories, wanted);
  const drawn = drawPool(pool, dimensions, levels, seed);
  const size = points * dimensions;
  const all = pool === trajectories;
  const taken = all ? null : mostSpread(distances(drawn, pool, dimensions), trajectories);
  for (let t = 0; t < trajectories; t++) {
    const from = (taken === null ? t : taken[t]) * size;
    for (let i = 0; i < size; i++) design.unit[t * size + i] = drawn[from + i] / (levels - 1);
  }
  return design;
}

/** Draws trajectories as whole levels, point by point. */
function drawPool(pool: number, dimensions: number, levels: number, seed: number): Int32Array {
  const stream = new RandomSource(seed).stream('design/morris');
  const size = (dimensions + 1) * dimensions;
  const drawn = new Int32Array(pool * size);
  const order = new Int32Array(dimensions);
  for (let t = 0; t < pool; t++) {
    let at = t * size;
    for (let j = 0; j < dimensions; j++) {
      drawn[at + j] = Math.floor(stream.uniform(t, j, 0) * levels);
      order[j] = j;
    }
    for (let j = dimensions - 1; j > 0; j--) {
      const other = Math.floor(stream.uniform(t, j, 1) * (j + 1));
      const moved = order[j];
      order[j] = order[other];
      order[other] = moved;
    }
    for (let step = 0; step < dimensions; step++) {
      const next = at + dimensions;
      drawn.copyWithin(next, at, next);
      const level = drawn[next + order[step]];
      drawn[next + order[step]] = level < levels / 2 ? level + levels / 2 : level - levels / 2;
      at = next;
    }
  }
  return drawn;
}

/** Squared distances between trajectories, each the sum of distances over all pairs of points. */
function distances(drawn: Int32Array, pool: number, dimensions: number): Float64Array {
  const points = dimensions + 1;
  const size = points * dimensions;
  const squares = new Float64Array(pool * pool);
  for (let a = 0; a < pool; a++) {
    for (let b = 0; b < a; b++) {
      let sum = 0;
      for (let m = a * size; m < (a + 1) * size; m += dimensions) {
        for (let n = b * size; n < (b + 1) * size; n += dimensions) {
          let square = 0;
          for (let j = 0; j < dimensions; j++) {
            const gap = drawn[m + j] - drawn[n + j];
            square += gap * gap;
          }
          sum += Math.sqrt(square);
        }
      }
      squares[a * pool + b] = sum * sum;
      squares[b * pool + a] = sum * sum;
    }
  }
  return squares;
}

/**
 * Chooses `count` members of large total squared distance: the furthest from those chosen joins
 * until there are enough, then members are exchanged while that helps. O(rounds count pool).
 */
function mostSpread(squares: Float64Array, count: number): Int32Array {
  const pool = Math.sqrt(squares.length);
  const taken = new Int32Array(count);
  const free = new Uint8Array(pool).fill(1);
  /** Of every member, the total squared distance from those taken. */
  const reach = new Float64Array(pool);
  const join = (place: number, member: number): void => {
    taken[place] = member;
    free[member] = 0;
    for (let i = 0; i < pool; i++) reach[i] += squares[member * pool + i];
  };
  join(0, Math.floor(squares.indexOf(squares.reduce((most, x) => Math.max(most, x), 0)) / pool));
  for (let place = 1; place < count; place++) join(place, furthest(reach, free));
  for (let round = 0, better = true; better && round < ROUNDS_MAX; round++) {
    better = false;
    for (let place = 0; place < count; place++) {
      const member = taken[place];
      const worth = reach[member];
      for (let i = 0; i < pool; i++) reach[i] -= squares[member * pool + i];
      free[member] = 1;
      const other = furthest(reach, free);
      const gains = reach[other] > worth * (1 + 1e-12);
      join(place, gains ? other : member);
      better ||= gains;
    }
  }
  return taken;
}

function furthest(reach: Float64Array, free: Uint8Array): number {
  let best = -1;
  for (let i = 0; i < reach.length; i++) {
    if (free[i] === 1 && (best < 0 || reach[i] > reach[best])) best = i;
  }
  return best;
}
