/** Points of an experiment on the unit cube, before they become values of factors. */
import { assert, UserError } from '../kernel/index.js';

/** A design: what every sampler of this folder returns. */
export interface UnitDesign {
  /** Points. */
  count: number;
  /** Coordinates of a point. */
  dimensions: number;
  /** Row by row: coordinate j of point i is unit[i * dimensions + j], in 0..1. */
  unit: Float64Array;
  /**
   * Consecutive points that only together say anything: a trajectory, a row of Saltelli's scheme; 1
   * where points stand alone. A divisor of `count`.
   */
  blockSize: number;
}

/** Most coordinates, over all points, of one design: 512 MB. */
export const COORDINATES_MAX = 67_108_864;

/**
 * Makes a design of points at the origin for a sampler to fill.
 *
 * @throws UserError design/size when it has no points or more than COORDINATES_MAX coordinates
 */
export function emptyDesign(count: number, dimensions: number, blockSize = 1): UnitDesign {
  assert(Number.isInteger(dimensions) && dimensions >= 1, `a design of ${dimensions} dimensions`);
  if (!(Number.isInteger(count) && count >= 1 && count * dimensions <= COORDINATES_MAX)) {
    const most = Math.floor(COORDINATES_MAX / dimensions);
    const range = `1 to ${most} points of ${dimensions} coordinates`;
    throw new UserError('design/size', `design: points were ${count}, a design has ${range}`);
  }
  return { count, dimensions, unit: new Float64Array(count * dimensions), blockSize };
}
