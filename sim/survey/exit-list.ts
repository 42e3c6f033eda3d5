/** Exit points of the agents of an instrument in one direction of the price, by column. */
import type { World } from '../engine/index.js';
import { Economics } from '../strategy/index.js';
import {
  type ExitSearch, marginExit, nearerExit, ruleExit, timeExit,
} from './exit-point.js';
import { type MoveSign, PriceGrid } from './price-grid.js';
import type { Rehearsal } from './rehearsal.js';

/** Agents with an exit point within reach, in agent order; all columns have `count` entries. */
export interface ExitList {
  readonly count: number;
  readonly agent: Int32Array;
  readonly cohort: Int32Array;
  /** Price of the exit, ticks and quote units. */
  readonly ticks: Int32Array;
  readonly exitPrice: Float64Array;
  /** What leaves there, lots and quote units at that price, unsigned. */
  readonly lots: Float64Array;
  readonly exitNotional: Float64Array;
  /** An `ExitCause`. */
  readonly cause: Uint8Array;
  /** Positions of these agents, and of all agents who hold that side, quote units at the mark. */
  readonly heldQuote: number;
  readonly openQuote: number;
}

interface Row {
  agent: number;
  cohort: number;
  ticks: number;
  lots: number;
  cause: number;
}

/** Which exits are listed. */
export interface ExitQuery {
  /** Direction the price moves in. */
  sign: MoveSign;
  /**
   * Those whose exit trades with the move (longs down, shorts up), or those whose exit leans
   * against it.
   */
  pushing: boolean;
  search: ExitSearch;
}

/** Looks for the exit points of every agent of an instrument. O(agents x scan). */
export function listExits(
  world: World,
  instrument: number,
  rehearsals: readonly (Rehearsal | null)[],
  { sign, pushing, search }: ExitQuery,
): ExitList {
  const { population, venue, spec } = world;
  const holds = (lots: number): boolean => lots !== 0 && (lots > 0 === sign < 0) === pushing;
  const mark = venue.markTicks(instrument);
  const economics = new Economics(spec.venue.instruments[instrument].contract);
  const rows: Row[] = [];
  let held = 0;
  let open = 0;
  for (let agent = 0; agent < population.count; agent++) {
    if (population.instrumentOf(agent) !== instrument) continue;
    const cohort = population.cohortOf[agent];
    const rehearsal = rehearsals[cohort];
    const margin = marginExit(world, agent, instrument, sign);
    let exit = margin;
    let lots = venue.positionOf(agent, instrument);
    if (rehearsal !== null) {
      rehearsal.take(agent);
      lots = rehearsal.heldLots;
      if (holds(lots)) exit = nearerExit(ruleExit(rehearsal, sign, mark, search), margin, sign);
    }
    if (!holds(lots)) continue;
    open += Math.abs(lots);
    if (exit.ticks < 0 || sign * (exit.ticks - mark) > search.reachFraction * mark) continue;
    held += Math.abs(lots);
    rows.push({ agent, cohort, ticks: exit.ticks, lots: exit.lots, cause: exit.cause });
  }
  return {
    count: rows.length,
    agent: Int32Array.from(rows, (row) => row.agent),
    cohort: Int32Array.from(rows, (row) => row.cohort),
    ticks: Int32Array.from(rows, (row) => row.ticks),
    exitPrice: Float64Array.from(rows, (row) => row.ticks * economics.quotePerTick),
    lots: Float64Array.from(rows, (row) => row.lots),
    exitNotional: Float64Array.from(rows, (row) => economics.exposureQuote(row.lots, row.ticks)),
    cause: Uint8Array.from(rows, (row) => row.cause),
    heldQuote: economics.exposureQuote(held, mark),
    openQuote: economics.exposureQuote(open, mark),
  };
}

/** Returns the lots that leave, by bucket of a side's edges. */
export function exitLots(
  list: ExitList,
  sign: MoveSign,
  grid: PriceGrid,
  edges: Int32Array,
): Float64Array {
  const lots = new Float64Array(grid.buckets);
  for (let i = 0; i < list.count; i++) {
    const k = grid.bucketOf(edges, sign, list.ticks[i]);
    if (k >= 0) lots[k] += list.lots[i];
  }
  return lots;
}

/**
 * Returns when each agent of an instrument would leave if the price stayed where it is,
 * microseconds; Infinity for those that would not within so many bars, and for those of other
 * instruments.
 */
export function listTimeExits(
  world: World,
  instrument: number,
  rehearsals: readonly (Rehearsal | null)[],
  { bars, cutFraction }: Pick<ExitSearch, 'bars' | 'cutFraction'>,
): Float64Array {
  const { population, venue } = world;
  const times = new Float64Array(population.count).fill(Infinity);
  const mark = venue.markTicks(instrument);
  for (let agent = 0; agent < population.count; agent++) {
    const rehearsal = rehearsals[population.cohortOf[agent]];
    if (rehearsal === null || population.instrumentOf(agent) !== instrument) continue;
    rehearsal.take(agent);
    times[agent] = timeExit(rehearsal, mark, bars, cutFraction);
  }
  return times;
}
