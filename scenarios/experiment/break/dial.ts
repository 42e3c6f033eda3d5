/** What a dial on the command line means. */
import { UserError } from '../../../sim/kernel/index.js';
import type { Strategy } from '../../../sim/strategy/index.js';
import { didYouMean, scenarioJsonSchema } from '../../model/index.js';
import type { Scenario } from '../../model/index.js';
import type { DialRange } from './value-grid.js';

/** A number of a scenario that may be turned. */
export interface Dial {
  /** As `--set` takes it: `dials.shock`, `population.retail.equity`. */
  path: string;
  /** Its value with defaults filled in. */
  baseline: number;
  isWhole: boolean;
  /** Bounds of the schema, infinite where it has none. */
  min: number;
  max: number;
}

/** The range searched unless another is given: from a quarter of the value to four times it. */
const SPAN = 4;

/**
 * Finds a dial by its short name (`shock`), or any number by its path.
 * @throws UserError `break/dial`
 */
export function dialNamed(word: string, scenario: Scenario, strategies: readonly Strategy[]): Dial {
  const names = Object.keys(scenario.dials);
  const path = names.includes(word) ? `dials.${word}` : word;
  const parts = partsOf(path);
  const found = valueAt(scenario, parts);
  if (found === undefined) {
    const must = `must be one of ${names.join(', ')}, or the path of a number such as population.retail.equity`;
    throw new UserError('break/dial', `--dial was "${word}", ${must}${didYouMean(word, names)}`);
  }
  if (typeof found.value !== 'number') {
    const was = `was "${word}", which holds ${JSON.stringify(found.value).slice(0, 60)}`;
    throw new UserError('break/dial', `--dial ${was}, must be the path of a number`);
  }
  return { path, baseline: found.value, ...boundsOf(found.keys, scenario, strategies) };
}

/** Returns the range to search and how far it may be extended. @throws UserError `break/range` */
export function rangeOf(
  dial: Dial,
  asked: { from: number | undefined; to: number | undefined },
): { range: DialRange; widest: { from: number; to: number } } {
  const { baseline, min, max, isWhole, path } = dial;
  const ends = baseline === 0 ? [min, max] : [baseline / SPAN, baseline * SPAN].sort((a, b) => a - b);
  const whole = (x: number, round: (x: number) => number): number => (isWhole ? round(x) : x);
  const from = asked.from ?? Math.max(min, whole(ends[0], Math.floor));
  const to = asked.to ?? Math.min(max, whole(ends[1], Math.ceil));
  if (!Number.isFinite(from) || !Number.isFinite(to)) {
    throw new UserError('break/range', `${path} is 0 and has no bounds; give --from and --to`);
  }
  if (!(from < to)) {
    throw new UserError('break/range', `the range of ${path} was ${from} to ${to}, must be of ascending numbers`);
  }
  if (isWhole && !(Number.isInteger(from) && Number.isInteger(to))) {
    throw new UserError('break/range', `the range of ${path} was ${from} to ${to}, must be of whole numbers`);
  }
  return { range: { from, to, isWhole }, widest: { from: asked.from ?? min, to: asked.to ?? max } };
}

type Key = string | number;

function partsOf(path: string): string[] {
  return path.split(/[.[\]]+/).filter((part) => part !== '');
}

/** Walks a path, items of a sequence by number or name; undefined where there is nothing. */
function valueAt(root: unknown, parts: readonly string[]): { value: unknown; keys: Key[] } | undefined {
  let value = root;
  const keys: Key[] = [];
  for (const part of parts) {
    if (typeof value !== 'object' || value === null) return undefined;
    const key = Array.isArray(value) ? placeIn(value, part) : part;
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<Key, unknown>)[key];
    keys.push(key);
  }
  return { value, keys };
}

function placeIn(items: readonly unknown[], part: string): number {
  if (/^\d+$/.test(part)) return Number(part);
  return items.findIndex((one) => (one as { name?: unknown } | null)?.name === part);
}

type Bounded = Pick<Dial, 'isWhole' | 'min' | 'max'>;
type Node = Record<string, unknown>;

function boundsOf(keys: readonly Key[], scenario: Scenario, strategies: readonly Strategy[]): Bounded {
  const [section, cohort, params, name] = keys;
  if (section === 'population' && params === 'params' && keys.length === 4) {
    const { strategy } = scenario.population[Number(cohort)];
    const declared = strategies.find((one) => one.name === strategy)?.params[name];
    if (declared !== undefined) {
      return { isWhole: declared.integer === true, min: declared.min, max: declared.max };
    }
  }
  let nodes: Node[] = [scenarioJsonSchema(strategies) as Node];
  for (const key of keys) nodes = nodes.flatMap((node) => childrenOf(node, key));
  const numeric = nodes.flatMap(branchesOf).filter(({ type }) => type === 'number' || type === 'integer');
  const limit = (of: Node, names: readonly string[], none: number): number => {
    const given = names.map((one) => of[one]).find((one) => typeof one === 'number');
    return typeof given === 'number' ? given : none;
  };
  const [first = {}] = numeric;
  return {
    isWhole: first.type === 'integer',
    min: limit(first, ['minimum', 'exclusiveMinimum'], -Infinity),
    max: limit(first, ['maximum', 'exclusiveMaximum'], Infinity),
  };
}

function branchesOf(node: Node): Node[] {
  const lists = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (node[key] as Node[] | undefined) ?? []);
  return [node, ...lists.flatMap(branchesOf)];
}

function childrenOf(node: Node, key: Key): Node[] {
  return branchesOf(node).flatMap((one) => {
    const child = typeof key === 'number' ? one.items : (one.properties as Node | undefined)?.[key];
    return typeof child === 'object' && child !== null ? [child as Node] : [];
  });
}
