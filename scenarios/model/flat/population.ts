/** Opens the accounts of a flat book. */
import { assert } from '../../../sim/kernel/index.js';
import type { CohortPopulation } from '../../../sim/engine/index.js';
import type { PopulationTerms } from '../population-terms.js';
import { FlatAccounts } from './account.js';
import { Thresholds } from './thresholds.js';
import type { FlatTerms } from './terms.js';

/**
 * Gives every account at risk its position and the deposit of its threshold, the highest first, and the
 * balancing account the other side. Initial margin at leverage 1 sets the whole deposit aside for the
 * position, so that the threshold is where the deposit puts it.
 */
export function openFlat(
  flat: FlatTerms,
  terms: PopulationTerms,
  drawn: readonly CohortPopulation[],
): void {
  const accounts = new FlatAccounts(flat, terms.venue.instruments[0]);
  const thresholds = new Thresholds(flat, terms.seed);
  thresholds.drawTo(flat.depthTicks);
  const { quantaPerUnit } = terms.scales[0];
  terms.cohorts.forEach((cohort, c) => {
    const population = drawn[c];
    if (cohort.balances) {
      population.openingLots[0] = 0 - thresholds.count * accounts.positionLots;
      population.openingCostQuanta[0] = 0 - thresholds.count * accounts.costQuanta;
      return;
    }
    assert(cohort.count === thresholds.count, 'as many accounts as thresholds');
    population.openingLots.fill(accounts.positionLots);
    population.openingCostQuanta.fill(accounts.costQuanta);
    population.venueLeverage.fill(1);
    for (let i = 0; i < cohort.count; i++) {
      const deposit = accounts.depositQuanta(thresholds.depths[i]);
      population.depositQuanta[i] = deposit;
      population.initialEquityQuote[i] = deposit / quantaPerUnit;
    }
  });
}
