/** The scenario that is written: the dial at its breaking value, and the parts that are needed. */
import { stringify } from 'yaml';
import type { ScenarioInput } from '../../model/index.js';
import type { Claim } from '../assertion/index.js';

const NAME_MAX = 64;
const ENDING = '-broken';

/** Returns the scenario with a name of its own and the assertions it breaks. */
export function breakingScenario(scenario: ScenarioInput, claims: readonly Claim[]): ScenarioInput {
  const { name, title, ...rest } = scenario;
  const assertions = claims.map(({ text, doc }) => (doc === undefined ? text : { assert: text, doc }));
  const own = `${name.slice(0, NAME_MAX - ENDING.length)}${ENDING}`;
  return { name: own, ...(title === undefined ? {} : { title }), ...rest, assertions };
}

/** Writes a scenario as YAML below lines of comment. */
export function scenarioText(scenario: ScenarioInput, comments: readonly string[]): string {
  const head = comments.map((line) => `# ${line}\n`).join('');
  return `${head}${stringify(scenario, { lineWidth: 100, aliasDuplicateObjects: false })}`;
}
