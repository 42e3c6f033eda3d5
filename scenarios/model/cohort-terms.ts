/** What is needed to draw a cohort: distributions over numbers, and how the dials change them. */
import { assert } from '../../sim/kernel/index.js';
import type { ParameterSpec, Strategy } from '../../sim/strategy/index.js';
import { correlationOf } from './correlation.js';
import type { Correlated } from './correlation.js';
import type { Bounds } from './distribution.js';
import { executionTerms } from './execution-terms.js';
import type { ExecutionTerms } from './execution-terms.js';
import type { FieldTerms } from './field-terms.js';
import { toDistribution } from './quantity.js';
import type { Scale } from './scale.js';
import type { Cohort, Dials, Instrument } from './schema.js';

/** A cohort ready to be drawn. */
export interface CohortTerms {
  name: string;
  strategy: Strategy;
  /** Agents, and agents before `dials.traders`: as written, or the cohort's part of a mix. */
  count: number;
  countWritten: number;
  /** Dependence between its agents, 0 to 1. */
  crowding: number;
  correlated: Correlated | null;
  instrument: number;
  isolated: boolean;
  balances: boolean;
  params: FieldTerms[];
  equity: FieldTerms;
  leverageMax: FieldTerms;
  venueLeverage: FieldTerms;
  band: FieldTerms;
  /** The same for all agents; undefined for no limit. */
  speedLimit: number | undefined;
  /** Null for orders at market, at once. */
  execution: ExecutionTerms | null;
  feedLatency: FieldTerms;
  orderLatency: FieldTerms;
  period: FieldTerms;
  phase: FieldTerms;
  start: FieldTerms;
  opening: { longShare: number; leverage: FieldTerms; entry: FieldTerms } | null;
}

const EVERYTHING: Bounds = { min: -Infinity, max: Infinity };
const LATENCY_MICROS_MAX = 3_600_000_000;
const PERIOD_MICROS_MAX = 30 * 86_400_000_000;
const START_MICROS_MAX = 365 * 86_400_000_000;

/** What a cohort is drawn under. */
export interface CohortContext {
  dials: Dials;
  /** Agents before `dials.traders`. */
  countWritten: number;
  strategy: Strategy;
  instrument: Instrument;
  instrumentIndex: number;
  scale: Scale;
  windowMicros: number;
}

/** Returns the number of agents under `dials.traders`: at least one unless there are none. */
export function countOf(countWritten: number, traders: number): number {
  return countWritten === 0 ? 0 : Math.max(1, Math.round(countWritten * traders));
}

/** Turns a resolved cohort into distributions. */
export function cohortTerms(cohort: Cohort, context: CohortContext): CohortTerms {
  const { dials, strategy, instrument, scale, windowMicros, countWritten } = context;
  const count = countOf(countWritten, dials.traders);
  const share = count === 0 ? 1 : countWritten / count;
  const correlated = correlationOf(cohort);
  assert(correlated === null || 'root' in correlated, 'correlations were checked');
  const venueMax = instrument.margin.leverageMax;
  const latency = { min: windowMicros, max: LATENCY_MICROS_MAX };
  const window = `${windowMicros}us`;
  const leverageLimits = { min: 0, max: venueMax };
  return {
    name: cohort.name,
    strategy,
    count,
    countWritten,
    crowding: cohort.crowding ?? dials.crowding,
    correlated,
    instrument: context.instrumentIndex,
    isolated: cohort.margin === 'isolated',
    balances: cohort.balances,
    params: strategy.paramNames.map((key) => {
      const declared = strategy.params[key];
      const distribution = toDistribution(cohort.params[key] ?? declared.default);
      const factor = paramFactor(declared, strategy, dials, scale, share);
      const integer = declared.integer === true;
      return { distribution, bounds: declared, factor, limits: declared, integer };
    }),
    // Deeper quotes need the capital to carry them.
    equity: field(
      cohort.equity,
      { min: 1e-9, max: 1e13 },
      strategy.family === 'liquidity' ? Math.max(1, dials.depth) : 1,
      EVERYTHING,
    ),
    leverageMax: field(
      cohort.leverageMax ?? venueMax,
      leverageLimits,
      dials.leverage,
      leverageLimits,
    ),
    venueLeverage: field(
      cohort.venueLeverage ?? venueMax,
      { min: 1, max: venueMax },
      Math.max(1, dials.leverage),
      { min: 1, max: venueMax },
    ),
    band: field(cohort.band, { min: 0, max: 10 }),
    speedLimit: cohort.speedLimit,
    execution: executionTerms(cohort.execution, share),
    feedLatency: field(cohort.feedLatency ?? window, latency, 1, latency, true),
    orderLatency: field(cohort.orderLatency ?? window, latency, 1, latency, true),
    period: field(cohort.period, { min: 1, max: PERIOD_MICROS_MAX }, 1, EVERYTHING, true),
    phase: field(cohort.phase, { min: 0, max: 1 }),
    start: field(cohort.start, { min: 0, max: START_MICROS_MAX }, 1, EVERYTHING, true),
    opening:
      cohort.opening === undefined
        ? null
        : {
            longShare: cohort.opening.longShare,
            leverage: field(
              cohort.opening.leverage,
              leverageLimits,
              dials.leverage,
              leverageLimits,
            ),
            entry: field(cohort.opening.entry, { min: -3, max: 3 }),
          },
  };
}

function field(
  quantity: Parameters<typeof toDistribution>[0],
  bounds: Bounds,
  factor = 1,
  limits: Bounds = EVERYTHING,
  integer = false,
): FieldTerms {
  return { distribution: toDistribution(quantity), bounds, factor, limits, integer };
}

/** Returns what the dials and the scale multiply a strategy's parameter by: its unit decides. */
function paramFactor(
  declared: ParameterSpec,
  strategy: Strategy,
  dials: Dials,
  scale: Scale,
  share: number,
): number {
  switch (declared.unit) {
    case 'leverage':
      return dials.leverage;
    case 'lots':
      return scale.lotsFactor * share * (strategy.family === 'liquidity' ? dials.depth : 1);
    case 'quote':
      return share;
    case 'ticks':
      return scale.ticksFactor;
    default:
      return 1;
  }
}

/** Returns the largest latency the cohort can draw, microseconds. */
export function latencyMax(terms: CohortTerms): number {
  return Math.max(fieldMax(terms.feedLatency), fieldMax(terms.orderLatency));
}

function fieldMax(terms: FieldTerms): number {
  const { distribution, bounds } = terms;
  if (distribution.dist === 'constant') return distribution.value;
  if (distribution.dist === 'choice') return Math.max(...distribution.values);
  return Math.min(distribution.max ?? bounds.max, bounds.max);
}
