/** Which column of a price file holds what. */
import { UserError } from '../kernel/index.js';
import type { PriceRow } from './price-row.js';

/** Where a file's columns are, and what its times mean. */
export interface PriceFormat {
  name: string;
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  /** Columns a row must have at least. */
  columns: number;
  timeName: string;
  /** `millis`: milliseconds; `magnitude`: seconds, milliseconds or microseconds by their size. */
  timeUnit: 'millis' | 'magnitude';
  /** Newest row first is accepted, as the source writes it. */
  newestFirst: boolean;
  /** Rows before the first bar: a header, and what stands above it. */
  skip: number;
}

/** Columns of a kline dump: opening time, open, high, low, close, volume, closing time, ... */
const KLINE_COLUMNS = 12;
/** Columns of a candle array: time, low, high, open, close, volume. */
const CANDLE_COLUMNS = 6;

const EXPECTED =
  'must be "ts_ms,open,high,low,close,volume", 12 kline columns, or candles with "time" or ' +
  '"unix"';

const KLINE = {
  name: 'kline',
  time: 0,
  open: 1,
  high: 2,
  low: 3,
  close: 4,
  columns: KLINE_COLUMNS,
  timeName: 'open_time',
  timeUnit: 'magnitude',
  newestFirst: false,
} as const;

const CANDLE = {
  name: 'candle',
  time: 0,
  low: 1,
  high: 2,
  open: 3,
  close: 4,
  columns: CANDLE_COLUMNS,
  timeName: 'time',
  timeUnit: 'magnitude',
  newestFirst: true,
} as const;

/**
 * Recognises the format by its header, or by its shape when it has none.
 *
 * @throws UserError `index/header` when the first row is not one of the known headers.
 */
export function detectFormat(rows: PriceRow[], isJson: boolean, fileName: string): PriceFormat {
  const columns = rows[0].cells.length;
  if (isJson) {
    if (columns >= KLINE_COLUMNS) return { ...KLINE, skip: 0 };
    if (columns === CANDLE_COLUMNS) return { ...CANDLE, skip: 0 };
    throw wrongHeader(rows[0], fileName);
  }
  if (columns === KLINE_COLUMNS && isDigits(rows[0].cells[0])) return { ...KLINE, skip: 0 };
  const first = rows[0].cells[0];
  const isBanner = columns === 1 && /^(https?:\/\/|www\.)/i.test(first);
  const skip = isBanner ? 2 : 1;
  const header = rows[skip - 1];
  if (header === undefined) throw wrongHeader(rows[0], fileName);
  return fromHeader(header, skip, fileName);
}

function fromHeader(header: PriceRow, skip: number, fileName: string): PriceFormat {
  const names = header.cells.map((cell) => cell.toLowerCase());
  for (const timeName of ['ts_ms', 'open_time', 'unix', 'time']) {
    const time = names.indexOf(timeName);
    if (time < 0) continue;
    const format: PriceFormat = {
      name: timeName === 'ts_ms' ? 'bars' : timeName === 'open_time' ? 'kline' : 'candle',
      time,
      open: names.indexOf('open'),
      high: names.indexOf('high'),
      low: names.indexOf('low'),
      close: names.indexOf('close'),
      columns: 0,
      timeName,
      timeUnit: timeName === 'ts_ms' ? 'millis' : 'magnitude',
      newestFirst: timeName === 'unix' || timeName === 'time',
      skip,
    };
    const { open, high, low, close } = format;
    const needsVolume = timeName === 'ts_ms' && !names.includes('volume');
    if (open < 0 || high < 0 || low < 0 || close < 0 || needsVolume) break;
    format.columns = Math.max(time, open, high, low, close) + 1;
    return format;
  }
  throw wrongHeader(header, fileName);
}

function wrongHeader(row: PriceRow, fileName: string): UserError {
  const text = row.cells.join(',');
  const was = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return new UserError('index/header', `${fileName}:${row.line}: header was "${was}", ${EXPECTED}`);
}

function isDigits(cell: string): boolean {
  return /^\d+$/.test(cell);
}
