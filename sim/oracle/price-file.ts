/** Reads a price file's text into bars without gaps. */
import { exp, log, UserError } from '../kernel/index.js';
import type { PriceBars } from './price-bars.js';
import { detectFormat } from './price-format.js';
import type { PriceFormat } from './price-format.js';
import { splitCsv, splitJson } from './price-row.js';
import type { PriceRow } from './price-row.js';

/** Bars of a price file, and what had to be mended. */
export interface PriceFile {
  bars: PriceBars;
  intervalMicros: number;
  /** Bars that were missing and have been bridged. */
  missing: number;
  /** One line that counts them. */
  warning?: string;
}

const INTERVAL_MILLIS_MIN = 1_000;
const INTERVAL_MILLIS_MAX = 3_600_000;
const BARS_MAX = 5_000_000;
const SECONDS_BELOW = 1e11;
const MILLIS_BELOW = 1e14;
/** The last day a date can hold. */
const TIME_MILLIS_MAX = 8.64e15;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Columns of the rows as numbers. */
interface Columns {
  lines: Int32Array;
  times: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
}

/**
 * Reads bars of one second to one hour. The interval is the most frequent step; missing bars are
 * bridged, and counted in one warning.
 *
 * Accepts `ts_ms,open,high,low,close,volume` (further columns are ignored), kline dumps of 12
 * columns with or without their header, and candles whose header starts with `time` or `unix`
 * (newest first or last), as CSV or as a JSON array of rows. The file is text: unpacking is the
 * caller's task.
 *
 * @throws UserError `index/...`, one line with the file, the line, what stood there and what must.
 */
export function parsePriceFile(text: string, fileName: string): PriceFile {
  const isJson = text.trimStart().startsWith('[');
  const rows = isJson ? splitJson(text, fileName) : splitCsv(text);
  if (rows.length === 0) {
    throw new UserError('index/empty', `${fileName}: file was empty, must hold at least two bars`);
  }
  const format = detectFormat(rows, isJson, fileName);
  const columns = readColumns(rows, format, fileName);
  checkOrder(columns, format, fileName);
  const intervalMillis = inferInterval(columns, fileName);
  return fillGaps(columns, intervalMillis, fileName);
}

function readColumns(rows: PriceRow[], format: PriceFormat, fileName: string): Columns {
  const count = rows.length - format.skip;
  if (count < 2) {
    const bars = count === 1 ? 'one bar' : 'no bars';
    throw new UserError('index/short', `${fileName}: file had ${bars}, must hold at least two`);
  }
  const columns: Columns = {
    lines: new Int32Array(count),
    times: new Float64Array(count),
    open: new Float64Array(count),
    high: new Float64Array(count),
    low: new Float64Array(count),
    close: new Float64Array(count),
  };
  const newestFirst = format.newestFirst && isDescending(rows, format);
  for (let i = 0; i < count; i++) {
    const row = rows[format.skip + (newestFirst ? count - 1 - i : i)];
    readRow(row, format, fileName, columns, i);
  }
  return columns;
}

function readRow(
  row: PriceRow,
  format: PriceFormat,
  fileName: string,
  columns: Columns,
  i: number,
): void {
  const { cells, line } = row;
  if (cells.length < format.columns) {
    throw bad(
      'index/columns',
      fileName,
      line,
      'row',
      `${cells.length} columns`,
      `at least ${format.columns}`,
    );
  }
  columns.lines[i] = line;
  columns.times[i] = readTime(cells[format.time], format, fileName, line);
  columns.open[i] = readPrice(cells[format.open], 'open', fileName, line);
  columns.high[i] = readPrice(cells[format.high], 'high', fileName, line);
  columns.low[i] = readPrice(cells[format.low], 'low', fileName, line);
  columns.close[i] = readPrice(cells[format.close], 'close', fileName, line);
  if (columns.high[i] < columns.low[i]) {
    throw bad(
      'index/range',
      fileName,
      line,
      'high',
      cells[format.high],
      `at least low (${columns.low[i]})`,
    );
  }
  if (columns.close[i] > columns.high[i] || columns.close[i] < columns.low[i]) {
    throw bad('index/range', fileName, line, 'close', cells[format.close], 'within low..high');
  }
}

function readTime(cell: string, format: PriceFormat, fileName: string, line: number): number {
  const value = NUMBER.test(cell) ? Number(cell) : NaN;
  const name = format.timeName;
  if (!(value >= 0)) {
    throw bad(
      'index/time',
      fileName,
      line,
      name,
      `"${cell}"`,
      'an epoch time, a number of at least 0',
    );
  }
  let millis = value;
  if (format.timeUnit === 'magnitude') {
    if (value < SECONDS_BELOW) millis = value * 1000;
    else if (value >= MILLIS_BELOW) millis = value / 1000;
  }
  if (!Number.isInteger(millis) || millis > TIME_MILLIS_MAX) {
    throw bad('index/time', fileName, line, name, `"${cell}"`, 'whole milliseconds since 1970 UTC');
  }
  return millis;
}

function readPrice(cell: string, name: string, fileName: string, line: number): number {
  const value = NUMBER.test(cell) ? Number(cell) : NaN;
  if (!Number.isFinite(value)) {
    throw bad('index/number', fileName, line, name, `"${cell}"`, 'a number above 0');
  }
  if (value <= 0) throw bad('index/range', fileName, line, name, cell, 'above 0');
  return value;
}

/** Tells whether the first two rows run backwards in time. */
function isDescending(rows: PriceRow[], format: PriceFormat): boolean {
  const first = Number(rows[format.skip].cells[format.time]);
  const second = Number(rows[format.skip + 1].cells[format.time]);
  return second < first;
}

function checkOrder(columns: Columns, format: PriceFormat, fileName: string): void {
  const { times, lines } = columns;
  for (let i = 1; i < times.length; i++) {
    if (times[i] > times[i - 1]) continue;
    const kind = times[i] === times[i - 1] ? 'index/duplicate' : 'index/unsorted';
    const was = times[i] === times[i - 1] ? `${times[i]} again` : `${times[i]}`;
    const must = `later than line ${lines[i - 1]} (${times[i - 1]} ms)`;
    throw bad(kind, fileName, lines[i], format.timeName, was, must);
  }
}

/** Returns the most frequent step (the smaller of equals), in milliseconds. */
function inferInterval(columns: Columns, fileName: string): number {
  const { times, lines } = columns;
  const counts = new Map<number, number>();
  let interval = 0;
  let most = 0;
  for (let i = 1; i < times.length; i++) {
    const step = times[i] - times[i - 1];
    const seen = (counts.get(step) ?? 0) + 1;
    counts.set(step, seen);
    if (seen > most || (seen === most && step < interval)) {
      most = seen;
      interval = step;
    }
  }
  if (interval < INTERVAL_MILLIS_MIN || interval > INTERVAL_MILLIS_MAX) {
    throw new UserError(
      'index/interval',
      `${fileName}: bar interval was ${interval / 1000} s, must be in 1 s to 1 h`,
    );
  }
  for (let i = 1; i < times.length; i++) {
    if ((times[i] - times[0]) % interval === 0) continue;
    const must = `a whole number of ${interval / 1000} s bars after the first`;
    throw bad('index/interval', fileName, lines[i], 'time', `${times[i]}`, must);
  }
  return interval;
}

/** Lays rows on a regular grid; what is missing runs from the close before to the open after. */
function fillGaps(columns: Columns, intervalMillis: number, fileName: string): PriceFile {
  const { times } = columns;
  const rows = times.length;
  const count = (times[rows - 1] - times[0]) / intervalMillis + 1;
  if (count > BARS_MAX) {
    const must = `at most ${BARS_MAX} bars of ${intervalMillis / 1000} s`;
    throw new UserError('index/span', `${fileName}: file spans ${count} bars, must span ${must}`);
  }
  const bars: PriceBars = {
    startMillis: times[0],
    intervalMicros: intervalMillis * 1000,
    open: new Float64Array(count),
    high: new Float64Array(count),
    low: new Float64Array(count),
    close: new Float64Array(count),
  };
  for (let row = 0; row < rows; row++) {
    const at = (times[row] - times[0]) / intervalMillis;
    bars.open[at] = columns.open[row];
    bars.high[at] = columns.high[row];
    bars.low[at] = columns.low[row];
    bars.close[at] = columns.close[row];
    if (row === 0) continue;
    const before = (times[row - 1] - times[0]) / intervalMillis;
    if (at - before > 1) bridge(bars, before, at);
  }
  const missing = count - rows;
  const intervalMicros = bars.intervalMicros;
  if (missing === 0) return { bars, intervalMicros, missing };
  const warning =
    `${fileName}: ${missing} of ${count} bars were missing; ` +
    'bridged from the close before to the open after';
  return { bars, intervalMicros, missing, warning };
}

function bridge(bars: PriceBars, before: number, after: number): void {
  const from = log(bars.close[before]);
  const slope = (log(bars.open[after]) - from) / (after - before - 1);
  for (let at = before + 1; at < after; at++) {
    const open = exp(from + slope * (at - before - 1));
    const close = exp(from + slope * (at - before));
    bars.open[at] = open;
    bars.close[at] = close;
    bars.high[at] = Math.max(open, close);
    bars.low[at] = Math.min(open, close);
  }
}

function bad(
  code: string,
  fileName: string,
  line: number,
  column: string,
  was: string,
  must: string,
): UserError {
  return new UserError(code, `${fileName}:${line}: ${column} was ${was}, must be ${must}`);
}
