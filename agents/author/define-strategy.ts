/** `defineStrategy` for files outside this package: it forgives less. */
import { UserError } from '../../sim/kernel/index.js';
import { defineStrategy as define } from '../../sim/strategy/index.js';
import type {
  DecisionBatch,
  ParameterSpec,
  RowOffsets,
  Strategy,
  StrategyDeclaration,
} from '../../sim/strategy/index.js';

/** The parts a declaration must have, and what each is. */
const PARTS: Readonly<Record<string, string>> = {
  name: 'string', family: 'string', doc: 'string', source: 'string', params: 'object', state: 'object',
  style: 'string', orderSlots: 'number', wakeOn: 'number', gainSign: 'number', exitTrigger: 'string',
  start: 'function', decide: 'function',
};

const PARAMETER_PARTS = {
  doc: 'string', unit: 'string', min: 'number', max: 'number', default: 'number', source: 'string',
} as const;
const STATE_PARTS = { doc: 'string', unit: 'string', initial: 'number' } as const;

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
  if (typeof later !== 'function') {
    if (typeof returned !== 'object' || returned === null) return;
    const must = 'is it a generator? A rule must decide at once';
    throw new UserError('strategy/async', `${part} returned an object; ${must}`);
  }
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
  checkNumbers(name, declared);
  for (const [key, spec] of Object.entries(declared.params as object)) {
    checkSpec(`${name}.params.${key}`, spec, PARAMETER_PARTS);
    checkRange(`${name}.params.${key}`, spec as ParameterSpec);
  }
  for (const [key, spec] of Object.entries(declared.state as object)) {
    checkSpec(`${name}.state.${key}`, spec, STATE_PARTS);
  }
  checkExamples(name, declared.examples);
}

function checkNumbers(name: string, declared: Record<string, unknown>): void {
  const { style, orderSlots, gainSign } = declared;
  if (style === 'sizing' && orderSlots === 1) {
    const must = 'must be at least 2 for rules of style "sizing"';
    throw new UserError('strategy/slots', `${name}.orderSlots: was 1, ${must}`);
  }
  if (Math.abs(gainSign as number) === 1 || gainSign === 0) return;
  throw new UserError('strategy/declaration', `${name}.gainSign: was ${String(gainSign)}, must be -1, 0 or 1`);
}

/** Checks the parts of one parameter or state variable. */
function checkSpec(place: string, spec: unknown, parts: Readonly<Record<string, string>>): void {
  const given = typeof spec === 'object' && spec !== null ? (spec as Record<string, unknown>) : undefined;
  if (given === undefined) {
    const must = `must be { ${Object.keys(parts).join(', ')} }`;
    throw new UserError('strategy/declaration', `${place}: was ${String(spec)}, ${must}`);
  }
  for (const [part, kind] of Object.entries(parts)) {
    const value = given[part];
    if (typeof value === kind && value === value) continue;
    const was = value === undefined ? 'missing' : String(value);
    throw new UserError('strategy/declaration', `${place}.${part}: was ${was}, must be a ${kind}`);
  }
}

function checkRange(place: string, { min, max, default: value, integer }: ParameterSpec): void {
  if (!(min <= max)) {
    throw new UserError('strategy/declaration', `${place}.min: was ${min}, must be at most max, ${max}`);
  }
  if (integer !== true || Number.isInteger(value)) return;
  throw new UserError('strategy/default', `${place}: default was ${value}, must be a whole number`);
}

function checkExamples(name: string, examples: unknown): void {
  if (examples === undefined) return;
  const isList = Array.isArray(examples);
  const wrong = isList ? examples.findIndex((one) => !isExample(one)) : 0;
  if (wrong < 0) return;
  const place = isList ? `${name}.examples.${wrong}` : `${name}.examples`;
  const must = 'must be { doc: "...", prices: [...], expect: [{ field: "...", values: [...] }] }';
  throw new UserError('strategy/declaration', `${place}: ${isList ? must : `must be a list; each ${must}`}`);
}

function isExample(value: unknown): boolean {
  const { doc, prices, index, outcomes, expect } = (value ?? {}) as Partial<Record<string, unknown>>;
  const isNumbers = (list: unknown) => Array.isArray(list) && list.every((x) => typeof x === 'number');
  const lists = [prices, index, outcomes].every((list) => list === undefined || isNumbers(list));
  if (typeof doc !== 'string' || !lists || !Array.isArray(expect)) return false;
  return (expect as unknown[]).every((one) => {
    const { field, values } = (one ?? {}) as Partial<Record<string, unknown>>;
    return typeof field === 'string' && isNumbers(values);
  });
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
