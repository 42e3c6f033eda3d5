/** SHA-256 of files: what tells a whole run from one that was changed at rest. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';

/** Bytes read at once: few calls, little memory. */
const PIECE_BYTES = 1 << 20;

/** Returns the SHA-256 of a file, 64 hexadecimal digits; it holds one mebibyte at a time. */
export function digestFile(file: string): string {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  const fd = fs.openSync(file, 'r');
  try {
    for (;;) {
      const got = fs.readSync(fd, piece, 0, PIECE_BYTES, null);
      if (got === 0) return hash.digest('hex');
      hash.update(got === PIECE_BYTES ? piece : piece.subarray(0, got));
    }
  } finally {
    fs.closeSync(fd);
  }
}
