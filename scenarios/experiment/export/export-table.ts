/** Takes a table of a study to another program. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { UserError } from '../../../sim/kernel/index.js';
import { checkedTables, planOfFile, tableFiles } from '../store/index.js';
import { arrowBytes } from './arrow-bytes.js';
import { csvLines } from './csv-lines.js';
import { refuseExisting, toNewFile, toStream } from './export-sink.js';
import type { Pieces } from './export-sink.js';
import { jsonLines } from './json-lines.js';
import { openSource } from './table-source.js';

/** Formats of an export. */
export const exportFormats = ['csv', 'arrow', 'parquet', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Tables of a study. */
export const exportTables = ['runs', 'timings', 'episodes', 'intervals'] as const;
export type ExportTable = (typeof exportTables)[number];

/** What to export. */
export interface ExportRequest {
  folder: string;
  table: ExportTable;
  format: ExportFormat;
  /** A file that must not exist, or a stream. */
  out: string | Writable;
}

/** What was exported. */
export interface Exported {
  rows: number;
  columns: number;
}

/**
 * Writes a table, whole or not at all.
 * @throws UserError `study/...`, `export/table`, `export/exists`, `disk/full`, `run/unwritable`
 */
export async function exportTable({ folder, table, format, out }: ExportRequest): Promise<Exported> {
  const { study } = checkedTables(folder);
  refuseAbsent(table, tableFiles(planOfFile(study)));
  if (typeof out === 'string') refuseExisting(out);
  const path = join(folder, fileOf(table));
  const source = await openSource(path);
  const piecesOf: Record<ExportFormat, () => Pieces> = {
    csv: () => csvLines(source),
    json: () => jsonLines(source),
    arrow: () => arrowBytes(source),
    parquet: () => createReadStream(path),
  };
  const pieces = piecesOf[format]();
  if (typeof out === 'string') await toNewFile(pieces, out);
  else await toStream(pieces, out);
  return { rows: source.rows, columns: source.columns.length };
}

function fileOf(table: ExportTable): string {
  return `${table}.parquet`;
}

function refuseAbsent(table: ExportTable, files: readonly string[]): void {
  if (files.includes(fileOf(table))) return;
  const names = files.map((one) => one.replace(/\.parquet$/, '')).join(', ');
  const fix = `a study keeps it with "tables: [${table}]"`;
  throw new UserError('export/table', `--table was "${table}", this study has ${names}; ${fix}`);
}
