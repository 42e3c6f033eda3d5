/** The way in for whoever reads a study's tables. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../sim/kernel/index.js';
import { shellWord, statFile } from '../../runtime/index.js';
import { readManifest, studyManifestName } from './manifest.js';
import type { StudyManifest } from './manifest.js';
import { studyFileName } from './study-file.js';

/**
 * Returns the manifest of a folder whose tables are there and are those it describes.
 * @throws UserError `study/missing` where there is no study, `study/tables` where its tables have not been
 * written yet, `study/damaged`, `study/version`
 */
export function checkedTables(folder: string): StudyManifest {
  const found = statFile(folder, 'study/missing');
  if (found === undefined || !found.isDirectory()) {
    const what = found === undefined ? 'does not exist' : 'is a file';
    throw new UserError('study/missing', `folder "${folder}" ${what}; must be the folder of a study, such as studies/<study>`);
  }
  const has = (name: string): boolean => fs.existsSync(join(folder, name));
  if (has(studyManifestName)) return readManifest(folder);
  if (has(studyFileName)) {
    const why = 'the sweep was killed, or its parts are not merged';
    const fix = `stampede merge ${shellWord(folder)}`;
    throw new UserError('study/tables', `${folder}: has no tables yet: ${why}; to write those of the runs there are: ${fix}`);
  }
  throw new UserError('study/missing', `${folder}: is not the folder of a study: it has no ${studyFileName}`);
}
