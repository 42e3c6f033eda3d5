/** How evenly a design fills the cube: diagnostics of at most SPREAD_POINTS_MAX points. */
import { assert } from '../kernel/index.js';
import type { UnitDesign } from './unit-design.js';

/** Most points compared: 2e8 pairs. */
export const SPREAD_POINTS_MAX = 20_000;

/**
 * Returns the centred L2 discrepancy, 0 for perfectly even (Hickernell 1998, "A generalized
 * discrepancy and quadrature error bound", Mathematics of Computation 67; the root, not its
 * square). O(count^2 dimensions).
 */
export function centredDiscrepancy({ count, dimensions, unit }: UnitDesign): number {
  assert(count <= SPREAD_POINTS_MAX, `at most ${SPREAD_POINTS_MAX} points`);
  const offset = Float64Array.from(unit, (x) => Math.abs(x - 0.5));
  let whole = 1;
  for (let j = 0; j < dimensions; j++) whole *= 13 / 12;
  let single = 0;
  let double = 0;
  for (let i = 0; i < count; i++) {
    let product = 1;
    for (let j = 0; j < dimensions; j++) {
      const z = offset[i * dimensions + j];
      product *= 1 + 0.5 * z - 0.5 * z * z;
    }
    single += product;
    for (let k = 0; k <= i; k++) {
      let both = 1;
      for (let j = 0; j < dimensions; j++) {
        const a = i * dimensions + j;
        const b = k * dimensions + j;
        both *= 1 + 0.5 * (offset[a] + offset[b] - Math.abs(unit[a] - unit[b]));
      }
      double += k < i ? 2 * both : both;
    }
  }
  const square = whole - (2 / count) * single + double / count / count;
  return Math.sqrt(Math.max(0, square));
}

/** Returns the smallest distance between two points; Infinity of one. O(count^2 dimensions). */
export function minimalDistance({ count, dimensions, unit }: UnitDesign): number {
  assert(count <= SPREAD_POINTS_MAX, `at most ${SPREAD_POINTS_MAX} points`);
  let least = Infinity;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < i; k++) {
      let square = 0;
      for (let j = 0; j < dimensions && square < least; j++) {
        const gap = unit[i * dimensions + j] - unit[k * dimensions + j];
        square += gap * gap;
      }
      if (square < least) least = square;
    }
  }
  return Math.sqrt(least);
}
