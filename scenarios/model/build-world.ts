/** Builds a world to run from a resolved scenario: pure, and the same on every thread. */
import { registry, strategyNamed } from '../../agents/index.js';
import { UserError } from '../../sim/kernel/index.js';
import type { CohortSpec, ExogenousOrder, FaultSpec, WorldSpec } from '../../sim/engine/index.js';
import { barsDurationMicros, highestPrice, lowestPrice, toTicks } from '../../sim/oracle/index.js';
import type { PriceBars, PricePath } from '../../sim/oracle/index.js';
import type { Strategy } from '../../sim/strategy/index.js';
import type { VenueSpec } from '../../sim/venue/index.js';
import { buildBarsIndex, buildIndex, writtenPrice } from './build-index.js';
import { buildVenue } from './build-venue.js';
import { cohortTerms, countOf, latencyMax } from './cohort-terms.js';
import type { CohortTerms } from './cohort-terms.js';
import { durationMicros } from './duration.js';
import { bookLevelLots, buildExogenous, withAccounts } from './exogenous.js';
import { countThresholds, flatTerms } from './flat/index.js';
import { drawPopulation } from './population.js';
import { mixedCounts } from './mix.js';
import { exogenousQuanta } from './range.js';
import { chooseScale, shareQuantum } from './scale.js';
import type { Scale } from './scale.js';
import { TRADERS_MAX } from './schema-dials.js';
import type { Scenario } from './schema.js';

/** Prices lie below a power of two at least this many times the highest index. */
const HEADROOM = 4;
/** Most ticks a price range may have. */
const TICKS_LIMIT = 4_194_304;

/** What a world is built with, beside its scenario. */
export interface WorldOptions {
  /** 0..2^53-1. */
  seed: number;
  /** Bars that replace the index of the first instrument; the run lasts as long as they do. */
  bars?: PriceBars | undefined;
  /** Strategies that cohorts may name; the shipped ones by default. */
  strategies?: readonly Strategy[] | undefined;
}

/**
 * Builds a world. The population is drawn only when `populate` is called.
 *
 * @throws UserError `scenario/range` when the scenario does not fit the engine's integers.
 */
export function buildWorld(scenario: Scenario, options: WorldOptions): WorldSpec {
  const { seed, bars } = options;
  const strategies = options.strategies ?? registry;
  const { instruments } = scenario.venue;
  const { dials } = scenario;
  const windowMicros = durationMicros(scenario.time.window);
  const runMicros =
    bars === undefined ? durationMicros(scenario.time.duration) : barsDurationMicros(bars);
  const paths = instruments.map((instrument, i) =>
    bars !== undefined && i === 0
      ? buildBarsIndex(bars, dials.shock)
      : buildIndex(instrument, seed, runMicros, dials.shock),
  );
  const scales = shareQuantum(
    instruments,
    instruments.map((instrument, i) =>
      chooseScale(
        instrument,
        writtenPrice(instrument),
        paths[i].prices[0],
        lowestPrice(paths[i]),
      ),
    ),
  );
  const ticksMax = ticksMaxOf(paths, scales);
  const venue = buildVenue(scenario.venue, scales, ticksMax, seed);
  const flat = flatTerms(scenario);
  addRefills(scenario, scales, venue);
  const cohorts = termsOf(scenario, { seed, scales, strategies, windowMicros });
  const index = paths.map((path, i) => toTicks(path, scales[i].quotePerTick));
  const range = {
    venue,
    ticksMax,
    highestTicks: paths.map((path, i) => Math.ceil(highestPrice(path) / scales[i].quotePerTick)),
    lowestTicks: paths.map((path, i) =>
      Math.max(1, Math.floor(lowestPrice(path) / scales[i].quotePerTick)),
    ),
  };
  const exogenous = withAccounts(
    buildExogenous(scenario, scales, ticksMax).filter(inRun(runMicros)),
  );
  const programs = exogenous.filter((order) => order.isProgram === true);
  const seeded = exogenous.filter((order) => order.isProgram !== true);
  const money = exogenousQuanta(seeded, range);
  const programMoney = programs.length === 0 ? undefined : exogenousQuanta(programs, range);
  return {
    seed,
    windowMicros,
    durationMicros: runMicros,
    ticksMax,
    venue,
    index,
    cohorts: cohorts.map(cohortSpec),
    exogenous,
    exogenousQuanta: money,
    ...(programMoney === undefined ? {} : { programQuanta: programMoney }),
    faults: faultsOf(scenario, runMicros),
    seriesMicros: durationMicros(scenario.time.series),
    latencyMicrosMax: cohorts.reduce(
      (most, cohort) => Math.max(most, latencyMax(cohort)),
      windowMicros,
    ),
    populate: () =>
      drawPopulation({
        seed,
        cohorts,
        scales,
        exogenous,
        exogenousQuanta: money + (programMoney ?? 0),
        ...range,
        flat,
      }),
  };
}

/** Says what comes back of seeded books. */
function addRefills(scenario: Scenario, scales: readonly Scale[], venue: VenueSpec): void {
  scenario.venue.instruments.forEach(({ book }, i) => {
    const fraction = scenario.flat?.refill ?? book?.refill ?? 0;
    if (fraction === 0) return;
    venue.instruments[i].refill = { fraction, levelLots: bookLevelLots(scenario, scales, i) };
  });
}

function inRun(runMicros: number): (order: ExogenousOrder) => boolean {
  return (order) => order.timeMicros < runMicros;
}

function cohortSpec(terms: CohortTerms): CohortSpec {
  const { name, strategy, count, instrument, isolated, crowding, speedLimit, execution } = terms;
  const spec: CohortSpec = { name, strategy, count, instrument, isolated, crowding };
  if (execution !== null) spec.execution = execution.spec;
  if (speedLimit !== undefined) spec.speedLimit = speedLimit;
  return spec;
}

/** Returns the power of two that leaves prices room above the highest index. */
function ticksMaxOf(paths: readonly PricePath[], scales: readonly Scale[]): number {
  let wanted = 0;
  paths.forEach((path, i) => {
    wanted = Math.max(wanted, HEADROOM * Math.ceil(highestPrice(path) / scales[i].quotePerTick));
  });
  let ticksMax = 4;
  while (ticksMax < wanted && ticksMax < TICKS_LIMIT) ticksMax *= 2;
  if (ticksMax >= wanted) return ticksMax;
  throw new UserError(
    'scenario/range',
    `index: highest price was ${wanted / HEADROOM} ticks, must be at most ` +
      `${TICKS_LIMIT / HEADROOM}: use a larger contract.tick or a smaller dials.shock`,
  );
}

interface PopulationContext {
  seed: number;
  scales: readonly Scale[];
  strategies: readonly Strategy[];
  windowMicros: number;
}

function termsOf(scenario: Scenario, context: PopulationContext): CohortTerms[] {
  const { seed, scales, strategies, windowMicros } = context;
  const { instruments } = scenario.venue;
  const counts = mixedCounts(scenario.population, seed);
  const flat = flatTerms(scenario);
  // Drawn, so not to be multiplied.
  const dials = flat === null ? scenario.dials : { ...scenario.dials, traders: 1 };
  if (flat !== null) {
    // The other one takes the other side.
    counts[0] = countThresholds(flat, seed);
  }
  let total = 0;
  for (const count of counts) total += countOf(count, dials.traders);
  if (total < 1 || total > TRADERS_MAX) {
    throw new UserError(
      'scenario/range',
      `population: was ${total} agents (dials.traders ${dials.traders}), ` +
        `must be 1 to ${TRADERS_MAX}`,
    );
  }
  return scenario.population.map((cohort, i) => {
    const wanted = instruments.findIndex((one) => one.name === cohort.instrument);
    const instrumentIndex = Math.max(0, wanted);
    const strategy = strategies.find((one) => one.name === cohort.strategy);
    return cohortTerms(cohort, {
      dials,
      countWritten: counts[i],
      strategy: strategy ?? strategyNamed(cohort.strategy),
      instrument: instruments[instrumentIndex],
      instrumentIndex,
      scale: scales[instrumentIndex],
      windowMicros,
    });
  });
}

/** Faults keep their offset from the start; those after the end are left out. */
function faultsOf(scenario: Scenario, runMicros: number): FaultSpec[] {
  const faults: FaultSpec[] = [];
  for (const { kind, from, until } of scenario.faults) {
    const fromMicros = durationMicros(from);
    if (fromMicros >= runMicros) continue;
    faults.push({ kind, fromMicros, untilMicros: Math.min(durationMicros(until), runMicros) });
  }
  return faults.sort((a, b) => a.fromMicros - b.fromMicros);
}
