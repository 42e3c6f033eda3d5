/** Which rows of which tables a stretch of time is read from: chunks that are here, else overview. */
import { columnOf, replayChunkAt } from '../../sim/trace/index.js';
import type { ColumnValues, Table } from '../../sim/trace/index.js';
import type { ChunkLoader } from './chunk-loader.js';

/** Rows [fromRow, toRow) of a samples or overview table. */
export interface Segment {
  table: Table;
  fromRow: number;
  toRow: number;
  /** The chunk, or -1 for rows of the overview. */
  chunk: number;
}

/** Chunks that overlap [from, to], as [first, last]. */
export function chunkSpan(loader: ChunkLoader, from: number, to: number): [number, number] {
  return [replayChunkAt(loader.head, from), replayChunkAt(loader.head, to)];
}

/** Start and end of a chunk in simulated micros. */
export function chunkTimes(loader: ChunkLoader, chunk: number): [number, number] {
  const index = loader.head.tables.get('chunks') as Table;
  const starts = columnOf(index, 'fromMicros');
  const next = chunk + 1 < loader.head.chunks ? starts[chunk + 1] : Infinity;
  return [starts[chunk], next];
}

/** Rows that cover [from, to] and one neighbour on each side where there is one. */
export function sampleSegments(
  loader: ChunkLoader,
  instrument: number,
  from: number,
  to: number,
): Segment[] {
  const [first, last] = chunkSpan(loader, from, to);
  const overview = loader.head.tables.get(`overview/${instrument}`);
  const segments: Segment[] = [];
  const begin = Math.max(0, first - 1);
  const end = Math.min(loader.head.chunks - 1, last + 1);
  for (let chunk = begin; chunk <= end; chunk += 1) {
    const samples = loader.loaded(chunk)?.get(`samples/${instrument}`);
    if (samples) {
      segments.push({ table: samples, fromRow: 0, toRow: samples.rows, chunk });
    } else if (overview) {
      const [start, stop] = chunkTimes(loader, chunk);
      const times = columnOf(overview, 'timeMicros');
      const fromRow = firstAtOrAfter(times, start);
      const toRow = stop === Infinity ? overview.rows : firstAtOrAfter(times, stop);
      if (toRow > fromRow) segments.push({ table: overview, fromRow, toRow, chunk: -1 });
    }
  }
  return segments;
}

/** The first row whose value is at least `value`, or the number of rows; values ascend. */
export function firstAtOrAfter(values: ColumnValues, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last row whose value is at most `value`, or -1; values ascend. */
export function lastAtOrBefore(values: ColumnValues, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
