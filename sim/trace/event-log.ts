/**
 * The event log: every fact of a run as fixed 64-byte rows, in causal order.
 *
 * Row (little endian, 8 Float64 over 16 Int32):
 *   f64[0] time micros | i32[2] kind (instrument * 256 + EventKind) | i32[3] account
 *   i32[4] other | i32[5] priceTicks | i32[6] sizeLots | i32[7] cause
 *   f64[4] value | f64[5] feeA | f64[6] feeB | f64[7] extra
 * What the fields mean for each kind is in this folder's README.
 */
import { assert, Hash64 } from '../kernel/index.js';
import { eventKindsMax, isUnhashed, rowBytes } from './event-kind.js';

/** Takes full rows; it must be done with the bytes when it returns, they are reused. */
export type ChunkSink = (bytes: Uint8Array, rows: number) => void;

/** Collects rows into chunks, folds them into a 64-bit hash, hands full chunks to a sink. */
export class EventLog {
  /** Rows appended so far, by kind. */
  readonly counts = new Float64Array(eventKindsMax);
  readonly #onChunk: ChunkSink;
  readonly #rowsPerChunk: number;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #floats: Float64Array;
  readonly #hash = new Hash64();
  /** Rows in the chunk, how many of them the hash has seen, rows handed on before. */
  #pending = 0;
  #folded = 0;
  #flushed = 0;

  /** `rowsPerChunk` rows (1 MiB by default) are buffered before the sink is called. */
  constructor(onChunk: ChunkSink, rowsPerChunk = 16384) {
    assert(rowsPerChunk >= 1 && Number.isInteger(rowsPerChunk), 'rowsPerChunk must be a count');
    const buffer = new ArrayBuffer(rowsPerChunk * rowBytes);
    this.#onChunk = onChunk;
    this.#rowsPerChunk = rowsPerChunk;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
    this.#floats = new Float64Array(buffer);
  }

  /**
   * Appends one row; -0 is stored as 0 and every NaN as the same NaN. `kind` is an EventKind, or
   * `kindOfInstrument(kind, instrument)` for a row about another instrument than the first.
   */
  append(
    kind: number,
    time: number,
    account: number,
    other: number,
    priceTicks: number,
    sizeLots: number,
    cause: number,
    value: number,
    feeA: number,
    feeB: number,
    extra: number,
  ): void {
    const row = this.#pending;
    const words = this.#words;
    const floats = this.#floats;
    const w = row << 4;
    const f = row << 3;
    floats[f] = time + 0;
    words[w + 2] = kind;
    words[w + 3] = account;
    words[w + 4] = other;
    words[w + 5] = priceTicks;
    words[w + 6] = sizeLots;
    words[w + 7] = cause;
    floats[f + 4] = value + 0;
    floats[f + 5] = feeA + 0;
    floats[f + 6] = feeB + 0;
    floats[f + 7] = extra + 0;
    const sum = time + value + feeA + feeB + extra;
    if (sum !== sum) canonicalise(floats, words, row);
    const counter = kind & (eventKindsMax - 1);
    this.counts[counter] = this.counts[counter] + 1;
    this.#pending = row + 1;
    if (row + 1 === this.#rowsPerChunk) this.flush();
  }

  /** Hands the buffered rows to the sink, even when the chunk is not full. */
  flush(): void {
    const rows = this.#pending;
    if (rows === 0) return;
    this.#fold();
    this.#pending = 0;
    this.#folded = 0;
    this.#flushed += rows;
    this.#onChunk(this.#bytes.subarray(0, rows * rowBytes), rows);
  }

  /** Hash of all rows so far, in order; read it again after further appends. */
  get hash(): Hash64 {
    this.#fold();
    return this.#hash;
  }

  /**
   * Goes on as if `rows` rows with this hash had been appended already: a run resumed from a
   * snapshot.
   * What this log holds is dropped.
   */
  resume(hashLow: number, hashHigh: number, rows: number, counts: Float64Array): void {
    this.#pending = 0;
    this.#folded = 0;
    this.#flushed = rows;
    this.counts.set(counts);
    this.#hash.low = hashLow;
    this.#hash.high = hashHigh;
  }

  /** Rows appended so far. */
  rows(): number {
    return this.#flushed + this.#pending;
  }

  #fold(): void {
    foldRows(this.#hash, this.#words, this.#folded, this.#pending);
    this.#folded = this.#pending;
  }
}

const LANE_A = 0x27d4eb2f;
const LANE_B = 0x165667b1;

/**
 * Folds rows [from, to) of `words` (16 Int32 a row) into `hash`, but for those that only explain: four lanes of four words each,
 * mixed side by side because a single chain of 16 multiplications would wait on itself.
 */
export function foldRows(hash: Hash64, words: Int32Array, from: number, to: number): void {
  for (let i = from << 4; i < to << 4; i += 16) {
    if (isUnhashed(words[i + 2] & 0xff)) continue;
    let a = Math.imul(words[i] ^ LANE_A, LANE_B);
    let b = Math.imul(words[i + 1] ^ LANE_A, LANE_B);
    let c = Math.imul(words[i + 2] ^ LANE_A, LANE_B);
    let d = Math.imul(words[i + 3] ^ LANE_A, LANE_B);
    for (let j = i + 4; j < i + 16; j += 4) {
      a = Math.imul((a ^ (a >>> 15)) + words[j], LANE_B);
      b = Math.imul((b ^ (b >>> 15)) + words[j + 1], LANE_B);
      c = Math.imul((c ^ (c >>> 15)) + words[j + 2], LANE_B);
      d = Math.imul((d ^ (d >>> 15)) + words[j + 3], LANE_B);
    }
    hash.int(a);
    hash.int(b);
    hash.int(c);
    hash.int(d);
  }
}

/** Gives every NaN of a row the same bits. */
function canonicalise(floats: Float64Array, words: Int32Array, row: number): void {
  for (let field = 0; field < 8; field += 1) {
    if (field >= 1 && field <= 3) continue;
    const i = (row << 3) + field;
    const x = floats[i];
    if (x === x) continue;
    words[i << 1] = 0;
    words[(i << 1) + 1] = 0x7ff80000;
  }
}
