/** Files that appear whole or not at all. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { UserError } from '../../sim/kernel/index.js';
import { systemCode } from '../runtime/index.js';

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Writes a text beside its place and moves it there.
 * @throws UserError `disk/full` (exit code 6) or `output/unwritable`; what was at the place stays then
 */
export function writeWholeFile(path: string, text: string): void {
  const beside = `${path}.${process.pid}.part`;
  try {
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    const code = systemCode(error);
    if (FULL.has(code)) throw new UserError('disk/full', `${path}: no room left on the disk (${code})`, 6);
    if (code === '') throw error;
    throw new UserError('output/unwritable', `${path}: cannot be written (${code}); choose another file`);
  }
}
