/** What is wrong with a scenario, and how it is told. */
import { UserError } from '../../sim/kernel/index.js';
import type { z } from 'zod';

export type Path = readonly (string | number)[];

/** One thing that is wrong, at a path. */
export interface Issue {
  /** Stable code `scenario/...`. */
  code: string;
  path: Path;
  /** What stood there; undefined when nothing did. */
  was: unknown;
  /** What it must be, and perhaps what was meant. */
  must: string;
  /** The path's last part is a key that should not be there. */
  isKey?: boolean;
  /** A word within the text at the path is wrong: its column there, from 1; `was` is told as it is. */
  column?: number;
}

/** Lines of an error message, at most. */
const LINES_MAX = 3;

/** Writes a path as `population[2].params.leverage`. */
export function pathText(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else {
      const key = /^[\w-]{1,80}$/.test(part) ? part : valueText(part);
      text += text === '' ? key : `.${key}`;
    }
  }
  return text === '' ? 'scenario' : text;
}

/** Writes a value in a few characters. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'number') return String(value);
  let text: string;
  if (Array.isArray(value)) text = value.length === 0 ? 'an empty sequence' : 'a sequence';
  else if (typeof value === 'object' && value !== null) text = 'a mapping';
  else text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 56)}..."` : text;
}

/** Writes one issue on one line, without its place. */
export function issueText(issue: Issue): string {
  const must = issue.must.replace(/\s+/g, ' ');
  if (issue.was === null && issue.path.length === 0) return `scenario: was empty, ${must}`;
  if (issue.isKey === true) return `${pathText(issue.path)}: unknown key, ${must}`;
  const was = issue.column === undefined ? valueText(issue.was) : String(issue.was);
  return `${pathText(issue.path)}: was ${was}, ${must}`;
}

/**
 * Makes the error that tells of issues, at most three lines; the code is that of the first.
 *
 * @param place returns what stands before an issue, such as `file:line:column `.
 */
export function issuesError(issues: readonly Issue[], place: (issue: Issue) => string): UserError {
  const lines: string[] = [];
  const shown = issues.length > LINES_MAX ? LINES_MAX - 1 : issues.length;
  for (let i = 0; i < shown; i++) lines.push(`${place(issues[i])}${issueText(issues[i])}`);
  if (shown < issues.length) lines.push(`and ${issues.length - shown} more`);
  return new UserError(issues[0].code, lines.join('\n'));
}

/** Returns what stands at a path, or undefined. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** Turns the schema's findings into issues: one a path, unions by the branch that fits best. */
export function issuesOf(error: z.ZodError, root: unknown): Issue[] {
  const issues: Issue[] = [];
  const seen = new Set<string>();
  for (const found of error.issues) collect(found, [], root, issues);
  // A misspelt key explains the one that is missing: it is told first.
  issues.sort((a, b) => Number(b.isKey === true) - Number(a.isKey === true));
  return issues.filter((issue) => {
    const key = pathText(issue.path);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function collect(found: z.core.$ZodIssue, base: Path, root: unknown, issues: Issue[]): void {
  const path = [...base, ...(found.path as (string | number)[])];
  if (found.code === 'unrecognized_keys') {
    for (const key of found.keys) {
      issues.push({
        code: 'scenario/key',
        path: [...path, key],
        was: undefined,
        must: found.message,
        isKey: true,
      });
    }
    return;
  }
  if (found.code === 'invalid_union') {
    const branch = found.errors.find((one) => one.length > 0 && !one.some(isWrongShape));
    if (branch !== undefined) {
      for (const inner of branch) collect(inner, path, root, issues);
      return;
    }
    const isTag = typeof found.discriminator === 'string';
    const tagPath =
      isTag && path[path.length - 1] === found.discriminator ? path.slice(0, -1) : path;
    const tag = isTag ? valueAt(root, [...tagPath, found.discriminator as string]) : undefined;
    const at = tag !== undefined ? [...tagPath, found.discriminator as string] : tagPath;
    issues.push({ code: 'scenario/value', path: at, was: valueAt(root, at), must: found.message });
    return;
  }
  const isRange = found.code === 'too_small' || found.code === 'too_big' || found.code === 'custom';
  const code = isRange ? 'scenario/range' : 'scenario/value';
  issues.push({ code, path, was: valueAt(root, path), must: found.message });
}

/** A branch of a union that does not apply: the value is of another type altogether. */
function isWrongShape(found: z.core.$ZodIssue): boolean {
  return (
    found.path.length === 0 && found.code !== 'unrecognized_keys' && found.code !== 'invalid_union'
  );
}
