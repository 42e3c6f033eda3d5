/** Loads the strategy files of a user. */
import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { registry } from '../../../agents/index.js';
import { UserError } from '../../../sim/kernel/index.js';
import { bundleStrategy } from './bundle.js';
import { callWithStrategy } from './call-with-strategy.js';
import type { StrategyFacts } from './describe-strategy.js';
import { declaredStrategy } from './describe-strategy.js';
import { CALL_MILLIS_MAX } from './loops.js';
import type { LoadedStrategy, StrategyCode } from './strategy-code.js';

const NAME_PATTERN = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Longest name, characters: it becomes that of a file. */
const NAME_MAX = 60;

/**
 * Bundles files and finds out what they declare, on a thread of its own for each.
 *
 * @param paths `.ts`, `.js` or `.mjs` files that default-export a strategy
 * @param millisMax longest time a module may take to load
 * @throws UserError `strategy/...`: file, syntax, import, default, module, timeout, name-taken
 */
export async function loadStrategies(
  paths: readonly string[],
  millisMax = CALL_MILLIS_MAX,
): Promise<LoadedStrategy[]> {
  const loaded: LoadedStrategy[] = [];
  const files = paths.map((path) => resolve(path));
  for (const [k, path] of paths.entries()) {
    if (files.indexOf(files[k]) < k) {
      throw new UserError('strategy/file', `strategy file "${path}" was given twice; give it once`);
    }
    const code = await bundleStrategy(path);
    const one = await loadCode({ code, place: basename(path) }, millisMax);
    checkName(one, loaded);
    loaded.push(one);
  }
  return loaded;
}

/** Finds out what the text of a module declares. @throws UserError `strategy/...` */
export async function loadCode(
  { code, place }: Pick<StrategyCode, 'code' | 'place'>,
  millisMax = CALL_MILLIS_MAX,
): Promise<LoadedStrategy> {
  const digest = createHash('sha256').update(code).digest('hex');
  const module = 'scenarios/runtime/strategies/describe-strategy.js';
  const call = { module, name: 'describeStrategy', input: null };
  const unnamed = { name: place, code, digest, place };
  const facts = await callWithStrategy<StrategyFacts>(unnamed, call, millisMax);
  const strategy = declaredStrategy(facts);
  if (strategy.name.length > NAME_MAX) {
    const must = `must be at most ${NAME_MAX} characters`;
    throw new UserError('strategy/name', `${place}: name was ${strategy.name.length} characters, ${must}`);
  }
  if (!NAME_PATTERN.test(strategy.name)) {
    throw new UserError('strategy/name', `${place}: name was "${strategy.name}", must be kebab-case`);
  }
  return { name: strategy.name, code, digest, place, strategy };
}

function checkName({ name, place }: LoadedStrategy, others: readonly LoadedStrategy[]): void {
  if (registry.some((one) => one.name === name)) {
    const fix = `choose another, such as "my-${name}"`;
    throw new UserError('strategy/name-taken', `${place}: "${name}" ships with stampede; ${fix}`);
  }
  const other = others.find((one) => one.name === name);
  if (other === undefined) return;
  const fix = 'give each its own name';
  throw new UserError('strategy/name-taken', `${place}: "${name}" is also the name in ${other.place}; ${fix}`);
}
