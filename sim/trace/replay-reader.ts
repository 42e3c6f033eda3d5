/** Reads a replay file by ranges; who fetches them, and from where, is the caller's affair. */
import { UserError } from '../kernel/index.js';
import { checksum, decodeUtf8, hasText } from './bytes.js';
import {
  type ReplayHeader,
  replayMagic,
  replayPreludeBytes,
  replayVersion,
} from './replay-builder.js';
import { type ColumnValues, type Table, decodeTables } from './table-block.js';

/** A range of the file. */
export interface ByteRange {
  offset: number;
  bytes: number;
}

/** The head of a replay: what is needed to draw the whole run and to find its chunks. */
export interface ReplayHead {
  header: ReplayHeader;
  /** `chunks`, `overview/<instrument>`, `markers`; unknown tables are kept and harmless. */
  tables: Map<string, Table>;
  headBytes: number;
  fileBytes: number;
  chunks: number;
}

/**
 * Returns how long the head is, from the file's first `replayPreludeBytes` or more.
 * @throws UserError `trace/truncated`, `trace/damaged` or `trace/version`.
 */
export function replayHeadBytes(start: Uint8Array, name: string): number {
  if (start.length < replayPreludeBytes) {
    throw new UserError('trace/truncated', `${name}: is shorter than a replay's first bytes`);
  }
  if (!hasText(start, 0, replayMagic)) {
    throw new UserError('trace/damaged', `${name}: is not a replay (wrong first bytes)`);
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const version = view.getUint32(8, true);
  if (version !== replayVersion) {
    const must = `must be ${replayVersion}; open it with the version of stampede that wrote it`;
    throw new UserError('trace/version', `${name}: replay version was ${version}, ${must}`);
  }
  return view.getFloat64(16, true);
}

/**
 * Decodes the head from the file's first bytes; more of them do no harm.
 * @throws UserError `trace/truncated`, `trace/damaged` or `trace/version`.
 */
export function decodeReplayHead(start: Uint8Array, name: string): ReplayHead {
  const headBytes = replayHeadBytes(start, name);
  if (start.length < headBytes) {
    throw new UserError('trace/truncated', `${name}: its head is not whole`);
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const jsonEnd = replayPreludeBytes + view.getUint32(12, true);
  const blockStart = Math.ceil(jsonEnd / 8) * 8;
  const tables = decodeTables(start.subarray(blockStart, headBytes), name);
  const json = start.subarray(replayPreludeBytes, jsonEnd);
  const sum = checksum(json);
  if (sum.low !== view.getInt32(32, true) || sum.high !== view.getInt32(36, true)) {
    throw new UserError('trace/damaged', `${name}: its header was changed`);
  }
  const header = JSON.parse(decodeUtf8(json)) as ReplayHeader;
  const chunks = tables.get('chunks');
  if (chunks === undefined) {
    throw new UserError('trace/damaged', `${name}: it has no index of its chunks`);
  }
  return { header, tables, headBytes, fileBytes: view.getFloat64(24, true), chunks: chunks.rows };
}

/** Returns where chunk `chunk`, 0 <= chunk < head.chunks, lies in the file. */
export function replayChunkRange(head: ReplayHead, chunk: number): ByteRange {
  const index = head.tables.get('chunks') as Table;
  const offset = columnOf(index, 'offset')[chunk] + head.headBytes;
  return { offset, bytes: columnOf(index, 'bytes')[chunk] };
}

/** Returns the chunk that holds the state at `timeMicros`; times outside the run give its ends. */
export function replayChunkAt(head: ReplayHead, timeMicros: number): number {
  const starts = columnOf(head.tables.get('chunks') as Table, 'fromMicros');
  let low = 0;
  let high = head.chunks;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= timeMicros) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Decodes the bytes of one chunk.
 * @throws UserError `trace/truncated` or `trace/damaged`.
 */
export function decodeReplayChunk(bytes: Uint8Array, name: string): Map<string, Table> {
  return decodeTables(bytes, name);
}

/**
 * Returns a column by name; a table of an older version that lacks it has zeros there.
 */
export function columnOf(table: Table, column: string): ColumnValues {
  return table.columns.get(column) ?? new Float64Array(table.rows);
}
