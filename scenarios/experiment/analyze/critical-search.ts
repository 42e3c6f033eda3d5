/** The critical point of every factor, as `sim/criticality` looks for it: R = 1 first, then second opinions. */
import { locateCritical } from '../../../sim/criticality/index.js';
import type { CriticalityRow, CriticalPoint } from '../../../sim/criticality/index.js';
import { factorLevels } from './factor-levels.js';
import { OK } from './study-runs.js';
import type { StudyRuns } from './study-runs.js';

/** The critical point along one factor, over all values of the others but the size. */
export interface CriticalSearch {
  factor: string;
  unit: string;
  variant: string;
  found: CriticalPoint;
}

/** The dial that says how many traders there are: its factor is the size. */
const SIZE_PATH = 'dials.traders';
const LEVELS_MIN = 3;
/** Runs times factors at most, as each costs hundreds of resamples; beyond, the table of boundaries must do. */
const ROWS_MAX = 30_000;
const FIGURES = ['contagion.earlyOffspring', 'contagion.earlyNodes', 'contagion.largestTree', 'traders'] as const;

/** Searches along every numeric factor with levels of its own; none where runs lack what it takes. */
export function criticalSearches(runs: StudyRuns): CriticalSearch[] {
  const { plan } = runs;
  const has = (name: string): boolean => plan.metrics.some((one) => one.name === name);
  if (plan.design.blockSize > 1 || !FIGURES.every(has)) return [];
  const levels = factorLevels(plan);
  const size = plan.study.factors.findIndex((one) => one.path === SIZE_PATH);
  const axes = levels.filter((one) => one.factor !== size && one.isNumber && !one.binned && one.levels.length >= LEVELS_MIN);
  if (runs.ok * axes.length > ROWS_MAX) return [];
  return axes.flatMap(({ factor, name, unit }) =>
    plan.study.variants.flatMap((one, variant): CriticalSearch[] => {
      const rows = rowsOf(runs, variant, { factor, size });
      if (rows.every((row) => row.nodes === 0)) return [];
      return [{ factor: name, unit, variant: one.name, found: locateCritical(rows, { seed: plan.study.seed }) }];
    }),
  );
}

function rowsOf(runs: StudyRuns, variant: number, { factor, size }: { factor: number; size: number }): CriticalityRow[] {
  const { plan, status } = runs;
  const [offspring, nodes, largest, traders] = FIGURES.map((name) => runs.values(name));
  const rows: CriticalityRow[] = [];
  for (let point = 0; point < plan.points; point++) {
    const { values } = plan.design.points[point];
    for (let replicate = 0; replicate < plan.replicates; replicate++) {
      const index = plan.indexOf({ point, variant, replicate });
      if (status[index] !== OK || !(traders[index] > 0)) continue;
      rows.push({
        control: Number(values[factor]),
        size: size < 0 ? 1 : Number(values[size]),
        seed: replicate,
        offspring: known(offspring[index]),
        nodes: known(nodes[index]),
        largest: known(largest[index]),
        population: traders[index],
      });
    }
  }
  return rows;
}

function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
