/** What a decision costs with everything around it: clock, mail, snapshot, wrapper, intents. */
import { World, WindowLoop } from '../../sim/engine/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { buildWorld } from '../../scenarios/model/index.js';
import { crowdScenario } from './crowd-scenario.js';

/** Decisions of a crowd in a running world, and the time spent deciding them. */
export interface WholeWay {
  decisions: number;
  nanosecondsPerDecision: number;
  hash: string;
}

/** Runs a crowd that decides once a second, and times `Shard.decide` by the wall. */
export function wholeWay(agents: number, seconds: number): WholeWay {
  const spec = buildWorld(crowdScenario(agents, 1, seconds), { seed: 0 });
  const world = new World(new LocalMemory(), spec, 1, new EventLog(() => {}));
  const [shard] = world.shards;
  const decide = shard.decide.bind(shard);
  let spent = 0;
  shard.decide = (window, published) => {
    const before = performance.now();
    decide(window, published);
    spent += performance.now() - before;
  };
  world.open();
  const result = new WindowLoop(world, { parallel: false }).run();
  world.close(result.micros);
  const decisions = shard.counters[0];
  return { decisions, nanosecondsPerDecision: (spent * 1e6) / decisions, hash: world.stateHash() };
}
