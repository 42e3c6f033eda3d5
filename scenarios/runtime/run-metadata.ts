/** Describes a run for the header of its event log. */
import type { World } from '../../sim/engine/index.js';
import type { RunMetadata } from '../../sim/trace/index.js';
import { describeRun } from '../model/index.js';
import { packageVersion } from './package-info.js';
import type { RunInputs } from './run-job.js';

/** Adds what only the inputs know to what the world says of itself. */
export function runMetadata(inputs: RunInputs, world: World): RunMetadata {
  const { scenario, seed, bars } = inputs;
  return describeRun(world, {
    scenario: scenario.name,
    seed,
    version: packageVersion,
    startEpochMillis: bars === undefined ? Date.parse(scenario.time.startsAt) : bars.startMillis,
  });
}
