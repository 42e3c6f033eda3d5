/** An outcome in the cells that two factors span, drawn again and again from its seeds. */
import type { FactorLevels } from './factor-levels.js';
import type { Outcome } from './outcome.js';
import { isPooled, pooledRatio, ratioSampleOf } from './pooled-ratio.js';
import { sampleOf, unitsOf } from './sample.js';
import type { EstimateTerms } from './sample-estimate.js';
import { compute } from './statistic.js';
import type { StudyRuns } from './study-runs.js';

/** Resamples of seeds behind a boundary's interval. */
const RESAMPLES = 400;

/** Values by cell: row * columns + column. */
export interface CellTable {
  columns: number;
  rows: number;
  value: Float64Array;
  /** Runs with a value. */
  runs: Int32Array;
  /** Values of each resample; empty where there are fewer than two units. */
  resampled: Float64Array[];
}

/** What spans the cells: `y` left out for one row. */
export interface CellAxes {
  x: FactorLevels;
  y?: FactorLevels | undefined;
}

/** Computes the cells of one variant; the reproduction number is pooled over the runs of a cell. */
export function cellTable(
  runs: StudyRuns,
  outcome: Outcome,
  variant: number,
  { axes, terms }: { axes: CellAxes; terms: EstimateTerms },
): CellTable {
  const { plan } = runs;
  const columns = axes.x.levels.length;
  const rows = axes.y?.levels.length ?? 1;
  const cellOf = cellsOfPoints(plan.points, axes);
  const isIn = (point: number): boolean => cellOf[point] >= 0;
  const name = outcome.metric.name;
  const pooled = isPooled(outcome);
  const sample = pooled ? null : sampleOf(plan, runs.values(name), { variant, isIn });
  const ratio = pooled ? ratioSampleOf(runs, name, { variant, isIn }) : null;
  const own = (ratio ?? sample)!;
  const valuesOf = (drawn: readonly number[]): Float64Array => {
    const byCell: number[][] = Array.from({ length: columns * rows }, () => []);
    for (const i of drawn) byCell[cellOf[own.point[i]]].push(i);
    return Float64Array.from(byCell, (picks) =>
      ratio === null ? compute(outcome.statistic, picks.map((i) => own.value[i])) : pooledRatio(ratio, picks),
    );
  };
  const all = Array.from(own.value, (_, i) => i);
  const runsOf = new Int32Array(columns * rows);
  for (const i of all) runsOf[cellOf[own.point[i]]]++;
  const units = unitsOf(own, terms.unit, terms.blockSize);
  const resampled: Float64Array[] = [];
  for (let b = 0; b < RESAMPLES && units.length > 1; b++) {
    const drawn = units.flatMap((_, k) => units[Math.floor(terms.stream.uniform(b, 1, k) * units.length)]);
    resampled.push(valuesOf(drawn));
  }
  return { columns, rows, value: valuesOf(all), runs: runsOf, resampled };
}

/** Cell of every point; -1 where it lies in none. */
function cellsOfPoints(points: number, { x, y }: CellAxes): Int32Array {
  const levelOf = ({ levels }: FactorLevels, point: number): number => levels.findIndex((one) => one.points.has(point));
  return Int32Array.from({ length: points }, (_, point) => {
    const column = levelOf(x, point);
    const row = y === undefined ? 0 : levelOf(y, point);
    return column < 0 || row < 0 ? -1 : row * x.levels.length + column;
  });
}
