/** What is kept of a study's runs for its page: a row a run, with factors and a few figures. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { runsFileName } from '../../../experiment/index.js';

/** One run: `variant`, `seed`, factors and figures by name; null where undefined. */
export type Row = Readonly<Record<string, string | number | null>>;

/** The stored file of a study. */
export interface StudyRows {
  study: string;
  columns: readonly string[];
  rows: readonly (readonly (string | number | null)[])[];
}

/** Digits kept: enough that a mean does not move in its third. */
const DIGITS = 6;

/** Reads the columns of a finished study's table of runs, in its order. */
export async function rowsOfTable(
  folder: string,
  study: string,
  columns: readonly string[],
): Promise<StudyRows> {
  const bytes = readFileSync(join(folder, runsFileName));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const runs = (await parquetReadObjects({ file })) as Record<string, unknown>[];
  const failed = runs.filter((run) => run.status !== 'ok');
  if (failed.length > 0) throw new Error(`${failed.length} runs of ${study} failed: ${failed[0].reason}`);
  return { study, columns, rows: runs.map((run) => columns.map((name) => kept(run[name]))) };
}

/** Returns a value as it is stored. */
export function kept(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  const number = Number(value);
  return Number.isInteger(number) ? number : Number(number.toPrecision(DIGITS));
}

/** Returns the stored file's text: a row a line. */
export function rowsText({ study, columns, rows }: StudyRows): string {
  const head = JSON.stringify({ study, columns });
  const lines = rows.map((row) => JSON.stringify(row));
  return `${head.slice(0, -1)},"rows":[\n${lines.join(',\n')}\n]}\n`;
}

/** Returns the rows by name of column. */
export function namedRows({ columns, rows }: StudyRows): Row[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, k) => [name, row[k]])));
}

/** Returns the rows with these values, in order of seed: runs of equal seeds pair up. */
export function rowsWhere(rows: readonly Row[], values: Row): Row[] {
  return rows
    .filter((row) => Object.entries(values).every(([name, value]) => row[name] === value))
    .sort((a, b) => Number(a.seed) - Number(b.seed));
}

/** Returns the different values of a column, in the order in which they come. */
export function valuesOf(rows: readonly Row[], name: string): (string | number)[] {
  return [...new Set(rows.map((row) => row[name] as string | number))];
}

/** Returns one figure of each row. */
export function figureOf(rows: readonly Row[], name: string): number[] {
  return rows.map((row) => (row[name] === null ? Number.NaN : Number(row[name])));
}
