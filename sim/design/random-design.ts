/** Independent uniform points: the plain Monte Carlo design. */
import { RandomSource } from '../kernel/index.js';
import { emptyDesign, type UnitDesign } from './unit-design.js';

/** What to sample. */
export interface RandomDesignOptions {
  count: number;
  dimensions: number;
  /** 0..2^53-1. */
  seed: number;
}

/**
 * Returns points drawn independently and uniformly from (0, 1). A longer design of the same seed
 * begins with the points of a shorter one, and a further dimension leaves the others alone.
 */
export function randomDesign({ count, dimensions, seed }: RandomDesignOptions): UnitDesign {
  const design = emptyDesign(count, dimensions);
  const stream = new RandomSource(seed).stream('design/random');
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < dimensions; j++) {
      design.unit[i * dimensions + j] = stream.uniformOpen(i, j, 0);
    }
  }
  return design;
}
