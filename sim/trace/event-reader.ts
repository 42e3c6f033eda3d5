/** Walks over rows of the event log. */
import { assert } from '../kernel/index.js';
import { eventKindNames, rowBytes } from './event-kind.js';

/** A cursor over whole rows; before the first `next()` it stands on no row. */
export class EventReader {
  #words: Int32Array;
  #floats: Float64Array;
  #row = -1;
  #rows: number;

  /** Reads `bytes`, a whole number of rows; they are copied only when not aligned to 8 bytes. */
  constructor(bytes: Uint8Array) {
    this.#words = noWords;
    this.#floats = noFloats;
    this.#rows = 0;
    this.reset(bytes);
  }

  /** Starts over on other rows. */
  reset(bytes: Uint8Array): void {
    assert(bytes.byteLength % rowBytes === 0, 'event rows must be whole');
    const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
    const { buffer, byteOffset, byteLength } = aligned;
    this.#words = new Int32Array(buffer, byteOffset, byteLength / 4);
    this.#floats = new Float64Array(buffer, byteOffset, byteLength / 8);
    this.#rows = byteLength / rowBytes;
    this.#row = -1;
  }

  /** Steps to the next row; false when there is none. */
  next(): boolean {
    this.#row += 1;
    return this.#row < this.#rows;
  }

  /** Goes back before the first row, for another walk over the same rows. */
  again(): this {
    this.#row = -1;
    return this;
  }

  /** Stands on row `row`, 0 <= row < rows. */
  seek(row: number): void {
    assert(row >= 0 && row < this.#rows, 'row out of range');
    this.#row = row;
  }

  get rows(): number {
    return this.#rows;
  }
  get row(): number {
    return this.#row;
  }
  /** Micros. */
  get time(): number {
    return this.#floats[this.#row << 3];
  }
  get kind(): number {
    return this.#words[(this.#row << 4) + 2] & 0xff;
  }
  /** The instrument a row is about; series rows name it in `account`, cohort rows in `other`. */
  get instrument(): number {
    return this.#words[(this.#row << 4) + 2] >>> 8;
  }
  get account(): number {
    return this.#words[(this.#row << 4) + 3];
  }
  get other(): number {
    return this.#words[(this.#row << 4) + 4];
  }
  get priceTicks(): number {
    return this.#words[(this.#row << 4) + 5];
  }
  get sizeLots(): number {
    return this.#words[(this.#row << 4) + 6];
  }
  get cause(): number {
    return this.#words[(this.#row << 4) + 7];
  }
  get value(): number {
    return this.#floats[(this.#row << 3) + 4];
  }
  get feeA(): number {
    return this.#floats[(this.#row << 3) + 5];
  }
  get feeB(): number {
    return this.#floats[(this.#row << 3) + 6];
  }
  get extra(): number {
    return this.#floats[(this.#row << 3) + 7];
  }
  get kindName(): string {
    return eventKindNames[this.kind] ?? `kind ${this.kind}`;
  }
  /** The 16 Int32 words of all rows, for hashing. */
  get words(): Int32Array {
    return this.#words;
  }
}

const noWords = new Int32Array(0);
const noFloats = new Float64Array(0);
