/** What factors and variants set: nothing may be set and then replaced, or a design would say what it does not do. */
import type { Issue, Path } from '../../model/index.js';
import type { Subject } from '../run/index.js';
import type { Study } from './study-schema.js';

/** A setting of every run of a variant. */
interface Target {
  path: string;
  /** Who sets it, for people. */
  by: string;
  /** Where that stands in the study. */
  at: Path;
  /** Parts of the path; items of a sequence by their number. */
  parts: readonly string[];
}

/**
 * Lists settings that a later one replaces. Variants come before factors and those in their order, so that a
 * factor may change a part of what a variant sets, and not the other way round.
 */
export function checkPaths({ factors, variants }: Study, subject: Subject): Issue[] {
  const root = subject.kind === 'scenario' ? subject.scenario : {};
  const target = (path: string, by: string, at: Path): Target => ({ path, by, at, parts: partsOf(path, root) });
  const ofFactors = factors.flatMap(({ name, path, sets = [] }, i) => {
    const by = `factor ${name}`;
    return path !== undefined
      ? [target(path, by, ['factors', i, 'path'])]
      : sets.map((one, k) => target(one.path, by, ['factors', i, 'sets', k, 'path']));
  });
  const ofVariants = variants.map(({ name, set }, i) =>
    Object.keys(set).map((path) => target(path, `variant ${name}`, ['variants', i, 'set', path])),
  );
  const found = new Map<string, Issue>();
  for (const own of ofVariants) {
    for (const issue of replaced([...own, ...ofFactors])) found.set(JSON.stringify(issue.path), issue);
  }
  return [...found.values()];
}

function replaced(targets: readonly Target[]): Issue[] {
  return targets.flatMap(({ path, by, at, parts }, i) => {
    const later = targets.slice(i + 1).find((one) => one.parts.every((part, k) => part === parts[k]));
    if (later === undefined) return [];
    const must = `must not be replaced by ${later.by}, which sets ${later.path} after ${by} has set this`;
    return [{ code: 'study/path', path: at, was: path, must }];
  });
}

/** Splits a path as settings do; a name that is not there stays. */
function partsOf(path: string, root: unknown): string[] {
  let container: unknown = root;
  return path.split(/[.[\]]+/).filter((part) => part !== '').map((part) => {
    let key = part;
    if (Array.isArray(container)) {
      const place = container.findIndex((item: { name?: unknown } | null) => item?.name === part);
      if (place >= 0) key = String(place);
    }
    container = (container as Record<string, unknown> | null | undefined)?.[key];
    return key;
  });
}
