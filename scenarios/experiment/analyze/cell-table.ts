/** An outcome in the cells that two factors span, drawn again and again from its seeds. */
import type { FactorLevels } from './factor-levels.js';
import type { Outcome } from './outcome.js';
import { isPooled, ratioSampleOf } from './pooled-ratio.js';
import { groupsOf, sampleOf, unitsOf } from './sample.js';
import type { Sample } from './sample.js';
import type { EstimateTerms } from './sample-estimate.js';
import { compute, scoreOf } from './statistic.js';
import type { Statistic } from './statistic.js';
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
  /** Values of each resample; empty where there are fewer than two units, or no level to cross. */
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
  const cells = columns * rows;
  const runsOf = new Int32Array(cells);
  for (const point of own.point) runsOf[cellOf[point]]++;
  const units = groupsOf(unitsOf(own, terms.unit, terms.blockSize));
  const valuesOf = outcome.statistic.kind === 'quantile'
    ? quantilesOf(own, units, { cells, cellOf, statistic: outcome.statistic })
    : ratiosOf(own, units, { cells, cellOf, statistic: outcome.statistic, weight: ratio?.weight });
  const all = Int32Array.from(units, (_, k) => k);
  const resampled: Float64Array[] = [];
  const drawn = new Int32Array(units.length);
  for (let b = 0; b < RESAMPLES && units.length > 1 && outcome.level !== null; b++) {
    for (let k = 0; k < drawn.length; k++) drawn[k] = Math.floor(terms.stream.uniform(b, 1, k) * units.length);
    resampled.push(valuesOf(drawn));
  }
  return { columns, rows, value: valuesOf(all), runs: runsOf, resampled };
}

/** Cells, and what is computed in them. */
interface CellTerms {
  cells: number;
  cellOf: Int32Array;
  statistic: Statistic;
  /** Of every value, where a ratio of sums is wanted. */
  weight?: Float64Array | undefined;
}

type CellValues = (drawn: Int32Array) => Float64Array;

/** Means, shares and ratios: sums of every unit and cell are all that is drawn. */
function ratiosOf(sample: Sample, units: readonly number[][], { cells, cellOf, statistic, weight }: CellTerms): CellValues {
  const score = scoreOf(statistic);
  const above = new Float64Array(units.length * cells);
  const below = new Float64Array(units.length * cells);
  units.forEach((rows, unit) => {
    for (const i of rows) {
      const at = unit * cells + cellOf[sample.point[i]];
      const mass = weight === undefined ? 1 : weight[i];
      above[at] += score(sample.value[i]) * mass;
      below[at] += mass;
    }
  });
  return (drawn) =>
    Float64Array.from({ length: cells }, (_, cell) => {
      let [sum, mass] = [0, 0];
      for (const unit of drawn) {
        sum += above[unit * cells + cell];
        mass += below[unit * cells + cell];
      }
      return mass > 0 ? sum / mass : NaN;
    });
}

function quantilesOf(sample: Sample, units: readonly number[][], { cells, cellOf, statistic }: CellTerms): CellValues {
  return (drawn) => {
    const byCell: number[][] = Array.from({ length: cells }, () => []);
    for (const unit of drawn) for (const i of units[unit]) byCell[cellOf[sample.point[i]]].push(sample.value[i]);
    return Float64Array.from(byCell, (values) => compute(statistic, values));
  };
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
