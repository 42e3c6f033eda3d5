/** Two streams of log rows, compared as they come. */
import { EventReader, rowBytes } from '../../../sim/trace/index.js';

const ROW_WORDS = 16;

/** The first rows that differ; a side is null when its stream has ended. */
export interface PartedRows {
  /** Place in the streams, 0 for the first. */
  row: number;
  /** Standing on the row. */
  a: EventReader | null;
  b: EventReader | null;
}

/** Holds what one stream is ahead of the other; memory is that of the lead. */
export class RowRace {
  /** Set once rows differ, or one stream has ended before the other. */
  parted: PartedRows | null = null;
  /** Rows that were the same. */
  same = 0;
  readonly #ahead: Int32Array[] = [];
  /** Side of the rows in `#ahead`: 0 for A, 1 for B. */
  #leader = 0;

  /** Takes one row of a side, 16 words, which are copied where they must wait. */
  add(side: 0 | 1, row: Int32Array): void {
    if (this.parted !== null) return;
    if (this.#ahead.length === 0 || this.#leader === side) {
      this.#leader = side;
      this.#ahead.push(row.slice());
      return;
    }
    const other = this.#ahead.shift() as Int32Array;
    if (areSame(row, other)) this.same++;
    else this.#part(side === 0 ? row.slice() : other, side === 0 ? other : row.slice());
  }

  /** Both streams have ended: what one has more is where they part. */
  end(): void {
    if (this.parted !== null || this.#ahead.length === 0) return;
    const row = this.#ahead[0];
    this.#part(this.#leader === 0 ? row : null, this.#leader === 1 ? row : null);
  }

  #part(a: Int32Array | null, b: Int32Array | null): void {
    this.parted = { row: this.same, a: readerOf(a), b: readerOf(b) };
    this.#ahead.length = 0;
  }
}

function areSame(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < ROW_WORDS; i++) if (a[i] !== b[i]) return false;
  return true;
}

function readerOf(row: Int32Array | null): EventReader | null {
  if (row === null) return null;
  const reader = new EventReader(new Uint8Array(row.buffer, row.byteOffset, rowBytes));
  reader.seek(0);
  return reader;
}
