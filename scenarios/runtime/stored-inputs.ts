/** The inputs of a run, from its folder. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registry } from '../../agents/index.js';
import { UserError } from '../../sim/kernel/index.js';
import { parsePriceFile } from '../../sim/oracle/index.js';
import type { PriceBars } from '../../sim/oracle/index.js';
import { resolveScenario } from '../model/index.js';
import type { Scenario, ScenarioInput } from '../model/index.js';
import { digestText } from './index-file.js';
import { indexFileName } from './run-folder.js';
import type { LoadedStrategy } from './strategies/index.js';
import type { StoredRun } from './trace/index.js';

/** Returns the scenario of a run. @throws UserError `trace/damaged` when it is not valid. */
export function storedScenario(
  { manifest, path }: StoredRun,
  own: readonly LoadedStrategy[],
): Scenario {
  const strategies = [...registry, ...own.map((one) => one.strategy)];
  try {
    return resolveScenario(manifest.scenario as ScenarioInput, strategies);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const first = error.message.split('\n')[0];
    throw new UserError('trace/damaged', `${path}: the manifest's scenario is not valid: ${first}`);
  }
}

/**
 * Returns the bars kept in the folder, undefined when there are none.
 * @throws UserError `trace/damaged` when they are not those of the manifest's digest.
 */
export function storedBars({ manifest, path }: StoredRun): PriceBars | undefined {
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
