/** Reads a file of real prices that replaces a scenario's index. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { UserError } from '../../sim/kernel/index.js';
import { parsePriceFile } from '../../sim/oracle/index.js';
import type { PriceBars } from '../../sim/oracle/index.js';
import { statFile } from './library.js';

/** Unpacked text longer than this is refused: strings end at half a gibibyte. */
const TEXT_BYTES_MAX = 400_000_000;

/** Bars of a price file and the digest that identifies them. */
export interface IndexFile {
  /** File name without its folder. */
  name: string;
  bars: PriceBars;
  /** SHA-256 of the bars as normalised text: it does not depend on the file's format. */
  digest: string;
  /** One line counting what was missing. */
  warning?: string;
}

/**
 * Reads `.csv`, `.json` or either with `.gz`.
 * @throws UserError `index/...` in one line.
 */
export function readIndexFile(path: string): IndexFile {
  const text = readPriceText(path);
  const { bars, warning } = parsePriceFile(text, basename(path));
  return { name: basename(path), bars, digest: digestText(formatBars(bars)), warning };
}

/** Writes bars as the text `parsePriceFile` reads back exactly. */
export function formatBars(bars: PriceBars): string {
  const { open, high, low, close, startMillis, intervalMicros } = bars;
  const rows: string[] = ['ts_ms,open,high,low,close,volume'];
  for (let i = 0; i < open.length; i++) {
    const time = startMillis + (i * intervalMicros) / 1000;
    rows.push(`${time},${open[i]},${high[i]},${low[i]},${close[i]},0`);
  }
  return `${rows.join('\n')}\n`;
}

/** Returns the SHA-256 of a text, 64 hexadecimal digits. */
export function digestText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Reads the text of a file of prices, unpacked when it is gzip; `what` names it in refusals.
 * @throws UserError `index/missing`, `index/gzip`, `index/size`
 */
export function readPriceText(path: string, what = 'index'): string {
  const found = statFile(path, 'index/missing');
  if (found === undefined) {
    throw new UserError('index/missing', `${what} file "${path}" does not exist`);
  }
  if (!found.isFile()) throw new UserError('index/missing', `${what} "${path}" is not a file`);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError('index/missing', `${what} file "${path}" cannot be read (${why})`);
  }
  const packed = bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!packed && path.endsWith('.gz')) {
    throw new UserError('index/gzip', `${basename(path)}: is not gzip, though its name ends in .gz`);
  }
  const plain = packed ? unpack(bytes, basename(path)) : bytes;
  if (plain.length > TEXT_BYTES_MAX) {
    const must = `must be at most ${TEXT_BYTES_MAX}`;
    throw new UserError('index/size', `${basename(path)}: was ${plain.length} bytes, ${must}`);
  }
  return plain.toString('utf8');
}

function unpack(bytes: Buffer, name: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === 'Z_BUF_ERROR'
        ? 'gzip is truncated; fetch the file again'
        : code === 'ERR_BUFFER_TOO_LARGE'
          ? `unpacks to more than ${TEXT_BYTES_MAX} bytes`
          : 'gzip is damaged; fetch the file again';
    throw new UserError('index/gzip', `${name}: ${what}`);
  }
}
