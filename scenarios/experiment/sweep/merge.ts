/** Brings parts of a study together: from one folder that several wrote to, or from many. */
import * as fs from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../../sim/kernel/index.js';
import {
  openStore,
  openStudyFolder,
  planOfFile,
  readParts,
  readStudyFile,
  studyFileName,
  writeManifest,
  writeTables,
} from '../store/index.js';
import { selected } from './selection.js';
import type { ResultStore, StudyManifest } from '../store/index.js';
import type { StudyPlan } from '../study/index.js';
import { SequentialRounds } from './rounds.js';

/** What a merge came to. */
export interface Merged {
  path: string;
  manifest: StudyManifest;
  /** Results taken from other folders. */
  taken: number;
}

/**
 * Copies the results of other folders of the same study into `target`, each run once, and writes its tables.
 *
 * @param target folder of the study; made when it is absent
 * @param sources further folders; none where all parts wrote to `target`
 * @throws UserError `study/missing`, `study/changed`, `study/damaged`, `study/version`, `disk/full`
 */
export function mergeStudy(target: string, sources: readonly string[]): Merged {
  const begunAt = new Date().toISOString();
  const first = [target, ...sources].find((folder) => fs.existsSync(join(folder, studyFileName)));
  if (first === undefined) {
    const must = 'must be the folder of a study, or be followed by folders of its parts';
    throw new UserError('study/missing', `merge: folder was "${target}", ${must}`);
  }
  const plan = planOfFile(readStudyFile(join(first, studyFileName)));
  // All are looked at before anything is written.
  const parts = sources.filter((one) => resolve(one) !== resolve(target)).map((folder) => {
    const other = readStudyFile(join(folder, studyFileName));
    if (other.digest !== plan.digest) {
      throw new UserError('study/changed', `${folder}: holds a part of another study (${other.name}) than ${first}`);
    }
    return openStore(plan, folder);
  });
  const { path, store } = openStudyFolder(plan, target, true);
  try {
    let taken = 0;
    for (const part of parts) {
      for (let index = 0; index < plan.size; index++) {
        const outcome = part.has(index) ? part.get(index) : null;
        if (outcome !== null && store.add(index, outcome)) taken++;
      }
    }
    writeTables(path, store);
    const planned = store.count + countLacking(plan, store, budgetOf([target, ...sources]));
    const manifest = writeManifest(path, store, { begunAt, place: plan.study.name, planned });
    return { path, manifest, taken };
  } finally {
    store.close();
    for (const part of parts) part.close();
  }
}

/** Counts the runs that the whole study would still make, as far as its sequential rule can tell. */
function countLacking(plan: StudyPlan, store: ResultStore, budget: number | undefined): number {
  let lacking = 0;
  for (const index of selected(plan, { budget }, 0, plan.replicatesMin)) if (!store.has(index)) lacking++;
  const rounds = new SequentialRounds(plan, store, { budget });
  while (rounds.next().length > 0);
  return lacking + rounds.countLacking();
}

/** Returns the budget that the parts share; undefined where one was asked for the whole design. */
function budgetOf(folders: readonly string[]): number | undefined {
  const budgets = folders.flatMap((folder) => readParts(folder).map((part) => part.budget ?? Infinity));
  const most = Math.max(...budgets);
  return Number.isFinite(most) ? most : undefined;
}
