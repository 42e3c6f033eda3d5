/** Refuses scenarios whose integers could pass what a number or an int32 holds exactly. */
import { makeContract } from '../../sim/account/index.js';
import { UserError } from '../../sim/kernel/index.js';
import type { CohortPopulation, ExogenousOrder } from '../../sim/engine/index.js';
import type { VenueSpec } from '../../sim/venue/index.js';
import type { PopulationTerms } from './population-terms.js';

/** Half of what is exact: the other half is for gains, fees and products in between. */
const QUANTA_MAX = 4_503_599_627_370_496;
const LOTS_MAX = 2_147_483_647;
/** Prices may move this far beyond the index before amounts could pass the limit. */
const PRICE_FACTOR = 4;

/** Instruments, and the range of their index. */
export interface PriceRange {
  venue: VenueSpec;
  ticksMax: number;
  /** Highest and lowest index of each instrument, ticks. */
  highestTicks: readonly number[];
  lowestTicks: readonly number[];
}

/** What orders or positions of one instrument can come to: the larger side. */
export interface Total {
  lots: number;
  /** Worth at the worst price that is reckoned with. */
  quanta: number;
}

/**
 * Adds up exogenous orders, instrument by instrument, as if all of a side traded.
 *
 * @throws UserError `scenario/range` when they alone pass the limits. O(orders).
 */
export function exogenousTotals(orders: readonly ExogenousOrder[], range: PriceRange): Total[] {
  const lots = new Float64Array(2 * range.venue.instruments.length);
  const quanta = new Float64Array(lots.length);
  const perLot = range.venue.instruments.map((_, i) => worstPerLot(range, i));
  const contracts = range.venue.instruments.map((spec) => makeContract(spec.contract));
  for (const { instrument, side, priceTicks, sizeLots } of orders) {
    const at = 2 * instrument + side;
    // A limit order may be priced beyond the range of the index.
    const own = priceTicks > 0 ? contracts[instrument].notional(1, priceTicks) : 0;
    lots[at] += sizeLots;
    quanta[at] += sizeLots * Math.max(perLot[instrument], own);
  }
  return range.venue.instruments.map(({ name }, i) => {
    const total = {
      lots: Math.max(lots[2 * i], lots[2 * i + 1]),
      quanta: Math.max(quanta[2 * i], quanta[2 * i + 1]),
    };
    checkTotal(total, `exogenous: total of orders and book in ${name}`, 'smaller orders');
    return total;
  });
}

/**
 * Checks deposits, the fund and all positions at four times the highest and a quarter of the lowest
 * index, as if all exogenous orders traded too.
 *
 * @throws UserError `scenario/range`.
 */
export function checkTotals(terms: PopulationTerms, drawn: readonly CohortPopulation[]): void {
  let deposits = terms.venue.insuranceFundQuanta;
  for (const { depositQuanta } of drawn) {
    for (let i = 0; i < depositQuanta.length; i++) deposits += Math.abs(depositQuanta[i]);
  }
  if (!(deposits <= QUANTA_MAX)) {
    throw new UserError(
      'scenario/range',
      `population: equities and fund were ${deposits.toExponential(2)} quanta, must be at most ` +
        `${QUANTA_MAX.toExponential(2)}: use a coarser contract.quantum or less equity`,
    );
  }
  const exogenous = exogenousTotals(terms.exogenous, terms);
  terms.venue.instruments.forEach(({ name }, instrument) => {
    let long = 0;
    terms.cohorts.forEach((cohort, c) => {
      if (cohort.instrument !== instrument) return;
      const { openingLots } = drawn[c];
      for (let i = 0; i < openingLots.length; i++) long += Math.max(0, openingLots[i]);
    });
    const quanta = long * worstPerLot(terms, instrument);
    checkTotal({ lots: long, quanta }, `population: open interest of ${name}`, 'less equity');
    const outside = exogenous[instrument];
    const both = { lots: long + outside.lots, quanta: quanta + outside.quanta };
    const what = `exogenous: total of orders, book and open interest in ${name}`;
    checkTotal(both, what, 'smaller orders');
  });
}

function checkTotal(total: Total, what: string, otherwise: string): void {
  if (!(total.lots <= LOTS_MAX)) {
    throw new UserError(
      'scenario/range',
      `${what} was ${total.lots} lots, must be at most ${LOTS_MAX}: ` +
        `use a larger contract.lot or ${otherwise}`,
    );
  }
  if (!(total.quanta <= QUANTA_MAX)) {
    throw new UserError(
      'scenario/range',
      `${what} was worth up to ${total.quanta.toExponential(2)} quanta, must be at most ` +
        `${QUANTA_MAX.toExponential(2)}: use a coarser contract.quantum or ${otherwise}`,
    );
  }
}

/** Returns the quanta a lot is worth at the worst price within the range. */
function worstPerLot(range: PriceRange, instrument: number): number {
  const contract = makeContract(range.venue.instruments[instrument].contract);
  const low = Math.max(1, Math.floor(range.lowestTicks[instrument] / PRICE_FACTOR));
  const high = Math.min(range.ticksMax - 1, range.highestTicks[instrument] * PRICE_FACTOR);
  return Math.max(contract.notional(1, low), contract.notional(1, high));
}
