/** Refuses scenarios whose integers could pass what a number or an int32 holds exactly. */
import { makeContract } from '../../sim/account/index.js';
import { UserError } from '../../sim/kernel/index.js';
import type { CohortPopulation } from '../../sim/engine/index.js';
import type { PopulationTerms } from './population-terms.js';

/** Half of what is exact: the other half is for gains, fees and products in between. */
const QUANTA_MAX = 4_503_599_627_370_496;
const LOTS_MAX = 2_147_483_647;
/** Prices may move this far beyond the index before amounts could pass the limit. */
const PRICE_FACTOR = 4;

/**
 * Checks deposits, the fund and all positions at four times the highest and a quarter of the lowest
 * index.
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
  terms.venue.instruments.forEach((spec, instrument) => {
    let long = 0;
    terms.cohorts.forEach((cohort, c) => {
      if (cohort.instrument !== instrument) return;
      const { openingLots } = drawn[c];
      for (let i = 0; i < openingLots.length; i++) long += Math.max(0, openingLots[i]);
    });
    if (long > LOTS_MAX) {
      throw new UserError(
        'scenario/range',
        `population: open interest of ${spec.name} was ${long} lots, must be at most ` +
          `${LOTS_MAX}: use a larger contract.lot`,
      );
    }
    const contract = makeContract(spec.contract);
    const low = Math.max(1, Math.floor(terms.lowestTicks[instrument] / PRICE_FACTOR));
    const high = Math.min(terms.ticksMax - 1, terms.highestTicks[instrument] * PRICE_FACTOR);
    const perLot = Math.max(contract.notional(1, low), contract.notional(1, high));
    if (long * perLot > QUANTA_MAX) {
      throw new UserError(
        'scenario/range',
        `population: open interest of ${spec.name} was worth up to ` +
          `${(long * perLot).toExponential(2)} quanta, must be at most ` +
          `${QUANTA_MAX.toExponential(2)}: use a coarser contract.quantum`,
      );
    }
  });
}
