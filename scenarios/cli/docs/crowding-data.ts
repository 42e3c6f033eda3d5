/** The data of the figure of crowding: rows as stored, and what is drawn of them. */
import type { CrowdingRun } from './crowding-runs.js';

/** The stored file: one row a run. */
export interface CrowdingData {
  scenario: string;
  surveyMicros: number;
  columns: readonly string[];
  rows: readonly (readonly number[])[];
}

/** A mean or a ratio with its 95 % interval; NaN where nothing can be said. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** One setting of the dial. */
export interface CrowdingPoint {
  crowding: number;
  seeds: number;
  exitConvergence: Estimate;
  exAntePeak: Estimate;
  exitPressurePeak: Estimate;
  /** Realised R at scope 1, 2 and 3: ratio of sums over seeds. */
  realised: readonly [Estimate, Estimate, Estimate];
  /** The same at scope 1 over the first seeds alone. */
  realisedFirst: Estimate;
  /** Seeds with liquidations, and liquidations over all seeds. */
  seedsHit: number;
  liquidations: number;
  /**
   * Liquidations by each move that made any; share of the largest move of each seed, ratio of
   * sums.
   */
  perMove: number;
  largestShare: Estimate;
  /** R of each seed that had at least `CASCADE_MIN` liquidations, scope 1, in seed order. */
  cascades: readonly number[];
}

const COLUMNS = [
  'crowding', 'seed', 'exitConvergence', 'exAntePeak', 'exitPressurePeak',
  'nodesL1', 'nodesL2', 'nodesL3', 'pushedL1', 'pushedL2', 'pushedL3', 'moves',
  'largestMove', 'generations',
];
/** Liquidations from which a seed's own R is told. */
export const CASCADE_MIN = 100;
/** Seeds of the first round of runs, whose intervals were too wide. */
export const FIRST_SEEDS = 40;
const Z = 1.96;
/** Decimals kept of what is not a count. */
const DECIMALS = 6;

/** Returns the row of a run as stored. */
export function rowOf(run: CrowdingRun): number[] {
  const { crowding, seed, nodes, pushed } = run;
  const measured = [run.exitConvergence, run.exAntePeak, run.exitPressurePeak];
  const rounded = measured.map((x) => Number(x.toFixed(DECIMALS)));
  return [
    crowding, seed, ...rounded, ...nodes, ...pushed, run.moves, run.largestMove, run.generations,
  ];
}

/** Returns the stored file's text: a row a line. */
export function dataText(
  scenario: string,
  surveyMicros: number,
  runs: readonly CrowdingRun[],
): string {
  const head = JSON.stringify({ scenario, surveyMicros, columns: COLUMNS });
  const rows = runs.map((run) => JSON.stringify(rowOf(run)));
  return `${head.slice(0, -1)},"rows":[\n${rows.join(',\n')}\n]}\n`;
}

/** Returns what is drawn: one point a setting, ascending. */
export function pointsOf({ columns, rows }: CrowdingData): CrowdingPoint[] {
  const column = (name: string): number => columns.indexOf(name);
  const settings = [...new Set(rows.map((row) => row[column('crowding')]))].sort((a, b) => a - b);
  return settings.map((crowding) => {
    const own = rows.filter((row) => row[column('crowding')] === crowding);
    const of = (name: string): number[] => own.map((row) => row[column(name)]);
    const realised = (scope: number): Estimate =>
      ratio(of(`pushedL${scope}`), of(`nodesL${scope}`));
    return {
      crowding,
      seeds: own.length,
      exitConvergence: mean(of('exitConvergence')),
      exAntePeak: mean(of('exAntePeak')),
      exitPressurePeak: mean(of('exitPressurePeak')),
      realised: [realised(1), realised(2), realised(3)],
      realisedFirst: ratio(
        of('pushedL1').filter((_, i) => own[i][column('seed')] < FIRST_SEEDS),
        of('nodesL1').filter((_, i) => own[i][column('seed')] < FIRST_SEEDS),
      ),
      seedsHit: of('nodesL1').filter((count) => count > 0).length,
      liquidations: sum(of('nodesL1')),
      perMove: sum(of('nodesL1')) / sum(of('moves')),
      largestShare: ratio(of('largestMove'), of('nodesL1')),
      cascades: own
        .filter((row) => row[column('nodesL1')] >= CASCADE_MIN)
        .map((row) => row[column('pushedL1')] / row[column('nodesL1')]),
    };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): Estimate {
  return ratio(values, values.map(() => 1));
}

/** Ratio of sums; interval by the delta method over runs. */
function ratio(top: readonly number[], bottom: readonly number[]): Estimate {
  const n = top.length;
  const value = sum(top) / sum(bottom);
  const squares = sum(top.map((x, i) => (x - value * bottom[i]) * (x - value * bottom[i])));
  const error = (Z * Math.sqrt((squares * n) / (n - 1))) / sum(bottom);
  return { value, low: value - error, high: value + error };
}
