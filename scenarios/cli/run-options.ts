/** What `run` was asked to do, checked. */
import { availableParallelism } from 'node:os';
import { registry } from '../../agents/index.js';
import { UserError } from '../../sim/kernel/index.js';
import { applySettings, barsBelowTick, DURATION_PATTERN, durationMicros, resolveScenario } from '../model/index.js';
import { codesOf, loadScenario, loadStrategies, readIndexFile, shellWord, THREADS_MAX } from '../runtime/index.js';
import type { ScenarioSubject } from '../experiment/index.js';
import type { Scenario, ScenarioInput } from '../model/index.js';
import type { IndexFile, LoadedScenario, LoadedStrategy, RunOptions } from '../runtime/index.js';
import { DEFAULT_PORT } from './options.js';
import { readFlag, readInteger, readList, readText } from './values.js';

/** The scenario run when none is named. */
export const DEFAULT_SCENARIO = 'black-thursday-2020';

/** Options of a run and how to show it. */
export interface RunRequest {
  run: RunOptions;
  json: boolean;
  quiet: boolean;
  serve: boolean;
  /** Command that repeats the run. */
  repeat: string;
  /** Returns the command that runs another seed. */
  repeatOn(seed: number): string;
  /** Settings applied, defaults left out. */
  written: ScenarioInput;
  /** The scenario as it was found. */
  source: LoadedScenario;
  /** Lines about the input, for stderr. */
  warnings: string[];
}

/** Reads how many threads to use. */
export function readThreads(args: Record<string, unknown>): number {
  const fallback = Math.min(availableParallelism(), THREADS_MAX);
  return readInteger(args, 'threads', { min: 1, max: THREADS_MAX, fallback });
}

/** Reads the port of the replay server. */
export function readPort(args: Record<string, unknown>): number {
  return readInteger(args, 'port', { min: 0, max: 65_535, fallback: DEFAULT_PORT });
}

/** Bounds of --strategy-timeout, microseconds. */
const TIMEOUT_MICROS_MIN = 100_000;
const TIMEOUT_MICROS_MAX = 3_600_000_000;

/** Reads how long one decision of a user's strategy may take, milliseconds; undefined for the default. */
export function readStrategyMillis(args: Record<string, unknown>): number | undefined {
  const text = readText(args, 'strategy-timeout');
  if (text === undefined) return undefined;
  const micros = DURATION_PATTERN.test(text) ? durationMicros(text) : NaN;
  if (micros >= TIMEOUT_MICROS_MIN && micros <= TIMEOUT_MICROS_MAX) return micros / 1000;
  const must = 'must be a duration in 100ms to 1h, such as 5s';
  throw new UserError('usage/value', `--strategy-timeout was ${text}, ${must}`);
}

/** Reads and checks everything before a run starts. @throws UserError */
export async function readRunRequest(args: Record<string, unknown>): Promise<RunRequest> {
  const seed = readInteger(args, 'seed', { min: 0, max: Number.MAX_SAFE_INTEGER, fallback: 0 });
  const threads = readThreads(args);
  // Checked even when nothing is served: a mistake must not wait for --serve.
  readPort(args);
  const settings = readList(args, 'set');
  const place = typeof args.scenario === 'string' ? args.scenario : DEFAULT_SCENARIO;
  const indexPath = readText(args, 'index');
  const out = readText(args, 'out');
  const strategyMillisMax = readStrategyMillis(args);
  const files = readList(args, 'strategy');
  const loaded = await loadStrategies(files, strategyMillisMax);
  const known = [...registry, ...loaded.map((one) => one.strategy)];
  const { source, written, resolved } = hintingAtFiles(files, () => {
    const source = loadScenario(place, known);
    const written = applySettings(source.scenario, settings, known);
    return { source, written, resolved: resolveScenario(written, known) };
  });
  const named = new Set(resolved.population.map((cohort) => cohort.strategy));
  const userStrategies = loaded.filter((one) => named.has(one.name));
  const index = indexPath === undefined ? undefined : readIndexFile(indexPath);
  const repeatOn = (of: number): string => repeatCommand({ place, seed: of, settings, indexPath, files });
  return {
    run: {
      scenario: resolved,
      seed,
      threads,
      bars: index?.bars,
      indexDigest: index?.digest,
      userStrategies,
      strategyMillisMax,
      out,
      check: readFlag(args, 'check'),
      causality: !readFlag(args, 'without-causes'),
    },
    json: readFlag(args, 'json'),
    quiet: readFlag(args, 'quiet'),
    serve: readFlag(args, 'serve'),
    repeat: repeatOn(seed),
    repeatOn,
    written,
    source,
    warnings: [
      ...(index === undefined ? [] : indexWarnings(index, resolved)),
      ...loaded.filter((one) => !named.has(one.name)).map(unusedWarning),
    ],
  };
}

/** Returns what runs of the request on many seeds are made of. */
export function subjectOf({ run, written }: RunRequest): ScenarioSubject {
  const { bars, indexDigest, userStrategies = [] } = run;
  return { kind: 'scenario', scenario: written, bars, indexDigest, strategies: codesOf(userStrategies) };
}

/** Says what of an index file is not simulated as it stands there. */
function indexWarnings({ name, bars, warning }: IndexFile, scenario: Scenario): string[] {
  const warnings = warning === undefined ? [] : [warning];
  const { count, quotePerTick } = barsBelowTick(scenario, bars);
  if (count > 0) {
    const where = `${count} of ${bars.low.length} bars were below one tick (${quotePerTick})`;
    warnings.push(`${name}: ${where}; held at one tick, set a smaller contract.tick`);
  }
  return warnings;
}

/** A scenario may name a strategy whose file was not given. */
function hintingAtFiles<T>(files: readonly string[], read: () => T): T {
  try {
    return read();
  } catch (error) {
    const isUnknown = error instanceof UserError && error.code === 'scenario/strategy';
    if (!isUnknown || files.length > 0) throw error;
    const hint = 'a strategy of your own needs its file: --strategy <file>';
    throw new UserError(error.code, `${error.message}; ${hint}`, error.exitCode);
  }
}

function unusedWarning({ name, place }: LoadedStrategy): string {
  return `${place}: no cohort of the scenario names strategy "${name}"`;
}

/** Writes the command that gives the same hash again, on any number of threads. */
function repeatCommand(inputs: {
  place: string;
  seed: number;
  settings: readonly string[];
  indexPath: string | undefined;
  files: readonly string[];
}): string {
  const { place, seed, settings, indexPath, files } = inputs;
  const words = ['stampede', 'run', place, '--seed', String(seed)];
  for (const setting of settings) words.push('--set', setting);
  if (indexPath !== undefined) words.push('--index', indexPath);
  for (const file of files) words.push('--strategy', file);
  return words.map(shellWord).join(' ');
}

