/** What one run of a sweep says about criticality. */
import { assert } from '../kernel/index.js';

/** One run. */
export interface CriticalityRow {
  /** Setting of the control parameter: leverage, crowding, thinness of the book. */
  control: number;
  /** Setting of the size, such as `dials.traders`: 1, 4, 16. */
  size: number;
  seed: number;
  /** Children of the counted liquidations, over counted liquidations: see `earlyOffspring`. */
  offspring: number;
  nodes: number;
  /** Liquidations of the largest cascade. */
  largest: number;
  /** Accounts at risk. */
  population: number;
}

/** Rows of one size at one setting. */
export interface SettingRows {
  control: number;
  rows: readonly CriticalityRow[];
}

/** Rows of one size, settings ascending. */
export interface SizeRows {
  size: number;
  /** Mean over the rows. */
  population: number;
  settings: SettingRows[];
}

/** Groups rows by size and setting, both ascending. */
export function groupRows(rows: readonly CriticalityRow[]): SizeRows[] {
  const sizes = [...new Set(rows.map((row) => row.size))].sort((a, b) => a - b);
  return sizes.map((size) => {
    const own = rows.filter((row) => row.size === size);
    for (const { control, population } of own) {
      assert(Number.isFinite(control) && population > 0, `a row at ${control} of ${population} accounts`);
    }
    const controls = [...new Set(own.map((row) => row.control))].sort((a, b) => a - b);
    return {
      size,
      population: own.reduce((sum, row) => sum + row.population, 0) / own.length,
      settings: controls.map((control) => ({
        control,
        rows: own.filter((row) => row.control === control),
      })),
    };
  });
}

/** Offspring and nodes that may be pooled into a reproduction number. */
export interface EarlyOffspring {
  offspring: number;
  nodes: number;
}

/**
 * Counts the nodes of the generations that end before `limit` of the population has fallen, and their
 * children, whichever generation those are in.
 *
 * All nodes of complete cascades have one child fewer each than there are cascades: their ratio lies below
 * 1 however strong the contagion. To count a generation is decided before its children are known, so that
 * the ratio of sums over runs is the mean number of children (Wald's identity), also beyond 1.
 *
 * @param generationNodes liquidations of generation 1, 2, ... of a run, all cascades together
 */
export function earlyOffspring(
  generationNodes: ArrayLike<number>,
  population: number,
  limit = 0.1,
): EarlyOffspring {
  const found: EarlyOffspring = { offspring: 0, nodes: 0 };
  for (let g = 0; g < generationNodes.length; g++) {
    if (found.nodes + generationNodes[g] > limit * population) break;
    found.nodes += generationNodes[g];
    found.offspring += g + 1 < generationNodes.length ? generationNodes[g + 1] : 0;
  }
  return found;
}
