/** `stampede compare`: two variants on the same seeds. */
import { UserError } from '../../sim/kernel/index.js';
import { INTERVAL_RULE, metricPlace, runMetrics, startComparison } from '../experiment/index.js';
import type { Comparison } from '../experiment/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import * as own from './compare-options.js';
import { compareText } from './compare-text.js';
import { CountLine } from './count-line.js';
import { untilEnded } from './interrupts.js';
import * as options from './options.js';
import { readVariants } from './compare-variants.js';
import type { Variant } from './compare-variants.js';
import { subjectOf } from './run-options.js';
import { paintErr, printErr, printOut } from './terminal.js';
import { readFlag, readInteger, readList, readNumberIn } from './values.js';

const SEEDS_MAX = 1_000_000;
const SEEDS_FALLBACK = 30;

/** The command. */
export const compareCommand: CommandSpec = {
  name: 'compare',
  doc: 'Run two variants on the same seeds and tell what differs: A, then B',
  positionals: [
    { name: 'scenario', doc: 'A: a name from "stampede scenarios", a YAML file, or -', required: true },
    { name: 'other', doc: 'B: another scenario; A with other settings when left out', required: false },
  ],
  options: [
    own.seeds,
    own.firstSeed,
    options.set,
    own.settingOfA,
    own.settingOfB,
    own.withSetting,
    own.metric,
    own.allMetrics,
    own.confidence,
    options.threads,
    options.index,
    options.strategy,
    options.strategyTimeout,
    options.json,
    options.quiet,
  ],
  examples: [
    ['compare calm flash-crash', 'two scenarios'],
    ['compare calm --with dials.leverage=2', 'as it is, and with twice the leverage'],
    ['compare calm --set dials.leverage=1 --set dials.leverage=2', 'the same in other words: two --set are A and B'],
    ['compare my.yaml --with venue.liquidation.policy=stepDown --seeds 200 --json', 'as data'],
  ],
  run,
};

async function run(args: Record<string, unknown>): Promise<number> {
  const metrics = readMetrics(args);
  const seeds = readInteger(args, 'seeds', { min: 2, max: SEEDS_MAX, fallback: SEEDS_FALLBACK });
  const most = Number.MAX_SAFE_INTEGER - seeds;
  const seed = readInteger(args, 'seed', { min: 0, max: most, fallback: 0 });
  const confidence = readNumberIn(args, 'confidence', { min: 0.5, max: 0.9999, fallback: 0.95 });
  const [a, b] = await readVariants(args);
  const warnings = new Set([...a.request.warnings, ...b.request.warnings]);
  for (const warning of warnings) printErr(`${paintErr('yellow', 'warning:')} ${warning}`);
  const progress = new CountLine('runs', readFlag(args, 'quiet'));
  const handle = startComparison({
    a: subjectOf(a.request),
    b: subjectOf(b.request),
    seed,
    seeds,
    threads: a.request.run.threads,
    metrics,
    confidence,
    strategyMillisMax: a.request.run.strategyMillisMax,
    onProgress: (done, all) => progress.show(done, all),
  });
  const found = await untilEnded(handle, progress, 'stopping after the runs under way; once more to stop now');
  const replays = { a: a.request.repeat, b: b.request.repeat };
  if (readFlag(args, 'json')) printOut(JSON.stringify(comparisonObject(found, [a, b], replays)));
  else printOut(compareText(found, [a, b], replays));
  if (found.partial) {
    printErr('interrupted: these are the pairs made; run the same command for all');
    return ExitCode.interrupted;
  }
  return found.failed.length > 0 ? ExitCode.incomplete : ExitCode.ok;
}

function comparisonObject(
  found: Comparison,
  variants: readonly Variant[],
  replays: { a: string; b: string },
) {
  const [a, b] = variants.map(({ place, request, settings }) => {
    return { scenario: request.run.scenario.name, place, settings };
  });
  const isSame = found.pairs > 0 && found.samePairs === found.pairs;
  return { a, b, isSame, ...found, intervalRule: INTERVAL_RULE, replays };
}

function readMetrics(args: Record<string, unknown>): readonly string[] | undefined {
  const named = readList(args, 'metric').flatMap((words) => words.split(',')).map((one) => one.trim());
  const isAll = readFlag(args, 'all');
  if (isAll && named.length > 0) {
    throw new UserError('usage/value', '--metric and --all were given; give one of them');
  }
  if (isAll) return runMetrics.map((one) => one.name);
  if (named.length === 0) return undefined;
  const places = named.map((name) => metricPlace(name, '--metric: '));
  return [...new Set(places)].map((place) => runMetrics[place].name);
}
