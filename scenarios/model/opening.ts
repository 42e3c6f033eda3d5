/** Positions held when the run starts; in lots they sum to zero exactly. */
import { makeContract } from '../../sim/account/index.js';
import type { Contract } from '../../sim/account/index.js';
import { exp, UserError } from '../../sim/kernel/index.js';
import type { CohortPopulation } from '../../sim/engine/index.js';
import { TieredMargin } from '../../sim/risk/index.js';
import type { CohortTerms } from './cohort-terms.js';
import { CohortDraws, drawField, writtenEquity } from './draw.js';
import type { PopulationTerms } from './population-terms.js';
import { equityQuanta } from './scale.js';
import type { Scale } from './scale.js';

/** Part of its equity an agent's opening margin may take. */
const MARGIN_SHARE = 0.999;
/** Part of its equity the opening margin of the balancing cohort may take. */
const BALANCING_SHARE = 0.5;
/** An opening that asks for too much margin is shrunk by this, again and again. */
const SHRINK = 0.95;

/** Instrument as openings need it. */
interface Book {
  contract: Contract;
  margin: TieredMargin;
  scale: Scale;
  ticksMax: number;
  chosenPpm: number;
}

/**
 * Opens positions: side, leverage and entry price are drawn, sizes follow from equity at the start
 * price, and the balancing cohort of each instrument takes the other side in proportion to equity.
 *
 * Equity is what an agent owns at the start price, so a profit or loss since entry is in it: the
 * deposit is equity less that profit. A size is cut until equity covers the initial margin, so
 * nobody starts in breach; an entry whose profit exceeds the equity is moved to the start price.
 * With more or fewer traders than written, sizes are scaled so that each side of a cohort keeps the
 * notional of the written number. When the other side is more than the balancing cohort can carry within its leverage cap, the larger
 * side is cut in proportion.
 */
export function openPositions(terms: PopulationTerms, drawn: CohortPopulation[]): void {
  for (let instrument = 0; instrument < terms.scales.length; instrument++) {
    const cohorts = terms.cohorts.map((cohort, i) => ({ cohort, population: drawn[i] }));
    const here = cohorts.filter(({ cohort }) => cohort.instrument === instrument);
    const opening = here.filter(({ cohort }) => cohort.opening !== null && !cohort.balances);
    if (opening.length === 0) continue;
    const balancing = here.find(({ cohort }) => cohort.balances);
    if (balancing === undefined || balancing.cohort.count === 0) {
      throw new UserError(
        'scenario/range',
        'population: opening positions need a balancing cohort',
      );
    }
    const book = bookOf(terms, instrument);
    for (const one of opening) sizeOpenings(one.cohort, one.population, book, terms);
    balance(
      opening.map((one) => one.population),
      balancing.population,
      book,
    );
    for (const one of opening) setCosts(one.cohort, one.population, book, terms);
    setCosts(balancing.cohort, balancing.population, book, terms);
  }
}

function bookOf(terms: PopulationTerms, instrument: number): Book {
  const spec = terms.venue.instruments[instrument];
  return {
    contract: makeContract(spec.contract),
    margin: new TieredMargin(spec.margin),
    scale: terms.scales[instrument],
    ticksMax: terms.ticksMax,
    chosenPpm: Math.ceil(1_000_000 / spec.leverageMax),
  };
}

function sizeOpenings(
  cohort: CohortTerms,
  population: CohortPopulation,
  book: Book,
  terms: PopulationTerms,
): void {
  const { opening, count, countWritten } = cohort;
  if (opening === null) return;
  const draws = new CohortDraws(terms.seed, cohort);
  const most = Math.max(count, countWritten);
  const unit = { min: 0, max: 1 };
  const side = draws.values('opening.side', { dist: 'uniform', min: 0, max: 1 }, unit, most);
  const leverage = drawField(draws, 'opening.leverage', opening.leverage, most);
  const { initialEquityQuote, openingLots } = population;
  const quotePerLot = book.contract.notionalQuote(1, book.scale.startTicks);
  let long = 1;
  let short = 1;
  if (count !== countWritten) {
    const { longShare } = opening;
    const written = sideTotals(writtenEquity(draws, cohort), leverage, side, longShare, countWritten);
    const present = sideTotals(initialEquityQuote, leverage, side, longShare, count);
    if (present[0] > 0) long = written[0] / present[0];
    if (present[1] > 0) short = written[1] / present[1];
  }
  for (let i = 0; i < count; i++) {
    const isLong = side[i] < opening.longShare;
    const notional = leverage[i] * initialEquityQuote[i] * (isLong ? long : short);
    const quanta = equityQuanta(initialEquityQuote[i], book.scale) * MARGIN_SHARE;
    const lots = affordable(book, Math.floor(notional / quotePerLot), quanta);
    openingLots[i] = isLong ? lots : 0 - lots;
  }
}

/** Returns the notional of the first `count` agents' longs and of their shorts, quote units. */
function sideTotals(
  equity: Float64Array,
  leverage: Float64Array,
  side: Float64Array,
  longShare: number,
  count: number,
): [number, number] {
  let long = 0;
  let short = 0;
  for (let i = 0; i < count; i++) {
    if (side[i] < longShare) long += equity[i] * leverage[i];
    else short += equity[i] * leverage[i];
  }
  return [long, short];
}

/** Returns the size, cut until its initial margin at the start price is covered. */
function affordable(book: Book, lots: number, quanta: number): number {
  let size = lots;
  while (size > 0 && marginOf(book, size) > quanta) size = Math.floor(size * SHRINK);
  return size;
}

function marginOf(book: Book, lots: number): number {
  const notional = book.contract.notional(lots, book.scale.startTicks);
  return book.margin.initial(notional, lots, book.chosenPpm);
}

/** Gives the balancing cohort the other side, once the larger side is what it can carry. */
function balance(opened: CohortPopulation[], balancing: CohortPopulation, book: Book): void {
  let long = 0;
  let short = 0;
  for (const { openingLots } of opened) {
    for (let i = 0; i < openingLots.length; i++) {
      if (openingLots[i] > 0) long += openingLots[i];
      else short -= openingLots[i];
    }
  }
  const equity = balancing.initialEquityQuote;
  let total = 0;
  let largest = 0;
  for (let i = 0; i < equity.length; i++) {
    total += equity[i];
    if (equity[i] > largest) largest = equity[i];
  }
  const carried = carriedLots(balancing, total, largest, Math.abs(long - short), book);
  if (Math.abs(long - short) > carried) cut(opened, long, short, carried);
  let residual = 0;
  for (const { openingLots } of opened) {
    for (let i = 0; i < openingLots.length; i++) residual += openingLots[i];
  }
  share(0 - residual, equity, total, balancing.openingLots);
}

/**
 * Returns how many of the lots the balancing cohort can carry in proportion to equity: none of its
 * agents beyond their own leverage cap, nor with more than half their equity as margin.
 */
function carriedLots(
  balancing: CohortPopulation,
  total: number,
  largest: number,
  lots: number,
  book: Book,
): number {
  const { leverageMax } = balancing;
  const quotePerLot = book.contract.notionalQuote(1, book.scale.startTicks);
  let leverage = Infinity;
  for (let i = 0; i < leverageMax.length; i++) leverage = Math.min(leverage, leverageMax[i]);
  // Margin rates rise with size: when the largest account can carry its part, all can.
  const largestLots = affordable(
    book,
    Math.ceil((lots * largest) / total),
    equityQuanta(largest, book.scale) * BALANCING_SHARE,
  );
  return Math.floor(Math.min((largestLots * total) / largest, (leverage * total) / quotePerLot));
}

/** Shrinks every position of the larger side so that it exceeds the other by `carried` at most. */
function cut(opened: CohortPopulation[], long: number, short: number, carried: number): void {
  const sign = long > short ? 1 : -1;
  const larger = Math.max(long, short);
  const factor = (Math.min(long, short) + carried) / larger;
  for (const { openingLots } of opened) {
    for (let i = 0; i < openingLots.length; i++) {
      const lots = openingLots[i] * sign;
      if (lots > 0) openingLots[i] = sign * Math.floor(lots * factor) + 0;
    }
  }
}

/** Divides lots in proportion to weights; what rounding leaves goes one by one from the first. */
function share(lots: number, weights: Float64Array, total: number, out: Float64Array): void {
  const sign = lots < 0 ? -1 : 1;
  const whole = Math.abs(lots);
  let left = whole;
  for (let i = 0; i < out.length; i++) {
    const part = Math.min(left, Math.floor((whole * weights[i]) / total));
    out[i] = part;
    left -= part;
  }
  for (let i = 0; left > 0; i = (i + 1) % out.length) {
    out[i]++;
    left--;
  }
  for (let i = 0; i < out.length; i++) out[i] = out[i] === 0 ? 0 : sign * out[i];
}

/** Draws entry prices, values positions at them, and sets deposits so that equity is as drawn. */
function setCosts(
  cohort: CohortTerms,
  population: CohortPopulation,
  book: Book,
  terms: PopulationTerms,
): void {
  const { contract, scale, ticksMax } = book;
  const draws = new CohortDraws(terms.seed, cohort);
  const entry =
    cohort.opening === null
      ? null
      : drawField(draws, 'opening.entry', cohort.opening.entry, cohort.count);
  for (let i = 0; i < cohort.count; i++) {
    const lots = population.openingLots[i];
    if (lots === 0) continue;
    const value = contract.signedValue(lots, scale.startTicks);
    const quanta = equityQuanta(population.initialEquityQuote[i], scale);
    let ticks = scale.startTicks;
    if (entry !== null) ticks = Math.round(scale.startTicks * exp(entry[i]));
    ticks = Math.min(Math.max(ticks, 1), ticksMax - 1);
    let cost = contract.signedValue(lots, ticks);
    if (quanta - (value - cost) <= 0) cost = value;
    population.openingCostQuanta[i] = cost;
    population.depositQuanta[i] = quanta - (value - cost);
  }
}
