/** What a scenario with a `flat` section must be, so that its cascades follow the law. */
import { STEP_TICKS, flatTerms } from './flat/index.js';
import type { Issue, Path } from './issue.js';
import type { Scenario } from './schema.js';

/** Scenario that has the section. */
const MODEL = 'flat-book';

/** One requirement: where it is stated, what stands there, and what must. */
interface Requirement {
  path: Path;
  was: unknown;
  must: string;
  isMet: boolean;
}

/** Lists the first thing, if any, in which a scenario with a `flat` section is no flat book. */
export function flatIssues(scenario: Scenario): Issue[] {
  if (scenario.flat === undefined) return [];
  const cohorts = cohortRequirements(scenario);
  const unmet = [...cohorts, ...venueRequirements(scenario)].find((one) => !one.isMet);
  if (unmet === undefined) return [];
  const { path, was, must } = unmet;
  // Another scenario was given the section, rather than a flat book something else.
  if (!cohorts.every((one) => one.isMet)) {
    const elsewhere = `must be left out here: only scenario ${MODEL}, and those made from it, have it`;
    return [{ code: 'scenario/value', path: ['flat'], was: scenario.flat, must: elsewhere }];
  }
  return [{ code: 'scenario/value', path, was, must: `${must} beside flat` }];
}

function cohortRequirements({ population, venue }: Scenario): Requirement[] {
  const balancing = population.filter((cohort) => cohort.balances);
  const others = population.filter((cohort) => !cohort.balances);
  const isPair = balancing.length === 1 && balancing[0].count === 1 && others.length === 1;
  const [first] = population;
  const isPlain = !first.balances && first.count === 0 && first.margin === 'isolated';
  const hasBook = venue.instruments.length === 1 && venue.instruments[0].book !== undefined;
  return [
    { path: ['population'], was: population, must: '', isMet: isPair && isPlain },
    { path: ['venue', 'instruments'], was: venue.instruments, must: '', isMet: hasBook },
  ];
}

function venueRequirements(scenario: Scenario): Requirement[] {
  const { venue, exogenous, faults, population } = scenario;
  const [one] = venue.instruments;
  const at: Path = ['venue', 'instruments', 0];
  const equal = (path: Path, was: unknown, wanted: unknown): Requirement => ({
    path,
    was,
    must: `must be ${String(wanted)}`,
    isMet: was === wanted,
  });
  const empty = (path: Path, was: readonly unknown[]): Requirement => ({
    path,
    was,
    must: 'must be empty',
    isMet: was.length === 0,
  });
  const none = (path: Path, was: unknown): Requirement => ({
    path,
    was,
    must: 'must be left out',
    isMet: was === undefined,
  });
  return [
    equal([...at, 'contract', 'kind'], one.contract.kind, 'linear'),
    equal([...at, 'mark', 'kind'], one.mark.kind, 'last'),
    equal([...at, 'funding', 'kind'], one.funding.kind, 'none'),
    equal([...at, 'index', 'kind'], one.index.kind, 'constant'),
    equal([...at, 'fees', 'maker'], one.fees.maker, 0),
    equal([...at, 'fees', 'taker'], one.fees.taker, 0),
    equal([...at, 'fees', 'liquidation'], one.fees.liquidation, 0),
    equal([...at, 'band'], one.band, 0),
    ...bookRequirements(scenario, at),
    equal(['venue', 'liquidation', 'policy'], venue.liquidation.policy, 'wholeAtMarket'),
    equal(['venue', 'liquidation', 'delay'], venue.liquidation.delay, '0s'),
    equal(['venue', 'waterfall'], venue.waterfall.join(), 'badDebt'),
    empty(['exogenous'], exogenous),
    empty(['faults'], faults),
    ...population.flatMap((cohort, i) => [
      none(['population', i, 'mix'], cohort.mix),
      none(['population', i, 'opening'], cohort.opening),
    ]),
  ];
}

function bookRequirements(scenario: Scenario, at: Path): Requirement[] {
  const { book, index } = scenario.venue.instruments[0];
  const terms = flatTerms(scenario);
  if (book === undefined || terms === null) return [];
  const { tick } = scenario.venue.instruments[0].contract;
  const startTicks = index.kind === 'constant' && tick !== 'auto' ? index.price / tick : 0;
  const levels = terms.depthTicks;
  const path = (key: string): Path => [...at, 'book', key];
  return [
    {
      path: [...at, 'contract', 'tick'],
      was: tick,
      must: `must put the index above ${levels + STEP_TICKS} ticks, as deep as cascades reach,`,
      isMet: startTicks > levels + STEP_TICKS,
    },
    { path: path('first'), was: book.first, must: 'must be 1', isMet: book.first === 1 },
    { path: path('spacing'), was: book.spacing, must: 'must be 1', isMet: book.spacing === 1 },
    {
      path: path('refill'),
      was: book.refill,
      must: 'must be left out, as flat.refill says it,',
      isMet: book.refill === 0,
    },
    {
      path: path('levels'),
      was: book.levels,
      must: `must be at least ${levels}, as deep as cascades reach,`,
      isMet: book.levels >= levels,
    },
  ];
}
