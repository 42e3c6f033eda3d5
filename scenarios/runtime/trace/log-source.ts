/** Reads an event log from a file, a piece at a time, and checks that it is whole and unchanged. */
import * as fs from 'node:fs';
import { UserError } from '../../../sim/kernel/index.js';
import {
  type EventKind,
  EventReader,
  type LogFooter,
  LogVerifier,
  type RunMetadata,
  decodeLogFooter,
  decodeLogHeader,
  logFooterBytes,
  logHeaderBytes,
  logPreludeBytes,
  rowBytes,
} from '../../../sim/trace/index.js';
import { systemCode } from './disk-error.js';

/** Rows read at a time: 1 MiB. */
const rowsPerPiece = 16384;
const LOOK_BACK_ROWS = 1 << 20;

/** An open event log with header and footer in order; the rows are checked as they are read. */
export class LogSource {
  readonly path: string;
  readonly metadata: RunMetadata;
  readonly footer: LogFooter;
  readonly #fd: number;
  readonly #start: number;
  readonly #verifier = new LogVerifier();
  readonly #bytes = new Uint8Array(rowsPerPiece * rowBytes);
  #read = 0;

  /** @throws UserError `trace/missing`, `trace/truncated`, `trace/damaged`, `trace/version`. */
  constructor(path: string) {
    this.path = path;
    try {
      this.#fd = fs.openSync(path, 'r');
    } catch (error) {
      const code = systemCode(error);
      const hint = 'is it a run folder?';
      throw new UserError('trace/missing', `${path}: cannot be read (${code}); ${hint}`);
    }
    try {
      const size = fs.fstatSync(this.#fd).size;
      this.#start = logHeaderBytes(this.#readAt(0, logPreludeBytes), path);
      this.metadata = decodeLogHeader(this.#readAt(0, this.#start), path);
      const end = Math.max(size - logFooterBytes, this.#start);
      const footer = this.#readAt(end, logFooterBytes);
      this.footer = decodeLogFooter(footer, end - this.#start, path);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Returns a reader over the next rows, which the following call overwrites; null at the end. */
  nextPiece(): EventReader | null {
    const left = this.footer.rows - this.#read;
    if (left === 0) return null;
    const rows = Math.min(left, rowsPerPiece);
    const bytes = this.#bytes.subarray(0, rows * rowBytes);
    const offset = this.#start + this.#read * rowBytes;
    let got = 0;
    while (got < bytes.length) {
      const more = fs.readSync(this.#fd, bytes, got, bytes.length - got, offset + got);
      if (more === 0) throw new UserError('trace/truncated', `${this.path}: became shorter`);
      got += more;
    }
    this.#read += rows;
    const reader = new EventReader(bytes);
    this.#verifier.add(reader);
    return reader;
  }

  /** Returns a reader over at most `count` rows from row `from` on; 0 <= from < footer.rows. */
  rowsAt(from: number, count: number): EventReader {
    const rows = Math.min(count, this.footer.rows - from);
    return new EventReader(this.#readAt(this.#start + from * rowBytes, rows * rowBytes));
  }

  /**
   * Returns the price of the last row of a kind about an instrument before row `before`, looking back at
   * most a million rows; null when there is none.
   */
  lastBefore(before: number, kind: EventKind, instrument: number): number | null {
    const first = Math.max(0, before - LOOK_BACK_ROWS);
    for (let end = before; end > first; ) {
      const from = Math.max(first, end - rowsPerPiece);
      const reader = this.rowsAt(from, end - from);
      for (let row = end - from - 1; row >= 0; row--) {
        reader.seek(row);
        if (reader.kind === kind && reader.instrument === instrument) return reader.priceTicks;
      }
      end = from;
    }
    return null;
  }

  /**
   * Compares the rows read, which must be all, with the footer.
   * @throws UserError `trace/damaged`.
   */
  verify(): void {
    this.#verifier.finish(this.footer, this.path);
  }

  close(): void {
    fs.closeSync(this.#fd);
  }

  #readAt(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const got = fs.readSync(this.#fd, bytes, 0, length, offset);
    return bytes.subarray(0, got);
  }
}

/**
 * Hands every piece of a log to `take`, in order, and verifies the whole.
 * @throws UserError as `LogSource`.
 */
export function readLog(
  path: string,
  take: (reader: EventReader, metadata: RunMetadata) => void,
): LogFooter {
  const source = new LogSource(path);
  try {
    for (let piece = source.nextPiece(); piece !== null; piece = source.nextPiece()) {
      take(piece, source.metadata);
    }
    source.verify();
    return source.footer;
  } finally {
    source.close();
  }
}
