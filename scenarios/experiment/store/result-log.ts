/**
 * Results as they come in: logs in one folder, one a writer.
 *
 * A line is appended in one write when its run ends, so whatever dies, and whenever, leaves whole lines and
 * at most one torn one, which is skipped: that run is made again. Writers never share a log, so several may
 * work on one folder; where two made the same run, one of the two equal lines counts.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import { join } from 'node:path';
import { makeFolders, writing } from '../../runtime/index.js';
import { parseResultLine, resultLine } from './result-line.js';
import type { StoredResult } from './result-line.js';

const ENDING = '.results';
const PIECE_BYTES = 1 << 20;
const LINE_FEED = 10;

/** Where a line stands. */
export interface LinePlace {
  file: number;
  offset: number;
  bytes: number;
}

/** The logs of a folder. */
export class ResultLog {
  readonly folder: string;
  /** Logs read so far, by number. */
  readonly files: string[] = [];
  /** Bytes of each log that have been read. */
  readonly #read: number[] = [];
  #own: number | null = null;
  #ownBytes = 0;
  #fd: number | null = null;
  /** Log that was read from last. */
  #reading: { file: number; fd: number } | null = null;

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Reads lines written since the last call, by this writer or others, and hands on those that are whole.
   * Returns how many complete lines were damaged.
   */
  refresh(take: (result: StoredResult, place: LinePlace) => void): number {
    let damaged = 0;
    for (const name of this.#logs()) {
      let file = this.files.indexOf(name);
      if (file < 0) {
        file = this.files.push(name) - 1;
        this.#read.push(0);
      }
      damaged += this.#readOn(file, take);
    }
    return damaged;
  }

  /**
   * Appends a result to this writer's own log.
   * @throws UserError `disk/full`, `run/unwritable`; what was appended before stays
   */
  append(result: StoredResult): LinePlace {
    const file = this.#openOwn();
    const line = Buffer.from(resultLine(result));
    const offset = this.#ownBytes;
    writing(join(this.folder, this.files[file]), () => {
      let written = 0;
      while (written < line.length) written += fs.writeSync(this.#fd as number, line, written);
    });
    this.#ownBytes += line.length;
    this.#read[file] = this.#ownBytes;
    return { file, offset, bytes: line.length - 1 };
  }

  /** Returns the result that stands at a place. */
  at(place: LinePlace): StoredResult | null {
    const bytes = Buffer.allocUnsafe(place.bytes);
    if (this.#reading?.file !== place.file) {
      this.#closeReading();
      const fd = fs.openSync(join(this.folder, this.files[place.file]), 'r');
      this.#reading = { file: place.file, fd };
    }
    fs.readSync(this.#reading.fd, bytes, 0, place.bytes, place.offset);
    return parseResultLine(bytes.toString('utf8'));
  }

  /** Sees that what was appended survives a loss of power, and that other machines see it. */
  sync(): void {
    if (this.#fd !== null) fs.fsyncSync(this.#fd);
  }

  /** Sees that what was appended survives a loss of power, and closes this writer's log. */
  close(): void {
    this.#closeReading();
    if (this.#fd === null) return;
    const fd = this.#fd;
    this.#fd = null;
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  }

  #closeReading(): void {
    if (this.#reading !== null) fs.closeSync(this.#reading.fd);
    this.#reading = null;
  }

  #logs(): string[] {
    if (!fs.existsSync(this.folder)) return [];
    return fs.readdirSync(this.folder).filter((name) => name.endsWith(ENDING)).sort();
  }

  #openOwn(): number {
    if (this.#own !== null && this.#fd !== null) return this.#own;
    const name = `${os.hostname()}-${process.pid}-${randomBytes(4).toString('hex')}${ENDING}`;
    writing(this.folder, () => {
      makeFolders(this.folder);
      this.#fd = fs.openSync(join(this.folder, name), 'ax');
    });
    this.#ownBytes = 0;
    this.#own = this.files.push(name) - 1;
    this.#read.push(0);
    return this.#own;
  }

  #readOn(file: number, take: (result: StoredResult, place: LinePlace) => void): number {
    const fd = fs.openSync(join(this.folder, this.files[file]), 'r');
    let damaged = 0;
    try {
      let rest = Buffer.alloc(0);
      let restAt = this.#read[file];
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      for (;;) {
        const got = fs.readSync(fd, piece, 0, PIECE_BYTES, restAt + rest.length);
        if (got === 0) break;
        const bytes = Buffer.concat([rest, piece.subarray(0, got)]);
        let from = 0;
        for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
          const result = parseResultLine(bytes.toString('utf8', from, end));
          if (result === null) damaged++;
          else take(result, { file, offset: restAt + from, bytes: end - from });
          from = end + 1;
        }
        rest = bytes.subarray(from);
        restAt += from;
      }
      this.#read[file] = restAt;
    } finally {
      fs.closeSync(fd);
    }
    return damaged;
  }
}
