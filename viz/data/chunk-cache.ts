/** Decoded chunks of a film, the least recently used dropped first. */
import type { Table } from '../../sim/trace/index.js';

/** Tables of a chunk by name. */
export type ChunkTables = Map<string, Table>;

/** Holds chunks up to a number of bytes. */
export class ChunkCache {
  private readonly bytesMax: number;
  private readonly chunks = new Map<number, { tables: ChunkTables; bytes: number }>();
  private bytesHeld = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** Bytes of all chunks held. */
  get bytes(): number {
    return this.bytesHeld;
  }

  /** The chunk, without marking it as used. */
  peek(chunk: number): ChunkTables | null {
    return this.chunks.get(chunk)?.tables ?? null;
  }

  /** The chunk, now the most recently used. */
  use(chunk: number): ChunkTables | null {
    const found = this.chunks.get(chunk);
    if (!found) return null;
    this.chunks.delete(chunk);
    this.chunks.set(chunk, found);
    return found.tables;
  }

  /** Adds a chunk and drops old ones beyond the limit; the new one always stays. */
  put(chunk: number, tables: ChunkTables, bytes: number): void {
    const before = this.chunks.get(chunk);
    if (before) this.bytesHeld -= before.bytes;
    this.chunks.delete(chunk);
    this.chunks.set(chunk, { tables, bytes });
    this.bytesHeld += bytes;
    for (const [oldest, held] of this.chunks) {
      if (this.bytesHeld <= this.bytesMax || oldest === chunk) break;
      this.chunks.delete(oldest);
      this.bytesHeld -= held.bytes;
    }
  }
}
