/** `defineStrategy` for files outside this package: it forgives less. */
import { UserError } from '../../sim/kernel/index.js';
import { defineStrategy as define } from '../../sim/strategy/index.js';
import type { DecisionBatch, RowOffsets, Strategy, StrategyDeclaration } from '../../sim/strategy/index.js';

/** The parts a declaration must have, and what each is. */
const PARTS: Readonly<Record<string, string>> = {
  name: 'string', family: 'string', doc: 'string', source: 'string', params: 'object', state: 'object',
  style: 'string', orderSlots: 'number', wakeOn: 'number', gainSign: 'number', exitTrigger: 'string',
  start: 'function', decide: 'function',
};

/**
 * Validates a declaration and computes its row layout.
 *
 * @throws UserError `strategy/...` as the contract's own, when a part is missing, and, from `start` and
 * `decide`, `strategy/undeclared` when they use a name that is neither a parameter nor a state variable.
 */
export function defineStrategy<P extends string, S extends string>(
  declared: StrategyDeclaration<P, S>,
): Strategy {
  checkParts(declared as unknown as Record<string, unknown>);
  for (const [key, { initial }] of Object.entries<{ initial: number }>(declared.state)) {
    if (typeof initial === 'number' && initial === initial) continue;
    const must = 'must be a number';
    throw new UserError('strategy/state', `${declared.name}.state.${key}.initial: was ${initial}, ${must}`);
  }
  let offsets: RowOffsets<P | S> | undefined;
  const strict = (at: RowOffsets<P | S>) => (offsets ??= strictOffsets(at));
  return define<P, S>({
    ...declared,
    start: (batch: DecisionBatch, at) => atOnce('start', declared.start(batch, strict(at))),
    decide: (batch: DecisionBatch, at) => atOnce('decide', declared.decide(batch, strict(at))),
  });
}

/** Refuses what an asynchronous function returns: what it does later would be lost. */
function atOnce(part: string, returned: unknown): void {
  const later = (returned as { then?: unknown } | null | undefined)?.then;
  if (typeof later !== 'function') return;
  // Its own failure must not outlive the refusal.
  later.call(returned, undefined, () => {});
  throw new UserError('strategy/async', `${part} returned a promise; a rule must decide at once`);
}

function checkParts(declared: Record<string, unknown>): void {
  if (typeof declared !== 'object' || declared === null) {
    throw new UserError('strategy/declaration', 'defineStrategy must be given a declaration: { name, ... }');
  }
  const name = typeof declared.name === 'string' ? declared.name : 'strategy';
  for (const [part, kind] of Object.entries(PARTS)) {
    const value = declared[part];
    if (typeof value === kind && value !== null) continue;
    const was = value === undefined ? 'missing' : `${value === null ? 'null' : typeof value}`;
    throw new UserError('strategy/declaration', `${name}.${part}: was ${was}, must be a ${kind}`);
  }
  if (declared.style !== 'sizing' && declared.style !== 'quoting') {
    const must = 'must be "sizing" or "quoting"';
    throw new UserError('strategy/declaration', `${name}.style: was "${String(declared.style)}", ${must}`);
  }
}

/** Offsets that throw for a name nobody declared; it would read as undefined and be lost. */
function strictOffsets<Name extends string>(at: RowOffsets<Name>): RowOffsets<Name> {
  return new Proxy(at, {
    get(offsets, key) {
      if (Object.hasOwn(offsets, key)) return offsets[key as Name];
      const known = Object.keys(offsets).join(', ') || 'nothing';
      const must = `declared are ${known}`;
      throw new UserError('strategy/undeclared', `"${String(key)}" is not declared; ${must}`);
    },
  });
}
