/** Reads a scenario's YAML, changes settings in it, and fills in its defaults. */
import { registry } from '../../agents/index.js';
import type { Strategy } from '../../sim/strategy/index.js';
import { checkScenario, explainParam } from './check.js';
import { issuesError, issuesOf } from './issue.js';
import type { Issue } from './issue.js';
import { cutLatency } from './latency.js';
import { readPlaced } from './placed-text.js';
import { scenarioSchema } from './schema.js';
import type { Scenario, ScenarioInput } from './schema.js';

/**
 * Reads and checks a scenario; the result is as written, without defaults.
 *
 * @throws UserError `scenario/...`: up to three lines `file:line:column path: was X, must be ...`.
 */
export function parseScenario(
  text: string,
  fileName: string,
  strategies: readonly Strategy[] = registry,
): ScenarioInput {
  const { written, place } = readPlaced(text, fileName);
  const issues = findIssues(written, strategies);
  if (issues.length > 0) throw issuesError(issues, place);
  return written as ScenarioInput;
}

/** Lists what is wrong with a scenario as written. */
export function findIssues(written: unknown, strategies: readonly Strategy[]): Issue[] {
  const result = scenarioSchema.safeParse(written);
  if (!result.success) {
    const issues = issuesOf(result.error, written);
    return issues.map((issue) => explainParam(issue, written, strategies));
  }
  return checkScenario(result.data, strategies);
}

/**
 * Fills in every default, those of strategies included: what a manifest records.
 *
 * @throws UserError `scenario/...` when the scenario is not valid.
 */
export function resolveScenario(
  input: ScenarioInput,
  strategies: readonly Strategy[] = registry,
): Scenario {
  const issues = findIssues(input, strategies);
  if (issues.length > 0) throw issuesError(issues, () => '');
  const scenario = scenarioSchema.parse(input);
  const first = scenario.venue.instruments[0];
  for (const cohort of scenario.population) {
    cohort.instrument ??= first.name;
    const instrument =
      scenario.venue.instruments.find((one) => one.name === cohort.instrument) ?? first;
    cohort.leverageMax ??= instrument.margin.leverageMax;
    cohort.venueLeverage ??= instrument.margin.leverageMax;
    cohort.feedLatency = cutLatency(cohort.feedLatency ?? scenario.time.window);
    cohort.orderLatency = cutLatency(cohort.orderLatency ?? scenario.time.window);
    const strategy = strategies.find((one) => one.name === cohort.strategy);
    const params: typeof cohort.params = {};
    for (const key of strategy?.paramNames ?? []) {
      params[key] = cohort.params[key] ?? strategy?.params[key].default ?? 0;
    }
    cohort.params = params;
  }
  for (const program of scenario.exogenous) program.instrument ??= first.name;
  return scenario;
}
