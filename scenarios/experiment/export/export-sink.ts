/** Where an export goes: a file that appears whole or not at all, or a stream. */
import { once } from 'node:events';
import { closeSync, existsSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { UserError } from '../../../sim/kernel/index.js';
import { systemCode, writeError, writing } from '../../runtime/index.js';
import { asideOf } from '../store/index.js';

/** Pieces of a file. */
export type Pieces = AsyncIterable<string | Uint8Array>;

/** Writes pieces to a stream as fast as its reader takes them. */
export async function toStream(pieces: Pieces, stream: Writable): Promise<void> {
  for await (const piece of pieces) {
    if (!stream.write(piece)) await once(stream, 'drain');
  }
}

/**
 * Writes pieces to a new file; nothing is left where that fails.
 * @throws UserError `export/exists`, `disk/full`, `run/unwritable`
 */
export async function toNewFile(pieces: Pieces, path: string): Promise<void> {
  refuseExisting(path);
  const aside = asideOf(path);
  const fd = writing(path, () => openSync(aside, 'wx'));
  try {
    try {
      for await (const piece of pieces) writeAll(fd, piece);
    } finally {
      closeSync(fd);
    }
    settle(aside, path);
  } catch (error) {
    throw systemCode(error) === 'EEXIST' ? existing(path) : writeError(error, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** A link does not take the place of a file that has come meanwhile, as a rename would; not all disks have links. */
function settle(aside: string, path: string): void {
  try {
    linkSync(aside, path);
  } catch (error) {
    if (systemCode(error) === 'EEXIST' || existsSync(path)) throw error;
    renameSync(aside, path);
  }
}

/** @throws UserError `export/exists` */
export function refuseExisting(path: string): void {
  if (existsSync(path)) throw existing(path);
}

function existing(path: string): UserError {
  return new UserError('export/exists', `${path}: exists already; remove it, or name another file with --out`);
}

function writeAll(fd: number, piece: string | Uint8Array): void {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  let at = 0;
  while (at < bytes.length) at += writeSync(fd, bytes, at);
}
