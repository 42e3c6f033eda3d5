/** Latin hypercubes: every coordinate is stratified as finely as there are points. */
import { assert, type RandomStream, RandomSource } from '../kernel/index.js';
import { emptyDesign, type UnitDesign } from './unit-design.js';

const TWO_POW_MINUS_24 = 1 / 16777216;
/** Most points: keeps a point off its stratum's edges after rounding. */
const POINTS_MAX = 1 << 26;
/** Work of the default number of swaps: about a second. */
const DEFAULT_WORK = 400_000_000;

/** What to sample. */
export interface LatinHypercubeOptions {
  count: number;
  dimensions: number;
  /** 0..2^53-1. */
  seed: number;
  /**
   * Swaps tried to spread the points, 0 for none, in O(count dimensions (count + swaps)). By
   * default 100 a point, fewer where that would take more than about a second, and so none for more
   * than 6000 points in 10 dimensions.
   */
  swaps?: number;
}

/**
 * Returns a Latin hypercube (McKay, Beckman & Conover 1979): in each coordinate one point, at a
 * random place, in each of `count` equal strata; strata are joined at random, then spread.
 */
export function latinHypercube(options: LatinHypercubeOptions): UnitDesign {
  const { count, dimensions, seed } = options;
  assert(count <= POINTS_MAX, `at most ${POINTS_MAX} points`);
  const design = emptyDesign(count, dimensions);
  const source = new RandomSource(seed);
  const shuffle = source.stream('design/latin-hypercube/shuffle');
  const place = source.stream('design/latin-hypercube/place');
  const strata = new Int32Array(count);
  for (let j = 0; j < dimensions; j++) {
    for (let i = 0; i < count; i++) strata[i] = i;
    for (let i = count - 1; i > 0; i--) {
      const other = Math.floor(shuffle.uniform(j, i, 0) * (i + 1));
      const moved = strata[i];
      strata[i] = strata[other];
      strata[other] = moved;
    }
    for (let i = 0; i < count; i++) {
      const within = ((place.words(j, i, 0)[0] >>> 8) + 0.5) * TWO_POW_MINUS_24;
      design.unit[i * dimensions + j] = (strata[i] + within) / count;
    }
  }
  const work = DEFAULT_WORK - count * count * dimensions;
  const affordable = Math.max(0, Math.floor(work / (4 * count * dimensions)));
  const swaps = options.swaps ?? Math.min(100 * count, affordable);
  if (swaps > 0 && count > 2 && dimensions > 1) {
    spread(design, swaps, source.stream('design/latin-hypercube/swaps'));
  }
  return design;
}

/**
 * Spreads the points towards the maximin distance: exchanges one coordinate of two points, which
 * keeps every stratum, when that lowers phi = sum over pairs of distance^-20, the smooth stand-in
 * of the smallest distance (Morris & Mitchell 1995). Every other try moves the most crowded point.
 * Differs: descends only, without annealing, and stops after a number of tries.
 */
function spread(design: UnitDesign, swaps: number, stream: RandomStream): void {
  const { count, dimensions, unit } = design;
  const crowding = new Float64Array(count);
  const before = new Float64Array(2 * count);
  const after = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) crowding[i] = repulsions(design, i, before, 0);
  for (let n = 0; n < swaps; n++) {
    const words = stream.words(0, n, 0);
    const column = words[0] % dimensions;
    const a = n % 2 === 0 ? mostCrowded(crowding) : words[1] % count;
    const b = (a + 1 + (words[2] % (count - 1))) % count;
    const old = repulsions(design, a, before, 0) + repulsions(design, b, before, count);
    exchange(unit, a * dimensions + column, b * dimensions + column);
    const fresh = repulsions(design, a, after, 0) + repulsions(design, b, after, count);
    if (!(fresh < old)) {
      exchange(unit, a * dimensions + column, b * dimensions + column);
      continue;
    }
    for (let i = 0; i < count; i++) {
      crowding[i] += after[i] - before[i] + after[count + i] - before[count + i];
    }
    crowding[a] = repulsions(design, a, after, 0);
    crowding[b] = repulsions(design, b, after, 0);
  }
}

/** Writes distance^-20 of point i to every other to out[at..] and returns their sum. */
function repulsions(design: UnitDesign, i: number, out: Float64Array, at: number): number {
  const { count, dimensions, unit } = design;
  let sum = 0;
  for (let other = 0; other < count; other++) {
    if (other === i) {
      out[at + other] = 0;
      continue;
    }
    let square = 0;
    for (let j = 0; j < dimensions; j++) {
      const gap = unit[i * dimensions + j] - unit[other * dimensions + j];
      square += gap * gap;
    }
    const fourth = square * square;
    const eighth = fourth * fourth;
    const term = 1 / (eighth * eighth * fourth);
    out[at + other] = term;
    sum += term;
  }
  return sum;
}

function mostCrowded(crowding: Float64Array): number {
  let most = 0;
  for (let i = 1; i < crowding.length; i++) if (crowding[i] > crowding[most]) most = i;
  return most;
}

function exchange(values: Float64Array, a: number, b: number): void {
  const moved = values[a];
  values[a] = values[b];
  values[b] = moved;
}
