/** Turns what the file system refuses into errors a user can act on. */
import { UserError } from '../../../sim/kernel/index.js';

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Returns the system's error code, '' when the error is not the system's. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/**
 * Returns the error to throw for a failed write to `path`: UserError `disk/full` (exit code 6) when
 * there is no room, `run/unwritable` when the system refuses otherwise, else the error as it was.
 */
export function writeError(error: unknown, path: string): unknown {
  if (error instanceof UserError) return error;
  const code = systemCode(error);
  if (full.has(code)) {
    return new UserError(
      'disk/full',
      `${path}: no room left on the disk (${code}); free some or choose another folder with --out`,
      6,
    );
  }
  if (code === '') return error;
  return new UserError(
    'run/unwritable',
    `${path}: cannot be written (${code}); choose another folder with --out`,
  );
}

/** Runs `write` and throws what `writeError` makes of its failure. */
export function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw writeError(error, path);
  }
}
