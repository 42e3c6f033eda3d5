/** Rows of an answer as an aligned table. */
import type { JsonValue } from '../experiment/index.js';
import { whole } from './number-text.js';
import { paint } from './terminal.js';

const GAP = '  ';
/** Digits of decimals in text; --json has all. */
const DIGITS = 6;

/**
 * Writes a header, the rows and how many there are.
 *
 * @param count rows of the answer, of which `rows` are the first
 */
export function queryText(columns: readonly string[], rows: readonly JsonValue[][], count: number): string {
  const cells = rows.map((row) => row.map(cellText));
  const widths = columns.map((name, k) => cells.reduce((most, row) => Math.max(most, row[k].length), name.length));
  const isNumber = columns.map((_, k) => rows.every((row) => row[k] === null || typeof row[k] === 'number'));
  const line = (values: readonly string[]): string =>
    values
      .map((value, k) => (isNumber[k] ? value.padStart(widths[k]) : value.padEnd(widths[k])))
      .join(GAP)
      .trimEnd();
  const more = count - rows.length;
  const all = `${whole(count)} ${count === 1 ? 'row' : 'rows'}`;
  const told = more > 0 ? `${all}, ${whole(more)} not shown: --limit n shows more, --json all` : all;
  return [paint('bold', line(columns)), ...cells.map(line), paint('dim', told)].join('\n');
}

function cellText(value: JsonValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(DIGITS)));
  if (typeof value === 'string') return value.replace(/\r?\n/g, ' ');
  return JSON.stringify(value);
}
