/**
 * What a trading rule declares and implements.
 *
 * A strategy is one file with one `defineStrategy({...})`. Its declaration drives row allocation,
 * hashing, validation, command-line help, JSON Schema and docs; shared code never asks its name.
 */
import { UserError } from '../kernel/index.js';
import { ROW_HEADER } from './agent-row.js';
import type { DecisionBatch } from './decision-batch.js';
import type { StrategyExample } from './example.js';
import type { ClosedFormGain } from './gain.js';

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
  /**
   * Unit as printed: 'fraction', 'bars', 'microseconds', 'leverage', '1', ... Amounts of money are in
   * 'quote', prices in 'price' (quote per unit), their inverses in '1/quote' and '1/price': tests
   * rescale them with the currency.
   */
  unit: string;
  min: number;
  max: number;
  default: number;
  integer?: boolean;
  /** Where the default comes from: a citation, 'practice: ...', or 'assumption'. */
  source: string;
}

/** Where a default comes from: an assumption is a design default that studies should sweep. */
export type Provenance = 'literature' | 'practice' | 'assumption';

/** A parameter with the tag that its source implies. */
export interface Parameter extends ParameterSpec {
  readonly provenance: Provenance;
}

/** One state variable, or `count` of them side by side: private to the agent, hashed, snapshotted. */
export interface StateSpec {
  doc: string;
  unit: string;
  initial: number;
  /** Values it holds: an array that starts at the variable's offset; 1 when left out. */
  count?: number;
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
  /** State variable whose sum over the cohort everybody in it sees in `batch.crowdSum`, delayed. */
  publishes?: NoInfer<S>;
  /** Prefers round prices: it decides the same at ten times every price, but not at twice. */
  roundNumbers?: boolean;
  /** Sees `batch.map`, a noisy map of where positions would be liquidated. */
  seesLiquidationMap?: boolean;
  /** Parameter and state variable that say how far a bet's barriers lie, and on which side it is. */
  bets?: { barrier: NoInfer<P>; side: NoInfer<S> };
  /** Sign of d(signed quote traded)/d(return) in its usual regime. */
  gainSign: -1 | 0 | 1;
  /** The gain in closed form, where there is one. */
  gain?: ClosedFormGain<NoInfer<P | S>>;
  /** What makes it leave, in a few words. */
  exitTrigger: string;
  /** Paths with the numbers they must give: run by tests, printed in the docs. */
  examples?: readonly StrategyExample[];
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
  readonly params: Readonly<Record<string, Parameter>>;
  readonly state: Readonly<Record<string, StateSpec>>;
  readonly style: 'sizing' | 'quoting';
  readonly orderSlots: number;
  readonly wakeOn: number;
  /** Offset in the row of the variable it publishes; -1 for none. */
  readonly publishesAt: number;
  readonly roundNumbers: boolean;
  readonly seesLiquidationMap: boolean;
  readonly bets: { readonly barrier: string; readonly side: string } | null;
  readonly gainSign: -1 | 0 | 1;
  readonly gain: ClosedFormGain | null;
  readonly exitTrigger: string;
  readonly examples: readonly StrategyExample[];
  /** Parameter names in row order. */
  readonly paramNames: readonly string[];
  /** State names in row order. */
  readonly stateNames: readonly string[];
  /** Offsets relative to the row start. */
  readonly at: RowOffsets;
  /** Values of the state at the start, in row order, arrays laid out. */
  readonly initialState: Float64Array;
  /** Float64 values per row: header, parameters, state. */
  readonly rowLength: number;
  start(batch: DecisionBatch): void;
  decide(batch: DecisionBatch): void;
}

/** Most values of one state variable. */
const STATE_COUNT_MAX = 65_536;

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
  const initials: number[] = [];
  let next: number = ROW_HEADER;
  for (const key of [...paramNames, ...stateNames]) {
    if (key in offsets) {
      throw new UserError('strategy/duplicate', `${name}: "${key}" is declared twice`);
    }
    offsets[key] = next;
    const spec: Partial<StateSpec> | undefined = declared.state[key as S];
    const count = spec?.count ?? 1;
    if (!(Number.isInteger(count) && count >= 1 && count <= STATE_COUNT_MAX)) {
      throw new UserError(
        'strategy/count',
        `${name}.${key}: count was ${count}, must be a whole number in 1..${STATE_COUNT_MAX}`,
      );
    }
    next += count;
    if (spec !== undefined) for (let k = 0; k < count; k++) initials.push(spec.initial ?? 0);
  }
  const params: Record<string, Parameter> = {};
  for (const key of paramNames) {
    const p = declared.params[key];
    if (!(p.min <= p.default && p.default <= p.max)) {
      throw new UserError(
        'strategy/default',
        `${name}.${key}: default was ${p.default}, must be in [${p.min}, ${p.max}]`,
      );
    }
    params[key] = { ...p, provenance: provenanceOf(p.source) };
  }
  // The copy has fast properties; an object that grew key by key is a hash table, slow to read.
  const at = Object.freeze({ ...offsets }) as RowOffsets<P | S>;
  return {
    name,
    family: declared.family,
    doc: declared.doc,
    source: declared.source,
    params,
    state: declared.state,
    style: declared.style,
    orderSlots: declared.orderSlots,
    wakeOn: declared.wakeOn,
    publishesAt: declared.publishes === undefined ? -1 : at[declared.publishes],
    roundNumbers: declared.roundNumbers === true,
    seesLiquidationMap: declared.seesLiquidationMap === true,
    bets: declared.bets ?? null,
    gainSign: declared.gainSign,
    gain: declared.gain ?? null,
    exitTrigger: declared.exitTrigger,
    examples: declared.examples ?? [],
    paramNames,
    stateNames,
    at,
    initialState: Float64Array.from(initials),
    rowLength: next,
    start: (batch) => declared.start(batch, at),
    decide: (batch) => declared.decide(batch, at),
  };
}

function provenanceOf(source: string): Provenance {
  if (source.startsWith('assumption')) return 'assumption';
  return source.startsWith('practice') ? 'practice' : 'literature';
}
