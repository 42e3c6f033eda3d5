/**
 * What a trading rule declares and implements.
 *
 * A strategy is one file with one `defineStrategy({...})`. Its declaration drives row allocation,
 * hashing, validation, command-line help, JSON Schema and docs; shared code never asks its name.
 */
import { UserError } from '../kernel/index.js';
import type { DecisionBatch } from './decision-batch.js';
import { ROW_HEADER } from './agent-row.js';

/** The families a strategy belongs to; `scaling` is the subject of the project. */
export const families = [
  'scaling',
  'liquidity',
  'flow',
  'signal',
  'arbitrage',
  'keeper',
  'adversary',
] as const;
export type Family = (typeof families)[number];

/** One parameter: drawn per agent, constant during a run. */
export interface ParameterSpec {
  doc: string;
  /** Unit as printed: 'fraction', 'bars', 'microseconds', 'quote', 'ticks', 'lots', '1', ... */
  unit: string;
  min: number;
  max: number;
  default: number;
  integer?: boolean;
  /** Where the default comes from: a citation, or 'assumption'. */
  source: string;
}

/** One state variable: private to the agent, hashed and snapshotted. */
export interface StateSpec {
  doc: string;
  unit: string;
  initial: number;
}

/** Offsets of an agent's parameters and state variables, relative to the start of its row. */
export type RowOffsets<Name extends string = string> = Readonly<Record<Name, number>>;

/** What a strategy file hands to `defineStrategy`. */
export interface StrategyDeclaration<P extends string, S extends string> {
  /** Kebab-case name used in scenarios. */
  name: string;
  family: Family;
  /** One or two sentences: the rule, in words. */
  doc: string;
  /** Paper, exchange rule or practice it follows. */
  source: string;
  params: Record<P, ParameterSpec>;
  state: Record<S, StateSpec>;
  /**
   * `sizing`: writes `batch.target` (signed exposure in quote units) and the shared wrapper trades.
   * `quoting`: sends its own orders through `batch.orders`.
   */
  style: 'sizing' | 'quoting';
  /** Live client orders an agent may have at once (1..64). Sizing strategies need 2. */
  orderSlots: number;
  /** Bits of `WakeOn` for the reports that wake the agent beside its timer and alerts. */
  wakeOn: number;
  /** Sign of d(signed quote traded)/d(return) in its usual regime. */
  gainSign: -1 | 0 | 1;
  /** What makes it leave, in a few words. */
  exitTrigger: string;
  /** Called once per agent at time 0: sets state, `wakeAt`, alerts. Rows hold params and initials. */
  start(batch: DecisionBatch, at: RowOffsets<P | S>): void;
  /** Handles `batch.count` due agents; loops over them itself. Allocates nothing. */
  decide(batch: DecisionBatch, at: RowOffsets<P | S>): void;
}

/** A validated strategy with its row layout. */
export interface Strategy {
  readonly name: string;
  readonly family: Family;
  readonly doc: string;
  readonly source: string;
  readonly params: Readonly<Record<string, ParameterSpec>>;
  readonly state: Readonly<Record<string, StateSpec>>;
  readonly style: 'sizing' | 'quoting';
  readonly orderSlots: number;
  readonly wakeOn: number;
  readonly gainSign: -1 | 0 | 1;
  readonly exitTrigger: string;
  /** Parameter names in row order. */
  readonly paramNames: readonly string[];
  /** State names in row order. */
  readonly stateNames: readonly string[];
  /** Offsets relative to the row start. */
  readonly at: RowOffsets;
  /** Float64 values per row: header, parameters, state. */
  readonly rowLength: number;
  start(batch: DecisionBatch): void;
  decide(batch: DecisionBatch): void;
}

/**
 * Validates a declaration and computes its row layout.
 *
 * @throws UserError `strategy/...` when a name, range, default or slot count is not usable.
 */
export function defineStrategy<P extends string, S extends string>(
  declared: StrategyDeclaration<P, S>,
): Strategy {
  const { name } = declared;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new UserError('strategy/name', `strategy name was "${name}", must be kebab-case`);
  }
  if (!(declared.orderSlots >= 1 && declared.orderSlots <= 64)) {
    throw new UserError('strategy/slots', `${name}.orderSlots must be in 1..64`);
  }
  const paramNames = Object.keys(declared.params) as P[];
  const stateNames = Object.keys(declared.state) as S[];
  const offsets: Record<string, number> = {};
  let next: number = ROW_HEADER;
  for (const key of [...paramNames, ...stateNames]) {
    if (key in offsets) {
      throw new UserError('strategy/duplicate', `${name}: "${key}" is declared twice`);
    }
    offsets[key] = next++;
  }
  for (const key of paramNames) {
    const p = declared.params[key];
    if (!(p.min <= p.default && p.default <= p.max)) {
      throw new UserError(
        'strategy/default',
        `${name}.${key}: default was ${p.default}, must be in [${p.min}, ${p.max}]`,
      );
    }
  }
  // The copy has fast properties; an object that grew key by key is a hash table, slow to read.
  const at = Object.freeze({ ...offsets }) as RowOffsets<P | S>;
  return {
    name,
    family: declared.family,
    doc: declared.doc,
    source: declared.source,
    params: declared.params,
    state: declared.state,
    style: declared.style,
    orderSlots: declared.orderSlots,
    wakeOn: declared.wakeOn,
    gainSign: declared.gainSign,
    exitTrigger: declared.exitTrigger,
    paramNames,
    stateNames,
    at,
    rowLength: next,
    start: (batch) => declared.start(batch, at),
    decide: (batch) => declared.decide(batch, at),
  };
}
