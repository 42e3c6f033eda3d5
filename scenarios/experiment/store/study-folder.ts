/** The folder of a study: what is in it, and how it comes to be. */
import * as fs from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../../sim/kernel/index.js';
import { makeFolders, writing } from '../../runtime/index.js';
import type { StudyPlan } from '../study/index.js';
import { replaceJson } from './files.js';
import { partsFolderName } from './part-file.js';
import { ResultStore } from './result-store.js';
import { describeStudy, readStudyFile, studyDifferences, studyFileName } from './study-file.js';

/** Logs of results as they come in. */
const RESULTS = 'results';

/** Returns the folder of the logs of a study's folder. */
export function resultsFolder(path: string): string {
  return join(path, RESULTS);
}

/** Where a study's results are. */
export interface StudyFolder {
  path: string;
  store: ResultStore;
}

/**
 * Opens a folder for the runs of a plan, makes it when it is absent, and reads the results it holds.
 *
 * @param resume goes on in a folder that holds the same study; without, a study's folder is refused
 * @throws UserError `study/exists`, `study/changed` with the difference, `study/damaged`, `study/version`,
 * `disk/full`, `run/unwritable`
 */
export function openStudyFolder(plan: StudyPlan, folder: string, resume: boolean): StudyFolder {
  const path = resolve(folder);
  const file = join(path, studyFileName);
  if (fs.existsSync(file)) {
    if (!resume) throw existing(folder);
  } else {
    refuseForeign(path, folder);
    writing(path, () => makeFolders(path));
    replaceJson(file, describeStudy(plan));
  }
  refuseChanged(plan, file);
  return { path, store: openStore(plan, path) };
}

/** Opens the results of a study's folder to read them. */
export function openStore(plan: StudyPlan, path: string): ResultStore {
  const store = new ResultStore(plan, resultsFolder(path));
  store.refresh();
  return store;
}

/**
 * Refuses a folder whose study is not that of the plan.
 * @throws UserError `study/changed`, `study/damaged`, `study/version`
 */
export function refuseChanged(plan: StudyPlan, file: string): void {
  const was = readStudyFile(file);
  if (was.digest === plan.digest) return;
  const differences = studyDifferences(was, describeStudy(plan)).join('; ');
  const what = differences === '' ? 'its digest is another' : differences;
  const fix = 'sweep the changed study into another folder with --out';
  throw new UserError('study/changed', `${file}: holds another study (${what}); ${fix}`);
}

function existing(folder: string): UserError {
  const fix = 'add --resume to go on with it, or choose another folder with --out';
  return new UserError('study/exists', `${folder}: holds a study already; ${fix}`);
}

/**
 * A folder that is no study's is not written into, unless a study died in it at birth, or another part of
 * this one is being born there at the same time.
 */
function refuseForeign(path: string, folder: string): void {
  const found = writing(path, () => fs.statSync(path, { throwIfNoEntry: false }));
  if (found === undefined) return;
  const fix = 'choose another folder with --out';
  if (!found.isDirectory()) throw new UserError('study/exists', `${folder}: is a file; ${fix}`);
  const own = [studyFileName, RESULTS, partsFolderName];
  const others = fs.readdirSync(path).filter((name) => !own.includes(name) && !/^\.stampede-.*\.partial$/.test(name));
  if (others.length > 0) {
    throw new UserError('study/exists', `${folder}: holds other files, such as ${others[0]}; ${fix}`);
  }
}
