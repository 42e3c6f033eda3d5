/** Runs of a flat book that come to the number of their liquidations alone. */
import { assert } from '../../../sim/kernel/index.js';
import { applySettings, resolveScenario } from '../../model/index.js';
import type { Scenario } from '../../model/index.js';
import { FlatWorld } from '../../model/replicates/index.js';
import type { Prepared } from './prepared.js';
import { runMetrics } from './run-metrics.js';
import { canonicalJson, settingTexts } from './subject.js';
import type { ScenarioSubject, Settings } from './subject.js';

/** The one figure that is counted. */
export const COUNTED = 'liquidations.count';

const PLACE = runMetrics.findIndex((one) => one.name === COUNTED);

/** Whether runs of a scenario may be counted only: a flat book as `flat` describes it. */
export function canCountOnly({ flat, dials }: Scenario): boolean {
  return flat !== undefined && dials.depth === 1 && dials.shock === 1;
}

/**
 * Prepares the replicates of a flat book, which are put back after each run instead of built anew.
 * The count is that of the ordinary run of the seed; there is no state to hash.
 * @throws UserError `scenario/...`
 */
export function prepareCounts({ scenario }: ScenarioSubject, settings: Settings): Prepared {
  const resolved = resolveScenario(applySettings(scenario, settingTexts(settings)));
  assert(canCountOnly(resolved), 'a flat book');
  return (seed) => {
    const world = worldOf(resolved);
    world.replicate(seed);
    const values: (number | null)[] = new Array(runMetrics.length).fill(null);
    values[PLACE] = world.run.count;
    return { stateHash: '', values };
  };
}

/** The world built last, with its scenario but for R and theta, and whose turn it is. */
let last: { key: string; world: FlatWorld; scenario: Scenario } | undefined;

/** Returns a world of the scenario: the last one, turned where that will do. */
function worldOf(scenario: Scenario): FlatWorld {
  if (last?.scenario === scenario) return last.world;
  const { flat, ...rest } = scenario;
  const key = canonicalJson({ ...rest, flat: { ...flat, R: 0, theta: 0 } });
  const isTuned = last?.key === key && last.world.tune(scenario);
  const world = isTuned && last !== undefined ? last.world : new FlatWorld(scenario);
  last = { key, world, scenario };
  return world;
}
