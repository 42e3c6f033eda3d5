/** Fetches chunks of a film: neighbours in one request, no chunk twice at a time. */
import {
  decodeReplayChunk,
  decodeReplayHead,
  replayChunkRange,
  replayFirstRequestBytes,
  replayHeadBytes,
} from '../../sim/trace/index.js';
import type { ReplayHead } from '../../sim/trace/index.js';
import { ChunkCache } from './chunk-cache.js';
import type { ChunkTables } from './chunk-cache.js';

/** Reads bytes of a film's file; fewer than asked for only at its end. */
export type RangeReader = (offset: number, bytes: number) => Promise<Uint8Array>;

const NAME = 'replay.bin';
const REQUEST_BYTES = 4 << 20;
const CACHE_BYTES = 160 << 20;

/** The head of a film and its chunks, fetched when asked for. */
export class ChunkLoader {
  readonly head: ReplayHead;
  private readonly read: RangeReader;
  private readonly cache = new ChunkCache(CACHE_BYTES);
  private readonly pending = new Map<number, Promise<void>>();

  private constructor(head: ReplayHead, read: RangeReader) {
    this.head = head;
    this.read = read;
  }

  /** @throws UserError `trace/...` for a file that is damaged, truncated or of another version. */
  static async open(read: RangeReader): Promise<ChunkLoader> {
    let start = await read(0, replayFirstRequestBytes);
    const headBytes = replayHeadBytes(start, NAME);
    if (start.length < headBytes) {
      const rest = await read(start.length, headBytes - start.length);
      const whole = new Uint8Array(start.length + rest.length);
      whole.set(start);
      whole.set(rest, start.length);
      start = whole;
    }
    return new ChunkLoader(decodeReplayHead(start, NAME), read);
  }

  /** A chunk that is here already, or null. */
  loaded(chunk: number): ChunkTables | null {
    return this.cache.use(chunk);
  }

  /** Length of a chunk in the file. */
  bytesOf(chunk: number): number {
    return replayChunkRange(this.head, chunk).bytes;
  }

  /**
   * Loads chunks, first things first; `onArrival` is called after each request that brought some.
   * @throws whatever the reader throws, and UserError `trace/...` for damaged bytes.
   */
  async load(chunks: readonly number[], onArrival: () => void = () => {}): Promise<void> {
    const missing = chunks.filter((chunk) => !this.cache.use(chunk) && !this.pending.has(chunk));
    const waiting = chunks
      .map((chunk) => this.pending.get(chunk))
      .filter((one) => one !== undefined);
    for (const group of this.grouped(missing)) {
      const fetched = this.fetch(group);
      for (const chunk of group) this.pending.set(chunk, fetched);
      try {
        await fetched;
      } finally {
        for (const chunk of group) this.pending.delete(chunk);
      }
      onArrival();
    }
    if (waiting.length > 0) {
      await Promise.all(waiting);
      onArrival();
    }
  }

  private async fetch(group: readonly number[]): Promise<void> {
    const first = replayChunkRange(this.head, group[0]);
    const last = replayChunkRange(this.head, group[group.length - 1]);
    const bytes = await this.read(first.offset, last.offset + last.bytes - first.offset);
    for (const chunk of group) {
      const range = replayChunkRange(this.head, chunk);
      const from = range.offset - first.offset;
      // A copy of its own, so that dropping a chunk frees its bytes.
      const own = bytes.slice(from, from + range.bytes);
      this.cache.put(chunk, decodeReplayChunk(own, NAME), range.bytes);
    }
  }

  /** Runs of neighbours in the order given, cut at the size of a request. */
  private grouped(chunks: readonly number[]): number[][] {
    const groups: number[][] = [];
    let bytes = 0;
    for (const chunk of chunks) {
      const group = groups[groups.length - 1];
      const size = this.bytesOf(chunk);
      if (group && group[group.length - 1] === chunk - 1 && bytes + size <= REQUEST_BYTES) {
        group.push(chunk);
        bytes += size;
      } else {
        groups.push([chunk]);
        bytes = size;
      }
    }
    return groups;
  }
}
