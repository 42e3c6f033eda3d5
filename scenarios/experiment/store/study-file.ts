/** `study.json`: what a study's folder is for, written before the first run. */
import * as fs from 'node:fs';
import { UserError } from '../../../sim/kernel/index.js';
import { packageVersion } from '../../runtime/index.js';
import type { Subject } from '../run/index.js';
import { expandDesign, StudyPlan } from '../study/index.js';
import type { Study } from '../study/index.js';
import type { ScenarioInput } from '../../model/index.js';

export const studyFileName = 'study.json';
/** Raised when a reader of an older file could be misled. */
export const studyFileVersion = 1;

/** The statistical plan and the inputs, recorded before running. */
export interface StudyFile {
  format: 'stampede-study';
  formatVersion: number;
  version: string;
  name: string;
  /** SHA-256 of all that results depend on. */
  digest: string;
  designDigest: string;
  points: number;
  variants: number;
  replicates: number;
  /** With every default filled in. */
  study: Study;
  /** What is run: a scenario as written, or a function. */
  base: { kind: string; name: string; scenario: unknown; indexDigest: string | null; strategies: Record<string, string> };
}

/** Describes a plan. */
export function describeStudy(plan: StudyPlan): StudyFile {
  const { study, subject, digest, designDigest, points, variants, replicates } = plan;
  const format = 'stampede-study';
  const head = { format, formatVersion: studyFileVersion, version: packageVersion } as const;
  const counts = { points, variants, replicates };
  return { ...head, name: study.name, digest, designDigest, ...counts, study, base: describeBase(subject) };
}

function describeBase(subject: Subject): StudyFile['base'] {
  if (subject.kind === 'function') {
    return { kind: 'function', name: subject.name, scenario: null, indexDigest: null, strategies: {} };
  }
  const { scenario, indexDigest = null, strategies = [] } = subject;
  const own = Object.fromEntries(strategies.map(({ name, digest }) => [name, digest]));
  return { kind: 'scenario', name: scenario.name, scenario, indexDigest, strategies: own };
}

/**
 * Reads the file of a folder.
 * @throws UserError `study/missing`, `study/damaged`, `study/version`
 */
export function readStudyFile(path: string): StudyFile {
  let text: string;
  try {
    text = fs.readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError('study/missing', `${path}: cannot be read (${code}); is it the folder of a study?`);
  }
  const fix = 'restore it, or sweep into another folder with --out';
  let file: Partial<StudyFile>;
  try {
    file = JSON.parse(text) as Partial<StudyFile>;
  } catch {
    throw new UserError('study/damaged', `${path}: is not JSON any more; ${fix}`);
  }
  if (file?.format !== 'stampede-study' || typeof file.digest !== 'string' || file.study === undefined) {
    throw new UserError('study/damaged', `${path}: is not the file of a study; ${fix}`);
  }
  if (file.formatVersion !== studyFileVersion || file.version !== packageVersion) {
    const was = `was written by stampede ${file.version}, format ${file.formatVersion}`;
    const must = `this is ${packageVersion}, format ${studyFileVersion}, and results of versions do not mix`;
    throw new UserError('study/version', `${path}: ${was}; ${must}: use that version or another --out`);
  }
  return file as StudyFile;
}

/**
 * Returns the plan that a file describes. Its runs cannot be made from it where it has an index file or
 * strategies of a user: of these the file keeps digests only.
 *
 * @throws UserError `study/damaged` when the plan is not the one that its digest tells of
 */
export function planOfFile(file: StudyFile): StudyPlan {
  const plan = spelledOut(file);
  if (plan?.digest === file.digest) return plan;
  const what = 'says something else than its digest: it was changed since it was written';
  throw new UserError('study/damaged', `${studyFileName} of study ${file.name}: ${what}; restore it`);
}

/** What was changed by hand may be no study at all. */
function spelledOut({ study, base }: StudyFile): StudyPlan | null {
  try {
    return new StudyPlan(study, subjectOf(base), expandDesign(study));
  } catch {
    return null;
  }
}

function subjectOf({ kind, name, scenario, indexDigest, strategies }: StudyFile['base']): Subject {
  if (kind === 'function') return { kind: 'function', name };
  return {
    kind: 'scenario',
    scenario: scenario as ScenarioInput,
    indexDigest: indexDigest ?? undefined,
    strategies: Object.entries(strategies).map(([own, digest]) => ({ name: own, digest, code: '', place: own })),
  };
}

/** Keys that change nothing in the runs. */
const FREE = new Set(['title', 'question', 'doc', 'statement', 'sources', 'budget', 'source']);

/** Returns the first places in which two studies differ, as `design.points: was 60, is 80`. */
export function studyDifferences(was: StudyFile, is: StudyFile, most = 3): string[] {
  const found: string[] = [];
  compare({ study: was.study, base: was.base }, { study: is.study, base: is.base }, '', found);
  const shown = found.slice(0, most).map((one) => one.replace(/^study\./, ''));
  return found.length > most ? [...shown, `and ${found.length - most} more`] : shown;
}

function compare(was: unknown, is: unknown, at: string, found: string[]): void {
  if (isMapping(was) && isMapping(is)) {
    for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
      if (FREE.has(key)) continue;
      compare(was[key], is[key], at === '' ? key : `${at}.${key}`, found);
    }
    return;
  }
  if (JSON.stringify(was) === JSON.stringify(is)) return;
  if (Array.isArray(was) && Array.isArray(is) && was.length === is.length) {
    was.forEach((one, i) => {
      compare(one, is[i], `${at}[${i}]`, found);
    });
    return;
  }
  found.push(`${at}: was ${shortJson(was)}, is ${shortJson(is)}`);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shortJson(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
