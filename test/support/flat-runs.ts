/** Flat books for tests: replicates, and the ordinary runs they stand for. */
import { type Forest, ForestReader } from '../../sim/contagion/index.js';
import { WindowLoop, World } from '../../sim/engine/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { EventLog, EventReader } from '../../sim/trace/index.js';
import type { Suppression } from '../../sim/venue/index.js';
import { applySettings, buildWorld, resolveScenario } from '../../scenarios/model/index.js';
import type { Scenario } from '../../scenarios/model/index.js';
import { FlatTally, FlatWorld, flatResult } from '../../scenarios/model/replicates/index.js';
import type { FlatResult } from '../../scenarios/model/replicates/index.js';
import { loadScenario } from '../../scenarios/runtime/index.js';
import { metadataOf } from './world-metadata.js';

/** Parameters of a flat book; the scenario's own when left out. */
export interface FlatSettings {
  R?: number;
  theta?: number;
  refill?: number;
  cap?: number;
}

/** Returns the scenario `flat-book` with parameters changed. */
export function flatScenario(flat: FlatSettings, settings: readonly string[] = []): Scenario {
  const own = Object.entries(flat).map(([key, value]) => `flat.${key}=${value}`);
  return resolveScenario(applySettings(loadScenario('flat-book').scenario, [...own, ...settings]));
}

/** Runs replicates on this thread. */
export function replicates(flat: FlatSettings, count: number, firstSeed = 0): FlatResult {
  const world = new FlatWorld(flatScenario(flat));
  const tally = new FlatTally(world.terms);
  for (let k = 0; k < count; k++) tally.add(world, firstSeed + k);
  return flatResult(tally);
}

/** What an ordinary run came to. */
export interface OrdinaryRun {
  forest: Forest;
  /** Mark at the end, ticks. */
  markTicks: number;
  liquidations: number;
  badDebtQuanta: number;
}

/** Runs a flat book as `stampede run` does, window by window, with every check. */
export function ordinaryRun(
  scenario: Scenario,
  seed: number,
  rules: readonly Suppression[] = [],
): OrdinaryRun {
  const spec = buildWorld(scenario, { seed });
  const reader = new ForestReader(metadataOf(spec));
  const log = new EventLog((bytes) => reader.add(new EventReader(bytes.slice())));
  const world = new World(new LocalMemory(), spec, 1, log);
  world.open();
  if (rules.length > 0) world.venue.liquidator.suppress(rules);
  const { micros } = new WindowLoop(world, { parallel: false, check: true, checkWindows: 5 }).run();
  world.close(micros);
  const { venue } = world;
  return {
    forest: reader.forest(1),
    markTicks: venue.markTicks(0),
    liquidations: venue.liquidationCount,
    badDebtQuanta: venue.badDebt(),
  };
}
