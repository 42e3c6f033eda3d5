/** Which parts of a study were begun in a folder: what a merge must find complete. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../sim/kernel/index.js';
import { makeFolders, writing } from '../../runtime/index.js';
import { replaceJson } from './files.js';

/** Folder of the notes. */
export const partsFolderName = 'parts';

/** One part, as it was asked for. */
export interface PartNote {
  /** 0 to count - 1. */
  index: number;
  count: number;
  /** Most runs of all parts together; null for the whole design. */
  budget: number | null;
}

/** Notes that a part was begun. @throws UserError `disk/full`, `run/unwritable` */
export function notePart(folder: string, part: PartNote): void {
  const parts = join(folder, partsFolderName);
  writing(parts, () => makeFolders(parts));
  replaceJson(join(parts, `${part.index}-of-${part.count}.json`), part);
}

/** Reads the notes of a folder; none where it was never swept in parts. @throws UserError `study/damaged` */
export function readParts(folder: string): PartNote[] {
  const parts = join(folder, partsFolderName);
  if (!fs.existsSync(parts)) return [];
  const names = fs.readdirSync(parts).filter((name) => /^\d+-of-\d+\.json$/.test(name)).sort();
  return names.map((name) => {
    const file = join(parts, name);
    try {
      return JSON.parse(fs.readFileSync(file, 'utf8')) as PartNote;
    } catch {
      throw new UserError('study/damaged', `${file}: is not JSON any more; run that part again`);
    }
  });
}
