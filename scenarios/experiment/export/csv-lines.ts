/** A table as CSV: RFC 4180, absent values empty, numbers with every digit they need. */
import type { CellValue, TableSource } from './table-source.js';

const LINE_END = '\r\n';
const NEEDS_QUOTES = /[",\r\n]/;

/** Yields the lines, the header first. */
export async function* csvLines(source: TableSource): AsyncGenerator<string> {
  const names = source.columns.map((one) => one.name);
  yield csvLine(names);
  for await (const rows of source.groups()) {
    yield rows.map((row) => csvLine(names.map((name) => row[name]))).join('');
  }
}

/** Writes a line with its end. */
export function csvLine(values: readonly CellValue[]): string {
  return values.map(csvValue).join(',') + LINE_END;
}

function csvValue(value: CellValue): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
