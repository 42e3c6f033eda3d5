/** `stampede compare`: two variants on the same seeds. */
import { UserError } from '../../sim/kernel/index.js';
import { INTERVAL_RULE, metricPlace, runMetrics, startComparison } from '../experiment/index.js';
import type { Comparison } from '../experiment/index.js';
import { type CommandSpec, ExitCode } from './command.js';
import { compareText } from './compare-text.js';
import { CountLine } from './count-line.js';
import { onInterrupt } from './interrupts.js';
import * as options from './options.js';
import { readSubjects, runCommandOf } from './read-subject.js';
import type { ReadSubject, SubjectWords } from './read-subject.js';
import { readStrategyMillis, readThreads } from './run-options.js';
import { printErr, printOut } from './terminal.js';
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
    options.seeds,
    options.firstSeed,
    options.set,
    options.settingOfA,
    options.settingOfB,
    options.withSetting,
    options.metric,
    options.allMetrics,
    options.confidence,
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
  const threads = readThreads(args);
  const confidence = readNumberIn(args, 'confidence', { min: 0.5, max: 0.9999, fallback: 0.95 });
  const [a, b] = await readSubjects(args, readVariants(args));
  const progress = new CountLine('runs', readFlag(args, 'quiet'));
  const handle = startComparison({
    a: a.subject,
    b: b.subject,
    seed,
    seeds,
    threads,
    metrics,
    confidence,
    strategyMillisMax: readStrategyMillis(args),
    onProgress: (done, all) => progress.show(done, all),
  });
  const release = onInterrupt(
    () => {
      progress.end();
      printErr('stopping after the runs under way; once more to stop now');
      handle.stop();
    },
    () => handle.abort(),
  );
  let found: Comparison;
  try {
    found = await handle.result;
  } finally {
    release();
    progress.end();
  }
  const replays = { a: runCommandOf(a, seed), b: runCommandOf(b, seed) };
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
  variants: readonly ReadSubject[],
  replays: { a: string; b: string },
) {
  const [a, b] = variants.map(({ place, resolved, settings }) => {
    return { scenario: resolved.name, place, settings };
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

/**
 * Says which settings each variant has. One scenario with exactly two --set and nothing else is two
 * variants; otherwise --set is for both.
 */
function readVariants(args: Record<string, unknown>): [SubjectWords, SubjectWords] {
  const given = (option: string) => readList(args, option).map((setting) => ({ option, setting }));
  const [both, ofA, ofB] = [given('set'), given('a'), [...given('b'), ...given('with')]];
  const place = String(args.scenario);
  const other = typeof args.other === 'string' ? args.other : place;
  const isOne = args.other === undefined;
  if (isOne && ofA.length + ofB.length === 0) {
    if (both.length === 2) {
      return [{ place, settings: [both[0]] }, { place: other, settings: [both[1]] }];
    }
    const what = 'a second scenario, --with path=value, or two --set';
    throw new UserError('usage/argument', `there is nothing to compare ${place} with; give ${what}`);
  }
  return [{ place, settings: [...both, ...ofA] }, { place: other, settings: [...both, ...ofB] }];
}
