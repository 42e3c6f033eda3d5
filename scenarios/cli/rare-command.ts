/** `stampede rare`: how likely a scenario is to liquidate so much. */
import { LEVEL_METRICS } from '../../sim/engine/index.js';
import type { LevelMetric } from '../../sim/engine/index.js';
import { UserError } from '../../sim/kernel/index.js';
import { didYouMean } from '../model/index.js';
import { PARTICLES_DEFAULT, REPLICATIONS_DEFAULT, startSplitting } from '../runtime/index.js';
import type { RareLevel, Splitting, SplittingProgress } from '../runtime/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { onInterrupt } from './interrupts.js';
import * as options from './options.js';
import { rareText } from './rare-text.js';
import { readRunRequest } from './run-options.js';
import { paintErr, printErr, printOut } from './terminal.js';
import { readFlag, readInteger, readNumber, readText } from './values.js';

const CLEAR = '\r\u001b[K';
const PARTICLES_MAX = 100_000;
const REPLICATIONS_MAX = 10_000;

/** The command. */
export const rareCommand: CommandSpec = {
  name: 'rare',
  doc: 'Estimate how likely a scenario is to liquidate so much, by splitting',
  positionals: [
    {
      name: 'scenario',
      doc: 'A name from "stampede scenarios", a YAML file, or - for standard input',
      required: true,
    },
  ],
  options: [
    options.levelMetric,
    options.atLeast,
    options.particles,
    options.replications,
    options.withoutCrude,
    options.seed,
    options.threads,
    options.set,
    options.index,
    options.strategy,
    options.strategyTimeout,
    options.json,
    options.quiet,
  ],
  examples: [
    ['rare my.yaml --at-least 500', '500 liquidations or more'],
    ['rare my.yaml --at-least 900 --particles 500', 'rarer, more particles'],
    ['rare my.yaml --at-least 90 --set time.duration=10m', 'shorter, so quicker'],
  ],
  run,
};

async function run(args: Record<string, unknown>): Promise<number> {
  const level = readLevel(args);
  const particles = readInteger(args, 'particles', { min: 2, max: PARTICLES_MAX, fallback: PARTICLES_DEFAULT });
  const replications = readInteger(args, 'replications', {
    min: 2, max: REPLICATIONS_MAX, fallback: REPLICATIONS_DEFAULT,
  });
  const { run: inputs, warnings } = await readRunRequest(args);
  const isQuiet = readFlag(args, 'quiet');
  for (const warning of warnings) printErr(`${paintErr('yellow', 'warning:')} ${warning}`);
  const { scenario, seed, bars, threads, userStrategies = [], strategyMillisMax } = inputs;
  const shows = !isQuiet && process.stderr.isTTY === true;
  const handle = startSplitting({
    scenario, seed, bars, userStrategies, threads, strategyMillisMax,
    level, particles, replications,
    comparesCrude: !readFlag(args, 'without-crude'),
    onProgress: (sample) => {
      if (shows) process.stderr.write(CLEAR + progressText(sample));
    },
  });
  const release = onInterrupt(
    () => handle.abort(),
    () => {},
  );
  let found: Splitting;
  try {
    found = await handle.result;
  } finally {
    release();
    if (shows) process.stderr.write(CLEAR);
  }
  for (const warning of found.estimate.warnings) printErr(`${paintErr('yellow', 'warning:')} ${warning}`);
  printOut(readFlag(args, 'json') ? JSON.stringify(found) : rareText(found));
  return ExitCode.ok;
}

function progressText({ phase, replications, replicationsAsked, runs }: SplittingProgress): string {
  const done = `${runs} particles`;
  if (phase === 'pilot') return `looking for levels, ${done}`;
  if (phase === 'crude') return `counting in independent runs, ${done}`;
  return `${replications} of ${replicationsAsked} replications, ${done}`;
}

/** @throws UserError `usage/value` */
function readLevel(args: Record<string, unknown>): RareLevel {
  const name = readText(args, 'metric') ?? LEVEL_METRICS[0];
  const metric: LevelMetric | undefined = LEVEL_METRICS.find((one) => one === name);
  if (metric === undefined) {
    const must = `must be one of ${LEVEL_METRICS.join(', ')}${didYouMean(name, LEVEL_METRICS)}`;
    throw new UserError('usage/value', `--metric was ${name}, ${must}`);
  }
  const threshold = readNumber(args, 'at-least');
  if (threshold === undefined) {
    throw new UserError('usage/value', '--at-least was not given; say how much makes the event, e.g. 500');
  }
  if (threshold > 0) return { metric, threshold };
  throw new UserError('usage/value', `--at-least was ${threshold}, must be more than 0`);
}
