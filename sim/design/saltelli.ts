/** Saltelli's scheme: points from which Sobol indices of variance are estimated. */
import { assert } from '../kernel/index.js';
import { sobolDesign } from './sobol.js';
import { emptyDesign, type UnitDesign } from './unit-design.js';

/** What to sample. */
export interface SaltelliOptions {
  /** N: rows of dimensions + 2 points; a power of two is balanced best. */
  rows: number;
  /** k: at most half of SOBOL_DIMENSIONS_MAX. */
  dimensions: number;
  /** 0..2^53-1. */
  seed: number;
  /**
   * Consecutive coordinates that make up one factor, such as a mix of shares, and move together; in
   * sum `dimensions`. One each unless given.
   */
  groups?: readonly number[];
}

/**
 * Returns N blocks (A, B, A_B^1, ..., A_B^k): A and B are the halves of a point of a scrambled
 * Sobol sequence of 2k dimensions, A_B^i is A with factor i from B (Saltelli et al. 2010, "Variance
 * based sensitivity analysis of model output", Computer Physics Communications 181).
 *
 * @throws UserError design/dimensions for more dimensions than half of SOBOL_DIMENSIONS_MAX
 */
export function saltelliDesign(options: SaltelliOptions): UnitDesign {
  const { rows, dimensions, seed } = options;
  const groups = options.groups ?? new Array<number>(dimensions).fill(1);
  const grouped = groups.reduce((sum, width) => sum + width, 0);
  assert(grouped === dimensions, `groups hold ${grouped} coordinates of ${dimensions}`);
  const blockSize = groups.length + 2;
  const design = emptyDesign(rows * blockSize, dimensions, blockSize);
  const { unit: halves } = sobolDesign({ count: rows, dimensions: 2 * dimensions, seed });
  for (let row = 0; row < rows; row++) {
    const a = halves.subarray(2 * row * dimensions, (2 * row + 1) * dimensions);
    const b = halves.subarray((2 * row + 1) * dimensions, (2 * row + 2) * dimensions);
    let at = row * blockSize * dimensions;
    design.unit.set(a, at);
    at += dimensions;
    design.unit.set(b, at);
    let from = 0;
    for (const width of groups) {
      at += dimensions;
      design.unit.set(a, at);
      design.unit.set(b.subarray(from, from + width), at + from);
      from += width;
    }
  }
  return design;
}
