/** Tells whether what a file exports is a strategy. */
import { UserError } from '../kernel/index.js';
import { families, ROW_HEADER } from '../strategy/index.js';
import type { Strategy } from '../strategy/index.js';

const TEXTS = ['name', 'family', 'doc', 'source', 'exitTrigger'] as const;
const NUMBERS = ['orderSlots', 'wakeOn', 'publishesAt', 'gainSign', 'rowLength'] as const;
const OBJECTS = ['params', 'state', 'paramNames', 'stateNames', 'at', 'initialState', 'examples'] as const;

/**
 * Returns the value as a strategy, its row layout recounted from what it declares.
 *
 * @param place file it comes from, for the message
 * @throws UserError `strategy/default` when it is none, `strategy/family` when its family is not one
 */
export function acceptStrategy(value: unknown, place: string): Strategy {
  const found = value as Partial<Record<string, unknown>> | null;
  const ok =
    typeof found === 'object' &&
    found !== null &&
    TEXTS.every((key) => typeof found[key] === 'string') &&
    NUMBERS.every((key) => Number.isInteger(found[key])) &&
    OBJECTS.every((key) => typeof found[key] === 'object' && found[key] !== null) &&
    typeof found.start === 'function' &&
    typeof found.decide === 'function' &&
    layoutHolds(found as unknown as Strategy);
  if (!ok) {
    const was = kindOf(found);
    const must = 'must be what defineStrategy({...}) of "stampede-sim" returns';
    throw new UserError('strategy/default', `${place}: the default export was ${was}, ${must}`);
  }
  const strategy = found as unknown as Strategy;
  if (!families.includes(strategy.family)) {
    const must = `must be one of ${families.join(', ')}`;
    throw new UserError('strategy/family', `${place}: family was "${strategy.family}", ${must}`);
  }
  return strategy;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Header, parameters, then state: what the engine allocates is what the offsets say. */
function layoutHolds(strategy: Strategy): boolean {
  const { paramNames, stateNames, params, state, at, initialState, rowLength } = strategy;
  if (!Array.isArray(paramNames) || !Array.isArray(stateNames)) return false;
  let next: number = ROW_HEADER;
  for (const name of paramNames) {
    if (at[name] !== next++ || typeof params[name]?.default !== 'number') return false;
  }
  for (const name of stateNames) {
    if (at[name] !== next) return false;
    next += state[name]?.count ?? 1;
  }
  const stateLength = next - ROW_HEADER - paramNames.length;
  return next === rowLength && initialState.length === stateLength;
}
