/** `stampede counterfactual`: what would have happened without it. */
import { UserError } from '../../sim/kernel/index.js';
import type { SuppressionMode } from '../../sim/venue/index.js';
import { didYouMean, DURATION_PATTERN, durationMicros } from '../model/index.js';
import { startCounterfactual } from '../runtime/index.js';
import type { Counterfactual, CounterfactualOptions } from '../runtime/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { counterfactualText } from './counterfactual-text.js';
import { onInterrupt } from './interrupts.js';
import * as options from './options.js';
import { readStrategyMillis, readThreads } from './run-options.js';
import { paintErr, printErr, printOut } from './terminal.js';
import { readFlag, readInteger, readText } from './values.js';

const MODES: readonly SuppressionMode[] = ['warehouse', 'recapitalise', 'defer'];
const CAUSES = ['liquidation', 'cohort', 'mechanism', 'fault'] as const;
const CLEAR = '\r\u001b[K';
const CONTINUATIONS_MAX = 10_000;

/** The command. */
export const counterfactualCommand: CommandSpec = {
  name: 'counterfactual',
  doc: 'Branch a run without one of its liquidations, cohorts, mechanisms or faults, and compare',
  positionals: [{ name: 'run', doc: 'Folder of the run', required: true }],
  options: [
    options.liquidation,
    options.cohort,
    options.mechanism,
    options.fault,
    options.suppression,
    options.continuations,
    options.shapley,
    options.branchAt,
    options.horizon,
    options.threads,
    options.strategyTimeout,
    options.json,
    options.quiet,
  ],
  examples: [
    ['counterfactual runs/flash-crash-0-1a2b3c4d', 'without what its largest cascade began with'],
    ['counterfactual <run> --liquidation 17 --mode recapitalise', 'had it been saved'],
    ['counterfactual <run> --mechanism liquidations --continuations 0', 'the twin without forced sales'],
    ['counterfactual <run> --cohort retail --shapley --json', 'and whose forced sales did it'],
  ],
  run,
};

async function run(args: Record<string, unknown>): Promise<number> {
  const asked = readQuestion(args);
  const isTerminal = process.stderr.isTTY === true;
  const isQuiet = readFlag(args, 'quiet');
  let shown = false;
  const handle = await startCounterfactual({
    ...asked,
    onProgress: (done, all) => {
      if (isQuiet || !isTerminal) return;
      process.stderr.write(`${CLEAR}${done} of ${all} branches`);
      shown = true;
    },
  });
  if (handle.userStrategies.length > 0 && !isQuiet) {
    printErr(`runs the code of strategy ${handle.userStrategies.join(', ')} that is kept in the folder`);
  }
  const release = onInterrupt(
    () => handle.abort(),
    () => {},
  );
  let found: Counterfactual;
  try {
    found = await handle.result;
  } finally {
    release();
    if (shown) process.stderr.write(CLEAR);
  }
  warn(found);
  printOut(readFlag(args, 'json') ? JSON.stringify(found) : counterfactualText(found));
  return ExitCode.ok;
}

/** Says what speaks against the answer. */
function warn({ agrees, madeByVersion }: Counterfactual): void {
  const warning = paintErr('yellow', 'warning:');
  if (madeByVersion !== undefined) {
    printErr(`${warning} the run was made by stampede ${madeByVersion}; another version may branch another run`);
  }
  if (agrees === false) {
    printErr(`${warning} simulated again, the run ends in another hash; see "stampede verify"`);
  }
}

/** Reads what is asked. @throws UserError `usage/...` */
function readQuestion(args: Record<string, unknown>): CounterfactualOptions {
  const given = CAUSES.filter((name) => args[name] !== undefined);
  if (given.length > 1) {
    const names = given.map((name) => `--${name}`).join(' and ');
    throw new UserError('usage/value', `${names} were given; ask about one of them`);
  }
  const whole = { min: 1, max: Number.MAX_SAFE_INTEGER };
  const number = (name: string): number | undefined =>
    args[name] === undefined ? undefined : readInteger(args, name, { ...whole, fallback: 0 });
  return {
    folder: String(args.run),
    threads: readThreads(args),
    strategyMillisMax: readStrategyMillis(args),
    liquidation: number('liquidation'),
    cohort: readText(args, 'cohort'),
    mechanism: readText(args, 'mechanism'),
    fault: number('fault'),
    mode: readMode(args),
    continuations: readInteger(args, 'continuations', { min: 0, max: CONTINUATIONS_MAX, fallback: 20 }),
    shapley: readFlag(args, 'shapley'),
    atMicros: readDuration(args, 'at'),
    horizonMicros: readDuration(args, 'horizon'),
  };
}

function readMode(args: Record<string, unknown>): SuppressionMode {
  const text = readText(args, 'mode') ?? MODES[0];
  const found = MODES.find((mode) => mode === text);
  if (found !== undefined) return found;
  const must = `must be one of ${MODES.join(', ')}${didYouMean(text, MODES)}`;
  throw new UserError('usage/value', `--mode was ${text}, ${must}`);
}

function readDuration(args: Record<string, unknown>, name: string): number | undefined {
  const text = readText(args, name);
  if (text === undefined) return undefined;
  if (DURATION_PATTERN.test(text)) return durationMicros(text);
  throw new UserError('usage/value', `--${name} was ${text}, must be a duration, such as 10m or 1h30m`);
}
