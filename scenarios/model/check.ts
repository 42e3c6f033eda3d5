/** Checks that cross keys: names that must exist, ranges that strategies declare, order in time. */
import type { Strategy } from '../../sim/strategy/index.js';
import { assertionIssues } from './check-assertions.js';
import { correlationIssues } from './check-correlation.js';
import { flatIssues } from './check-flat.js';
import { durationMicros, durationText } from './duration.js';
import { numberMust } from './fields.js';
import { valueAt } from './issue.js';
import type { Issue, Path } from './issue.js';
import { latencyProblem } from './latency.js';
import { didYouMean } from './nearest.js';
import { distributionProblems, toDistribution } from './quantity.js';
import type { ParameterQuantity } from './quantity.js';
import type { Cohort, Instrument, Scenario } from './schema.js';

/** Most updates of an index: each is held in memory, some times over while it is made. */
const INDEX_UPDATES_MAX = 40_000_000;
/** Unit of strategy parameters that may be written as durations. */
const MICROSECONDS = 'microseconds';

/** Lists what is wrong with a scenario whose keys and values are each valid. */
export function checkScenario(scenario: Scenario, strategies: readonly Strategy[]): Issue[] {
  const issues: Issue[] = [];
  checkTime(scenario, issues);
  checkVenue(scenario, issues);
  const cohorts = new Set<string>();
  for (let i = 0; i < scenario.population.length; i++) {
    const cohort = scenario.population[i];
    const path = ['population', i];
    if (cohorts.has(cohort.name)) add(issues, [...path, 'name'], cohort.name, 'must be unique');
    cohorts.add(cohort.name);
    checkInstrument(scenario, cohort.instrument, [...path, 'instrument'], issues);
    checkLatencies(scenario, cohort, path, issues);
    checkParams(cohort, strategies, path, issues);
    checkExecution(cohort, strategies, path, issues);
    const strategy = strategies.find((one) => one.name === cohort.strategy);
    if (strategy !== undefined) issues.push(...correlationIssues(cohort, strategy, path));
  }
  checkBalance(scenario, issues);
  issues.push(...flatIssues(scenario), ...assertionIssues(scenario.assertions));
  scenario.exogenous.forEach((program, i) => {
    checkInstrument(scenario, program.instrument, ['exogenous', i, 'instrument'], issues);
    checkInterval(program.from, program.until, ['exogenous', i, 'until'], issues);
  });
  scenario.faults.forEach((fault, i) => {
    checkInterval(fault.from, fault.until, ['faults', i, 'until'], issues);
  });
  return issues;
}

function add(
  issues: Issue[],
  path: Path,
  was: unknown,
  must: string,
  code = 'scenario/value',
): void {
  issues.push({ code, path, was, must });
}

function checkTime(scenario: Scenario, issues: Issue[]): void {
  const { time } = scenario;
  if (durationMicros(time.window) > durationMicros(time.duration)) {
    add(issues, ['time', 'window'], time.window, 'must be at most time.duration', 'scenario/range');
  }
}

function checkVenue(scenario: Scenario, issues: Issue[]): void {
  const { instruments, waterfall } = scenario.venue;
  const names = new Set<string>();
  instruments.forEach((instrument, i) => {
    const path: Path = ['venue', 'instruments', i];
    if (names.has(instrument.name))
      add(issues, [...path, 'name'], instrument.name, 'must be unique');
    names.add(instrument.name);
    checkMargin(instrument, [...path, 'margin'], issues);
    checkIndex(instrument, scenario.time.duration, [...path, 'index'], issues);
  });
  checkCollateral(instruments, issues);
  if (new Set(waterfall).size !== waterfall.length) {
    add(issues, ['venue', 'waterfall'], waterfall, 'must name each step once');
  }
}

/** Instruments of one venue share wallets and a fund: one currency, and one quantum of it. */
function checkCollateral(instruments: readonly Instrument[], issues: Issue[]): void {
  if (instruments.length === 1) return;
  const inverse = instruments.findIndex((one) => one.contract.kind === 'inverse');
  if (inverse >= 0) {
    const must =
      'must be linear beside other instruments: all share wallets, ' +
      'and an inverse contract settles in a currency of its own';
    add(issues, ['venue', 'instruments', inverse, 'contract', 'kind'], 'inverse', must);
    return;
  }
  const first = instruments.find((one) => one.contract.quantum !== 'auto');
  instruments.forEach(({ contract }, i) => {
    if (contract.quantum === 'auto' || contract.quantum === first?.contract.quantum) return;
    const must =
      `must be that of ${first?.name} (${first?.contract.quantum}): ` +
      'instruments of one venue share wallets';
    add(issues, ['venue', 'instruments', i, 'contract', 'quantum'], contract.quantum, must);
  });
}

function checkMargin(instrument: Instrument, path: Path, issues: Issue[]): void {
  const { tiers, ladder, leverageMax } = instrument.margin;
  if ((tiers === undefined) === (ladder === undefined)) {
    const was = tiers === undefined ? undefined : 'both';
    add(issues, [...path, 'tiers'], was, 'must be given, or margin.ladder, not both');
    return;
  }
  if (ladder !== undefined) {
    const { initial, maintenance, rateStep, steps } = ladder;
    const at = [...path, 'ladder'];
    if (initial < maintenance)
      add(issues, [...at, 'initial'], initial, 'must be at least maintenance', 'scenario/range');
    if (initial + steps * rateStep > 1) {
      add(
        issues,
        [...at, 'steps'],
        steps,
        'must keep the initial rate at most 1',
        'scenario/range',
      );
    }
  }
  tiers?.forEach((tier, i) => {
    const at = [...path, 'tiers', i];
    const before = i === 0 ? undefined : tiers[i - 1];
    const floorOk = before === undefined ? tier.floor === 0 : tier.floor > before.floor;
    if (!floorOk) {
      const must = before === undefined ? 'must be 0' : `must be above ${before.floor}`;
      add(issues, [...at, 'floor'], tier.floor, must, 'scenario/range');
    }
    if (tier.initial < tier.maintenance) {
      add(
        issues,
        [...at, 'initial'],
        tier.initial,
        'must be at least maintenance',
        'scenario/range',
      );
    }
    if (before !== undefined && tier.maintenance < before.maintenance) {
      const must = `must be at least ${before.maintenance}`;
      add(issues, [...at, 'maintenance'], tier.maintenance, must, 'scenario/range');
    }
  });
  const lowest = ladder?.maintenance ?? tiers?.[0].maintenance ?? 0;
  if (leverageMax * lowest >= 1) {
    const must = `must be below 1 / maintenance (${1 / lowest})`;
    add(issues, [...path, 'leverageMax'], leverageMax, must, 'scenario/range');
  }
}

function checkIndex(
  instrument: Instrument,
  duration: string,
  path: Path,
  issues: Issue[],
): void {
  const { index } = instrument;
  if (index.kind === 'constant') return;
  const updates = Math.ceil(durationMicros(duration) / durationMicros(index.step));
  if (updates > INDEX_UPDATES_MAX) {
    const must = `must make at most ${INDEX_UPDATES_MAX} updates in ${duration} (was ${updates})`;
    add(issues, [...path, 'step'], index.step, must, 'scenario/range');
  }
  if (index.kind === 'multifractal') {
    if (durationMicros(index.longest) < durationMicros(index.shortest))
      add(issues, [...path, 'longest'], index.longest, 'must be at least shortest', 'scenario/range');
  }
  if (index.kind !== 'bridge') return;
  const every = durationMicros(index.every);
  const step = durationMicros(index.step);
  if (index.levels.length > 1 && step > every) {
    add(issues, [...path, 'step'], index.step, 'must be at most every', 'scenario/range');
  }
  const taken = new Set<number>();
  for (let k = 0; k < index.levels.length; k++) taken.add(k * every);
  index.anchors.forEach((anchor, i) => {
    const at = durationMicros(anchor.at);
    if (taken.has(at))
      add(issues, [...path, 'anchors', i, 'at'], anchor.at, 'must be a time without a price');
    taken.add(at);
  });
}

function checkInstrument(
  scenario: Scenario,
  wanted: string | undefined,
  path: Path,
  issues: Issue[],
): void {
  if (wanted === undefined) return;
  const names = scenario.venue.instruments.map((instrument) => instrument.name);
  if (names.includes(wanted)) return;
  add(issues, path, wanted, `must be one of ${names.join(', ')}${didYouMean(wanted, names)}`);
}

function checkLatencies(scenario: Scenario, cohort: Cohort, path: Path, issues: Issue[]): void {
  for (const key of ['feedLatency', 'orderLatency'] as const) {
    const quantity = cohort[key];
    if (quantity === undefined) continue;
    const found = latencyProblem(quantity, scenario.time.window);
    if (found === undefined) continue;
    add(issues, [...path, key, ...found.path], found.was, found.must, 'scenario/range');
  }
}

function checkParams(
  cohort: Cohort,
  strategies: readonly Strategy[],
  path: Path,
  issues: Issue[],
): void {
  const strategy = strategies.find((one) => one.name === cohort.strategy);
  if (strategy === undefined) {
    const names = strategies.map((one) => one.name);
    const near = didYouMean(cohort.strategy, names);
    const must = near === '' ? `must be one of ${names.join(', ')}` : `is not a strategy${near}`;
    add(issues, [...path, 'strategy'], cohort.strategy, must, 'scenario/strategy');
    return;
  }
  for (const [key, quantity] of Object.entries(cohort.params)) {
    const at = [...path, 'params', key];
    if (!strategy.paramNames.includes(key)) {
      const near = didYouMean(key, strategy.paramNames);
      const must =
        near === ''
          ? `must be one of ${strategy.paramNames.join(', ')}`
          : `is not a parameter${near}`;
      issues.push({ code: 'scenario/param', path: at, was: undefined, must, isKey: true });
      continue;
    }
    checkParam(quantity, strategy, key, at, issues);
  }
}

/** Only what a target is turned into can be worked or limited; other strategies order themselves. */
function checkExecution(
  cohort: Cohort,
  strategies: readonly Strategy[],
  path: Path,
  issues: Issue[],
): void {
  const strategy = strategies.find((one) => one.name === cohort.strategy);
  if (strategy === undefined || strategy.style === 'sizing') return;
  const must = `must be left out: strategy "${strategy.name}" sends its own orders`;
  if (cohort.execution.policy !== 'market') {
    add(issues, [...path, 'execution', 'policy'], cohort.execution.policy, must);
  }
  if (cohort.speedLimit !== undefined) {
    add(issues, [...path, 'speedLimit'], cohort.speedLimit, must);
  }
}

/** Says what a value under a strategy parameter must be, where the schema cannot know it. */
export function explainParam(issue: Issue, written: unknown, strategies: readonly Strategy[]): Issue {
  const [population, index, params, key, ...inside] = issue.path;
  const isValue = inside.length === 0 || !shapeKeys.has(String(inside[0]));
  if (population !== 'population' || params !== 'params' || !isValue) return issue;
  if (issue.isKey === true || typeof issue.was !== 'string') return issue;
  const name = valueAt(written, ['population', index, 'strategy']);
  const strategy = strategies.find((one) => one.name === name);
  if (strategy === undefined || !strategy.paramNames.includes(String(key))) return issue;
  const declared = strategy.params[key];
  if (declared.unit !== MICROSECONDS) return { ...issue, must: `must be ${numberMust(declared)}` };
  const bounds = `${durationText(declared.min)} to ${durationText(declared.max)}`;
  return { ...issue, must: `must be a duration in ${bounds}, such as "100ms"` };
}

/** Keys of a distribution that mean the same whatever it is over. */
const shapeKeys: ReadonlySet<string> = new Set(['dist', 'sigma', 'alpha', 'weights']);

function checkParam(
  quantity: ParameterQuantity,
  strategy: Strategy,
  key: string,
  path: Path,
  issues: Issue[],
): void {
  const declared = strategy.params[key];
  if (declared.unit !== MICROSECONDS && holdsDuration(quantity)) {
    add(issues, path, quantity, `must be a number, its unit is ${declared.unit}`, 'scenario/unit');
    return;
  }
  const must = numberMust(declared);
  for (const problem of distributionProblems(toDistribution(quantity), declared, must)) {
    const at = typeof quantity === 'object' ? [...path, ...problem.path] : path;
    add(issues, at, inner(quantity, problem.path), `must be ${problem.must}`, 'scenario/range');
  }
}

function holdsDuration(quantity: ParameterQuantity): boolean {
  if (typeof quantity !== 'object') return typeof quantity === 'string';
  for (const [key, value] of Object.entries(quantity)) {
    if (key === 'dist') continue;
    if (typeof value === 'string') return true;
    if (Array.isArray(value) && value.some((item) => typeof item === 'string')) return true;
  }
  return false;
}

function inner(quantity: ParameterQuantity, path: Path): unknown {
  let value: unknown = quantity;
  if (typeof quantity !== 'object') return quantity;
  for (const part of path) value = (value as Record<string | number, unknown> | undefined)?.[part];
  return value;
}

function checkInterval(from: string, until: string | undefined, path: Path, issues: Issue[]): void {
  if (until === undefined || durationMicros(until) >= durationMicros(from)) return;
  add(issues, path, until, `must be at or after ${from}`, 'scenario/range');
}

function checkBalance(scenario: Scenario, issues: Issue[]): void {
  const first = scenario.venue.instruments[0].name;
  for (const { name } of scenario.venue.instruments) {
    const here = scenario.population.filter((cohort) => (cohort.instrument ?? first) === name);
    const balancing = here.filter((cohort) => cohort.balances);
    const opened = here.findIndex((cohort) => cohort.opening !== undefined && !cohort.balances);
    const at = scenario.population.indexOf(opened < 0 ? balancing[1] : here[opened]);
    if (balancing.length > 1) {
      add(
        issues,
        ['population', scenario.population.indexOf(balancing[1]), 'balances'],
        true,
        'must be true for one cohort of an instrument only',
      );
    } else if (opened >= 0 && balancing.length === 0) {
      add(
        issues,
        ['population', at, 'opening'],
        'given',
        'must have a cohort with balances: true beside it',
      );
    }
  }
  scenario.population.forEach((cohort, i) => {
    if (cohort.balances && cohort.count === 0) {
      add(
        issues,
        ['population', i, 'count'],
        0,
        'must be at least 1 in the balancing cohort',
        'scenario/range',
      );
    }
    if (cohort.balances && cohort.mix !== undefined) {
      add(
        issues,
        ['population', i, 'mix'],
        'given',
        'must be left out: a mix could leave the balancing cohort without an agent',
      );
    }
    if (cohort.balances && cohort.opening !== undefined) {
      add(
        issues,
        ['population', i, 'opening'],
        'given',
        'must be left out: this cohort takes the other side',
      );
    }
  });
}
