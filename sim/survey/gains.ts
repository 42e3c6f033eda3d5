/** The feedback gain of every agent, and of all together. */
import type { World } from '../engine/index.js';
import type { Gain } from '../strategy/index.js';
import { AgentField } from '../strategy/index.js';
import type { Rehearsal } from './rehearsal.js';

/** Gains of the agents of an instrument, quote units traded per unit of return; by agent number. */
export interface GainList {
  readonly down: Float64Array;
  readonly up: Float64Array;
  /** 1 where the closed form was taken, 0 where it was measured. */
  readonly isClosed: Uint8Array;
  /** Sums over the agents. */
  readonly downSum: number;
  readonly upSum: number;
}

/**
 * Returns the gains of an instrument's agents; 0 for rules that quote and for agents elsewhere.
 *
 * The closed form where the rule declares one that holds now, else measured: what the rule would
 * trade in the next bar after a return of `step`, less what it would trade without, over `step`,
 * bands and lots left out. A closed form speaks of an agent that has just traded. O(agents).
 */
export function listGains(
  world: World,
  instrument: number,
  rehearsals: readonly (Rehearsal | null)[],
  step: number,
): GainList {
  const { population, venue, spec } = world;
  const markTicks = venue.markTicks(instrument);
  const price = markTicks * spec.venue.instruments[instrument].contract.quotePerTick;
  const down = new Float64Array(population.count);
  const up = new Float64Array(population.count);
  const isClosed = new Uint8Array(population.count);
  let downSum = 0;
  let upSum = 0;
  for (let agent = 0; agent < population.count; agent++) {
    const rehearsal = rehearsals[population.cohortOf[agent]];
    if (rehearsal === null || population.instrumentOf(agent) !== instrument) continue;
    rehearsal.take(agent);
    const closed = closedGain(rehearsal, price);
    const holds = closed !== null && Number.isFinite(closed.down) && Number.isFinite(closed.up);
    isClosed[agent] = holds ? 1 : 0;
    const gain = holds ? closed : measuredGain(rehearsal, markTicks, step);
    down[agent] = gain.down;
    up[agent] = gain.up;
    downSum += gain.down;
    upSum += gain.up;
  }
  return { down, up, isClosed, downSum, upSum };
}

function closedGain(rehearsal: Rehearsal, price: number): Gain | null {
  const { strategy } = rehearsal;
  if (strategy.gain === null) return null;
  return strategy.gain.evaluate({
    equity: rehearsal.equityQuote(),
    exposure: rehearsal.exposureQuote(),
    price,
    leverageMax: rehearsal.valueAt(AgentField.leverageMax),
    of: (name, k = 0) => rehearsal.valueAt(strategy.at[name] + k),
  });
}

/** Returns the gain of the agent taken by a rehearsal over one bar, by one-sided differences. */
export function measuredGain(rehearsal: Rehearsal, markTicks: number, step: number): Gain {
  if (!rehearsal.mayAct(1)) return { down: 0, up: 0 };
  const traded = (r: number): number =>
    rehearsal.walk({ endTicks: markTicks * (1 + r), bars: 1, exact: true }).tradedQuote;
  const still = traded(0);
  return { down: (still - traded(-step)) / step, up: (traded(step) - still) / step };
}
