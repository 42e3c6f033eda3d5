/** What is run, stored in a queue once and read by every worker. */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { UserError } from '../../../sim/kernel/index.js';
import { packageVersion } from '../../runtime/index.js';
import type { Subject } from '../run/index.js';
import type { PayloadQueue } from './connection.js';

/** Everything that the runs of a study need beside their settings and seeds. */
export interface Payload {
  subjects: readonly Subject[];
  strategyMillisMax?: number | undefined;
}

/** A payload as text, in pieces. */
export interface PackedPayload {
  /** Digest of the version and of the pieces, under which they are stored. */
  digest: string;
  pieces: readonly string[];
}

/** Characters of a piece: well below what either server takes as one value. */
const PIECE_LENGTH = 1 << 20;
/** Payloads that nobody asked for within this time are removed, milliseconds. */
const KEPT_MILLIS = 30 * 86_400_000;
/** Mark of a column of numbers in the text: its bytes, base 64. */
const COLUMN = '$float64';

/** Packs what is run. O(bytes). */
export function packPayload({ subjects, strategyMillisMax }: Payload): PackedPayload {
  const json = JSON.stringify({ subjects, strategyMillisMax }, columnsToText);
  const text = gzipSync(json).toString('base64');
  const pieces: string[] = [];
  for (let from = 0; from < text.length; from += PIECE_LENGTH) pieces.push(text.slice(from, from + PIECE_LENGTH));
  return { digest: digestOf(pieces), pieces };
}

/** Unpacks pieces. @throws UserError `queue/payload` when they are not those that were packed */
export function unpackPayload({ digest, pieces }: PackedPayload): Payload {
  if (digestOf(pieces) !== digest) {
    throw new UserError('queue/payload', `what is run (${digest.slice(0, 12)}) came damaged out of the queue`);
  }
  const text = gunzipSync(Buffer.from(pieces.join(''), 'base64')).toString('utf8');
  return JSON.parse(text, textToColumns) as Payload;
}

/**
 * Stores a payload, unless it is there; the head, by which it is found, comes last.
 *
 * Payloads nobody has stored anew for a month are removed on the way.
 */
export async function storePayload(queue: PayloadQueue, { digest, pieces }: PackedPayload): Promise<void> {
  await removeOld(queue, digest);
  const head = { version: packageVersion, pieces: pieces.length, storedAt: Date.now() };
  const found = await queue.getJob(digest);
  if (found !== undefined) {
    await found.updateData(head);
    return;
  }
  for (const [k, piece] of pieces.entries()) {
    await queue.add('piece', { piece }, { jobId: `${digest}-${k}` });
  }
  await queue.add('head', head, { jobId: digest });
}

/** Reads a payload. @throws UserError `queue/payload` when it is gone or damaged */
export async function loadPayload(queue: PayloadQueue, digest: string): Promise<Payload> {
  const head = await queue.getJob(digest);
  const pieces: string[] = [];
  for (let k = 0; k < (head?.data.pieces ?? 0); k++) {
    const job = await queue.getJob(`${digest}-${k}`);
    if (job === undefined) break;
    pieces.push(job.data.piece);
  }
  if (head === undefined || pieces.length < head.data.pieces) {
    const fix = 'sweep --resume stores it again';
    throw new UserError('queue/payload', `what is run (${digest.slice(0, 12)}) is not in the queue any more; ${fix}`);
  }
  return unpackPayload({ digest, pieces });
}

/** Returns the versions of stampede whose studies are in the queue. */
export async function payloadVersions(queue: PayloadQueue): Promise<string[]> {
  const heads = await headsOf(queue);
  return [...new Set(heads.map((one) => String(one.data.version)))].sort();
}

// biome-ignore lint/suspicious/noExplicitAny: as the queue types them
async function headsOf(queue: PayloadQueue): Promise<any[]> {
  const ids = await queue.getRanges(['wait'], 0, -1);
  const heads = await Promise.all(ids.filter((id) => !id.includes('-')).map((id) => queue.getJob(id)));
  return heads.filter((one) => one !== undefined);
}

async function removeOld(queue: PayloadQueue, kept: string): Promise<void> {
  for (const { id, data } of await headsOf(queue)) {
    if (id === kept || Date.now() - data.storedAt < KEPT_MILLIS) continue;
    await removePayload(queue, id, data.pieces);
  }
}

async function removePayload(queue: PayloadQueue, digest: string, pieces: number): Promise<void> {
  await queue.remove(digest);
  for (let k = 0; k < pieces; k++) await queue.remove(`${digest}-${k}`);
}

function columnsToText(_key: string, value: unknown): unknown {
  if (!(value instanceof Float64Array)) return value;
  return { [COLUMN]: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
}

function textToColumns(_key: string, value: unknown): unknown {
  const text = (value as Record<string, unknown> | null)?.[COLUMN];
  if (typeof text !== 'string') return value;
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float64Array(bytes.buffer);
}

function digestOf(pieces: readonly string[]): string {
  const hash = createHash('sha256').update(packageVersion);
  for (const piece of pieces) hash.update(`\n${piece}`);
  return hash.digest('hex');
}
