/** An outcome over two factors, with the boundary between its phases. */
import { crossingOf } from './boundary.js';
import type { Crossing } from './boundary.js';
import { cellTable } from './cell-table.js';
import type { CellTable } from './cell-table.js';
import { factorLevels } from './factor-levels.js';
import type { FactorLevels } from './factor-levels.js';
import type { Outcome } from './outcome.js';
import type { EstimateTerms } from './sample-estimate.js';
import type { StudyRuns } from './study-runs.js';

/** A phase diagram of one variant. */
export interface PhaseDiagram {
  outcome: string;
  unit: string;
  /** Not declared beforehand. */
  derived: boolean;
  variant: string;
  x: PhaseAxis;
  y: PhaseAxis;
  cells: CellTable;
  /** Least and greatest value of all variants: the ends of one scale for what is compared. */
  range: [number, number];
  level: number | null;
  /** Share of resamples in which a cell lies at or above the level; empty without a level. */
  above: Float64Array;
  /** Where x crosses the level, row by row of y. */
  boundary: { y: string; crossing: Crossing }[];
}

/** An axis of a diagram. */
export interface PhaseAxis {
  factor: string;
  unit: string;
  labels: string[];
  controls: number[];
  binned: boolean;
}

/** Pairs of factors shown at most. */
const PAIRS_MAX = 3;
const LEVELS_MIN = 3;
/** Points that a bin of two factors should have. */
const POINTS_PER_CELL = 6;

/** Draws every pair of numeric factors with enough levels, the first pairs first. */
export function phaseDiagrams(
  runs: StudyRuns,
  outcomes: readonly Outcome[],
  terms: EstimateTerms,
  declared: readonly Outcome[],
): PhaseDiagram[] {
  const { plan } = runs;
  if (plan.design.blockSize > 1) return [];
  const bins = Math.max(2, Math.min(8, Math.floor(Math.sqrt(plan.points / POINTS_PER_CELL))));
  const axes = factorLevels(plan, bins).filter((one) => one.isNumber && one.levels.length >= LEVELS_MIN);
  const pairs = axes.flatMap((x, i) => axes.slice(i + 1).map((y) => ({ x, y }))).slice(0, PAIRS_MAX);
  return pairs.flatMap((pair) =>
    outcomes.flatMap((outcome) => {
      const own = plan.study.variants.map(({ name }, variant) => diagramOf(runs, outcome, { name, variant, pair, terms, declared }));
      return withRange(own);
    }),
  );
}

/** Gives diagrams one scale; what was not asked for is left out where it shows nothing. */
function withRange(diagrams: readonly PhaseDiagram[]): PhaseDiagram[] {
  const known = diagrams.flatMap(({ cells }) => Array.from(cells.value).filter((one) => !Number.isNaN(one)));
  if (known.length === 0) return diagrams[0].derived ? [] : [...diagrams];
  const range: [number, number] = [Math.min(...known), Math.max(...known)];
  if (diagrams[0].derived && range[0] === range[1]) return [];
  return diagrams.map((one) => ({ ...one, range }));
}

interface DiagramTerms {
  name: string;
  variant: number;
  pair: { x: FactorLevels; y: FactorLevels };
  terms: EstimateTerms;
  declared: readonly Outcome[];
}

function diagramOf(runs: StudyRuns, outcome: Outcome, { name, variant, pair, terms, declared }: DiagramTerms): PhaseDiagram {
  const cells = cellTable(runs, outcome, variant, { axes: pair, terms });
  const { level, label, unit } = outcome;
  const x = axisOf(pair.x);
  const { confidence } = terms;
  return {
    outcome: label,
    unit,
    derived: !declared.includes(outcome),
    variant: name,
    x,
    y: axisOf(pair.y),
    cells,
    range: [0, 1],
    level,
    above: level === null ? new Float64Array(0) : shareAbove(cells, level),
    boundary: level === null ? [] : pair.y.levels.map((one, row) => (
      { y: one.label, crossing: crossingOf(x.controls, cells, { row, level, confidence }) }
    )),
  };
}

function axisOf({ name: factor, unit, binned, levels }: FactorLevels): PhaseAxis {
  return { factor, unit, binned, labels: levels.map((one) => one.label), controls: levels.map((one) => one.control) };
}

function shareAbove({ value, resampled }: CellTable, level: number): Float64Array {
  return value.map((_, cell) => {
    const known = resampled.filter((one) => !Number.isNaN(one[cell]));
    return known.length === 0 ? NaN : known.filter((one) => one[cell] >= level).length / known.length;
  });
}
