/**
 * Tables of typed columns as bytes: the unit of a replay file that is fetched and decoded at once.
 *
 *   'STMPBLK1' | u32 JSON bytes | u32 block bytes | u32, u32 checksum of everything after it
 *   | JSON: [{ name, rows, columns: [[name, kind], ...] }, ...] | zeros up to 8
 *   | the columns in that order, each followed by zeros up to 8
 *
 * A reader asks for tables and columns by name, so a newer writer may add either.
 */
import { assert, UserError } from '../kernel/index.js';
import { checksum, decodeUtf8, encodeUtf8, hasText } from './bytes.js';

/** Values of a column. */
export type ColumnValues = Int32Array | Float32Array | Float64Array | Uint8Array;

/** A named set of columns of equal length. */
export interface Table {
  name: string;
  rows: number;
  columns: Map<string, ColumnValues>;
}

type ColumnKind = 'i32' | 'f32' | 'f64' | 'u8';
interface TableHead {
  name: string;
  rows: number;
  columns: [string, ColumnKind][];
}

const magic = 'STMPBLK1';
const preludeBytes = 24;
const bytesOfKind = { i32: 4, f32: 4, f64: 8, u8: 1 } as const;

/** Returns a table; every column must have `rows` values. */
export function tableOf(name: string, rows: number, columns: [string, ColumnValues][]): Table {
  for (const [column, values] of columns) {
    assert(values.length === rows, `column ${column} of ${name} must have ${rows} rows`);
  }
  return { name, rows, columns: new Map(columns) };
}

/** Returns a block that holds the tables, in their order. */
export function encodeTables(tables: readonly Table[]): Uint8Array {
  const heads: TableHead[] = tables.map((table) => ({
    name: table.name,
    rows: table.rows,
    columns: [...table.columns].map(([name, values]) => [name, kindOf(values)]),
  }));
  const json = encodeUtf8(JSON.stringify(heads));
  let at = roundUp(preludeBytes + json.length);
  const columns = tables.flatMap((table) => [...table.columns.values()]);
  let bytes = at;
  for (const values of columns) bytes += roundUp(values.byteLength);
  const block = new Uint8Array(bytes);
  block.set(encodeUtf8(magic));
  block.set(json, preludeBytes);
  for (const { buffer, byteOffset, byteLength } of columns) {
    block.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += roundUp(byteLength);
  }
  const view = new DataView(block.buffer);
  view.setUint32(8, json.length, true);
  view.setUint32(12, bytes, true);
  const sum = checksum(block.subarray(preludeBytes));
  view.setInt32(16, sum.low, true);
  view.setInt32(20, sum.high, true);
  return block;
}

/**
 * Returns the tables of a block by name; columns are views of `bytes` when those are aligned to 8.
 * @throws UserError `trace/truncated` or `trace/damaged`; `name` is used in messages.
 */
export function decodeTables(bytes: Uint8Array, name: string): Map<string, Table> {
  const block = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  if (block.length < preludeBytes || !hasText(block, 0, magic)) {
    throw new UserError('trace/damaged', `${name}: a block does not start as one`);
  }
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const jsonBytes = view.getUint32(8, true);
  const blockBytes = view.getUint32(12, true);
  if (block.length < blockBytes || preludeBytes + jsonBytes > blockBytes) {
    throw new UserError('trace/truncated', `${name}: a block is not whole`);
  }
  const sum = checksum(block.subarray(preludeBytes, blockBytes));
  if (sum.low !== view.getInt32(16, true) || sum.high !== view.getInt32(20, true)) {
    throw new UserError('trace/damaged', `${name}: a block was changed after it was written`);
  }
  const text = decodeUtf8(block.subarray(preludeBytes, preludeBytes + jsonBytes));
  const tables = new Map<string, Table>();
  let at = block.byteOffset + roundUp(preludeBytes + jsonBytes);
  for (const head of JSON.parse(text) as TableHead[]) {
    const columns = new Map<string, ColumnValues>();
    for (const [column, kind] of head.columns) {
      columns.set(column, viewOf(kind, block.buffer, at, head.rows));
      at += roundUp(head.rows * bytesOfKind[kind]);
    }
    tables.set(head.name, { name: head.name, rows: head.rows, columns });
  }
  return tables;
}

function kindOf(values: ColumnValues): ColumnKind {
  if (values instanceof Int32Array) return 'i32';
  if (values instanceof Float32Array) return 'f32';
  return values instanceof Float64Array ? 'f64' : 'u8';
}

function viewOf(
  kind: ColumnKind,
  buffer: ArrayBufferLike,
  offset: number,
  rows: number,
): ColumnValues {
  switch (kind) {
    case 'i32':
      return new Int32Array(buffer, offset, rows);
    case 'f32':
      return new Float32Array(buffer, offset, rows);
    case 'f64':
      return new Float64Array(buffer, offset, rows);
    case 'u8':
      return new Uint8Array(buffer, offset, rows);
  }
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
