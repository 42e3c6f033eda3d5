/** The event log as it is written, chunk by chunk, while the run goes on. */
import {
  type RunMetadata,
  encodeLogFooter,
  encodeLogHeader,
  rowBytes,
} from '../../../sim/trace/index.js';
import { ByteSink, type WriteSync } from './byte-sink.js';

/** Name of the event log in a run directory. */
export const logFileName = 'events.log';

/** Appends chunks synchronously: the market loop waits, so memory stays bounded. */
export class LogFile {
  readonly #sink: ByteSink;
  #rows = 0;

  /**
   * Creates the file and writes its header.
   * @throws UserError `disk/full` (exit code 6) or `run/unwritable`, here and in every method.
   */
  constructor(path: string, metadata: RunMetadata, write?: WriteSync) {
    this.#sink = new ByteSink(path, write);
    this.append(encodeLogHeader(metadata), 0);
  }

  /** The sink to give to an `EventLog`. */
  readonly onChunk = (bytes: Uint8Array, rows: number): void => this.append(bytes, rows);

  /** Appends a chunk of whole rows. */
  append(bytes: Uint8Array, rows: number): void {
    try {
      this.#sink.append(bytes);
    } catch (error) {
      this.abandon();
      throw error;
    }
    this.#rows += rows;
  }

  /** Rows written so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Bytes of rows written so far. */
  get rowsBytes(): number {
    return this.#rows * rowBytes;
  }

  /** Writes the footer, which makes the log whole, and closes it; `hash` is `log.hash.hex()`. */
  finish(hash: string): void {
    this.append(encodeLogFooter(this.#rows, hash), 0);
    this.#sink.close();
  }

  /** Closes the file as it is, for a run that failed. */
  abandon(): void {
    try {
      this.#sink.close();
    } catch {
      // The error that led here is the one to report.
    }
  }
}
