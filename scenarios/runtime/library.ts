/** Finds scenarios: in the package's library, in a file, or on standard input. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { registry } from '../../agents/index.js';
import { UserError } from '../../sim/kernel/index.js';
import type { Strategy } from '../../sim/strategy/index.js';
import { didYouMean, parseScenario } from '../model/index.js';
import type { ScenarioInput } from '../model/index.js';
import { packageRoot } from './package-info.js';

/** A scenario file longer than this is not a scenario. */
const BYTES_MAX = 4_000_000;

/** One shipped scenario. */
export interface LibraryEntry {
  name: string;
  file: string;
}

/** A scenario and where it was found. */
export interface LoadedScenario {
  /** As written, before defaults. */
  scenario: ScenarioInput;
  /** Name of the library entry, path, or `stdin`. */
  place: string;
  /** How errors name the file. */
  shown: string;
  kind: 'library' | 'file' | 'stdin';
  text: string;
}

/** Lists the shipped scenarios by name. */
export function libraryScenarios(): LibraryEntry[] {
  const folder = join(packageRoot, 'scenarios', 'library');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => ({ name: basename(file, '.yaml'), file: join(folder, file) }));
}

/**
 * Reads and parses a scenario: a library name, a file, or `-` for standard input.
 *
 * @param strategies those that cohorts may name; the shipped ones by default
 * @throws UserError `scenario/unknown` with the nearest name, or as `parseScenario`.
 */
export function loadScenario(
  place: string,
  strategies: readonly Strategy[] = registry,
): LoadedScenario {
  const parsed = (text: string, name: string, kind: LoadedScenario['kind'], file = name): LoadedScenario => {
    const shown = file === name ? name : basename(file);
    return { scenario: parseScenario(text, shown, strategies), place: name, shown, kind, text };
  };
  if (place === '-') return parsed(readStdin(), 'stdin', 'stdin');
  const entries = libraryScenarios();
  const entry = entries.find((one) => one.name === place);
  if (entry !== undefined) {
    return parsed(readFileSync(entry.file, 'utf8'), entry.name, 'library', entry.file);
  }
  const names = entries.map((one) => one.name);
  return parsed(readScenarioFile(place, names), place, 'file');
}

/** Standard input can be read once, a scenario that stands there named more than once. */
let stdin: string | undefined;

function readStdin(): string {
  try {
    stdin ??= readFileSync(0, 'utf8');
    return stdin;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError('scenario/file', `standard input cannot be read (${why})`);
  }
}

function readScenarioFile(path: string, names: string[]): string {
  const found = statFile(path, 'scenario/file');
  if (found === undefined) {
    const looksLikeFile = /[\\/.]/.test(path);
    const what = looksLikeFile ? `file "${path}" does not exist` : `scenario was "${path}"`;
    const near = didYouMean(path, names);
    const must = `must be one of ${names.join(', ')}, a file, or -`;
    throw new UserError('scenario/unknown', `${what}, ${must}${near}`);
  }
  if (!found.isFile()) {
    throw new UserError('scenario/file', `"${path}" is not a file; name a YAML file or a scenario`);
  }
  if (found.size > BYTES_MAX) {
    const must = `must be at most ${BYTES_MAX}`;
    throw new UserError('scenario/file', `${path}: size was ${found.size} bytes, ${must}`);
  }
  return readText(path, 'scenario/file');
}

/** Reads a text file. @throws UserError with the given code when it cannot be read. */
export function readText(path: string, code: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError(code, `"${path}" cannot be read (${why})`);
  }
}

/** Looks a path up; undefined when nothing is there. @throws UserError with the given code. */
export function statFile(path: string, code: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError(code, `"${path}" cannot be read (${why})`);
  }
}
