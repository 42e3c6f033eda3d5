/** Re-simulates a run from its folder and compares. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../sim/kernel/index.js';
import { parsePriceFile } from '../../sim/oracle/index.js';
import type { PriceBars } from '../../sim/oracle/index.js';
import { resolveScenario } from '../model/index.js';
import type { Scenario, ScenarioInput } from '../model/index.js';
import { firstDivergence, readLog, readRun } from './trace/index.js';
import type { Divergence, StoredRun } from './trace/index.js';
import { digestText } from './index-file.js';
import { packageVersion } from './package-info.js';
import { indexFileName } from './run-folder.js';
import { type RunHandle, startRun } from './run.js';

/** What a verification found. */
export interface Verification {
  agrees: boolean;
  /** Hash in the run's manifest, and of the run made again. */
  hash: string;
  hashAgain: string;
  /** First rows of the event logs that differ; null when the logs are the same. */
  divergence: Divergence | null;
  complete: boolean;
  simulatedSeconds: number;
  /** Set when another version made the run. */
  madeByVersion?: string;
}

/** A verification under way. */
export interface VerifyHandle {
  run: RunHandle;
  result: Promise<Verification>;
}

/**
 * Starts a verification; a partial run is repeated up to where it stopped.
 * @throws UserError `trace/...` when the folder is not a whole run, and as `startRun`.
 */
export function startVerify(folder: string, threads: number): VerifyHandle {
  const stored = readRun(folder);
  const { manifest, summary } = stored;
  // Says what is damaged before the long part.
  readLog(stored.log, () => {});
  let divergence: Divergence | null = null;
  const run = startRun({
    scenario: storedScenario(stored),
    seed: manifest.seed,
    bars: storedBars(stored),
    threads,
    out: null,
    untilMicros: manifest.complete ? undefined : Math.round(summary.simulatedSeconds * 1e6),
    withLog: (log) => {
      divergence = firstDivergence(stored.log, log);
    },
  });
  const result = run.result.then((again) => ({
    agrees: again.hash === manifest.hash && divergence === null,
    hash: manifest.hash,
    hashAgain: again.hash,
    divergence,
    complete: manifest.complete,
    simulatedSeconds: again.simulatedSeconds,
    madeByVersion: manifest.version === packageVersion ? undefined : manifest.version,
  }));
  result.catch(() => {});
  return { run, result };
}

function storedScenario({ manifest, path }: StoredRun): Scenario {
  try {
    return resolveScenario(manifest.scenario as ScenarioInput);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const first = error.message.split('\n')[0];
    throw new UserError('trace/damaged', `${path}: the manifest's scenario is not valid: ${first}`);
  }
}

/** Bars kept in the folder, checked against the manifest's digest. */
function storedBars({ manifest, path }: StoredRun): PriceBars | undefined {
  const digest = manifest.digests.index;
  if (digest === undefined) return undefined;
  const file = join(path, indexFileName);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (digestText(text) !== digest) {
    const fix = 'the run is damaged; run the scenario again';
    throw new UserError('trace/damaged', `${file}: is not the index the manifest names; ${fix}`);
  }
  return parsePriceFile(text, indexFileName).bars;
}
