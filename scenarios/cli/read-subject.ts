/** Scenarios that commands run many times, read and checked. */
import { registry } from '../../agents/index.js';
import { UserError } from '../../sim/kernel/index.js';
import type { ScenarioSubject } from '../experiment/index.js';
import { applySettings, resolveScenario } from '../model/index.js';
import type { Scenario, ScenarioInput } from '../model/index.js';
import { codesOf, loadScenario, loadStrategies, readIndexFile, shellWord } from '../runtime/index.js';
import { readStrategyMillis } from './run-options.js';
import { readList, readText } from './values.js';

/** A scenario to be read. */
export interface SubjectWords {
  /** A library name, a file or `-`. */
  place: string;
  /** Settings with the option each was given by. */
  settings: readonly { option: string; setting: string }[];
}

/** A scenario with its settings applied. */
export interface ReadSubject {
  place: string;
  settings: readonly string[];
  subject: ScenarioSubject;
  /** With every default filled in. */
  resolved: Scenario;
  /** Words after the scenario that a command needs to run it again: settings, index, strategies. */
  options: readonly string[];
}

/**
 * Reads scenarios that share --index, --strategy and --strategy-timeout.
 * @throws UserError `scenario/...`, `index/...`, `strategy/...`
 */
export async function readSubjects(
  args: Record<string, unknown>,
  wanted: readonly SubjectWords[],
): Promise<ReadSubject[]> {
  const files = readList(args, 'strategy');
  const loaded = await loadStrategies(files, readStrategyMillis(args));
  const known = [...registry, ...loaded.map((one) => one.strategy)];
  const indexPath = readText(args, 'index');
  const index = indexPath === undefined ? undefined : readIndexFile(indexPath);
  const shared = [
    ...(indexPath === undefined ? [] : ['--index', indexPath]),
    ...files.flatMap((file) => ['--strategy', file]),
  ];
  const texts = new Map<string, ScenarioInput>();
  return wanted.map(({ place, settings }) => {
    // Standard input can be read once.
    const written = texts.get(place) ?? loadScenario(place, known).scenario;
    texts.set(place, written);
    let scenario = written;
    for (const { option, setting } of settings) {
      scenario = naming(option, () => applySettings(scenario, [setting], known));
    }
    const resolved = resolveScenario(scenario, known);
    const named = new Set(resolved.population.map((cohort) => cohort.strategy));
    const strategies = codesOf(loaded.filter((one) => named.has(one.name)));
    return {
      place,
      settings: settings.map((one) => one.setting),
      subject: { kind: 'scenario', scenario, bars: index?.bars, indexDigest: index?.digest, strategies },
      resolved,
      options: [...settings.flatMap(({ setting }) => ['--set', setting]), ...shared],
    };
  });
}

/** Writes `stampede run` of a subject and a seed. */
export function runCommandOf({ place, options }: ReadSubject, seed: number): string {
  return ['stampede', 'run', place, '--seed', String(seed), ...options].map(shellWord).join(' ');
}

/** Refusals of a setting name --set; another option has its own name there. */
function naming<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError) || option === 'set') throw error;
    throw new UserError(error.code, error.message.replaceAll('--set ', `--${option} `), error.exitCode);
  }
}
