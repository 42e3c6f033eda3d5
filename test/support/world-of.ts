/** A world opened from the text of a scenario, without files. */
import { applySettings, buildWorld, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { World } from '../../sim/engine/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { EventLog } from '../../sim/trace/index.js';

/** Returns the opened world of a scenario, `--set` style settings applied. */
export function worldOf(text: string, options: { seed?: number; set?: string[]; shards?: number } = {}): World {
  const { seed = 1, set = [], shards = 1 } = options;
  const scenario = resolveScenario(applySettings(parseScenario(text, 'test'), set));
  const world = new World(new LocalMemory(), buildWorld(scenario, { seed }), shards, new EventLog(() => {}));
  world.open();
  return world;
}
