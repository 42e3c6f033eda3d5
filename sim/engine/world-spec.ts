/** Everything a run needs, resolved to numbers: what `scenarios/model` builds and the engine runs. */
import type { ExecutionDraws, ExecutionSpec } from '../execution/index.js';
import type { Strategy } from '../strategy/index.js';
import type { VenueSpec } from '../venue/index.js';

/** Timed updates of one instrument's index, ascending in time; the first is at time 0. */
export interface IndexPath {
  timesMicros: Float64Array;
  priceTicks: Int32Array;
}

/** Drawn values of a cohort, one entry per agent. */
export interface CohortPopulation {
  /** count x paramNames.length, in the strategy's order. */
  params: Float64Array;
  feedLatencyMicros: Float64Array;
  orderLatencyMicros: Float64Array;
  band: Float64Array;
  leverageMax: Float64Array;
  periodMicros: Float64Array;
  phaseMicros: Float64Array;
  initialEquityQuote: Float64Array;
  depositQuanta: Float64Array;
  /** Leverage set at the venue: fixes the initial margin of the account's orders. */
  venueLeverage: Float64Array;
  /** Positions held when the run starts; over all cohorts they sum to zero per instrument. */
  openingLots: Float64Array;
  openingCostQuanta: Float64Array;
  /** Present where the cohort has an `execution`. */
  execution?: ExecutionDraws;
}

/** One cohort: agents with the same strategy. */
export interface CohortSpec {
  name: string;
  strategy: Strategy;
  count: number;
  /** Instrument traded. */
  instrument: number;
  /** Isolated or cross margin. */
  isolated: boolean;
  /** How changes of position become orders; at market, at once, when left out. */
  execution?: ExecutionSpec;
  /** Most traded per decision, fraction of the average daily volume; no limit when left out. */
  speedLimit?: number;
  /** Part of the noise of its agents' signals that is common to them: 0, the default, to 1. */
  crowding?: number;
}

/** A scheduled order from outside the population (a shock, or the seeding of a book). */
export interface ExogenousOrder {
  timeMicros: number;
  instrument: number;
  side: number;
  /** 0 limit, 1 market. */
  kind: number;
  priceTicks: number;
  sizeLots: number;
  /** True: of the second account from outside, so that it may trade with orders of the first. */
  isProgram?: boolean;
}

/** A scheduled fault. */
export interface FaultSpec {
  kind: 'halt';
  fromMicros: number;
  untilMicros: number;
}

/** A world to run. */
export interface WorldSpec {
  seed: number;
  windowMicros: number;
  durationMicros: number;
  /** Prices lie in (0, ticksMax). */
  ticksMax: number;
  venue: VenueSpec;
  /** Per instrument. */
  index: IndexPath[];
  cohorts: CohortSpec[];
  exogenous: ExogenousOrder[];
  /** Money of the account that exogenous orders belong to, quanta. */
  exogenousQuanta: number;
  /** Money of the second account from outside, of `isProgram` orders; left out where there is none. */
  programQuanta?: number;
  faults: FaultSpec[];
  /** Interval of the series rows in the trace. */
  seriesMicros: number;
  /** Largest feed and order latency of any agent. */
  latencyMicrosMax: number;
  /** Draws the population; called on the market thread only, once. */
  populate(): CohortPopulation[];
}
