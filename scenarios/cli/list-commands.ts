/** `stampede scenarios`, `strategies` and `schema`: what there is to choose from. */
import { registry } from '../../agents/index.js';
import { UserError } from '../../sim/kernel/index.js';
import { studyJsonSchemaText } from '../experiment/index.js';
import { didYouMean, resolveScenario, scenarioJsonSchemaText } from '../model/index.js';
import { libraryScenarios, loadScenario } from '../runtime/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { whole } from './number-text.js';
import * as options from './options.js';
import { strategyOf } from './strategy-argument.js';
import { strategyFacts, strategyTable, strategyText } from './strategy-text.js';
import { fitted, paint, printOut } from './terminal.js';
import { strategyActions } from './user-strategy.js';
import { readFlag } from './values.js';

/** `stampede scenarios`. */
export const scenariosCommand: CommandSpec = {
  name: 'scenarios',
  doc: 'List the scenarios that ship, or print one',
  positionals: [{ name: 'name', doc: 'Scenario to print, as YAML', required: false }],
  options: [options.json],
  examples: [
    ['scenarios', 'what there is'],
    ['scenarios calm > my.yaml', 'a copy to edit'],
  ],
  async run(args) {
    const { name } = args;
    if (typeof name === 'string') printOut(readFlag(args, 'json') ? resolvedText(name) : sourceText(name));
    else printOut(readFlag(args, 'json') ? JSON.stringify(scenarioList()) : scenarioTable());
    return ExitCode.ok;
  },
};

/** `stampede strategies`. */
export const strategiesCommand: CommandSpec = {
  name: 'strategies',
  doc: 'List the trading rules, or describe one with its parameters',
  positionals: [
    { name: 'name', doc: 'Strategy to describe; or new, or test', required: false },
    { name: 'target', doc: 'new: name of the example to write; test: file to test', required: false },
  ],
  options: [options.scaffoldOut, options.strategyTimeout, options.json],
  examples: [
    ['strategies', 'what there is'],
    ['strategies volatility-target', 'its parameters, with units and sources'],
    ['strategies new my-rule', 'an example of your own in my-rule/, documented and tested'],
    ['strategies test my-rule/my-rule.ts', 'checks it'],
  ],
  async run(args) {
    const { name, target } = args;
    const isJson = readFlag(args, 'json');
    const action = Object.hasOwn(strategyActions, String(name)) && strategyActions[String(name)];
    if (action) return action(args);
    if (target !== undefined) {
      const help = `run: stampede strategies --help${didYouMean(String(name), Object.keys(strategyActions))}`;
      throw new UserError('usage/argument', `"${String(target)}" is one argument too many; ${help}`);
    }
    if (typeof name === 'string') {
      const { strategy } = await strategyOf(name);
      printOut(isJson ? JSON.stringify([strategyFacts(strategy)]) : strategyText(strategy));
    } else printOut(isJson ? JSON.stringify(registry.map(strategyFacts)) : strategyTable(registry));
    return ExitCode.ok;
  },
};

/** `stampede schema`. */
export const schemaCommand: CommandSpec = {
  name: 'schema',
  doc: 'Print the JSON Schema of scenario or study files',
  positionals: [{ name: 'of', doc: 'What to describe: scenario (the default) or study', required: false }],
  options: [],
  examples: [
    ['schema scenario > scenario.schema.json', 'for completion in an editor'],
    ['schema study > study.schema.json', 'the same for studies'],
  ],
  async run(args) {
    const { of = 'scenario' } = args;
    if (of !== 'scenario' && of !== 'study') {
      throw new UserError('usage/argument', `schema was "${String(of)}", must be scenario or study`);
    }
    printOut((of === 'study' ? studyJsonSchemaText() : scenarioJsonSchemaText()).trimEnd());
    return ExitCode.ok;
  },
};

interface ScenarioFacts {
  name: string;
  title: string;
  doc: string;
  statement: string;
  sources: string[];
  duration: string;
  traders: number;
  strategies: string[];
  file: string;
}

function scenarioList(): ScenarioFacts[] {
  return libraryScenarios().map(({ name, file }) => {
    const { scenario } = loadScenario(name);
    const resolved = resolveScenario(scenario);
    return {
      name,
      title: resolved.title,
      doc: resolved.doc,
      statement: resolved.statement,
      sources: resolved.sources,
      duration: resolved.time.duration,
      traders: resolved.population.reduce((sum, cohort) => sum + cohort.count, 0),
      strategies: [...new Set(resolved.population.map((cohort) => cohort.strategy))],
      file,
    };
  });
}

function scenarioTable(): string {
  const facts = scenarioList();
  const width = Math.max(...facts.map((one) => one.name.length)) + 2;
  return facts
    .map(
      ({ name, title, duration, traders }) =>
        paint('bold', name.padEnd(width)) +
        fitted(`${duration.padStart(6)} ${whole(traders).padStart(9)} traders  ${title}`, width),
    )
    .join('\n');
}

function sourceText(name: string): string {
  return libraryEntry(name).text.trimEnd();
}

function resolvedText(name: string): string {
  return JSON.stringify(resolveScenario(libraryEntry(name).scenario));
}

/** Only shipped scenarios: a file can be printed with other tools. */
function libraryEntry(name: string) {
  return loadScenario(name);
}
