/** `stampede validate`: does a scenario look like a market, or like the event it reproduces. */
import { UserError } from '../../sim/kernel/index.js';
import { applySettings, resolveScenario, type Scenario } from '../model/index.js';
import {
  loadScenario,
  startFacts,
  startHistory,
  VALIDATE_SEEDS_MAX,
  type ValidateHandle,
  type ValidateProgress,
} from '../runtime/index.js';
import { type CommandSpec, ExitCode, type OptionSpec } from './command.js';
import { untilEnded } from './interrupts.js';
import { span, whole } from './number-text.js';
import * as options from './options.js';
import { ProgressLine } from './progress-line.js';
import { readThreads } from './run-options.js';
import { printOut } from './terminal.js';
import { factsText, historyText } from './validate-text.js';
import { readFlag, readInteger, readList, readText } from './values.js';

const FACTS = 'stylised-facts';
const HISTORY = 'history';
const suites = [FACTS, HISTORY] as const;

/** Scenario and seeds of a suite where none are given. */
const DEFAULTS = {
  [FACTS]: { scenario: 'calm', seeds: 5 },
  [HISTORY]: { scenario: 'black-thursday-2020', seeds: 3 },
} as const;

const suiteOption: OptionSpec = {
  name: 'suite',
  doc: `What to hold it against: ${suites.join(' or ')}, published figures of the event`,
  group: 'Run',
  kind: 'value',
  value: 'name',
  fallback: FACTS,
};

const seedsOption: OptionSpec = {
  name: 'seeds',
  doc: `Runs, from --seed on; facts are tested on all of them together, 1 to ${VALIDATE_SEEDS_MAX}`,
  group: 'Run',
  kind: 'value',
  value: 'n',
  fallback: `${DEFAULTS[FACTS].seeds}, or ${DEFAULTS[HISTORY].seeds} for history, whose runs are long`,
};

/** `stampede validate`. */
export const validateCommand: CommandSpec = {
  name: 'validate',
  doc: 'Test a scenario against stylised facts of markets, or against published figures',
  positionals: [
    {
      name: 'scenario',
      doc: 'Scenario: a library name, a YAML file, or - for stdin',
      required: false,
      fallback: `${DEFAULTS[FACTS].scenario}, or ${DEFAULTS[HISTORY].scenario} for history`,
    },
  ],
  options: [
    suiteOption,
    seedsOption,
    options.seed,
    options.set,
    options.threads,
    options.json,
    options.quiet,
  ],
  examples: [
    ['validate', 'the baseline against 23 facts; exit 0 when the eight that must hold do, else 3'],
    ['validate flash-crash --seeds 10 --json', 'another scenario, as data'],
    ['validate --suite history', 'Black Thursday against what was published; exit 3 where it differs'],
  ],
  async run(args) {
    const suite = readSuite(args);
    const { scenario: fallback, seeds: count } = DEFAULTS[suite];
    const place = typeof args.scenario === 'string' ? args.scenario : fallback;
    const scenario = readScenario(place, readList(args, 'set'));
    const seeds = readInteger(args, 'seeds', { min: 1, max: VALIDATE_SEEDS_MAX, fallback: count });
    const seedMax = Number.MAX_SAFE_INTEGER - seeds + 1;
    const seed = readInteger(args, 'seed', { min: 0, max: seedMax, fallback: 0 });
    const terms = { scenario, seed, seeds, threads: readThreads(args) };
    const [isJson, isQuiet] = [readFlag(args, 'json'), readFlag(args, 'quiet')];
    if (suite === HISTORY) {
      const report = await follow(startHistory(terms), isQuiet);
      printOut(isJson ? json(suite, report) : historyText(report));
      return report.holds ? ExitCode.ok : ExitCode.assertion;
    }
    const report = await follow(startFacts(terms), isQuiet);
    printOut(isJson ? json(suite, report) : factsText(report));
    return report.holds ? ExitCode.ok : ExitCode.assertion;
  },
};

function readSuite(args: Record<string, unknown>): (typeof suites)[number] {
  const text = readText(args, 'suite') ?? FACTS;
  const found = suites.find((one) => one === text);
  if (found !== undefined) return found;
  throw new UserError('usage/value', `--suite was ${text}, must be one of ${suites.join(', ')}`);
}

function readScenario(place: string, settings: string[]): Scenario {
  return resolveScenario(applySettings(loadScenario(place).scenario, settings));
}

/** One object; what is no number is null. */
function json(suite: string, report: object): string {
  return JSON.stringify({ suite, ...report });
}

const WORDS = {
  text: ({ done, seeds, wallSeconds }: ValidateProgress): string => {
    const left = done > 0 ? `, ${span(Math.ceil((wallSeconds * (seeds - done)) / done))} left` : '';
    return `${whole(done)} of ${whole(seeds)} runs${left}`;
  },
  fraction: ({ done, seeds }: ValidateProgress): number => done / seeds,
};

async function follow<T>(handle: ValidateHandle<T>, isQuiet: boolean): Promise<T> {
  const progress = new ProgressLine(handle.progress, WORDS, isQuiet);
  return untilEnded({ result: handle.result, stop: () => handle.abort(), abort: () => handle.abort() }, progress, 'stopping; nothing is kept');
}
