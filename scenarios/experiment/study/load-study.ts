/** Finds studies: in the package's library, or in a file. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../../sim/kernel/index.js';
import type { Strategy } from '../../../sim/strategy/index.js';
import { registry } from '../../../agents/index.js';
import { applySettings, didYouMean, issuesError, issuesOf, readPlaced } from '../../model/index.js';
import type { Issue } from '../../model/index.js';
import { codesOf, loadScenario, loadStrategies, packageRoot, readIndexFile, readText, statFile } from '../../runtime/index.js';
import { functionNamed, settingTexts } from '../run/index.js';
import type { Subject } from '../run/index.js';
import { checkStudy } from './check-study.js';
import { studySchema } from './study-schema.js';
import type { Study } from './study-schema.js';

/** A shipped study. */
export interface StudyEntry {
  name: string;
  file: string;
}

/** A study, checked, and what it runs. */
export interface LoadedStudy {
  study: Study;
  /** Base with its settings; strategies and index file loaded. */
  subject: Subject;
  /** What the user's strategies declare. */
  declared: readonly Strategy[];
  /** Library name or path, for commands that name it again. */
  place: string;
  /** Returns where in its file something stands: `file:line:column `. */
  placeOf(issue: Pick<Issue, 'path'>): string;
}

/** Lists the shipped studies by name. */
export function libraryStudies(): StudyEntry[] {
  const folder = join(packageRoot, 'scenarios', 'library', 'studies');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => ({ name: basename(file, '.yaml'), file: join(folder, file) }));
}

/**
 * Reads and checks a study: a library name or a file.
 *
 * Files that it names are looked up beside it.
 *
 * @throws UserError `study/unknown` with the nearest name, `study/...` with file, line and column,
 * `scenario/...`, `strategy/...`, `index/...` of what it names
 */
export async function loadStudy(place: string): Promise<LoadedStudy> {
  const entry = libraryStudies().find((one) => one.name === place);
  const file = entry?.file ?? place;
  if (entry === undefined) refuseUnknown(place);
  const shown = entry === undefined ? place : basename(file);
  const { written, place: placeOf } = readPlaced(readText(file, 'study/file'), shown, 'study');
  const parsed = studySchema.safeParse(written);
  const issues = parsed.success ? checkStudy(parsed.data) : issuesOf(parsed.error, written).map(ofStudy);
  if (issues.length > 0) throw issuesError(issues, placeOf);
  const study = parsed.data as Study;
  const found = await subjectOf(study, dirname(resolve(file)), placeOf);
  return { study, ...found, place, placeOf: (issue) => placeOf(issue as Issue) };
}

function ofStudy(issue: Issue): Issue {
  // What is wrong with all of it would be told of a scenario.
  const whole = issue.path.length === 0 ? { path: ['study'], was: issue.was ?? undefined } : {};
  return { ...issue, ...whole, code: issue.code.replace(/^scenario/, 'study') };
}

function refuseUnknown(place: string): void {
  const found = statFile(place, 'study/file');
  if (found === undefined) {
    const names = libraryStudies().map((one) => one.name);
    const what = /[\\/.]/.test(place) ? `file "${place}" does not exist` : `study was "${place}"`;
    const must = names.length === 0 ? 'must be a YAML file' : `must be one of ${names.join(', ')}, or a file`;
    throw new UserError('study/unknown', `${what}, ${must}${didYouMean(place, names)}`);
  }
  if (!found.isFile()) {
    throw new UserError('study/file', `"${place}" is not a file; name a YAML file or a study`);
  }
}

async function subjectOf(
  { base }: Study,
  folder: string,
  placeOf: (issue: Issue) => string,
): Promise<Pick<LoadedStudy, 'subject' | 'declared'>> {
  const parts = typeof base === 'string' ? { scenario: base, set: {}, strategies: [] } : base;
  const named = 'function' in parts ? parts.function : undefined;
  const atBase = <T>(find: () => T): T => foundAt(find, placeOf({ path: ['base'] } as unknown as Issue));
  if (named !== undefined) {
    atBase(() => functionNamed(named));
    return { subject: { kind: 'function', name: named }, declared: [] };
  }
  const files = (parts.strategies ?? []).map((file) => beside(folder, file));
  const loaded = await loadStrategies(files);
  const known = [...registry, ...loaded.map((one) => one.strategy)];
  const { scenario } = atBase(() => loadScenario(scenarioPlace(folder, parts.scenario ?? ''), known));
  const index = 'index' in parts && parts.index !== undefined ? readIndexFile(beside(folder, parts.index)) : undefined;
  try {
    const subject: Subject = {
      kind: 'scenario',
      scenario: applySettings(scenario, settingTexts(parts.set ?? {}), known),
      bars: index?.bars,
      indexDigest: index?.digest,
      strategies: codesOf(loaded),
    };
    return { subject, declared: loaded.map((one) => one.strategy) };
  } catch (error) {
    throw placed(error, placeOf({ path: ['base', 'set'] } as unknown as Issue));
  }
}

/** What is unknown stands in the study; what is wrong in a file that it names stands there. */
function foundAt<T>(find: () => T, place: string): T {
  try {
    return find();
  } catch (error) {
    const isUnknown = error instanceof UserError && /^(study\/function|scenario\/unknown)$/.test(error.code);
    throw isUnknown ? placed(error, place) : error;
  }
}

/** Puts the place in a study's file before a refusal of a setting, in place of `--set`. */
export function placed(error: unknown, place: string): unknown {
  if (!(error instanceof UserError)) return error;
  const lines = error.message.split('\n').map((line) => `${place}${line.replace(/^--set /, '')}`);
  return new UserError(error.code, lines.join('\n'), error.exitCode);
}

function scenarioPlace(folder: string, name: string): string {
  return /[\\/]|\.ya?ml$/.test(name) ? beside(folder, name) : name;
}

function beside(folder: string, file: string): string {
  return resolve(folder, file);
}
