/** Changes single values of a scenario: `path=value`. */
import { registry } from '../../agents/index.js';
import { UserError } from '../../sim/kernel/index.js';
import type { Strategy } from '../../sim/strategy/index.js';
import { issuesError, pathText } from './issue.js';
import type { Issue } from './issue.js';
import { didYouMean } from './nearest.js';
import { findIssues } from './parse.js';
import type { ScenarioInput } from './schema.js';
import { plainReason, readYaml, yamlFault } from './yaml-text.js';

type Container = Record<string | number, unknown>;

const FORBIDDEN = ['__proto__', 'prototype', 'constructor'];

/**
 * Returns a copy with settings applied, in order: `dials.leverage=0.5`, `population[0].count=10`,
 * `population.retail.count=10` (items of a sequence by their name). Values are YAML.
 *
 * @throws UserError `scenario/...` naming the setting, what it was and what it must be.
 */
export function applySettings(
  input: ScenarioInput,
  settings: readonly string[],
  strategies: readonly Strategy[] = registry,
): ScenarioInput {
  if (settings.length === 0) return input;
  const copy = clone(input) as Container;
  const applied: { setting: string; path: string }[] = [];
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals < 1) {
      const must = 'must be path=value such as dials.leverage=0.5';
      throw new UserError('scenario/setting', `--set ${setting}: was "${setting}", ${must}`);
    }
    const parts = splitPath(setting.slice(0, equals), setting);
    const value = readValue(setting.slice(equals + 1), setting);
    applied.push({ setting, path: pathText(assign(copy, parts, value, setting)) });
  }
  const issues = findIssues(copy, strategies);
  if (issues.length > 0) {
    throw issuesError(issues, (issue) => `--set ${cause(issue, applied)}: `);
  }
  return copy as ScenarioInput;
}

/** Picks the setting an issue belongs to: the last one on its path, else all of them. */
function cause(issue: Issue, applied: readonly { setting: string; path: string }[]): string {
  const at = pathText(issue.path);
  for (let i = applied.length - 1; i >= 0; i--) {
    const { path, setting } = applied[i];
    if (at.startsWith(path) || path.startsWith(at)) return setting;
  }
  return applied.map((one) => one.setting).join(' ');
}

/** Splits `a.b[2].c` into its parts. */
function splitPath(text: string, setting: string): (string | number)[] {
  const parts: (string | number)[] = [];
  const pattern = /(?:^|\.)([A-Za-z0-9_-]+)|\[(\d+)\]/y;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      const rest = text.slice(at);
      throw new UserError(
        'scenario/setting',
        `--set ${setting}: path was "${text}", must be like population[0].count ` +
          `(wrong from "${rest}")`,
      );
    }
    parts.push(match[2] === undefined ? match[1] : Number(match[2]));
  }
  for (const part of parts) {
    if (FORBIDDEN.includes(String(part))) {
      throw new UserError('scenario/setting', `--set ${setting}: "${part}" is not a key`);
    }
  }
  return parts;
}

function readValue(text: string, setting: string): unknown {
  const document = readYaml(text);
  let reason = yamlFault(document)?.reason;
  if (reason === undefined) {
    try {
      return document.toJS({ maxAliasCount: 0 });
    } catch (error) {
      reason = plainReason(error);
    }
  }
  throw new UserError('scenario/setting', `--set ${setting}: value was not YAML: ${reason}`);
}

/** Writes the value; returns the path with names of items replaced by their numbers. */
function assign(
  root: Container,
  parts: readonly (string | number)[],
  value: unknown,
  setting: string,
): (string | number)[] {
  let container: Container = root;
  const path: (string | number)[] = [];
  for (let i = 0; i < parts.length; i++) {
    const key = keyIn(container, parts[i], path, setting);
    path.push(key);
    if (i === parts.length - 1) {
      container[key] = value;
      return path;
    }
    const next = Object.hasOwn(container, key) ? container[key] : undefined;
    if (typeof next === 'object' && next !== null) {
      container = next as Container;
      continue;
    }
    // A shorthand or an absent mapping gives way to a mapping; the schema judges what comes of it.
    const fresh: Container = {};
    container[key] = fresh;
    container = fresh;
  }
  return path;
}

/** Returns the key of a part: items of a sequence may be named. */
function keyIn(
  container: Container,
  part: string | number,
  path: readonly (string | number)[],
  setting: string,
): string | number {
  if (!Array.isArray(container)) return part;
  const names = container.map((item: { name?: unknown } | null) => String(item?.name ?? ''));
  const index = typeof part === 'number' ? part : names.indexOf(part);
  if (index >= 0 && index < container.length) return index;
  const known = names.filter((name) => name !== '');
  const must =
    typeof part === 'number'
      ? `must be in 0..${container.length - 1}`
      : `must be one of ${known.join(', ')}${didYouMean(part, known)}`;
  throw new UserError(
    'scenario/setting',
    `--set ${setting}: ${pathText(path)} item was ${JSON.stringify(part)}, ${must}`,
  );
}

/** Copies plain data. */
function clone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clone);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Container = {};
  for (const [key, item] of Object.entries(value)) copy[key] = clone(item);
  return copy;
}
