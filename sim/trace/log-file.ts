/**
 * The event log as a file.
 *
 *   header  'STMPLOG1' | u32 version | u32 row bytes | u32 JSON bytes | u32 header bytes
 *           | u32, u32 checksum of the JSON | JSON (RunMetadata) | zeros up to a multiple of 64
 *   rows    64 bytes each
 *   footer  'STMPEND1' | f64 rows | 16 ASCII digits: hash of the rows | zeros; 64 bytes
 *
 * A log without its footer was cut off; rows that do not fold to the footer's hash were damaged.
 */
import { Hash64, UserError } from '../kernel/index.js';
import { rowBytes } from './event-kind.js';
import { foldRows } from './event-log.js';
import { EventReader } from './event-reader.js';
import type { RunMetadata } from './run-metadata.js';
import { checksum, decodeUtf8, encodeUtf8, hasText } from './bytes.js';

export const logVersion = 1;
/** Bytes that must be at hand before the header's length is known. */
export const logPreludeBytes = 32;
export const logFooterBytes = 64;
/** A header longer than this is taken for damage. */
const headerBytesMax = 1 << 24;
const headerMagic = 'STMPLOG1';
const footerMagic = 'STMPEND1';

/** What the footer says about the rows. */
export interface LogFooter {
  rows: number;
  /** 16 hexadecimal digits. */
  hash: string;
}

/** Returns the bytes that precede the rows; a multiple of 64, so rows stay aligned. */
export function encodeLogHeader(metadata: RunMetadata): Uint8Array {
  const json = encodeUtf8(JSON.stringify(metadata));
  const bytes = Math.ceil((logPreludeBytes + json.length) / rowBytes) * rowBytes;
  const header = new Uint8Array(bytes);
  const view = new DataView(header.buffer);
  header.set(encodeUtf8(headerMagic));
  view.setUint32(8, logVersion, true);
  view.setUint32(12, rowBytes, true);
  view.setUint32(16, json.length, true);
  view.setUint32(20, bytes, true);
  const sum = checksum(json);
  view.setInt32(24, sum.low, true);
  view.setInt32(28, sum.high, true);
  header.set(json, logPreludeBytes);
  return header;
}

/**
 * Returns the header's length from the file's first bytes.
 * @throws UserError `trace/truncated`, `trace/damaged` or `trace/version`.
 */
export function logHeaderBytes(prelude: Uint8Array, name: string): number {
  if (prelude.length < logPreludeBytes) throw truncated(name, 'its header is not whole');
  const view = new DataView(prelude.buffer, prelude.byteOffset);
  if (!hasText(prelude, 0, headerMagic)) {
    throw new UserError('trace/damaged', `${name}: is not an event log (wrong first bytes)`);
  }
  const version = view.getUint32(8, true);
  if (version !== logVersion || view.getUint32(12, true) !== rowBytes) {
    const fix = 'read it with the version of stampede that wrote it';
    throw new UserError(
      'trace/version',
      `${name}: event log version was ${version}, must be ${logVersion}; ${fix}`,
    );
  }
  const json = view.getUint32(16, true);
  const bytes = view.getUint32(20, true);
  if (bytes > headerBytesMax || bytes % rowBytes !== 0 || logPreludeBytes + json > bytes) {
    throw damaged(name, 'its header has an impossible length');
  }
  return bytes;
}

/**
 * Returns what the header holds.
 * @throws UserError as `logHeaderBytes`.
 */
export function decodeLogHeader(header: Uint8Array, name: string): RunMetadata {
  const bytes = logHeaderBytes(header, name);
  if (header.length < bytes) throw truncated(name, 'its header is not whole');
  const view = new DataView(header.buffer, header.byteOffset);
  const json = header.subarray(logPreludeBytes, logPreludeBytes + view.getUint32(16, true));
  const sum = checksum(json);
  if (sum.low !== view.getInt32(24, true) || sum.high !== view.getInt32(28, true)) {
    throw damaged(name, 'its header was changed');
  }
  return JSON.parse(decodeUtf8(json)) as RunMetadata;
}

/** Returns the 64 bytes that follow the last row. */
export function encodeLogFooter(rows: number, hash: string): Uint8Array {
  const footer = new Uint8Array(logFooterBytes);
  footer.set(encodeUtf8(footerMagic));
  new DataView(footer.buffer).setFloat64(8, rows, true);
  footer.set(encodeUtf8(hash), 16);
  return footer;
}

/**
 * Returns the footer, given the file's last bytes and how many bytes lie between header and footer.
 * @throws UserError `trace/truncated` when there is none or rows are missing.
 */
export function decodeLogFooter(footer: Uint8Array, bodyBytes: number, name: string): LogFooter {
  if (footer.length !== logFooterBytes || !hasText(footer, 0, footerMagic)) {
    throw truncated(name, 'its end is missing');
  }
  const rows = new DataView(footer.buffer, footer.byteOffset).getFloat64(8, true);
  if (rows * rowBytes !== bodyBytes) {
    const held = Math.floor(bodyBytes / rowBytes);
    throw truncated(name, `it holds ${held} rows of ${rows}`);
  }
  return { rows, hash: decodeUtf8(footer.subarray(16, 32)) };
}

/** Folds rows as they are read and compares the result with the footer. */
export class LogVerifier {
  readonly #hash = new Hash64();

  /** Folds all rows of a reader, wherever it stands. */
  add(reader: EventReader): void {
    foldRows(this.#hash, reader.words, 0, reader.rows);
  }

  /** @throws UserError `trace/damaged` when the rows are not those that were written. */
  finish(footer: LogFooter, name: string): void {
    const hash = this.#hash.hex();
    if (hash === footer.hash) return;
    throw damaged(name, `its rows fold to ${hash}, its footer says ${footer.hash}`);
  }
}

/** A whole log in memory. */
export interface DecodedLog {
  metadata: RunMetadata;
  footer: LogFooter;
  /** The rows alone. */
  rows: Uint8Array;
}

/**
 * Reads and verifies a whole log held in memory; `name` is used in messages.
 * @throws UserError `trace/truncated`, `trace/damaged` or `trace/version`.
 */
export function decodeLog(bytes: Uint8Array, name: string): DecodedLog {
  const header = logHeaderBytes(bytes, name);
  if (bytes.length < header + logFooterBytes) throw truncated(name, 'its end is missing');
  const metadata = decodeLogHeader(bytes.subarray(0, header), name);
  const end = bytes.length - logFooterBytes;
  const footer = decodeLogFooter(bytes.subarray(end), end - header, name);
  const rows = bytes.subarray(header, end);
  const verifier = new LogVerifier();
  verifier.add(new EventReader(rows));
  verifier.finish(footer, name);
  return { metadata, footer, rows };
}

function truncated(name: string, what: string): UserError {
  const why = 'the run that wrote it did not finish, or the copy is incomplete';
  return new UserError('trace/truncated', `${name}: ${what}: ${why}; run the scenario again`);
}

function damaged(name: string, what: string): UserError {
  return new UserError('trace/damaged', `${name}: is damaged: ${what}; run the scenario again`);
}
