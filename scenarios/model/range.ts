/** Refuses scenarios whose integers could pass what a number or an int32 holds exactly. */
import { makeContract } from '../../sim/account/index.js';
import { UserError } from '../../sim/kernel/index.js';
import type { CohortPopulation, ExogenousOrder } from '../../sim/engine/index.js';
import { ppmCeil, TieredMargin } from '../../sim/risk/index.js';
import type { PopulationTerms } from './population-terms.js';
import type { PriceRange } from './price-range.js';

/** Half of what is exact: the other half is for gains, fees and products in between. */
const QUANTA_MAX = 4_503_599_627_370_496;
const LOTS_MAX = 2_147_483_647;
/** Prices may move this far beyond the index before amounts could pass the limit. */
const PRICE_FACTOR = 4;
/** Prices may move this far beyond the index before exogenous orders could lack money. */
const MONEY_FACTOR = 2;

/** What orders or positions of one instrument can come to: the larger side. */
interface Total {
  lots: number;
  /** Worth at the worst price that is reckoned with. */
  quanta: number;
}

/**
 * Returns the money that exogenous orders need so that none is refused, and their account is never
 * liquidated, while prices keep between half the lowest and twice the highest index: all they are
 * worth may be lost, and initial margin and fees come on top.
 *
 * @throws UserError `scenario/range` when orders or money pass the limits. O(orders).
 */
export function exogenousQuanta(orders: readonly ExogenousOrder[], range: PriceRange): number {
  checkExogenous(orders, range);
  const totals = exogenousTotals(orders, range, MONEY_FACTOR);
  let needed = 0;
  range.venue.instruments.forEach(({ margin, leverageMax, fees }, i) => {
    const { lots, quanta } = totals[i];
    if (lots === 0) return;
    const leverageRate = Math.ceil(1_000_000 / leverageMax);
    needed += quanta + new TieredMargin(margin).initial(quanta, lots, leverageRate);
    needed += 2 * ppmCeil(quanta, Math.max(0, fees.takerPpm, fees.makerPpm));
  });
  if (needed <= QUANTA_MAX) return needed;
  throw new UserError(
    'scenario/range',
    `exogenous: money for the orders and book was ${needed.toExponential(2)} quanta, ` +
      `must be at most ${QUANTA_MAX.toExponential(2)}: ` +
      'use a coarser contract.quantum or smaller orders',
  );
}

/** Checks exogenous orders by themselves, and returns their totals. */
function checkExogenous(orders: readonly ExogenousOrder[], range: PriceRange): Total[] {
  const totals = exogenousTotals(orders, range, PRICE_FACTOR);
  range.venue.instruments.forEach(({ name }, i) => {
    checkTotal(totals[i], `exogenous: total of orders and book in ${name}`, 'smaller orders');
  });
  return totals;
}

/** Adds up exogenous orders, instrument by instrument, as if all of a side traded. */
function exogenousTotals(
  orders: readonly ExogenousOrder[],
  range: PriceRange,
  factor: number,
): Total[] {
  const { instruments } = range.venue;
  const lots = new Float64Array(2 * instruments.length);
  const quanta = new Float64Array(lots.length);
  const perLot = instruments.map((_, i) => worstPerLot(range, i, factor));
  const contracts = instruments.map((spec) => makeContract(spec.contract));
  for (const { instrument, side, priceTicks, sizeLots } of orders) {
    const at = 2 * instrument + side;
    // A limit order may be priced beyond the range of the index.
    const own = priceTicks > 0 ? contracts[instrument].notional(1, priceTicks) : 0;
    lots[at] += sizeLots;
    quanta[at] += sizeLots * Math.max(perLot[instrument], own);
  }
  return instruments.map((_, i) => ({
    lots: Math.max(lots[2 * i], lots[2 * i + 1]),
    quanta: Math.max(quanta[2 * i], quanta[2 * i + 1]),
  }));
}

/**
 * Checks deposits, the fund and all positions at four times the highest and a quarter of the lowest
 * index, as if all exogenous orders traded too, and at the venue's own bound.
 *
 * @throws UserError `scenario/range`.
 */
export function checkTotals(terms: PopulationTerms, drawn: readonly CohortPopulation[]): void {
  let deposits = terms.venue.insuranceFundQuanta + terms.exogenousQuanta;
  for (const { depositQuanta } of drawn) {
    for (let i = 0; i < depositQuanta.length; i++) deposits += Math.abs(depositQuanta[i]);
  }
  if (!(deposits <= QUANTA_MAX)) {
    throw new UserError(
      'scenario/range',
      `population: equities, fund and money of exogenous orders were ${deposits.toExponential(2)} ` +
        `quanta, must be at most ${QUANTA_MAX.toExponential(2)}: ` +
        'use a coarser contract.quantum or less equity',
    );
  }
  const exogenous = checkExogenous(terms.exogenous, terms);
  terms.venue.instruments.forEach(({ name }, instrument) => {
    let long = 0;
    terms.cohorts.forEach((cohort, c) => {
      if (cohort.instrument !== instrument) return;
      const { openingLots } = drawn[c];
      for (let i = 0; i < openingLots.length; i++) long += Math.max(0, openingLots[i]);
    });
    const quanta = long * worstPerLot(terms, instrument, PRICE_FACTOR);
    // The venue admits no order beyond its own, wider, bound: a run past it would trade nothing.
    const bound = { lots: long, quanta: Math.max(quanta, long * venuePerLot(terms, instrument)) };
    checkTotal(bound, `population: open interest of ${name}`, 'less equity');
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

/**
 * Returns the quanta the venue reckons a lot of a linear contract with: its worth at the end of the
 * price range, times the instruments that share the limit. 0 for an inverse one, which has no such end.
 */
function venuePerLot({ venue, ticksMax }: PriceRange, instrument: number): number {
  const contract = makeContract(venue.instruments[instrument].contract);
  if (contract.notionalSign < 0) return 0;
  return contract.notional(1, ticksMax - 1) * venue.instruments.length;
}

/** Returns the quanta a lot is worth at the worst price, `factor` beyond the index. */
function worstPerLot(range: PriceRange, instrument: number, factor: number): number {
  const contract = makeContract(range.venue.instruments[instrument].contract);
  const low = Math.max(1, Math.floor(range.lowestTicks[instrument] / factor));
  const high = Math.min(range.ticksMax - 1, range.highestTicks[instrument] * factor);
  return Math.max(contract.notional(1, low), contract.notional(1, high));
}
