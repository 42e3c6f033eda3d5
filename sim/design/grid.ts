/** Full factorial designs: every combination of the factors' levels. */
import { UserError } from '../kernel/index.js';
import { emptyDesign, type UnitDesign } from './unit-design.js';

/** How levels lie in 0..1. */
export interface GridOptions {
  /**
   * Whether the first and last level are 0 and 1, as for the ends of a range; else level l of L is
   * the middle (l + 1/2) / L of its share, as for lists and integers. A single level is at 1/2.
   */
  ends?: boolean;
}

/**
 * Returns the full factorial design of `levels[j]` levels of factor j, the first factor slowest:
 * point i has level floor(i / (product of later counts)) mod levels[j].
 *
 * @throws UserError design/levels for a count of levels that is not 1, 2, ..., design/size for more
 * points than a design holds
 */
export function gridDesign(
  levels: readonly number[],
  { ends = false }: GridOptions = {},
): UnitDesign {
  levels.forEach((count, j) => {
    if (Number.isInteger(count) && count >= 1) return;
    const text = `design: levels of factor ${j} were ${count}, must be a whole number from 1`;
    throw new UserError('design/levels', text);
  });
  const dimensions = levels.length;
  const design = emptyDesign(
    levels.reduce((product, count) => product * count, 1),
    dimensions,
  );
  let stride = design.count;
  for (let j = 0; j < dimensions; j++) {
    const last = levels[j] - 1;
    stride /= levels[j];
    for (let i = 0; i < design.count; i++) {
      const level = Math.floor(i / stride) % levels[j];
      const at = ends && last > 0 ? level / last : (level + 0.5) / levels[j];
      design.unit[i * dimensions + j] = at;
    }
  }
  return design;
}
