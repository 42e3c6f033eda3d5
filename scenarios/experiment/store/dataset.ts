/** The tables of a study: `runs`, a row a run, those a study asks for, and `timings`, what they cost. */
import { join } from 'node:path';
import { EPISODE_COLUMNS, INTERVAL_COLUMNS, ParquetFile } from '../../runtime/index.js';
import type { ParquetColumn, RunTable } from '../../runtime/index.js';
import type { StudyPlan } from '../study/index.js';
import { replaceFile } from './files.js';
import type { ResultStore } from './result-store.js';

export const runsFileName = 'runs.parquet';
export const timingsFileName = 'timings.parquet';

const ROWS_PER_GROUP = 16_384;

/** What every run has, before its factors and figures. */
const HEAD: readonly ParquetColumn[] = [
  { name: 'run', kind: 'string', doc: 'Key of the run: a digest of its inputs' },
  { name: 'point', kind: 'int32', doc: 'Point of the design, from 0', ordered: true },
  { name: 'replicate', kind: 'int32', doc: 'Replicate at the point, from 0' },
  { name: 'variant', kind: 'string', doc: 'Name of the variant' },
  { name: 'seed', kind: 'int64', doc: 'Seed; the same for a replicate at every point and variant' },
  { name: 'status', kind: 'string', doc: 'ok or failed' },
  { name: 'reason', kind: 'string', doc: 'Code and reason of a failure', nullable: true },
  { name: 'stateHash', kind: 'string', doc: 'Hash of events and final state', nullable: true },
];

/** A column of the table of runs. */
export interface RunsColumn extends ParquetColumn {
  unit: string;
}

/** Returns the columns of a study's table of runs, in order. */
export function runsColumns({ study, metrics }: StudyPlan): RunsColumn[] {
  const factors = study.factors.map(({ name, doc, unit, values }, i): RunsColumn => {
    const isText = values?.some((one) => typeof one !== 'number') ?? false;
    return { name, kind: isText ? 'string' : 'double', doc: `Factor ${i + 1}: ${doc || name}`, unit };
  });
  const figures = metrics.map(({ name, doc, unit }): RunsColumn => {
    return { name, kind: 'double', doc: `${doc} [${unit}]`, unit, nullable: true };
  });
  return [...HEAD.map((one) => ({ ...one, unit: '' })), ...factors, ...figures];
}

/**
 * Writes the tables of everything that is known, rows in the order of the plan whatever the order of the
 * runs: equal results give equal bytes of `runs`. Memory O(a group of rows).
 *
 * @throws UserError `disk/full`; tables that stood there stay
 */
export function writeTables(folder: string, store: ResultStore): void {
  replaceFile(join(folder, runsFileName), (path) => writeRuns(path, store));
  replaceFile(join(folder, timingsFileName), (path) => writeTimings(path, store));
  for (const table of store.plan.study.tables) {
    replaceFile(join(folder, tableFileName(table)), (path) => writeTable(path, store, table));
  }
}

/** Returns the name of the file of a table that a study asked for. */
export function tableFileName(table: RunTable): string {
  return `${table}.parquet`;
}

/** Lists the files of tables that a study has, once it has run. */
export function tableFiles(plan: StudyPlan): string[] {
  return [runsFileName, timingsFileName, ...plan.study.tables.map(tableFileName)];
}

function writeRuns(path: string, store: ResultStore): void {
  const { plan } = store;
  const columns = runsColumns(plan);
  // Nothing that may change while the digest stays: equal results, equal bytes.
  const metadata = { digest: plan.digest };
  const file = new ParquetFile(path, columns, metadata, { rowsPerGroup: ROWS_PER_GROUP });
  const factors = HEAD.length;
  const figures = factors + plan.study.factors.length;
  writeWhole(file, store, (index, outcome) => {
    const { point, replicate, variant } = plan.placeOf(index);
    const isDone = outcome.status === 'ok';
    file.setText(0, plan.keyOf(index));
    file.set(1, point);
    file.set(2, replicate);
    file.setText(3, plan.study.variants[variant].name);
    file.set(4, plan.seedOf(replicate));
    file.setText(5, outcome.status);
    file.setText(6, isDone ? '' : `${outcome.code}: ${outcome.reason}`);
    file.setText(7, isDone ? outcome.stateHash : '');
    plan.design.points[point].values.forEach((value, k) => {
      const column = factors + k;
      if (columns[column].kind === 'string') file.setText(column, textOf(value));
      else file.set(column, Number(value));
    });
    for (let k = 0; k < plan.metrics.length; k++) {
      file.set(figures + k, (isDone ? outcome.values[k] : null) ?? Number.NaN);
    }
    file.endRow();
  });
}

/** A row an episode or sample, under the key of its run. */
function writeTable(path: string, store: ResultStore, table: RunTable): void {
  const named = table === 'episodes' ? EPISODE_COLUMNS : INTERVAL_COLUMNS;
  const columns: ParquetColumn[] = [
    { name: 'run', kind: 'string', doc: 'Key of the run' },
    ...named.map(({ name, doc, unit }): ParquetColumn => {
      return { name, kind: 'double', doc: unit === '' ? doc : `${doc} [${unit}]` };
    }),
  ];
  const file = new ParquetFile(path, columns, {}, { rowsPerGroup: ROWS_PER_GROUP });
  writeWhole(file, store, (index, outcome) => {
    const rows = outcome.status === 'ok' ? (outcome.tables?.[table] ?? []) : [];
    const key = store.plan.keyOf(index);
    for (const row of rows) {
      file.setText(0, key);
      row.forEach((value, k) => {
        file.set(k + 1, value);
      });
      file.endRow();
    }
  });
}

/** What differs between two makings of the same study stands apart. */
function writeTimings(path: string, store: ResultStore): void {
  const columns: ParquetColumn[] = [
    { name: 'run', kind: 'string', doc: 'Key of the run' },
    { name: 'wallSeconds', kind: 'double', doc: 'Time it took on its thread [s]' },
  ];
  const file = new ParquetFile(path, columns, {}, { rowsPerGroup: ROWS_PER_GROUP });
  writeWhole(file, store, (index, outcome) => {
    file.setText(0, store.plan.keyOf(index));
    file.set(1, outcome.wallSeconds);
    file.endRow();
  });
}

type RowOf = (index: number, outcome: NonNullable<ReturnType<ResultStore['get']>>) => void;

function writeWhole(file: ParquetFile, store: ResultStore, row: RowOf): void {
  try {
    for (let index = 0; index < store.plan.size; index++) {
      const outcome = store.get(index);
      if (outcome === null) continue;
      row(index, outcome);
    }
    file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
