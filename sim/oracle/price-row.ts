/** Splits the text of a price file into rows of cells, each knowing where it stood. */
import { UserError } from '../kernel/index.js';

/** A row of cells and its line, from 1. */
export interface PriceRow {
  line: number;
  cells: string[];
}

/** Splits comma-separated text; blank lines are left out, quotes around cells and a BOM dropped. */
export function splitCsv(text: string): PriceRow[] {
  const rows: PriceRow[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    let line = lines[i];
    if (i === 0 && line.charCodeAt(0) === 0xfeff) line = line.slice(1);
    if (line.trim() === '') continue;
    const cells = line.split(',');
    for (let k = 0; k < cells.length; k++) cells[k] = unquote(cells[k].trim());
    rows.push({ line: i + 1, cells });
  }
  return rows;
}

/**
 * Splits a JSON array of arrays, as exchanges' candle endpoints return it.
 *
 * @throws UserError `index/syntax` when the text is not such an array.
 */
export function splitJson(text: string, fileName: string): PriceRow[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UserError(
      'index/syntax',
      `${fileName}: is not valid JSON, must be CSV or rows of candles`,
    );
  }
  const rows: PriceRow[] = [];
  const lines = lineOfRows(text);
  const items = parsed as unknown[];
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const line = lines[i] ?? 1;
    if (!Array.isArray(item)) {
      throw new UserError(
        'index/syntax',
        `${fileName}:${line}: row was not an array, must be a candle`,
      );
    }
    rows.push({ line, cells: item.map((cell) => String(cell)) });
  }
  return rows;
}

/** Returns the line of each inner array of a JSON array of arrays. */
function lineOfRows(text: string): number[] {
  const lines: number[] = [];
  let line = 1;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\n') line++;
    else if (c === ']') depth--;
    else if (c === '[') {
      depth++;
      if (depth === 2) lines.push(line);
    }
  }
  return lines;
}

function unquote(cell: string): string {
  const quoted = cell.length >= 2 && cell.startsWith('"') && cell.endsWith('"');
  return quoted ? cell.slice(1, -1) : cell;
}
