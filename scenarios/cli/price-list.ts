/** Prices of a probe: a list on the command line, or a file. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '../../sim/kernel/index.js';
import { type PriceRow, splitCsv } from '../../sim/oracle/index.js';
import { readPriceText } from '../runtime/index.js';
import { parseNumber } from './values.js';

/** Prices a probe takes, at most: every one is a row of the result. */
const PRICES_MAX = 200_000;
/** Columns that hold a price, and columns that hold a time, best first. */
const PRICE_COLUMNS = ['close', 'price', 'index', 'mark', 'last'];
const TIME_COLUMNS = ['ts_ms', 'open_time', 'unix', 'time', 'timestamp'];
/** A kline dump has this many columns and no header; the close is the fifth. */
const KLINE_COLUMNS = 12;
const KLINE_CLOSE = 4;

/**
 * Reads `100,101,...`, or a file with one price a line, or CSV (also `.gz`) with a price column.
 * @throws UserError `probe/prices` naming the option, and `index/...` for an unreadable file
 */
export function readPriceList(option: string, text: string): number[] {
  const prices = isList(text) ? fromList(option, text) : fromFile(option, text);
  if (prices.length > PRICES_MAX) {
    const must = `must be at most ${PRICES_MAX}`;
    throw new UserError('probe/prices', `${option}: there were ${prices.length} prices, ${must}`);
  }
  return prices;
}

/** A word of digits and commas is a list; another one with a comma is, unless it is a file. */
function isList(text: string): boolean {
  if (/^[-+\d.,;\se]+$/i.test(text) && /\d|,/.test(text)) return true;
  return (text.includes(',') || /^[-+]?(nan|inf|infinity)$/i.test(text)) && !existsSync(text);
}

function fromList(option: string, text: string): number[] {
  return text.split(',').map((item, k) => {
    const word = item.trim();
    return priceOf(word, `${option} ${k + 1}`, word === '' ? 'nothing' : `"${word}"`);
  });
}

function fromFile(option: string, path: string): number[] {
  const name = basename(path);
  const rows = splitCsv(readPriceText(path, option));
  if (rows.length === 0) {
    throw new UserError('probe/prices', `${option}: ${name} is empty; give one price a line`);
  }
  const hasHeader = rows[0].cells.some((cell) => Number.isNaN(parseNumber(cell)));
  const header = hasHeader ? rows[0].cells.map((cell) => cell.toLowerCase()) : [];
  const column = priceColumn(rows[0], header, name);
  const body = hasHeader ? rows.slice(1) : rows;
  if (body.length === 0) {
    throw new UserError('probe/prices', `${option}: ${name} has a header and no prices`);
  }
  const time = header.findIndex((cell) => TIME_COLUMNS.includes(cell));
  if (time >= 0 && runsBackwards(body, time)) body.reverse();
  return body.map(({ line, cells }) => {
    const cell = cells[column] ?? '';
    return priceOf(cell, `${name}:${line}: price`, cell === '' ? 'nothing' : `"${cell}"`);
  });
}

function priceColumn(first: PriceRow, header: readonly string[], name: string): number {
  if (first.cells.length === 1) return 0;
  for (const wanted of PRICE_COLUMNS) {
    const column = header.indexOf(wanted);
    if (column >= 0) return column;
  }
  if (header.length === 0 && first.cells.length === KLINE_COLUMNS) return KLINE_CLOSE;
  const was = first.cells.join(',').slice(0, 60);
  const must = 'must be one price a line, or CSV with a "close" or "price" column';
  throw new UserError('probe/prices', `${name}:${first.line}: was "${was}", ${must}`);
}

/** Some exchanges write the newest row first. */
function runsBackwards(rows: readonly PriceRow[], time: number): boolean {
  return rows.length > 1 && Number(rows[1].cells[time]) < Number(rows[0].cells[time]);
}

function priceOf(text: string, what: string, was: string): number {
  const price = parseNumber(text);
  if (price > 0 && Number.isFinite(price)) return price;
  throw new UserError('probe/prices', `${what} was ${was}, must be a number above 0`);
}
