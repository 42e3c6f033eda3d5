/** Files that appear whole or not at all. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writing } from '../../runtime/index.js';

/** Returns a name beside `path` that nobody else uses, hidden. */
export function asideOf(path: string): string {
  const tag = `${process.pid}-${randomBytes(4).toString('hex')}`;
  return join(dirname(path), `.stampede-${basename(path)}-${tag}.partial`);
}

/**
 * Makes a file through `write`, which gets the path to write to; then it takes the place of what stood there.
 * @throws UserError `disk/full`, `run/unwritable`; what stood there stays
 */
export function replaceFile(path: string, write: (aside: string) => void): void {
  const aside = asideOf(path);
  try {
    writing(path, () => {
      write(aside);
      fs.renameSync(aside, path);
    });
  } catch (error) {
    fs.rmSync(aside, { force: true });
    throw error;
  }
}

/** Writes a value as indented JSON. @throws as `replaceFile` */
export function replaceJson(path: string, value: unknown): void {
  replaceFile(path, (aside) => fs.writeFileSync(aside, `${JSON.stringify(value, null, 2)}\n`));
}
