/** A file that is written front to back. */
import * as fs from 'node:fs';
import { writing } from './disk-error.js';

/** Writes `length` bytes from `offset` on and returns how many it took, as `fs.writeSync` does. */
export type WriteSync = (fd: number, bytes: Uint8Array, offset: number, length: number) => number;

/** An open file; every failure is a UserError (`disk/full`, `run/unwritable`). */
export class ByteSink {
  readonly path: string;
  readonly #write: WriteSync;
  #fd: number;
  bytes = 0;

  /** Creates the file or empties it; tests pass a `write` that fails. */
  constructor(path: string, write: WriteSync = fs.writeSync) {
    this.path = path;
    this.#write = write;
    this.#fd = writing(path, () => fs.openSync(path, 'w'));
  }

  /** Appends all bytes; they may be reused afterwards. */
  append(bytes: Uint8Array): void {
    writing(this.path, () => {
      let at = 0;
      while (at < bytes.length) at += this.#write(this.#fd, bytes, at, bytes.length - at);
    });
    this.bytes += bytes.length;
  }

  /** Closes the file; closing twice does nothing. */
  close(): void {
    if (this.#fd < 0) return;
    const fd = this.#fd;
    this.#fd = -1;
    // Some file systems report a full disk only now.
    writing(this.path, () => fs.closeSync(fd));
  }
}
