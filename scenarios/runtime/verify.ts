/** Re-simulates a run from its folder and compares. */
import { checkDigests, firstDivergence, readLog, readRun } from './trace/index.js';
import type { Divergence, Summary } from './trace/index.js';
import { packageVersion } from './package-info.js';
import { type RunHandle, startRun } from './run.js';
import { storedBars, storedScenario } from './stored-inputs.js';
import { readStrategies } from './strategies/index.js';

/** What a verification found. */
export interface Verification {
  agrees: boolean;
  /** Hash in the run's manifest, and of the run made again. */
  hash: string;
  hashAgain: string;
  /** First rows of the event logs that differ; null when the logs are the same. */
  divergence: Divergence | null;
  /** Keys of the summary that are not what the run made again gives, each with both values. */
  summaryDifferences: string[];
  complete: boolean;
  simulatedSeconds: number;
  /** Set when another version made the run. */
  madeByVersion?: string;
}

/** A verification under way. */
export interface VerifyHandle {
  run: RunHandle;
  result: Promise<Verification>;
  /** Strategies kept in the folder, which are run again with it. */
  userStrategies: readonly string[];
}

/**
 * Starts a verification; a partial run is repeated up to where it stopped.
 * @throws UserError `trace/...` when the folder is not a whole run, and as `startRun`, at once or
 * through the promise.
 */
export async function startVerify(
  folder: string,
  threads: number,
  strategyMillisMax?: number,
): Promise<VerifyHandle> {
  const stored = readRun(folder);
  const { manifest, summary } = stored;
  // Says what is damaged before the long part.
  checkDigests(stored);
  readLog(stored.log, () => {});
  let divergence: Divergence | null = null;
  const userStrategies = await readStrategies(stored.path, manifest.digests, strategyMillisMax);
  const run = startRun({
    scenario: storedScenario(stored, userStrategies),
    userStrategies,
    strategyMillisMax,
    seed: manifest.seed,
    bars: storedBars(stored),
    threads,
    out: null,
    untilMicros: manifest.complete ? undefined : Math.round(summary.simulatedSeconds * 1e6),
    // A run made without the causal ledger has no rows of it to compare.
    causality: summary.contagion !== null,
    withLog: (log) => {
      divergence = firstDivergence(stored.log, log);
    },
  });
  const result = run.result.then((again) => {
    const made = manifest.version === packageVersion;
    const differences = summaryDifferences(summary, { ...again, version: manifest.version });
    return {
      agrees: again.hash === manifest.hash && divergence === null && differences.length === 0,
      hash: manifest.hash,
      hashAgain: again.hash,
      divergence,
      summaryDifferences: differences,
      complete: manifest.complete,
      simulatedSeconds: again.simulatedSeconds,
      madeByVersion: made ? undefined : manifest.version,
    };
  });
  result.catch(() => {});
  const own = userStrategies.map((one) => one.name);
  return { run, result, userStrategies: own };
}

/** Keys of a summary that tell of the machine and the moment, not of the market. */
const measuredKeys: ReadonlySet<string> = new Set([
  'wallSeconds',
  'cpuSeconds',
  'exportSeconds',
  'peakRssBytes',
  'threads',
  'parallelWindows',
  'partial',
  'out',
]);

/** Lists the keys in which a summary is not the one that the inputs give. */
export function summaryDifferences(summary: Summary, again: Summary): string[] {
  const differences: string[] = [];
  for (const key of new Set([...Object.keys(again), ...Object.keys(summary)])) {
    if (measuredKeys.has(key)) continue;
    compareValues(key, summary[key], plain(again[key]), differences);
  }
  return differences;
}

/** Returns a value as it is after a trip through a file. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function compareValues(path: string, was: unknown, is: unknown, differences: string[]): void {
  if (isMapping(was) && isMapping(is)) {
    for (const key of new Set([...Object.keys(is), ...Object.keys(was)])) {
      compareValues(`${path}.${key}`, was[key], is[key], differences);
    }
    return;
  }
  const [before, after] = [JSON.stringify(was), JSON.stringify(is)];
  if (before !== after) differences.push(`${path} was ${before ?? 'missing'}, is ${after ?? 'missing'}`);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
