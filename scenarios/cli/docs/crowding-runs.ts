/** Runs behind the figure of crowding: one scenario over `dials.crowding` and seeds. */
import { type Forest, ForestReader } from '../../../sim/contagion/index.js';
import { World } from '../../../sim/engine/index.js';
import { LocalMemory } from '../../../sim/kernel/index.js';
import { exAntePeak, runSurveyed, Survey } from '../../../sim/survey/index.js';
import { EventLog, EventReader } from '../../../sim/trace/index.js';
import { applySettings, buildWorld, describeRun, resolveScenario } from '../../model/index.js';
import { loadScenario } from '../../runtime/index.js';

/** The scenario, and when its world is looked at: an hour in, as the index begins to fall. */
export const CROWDING_SCENARIO = 'monoculture';
export const SURVEY_MICROS = 3600e6;

/** One run: a setting of the dial and a seed. */
export interface CrowdingCell {
  crowding: number;
  seed: number;
}

/** What it gave; pairs and triples are by scope. */
export interface CrowdingRun extends CrowdingCell {
  /** Before the fall: exit-convergence index; largest ex-ante R(p) at scope 1 and at scope 3. */
  exitConvergence: number;
  exAntePeak: number;
  exitPressurePeak: number;
  /** Nodes of the forest at scope 1, 2, 3, and those another node pushed. */
  nodes: readonly [number, number, number];
  pushed: readonly [number, number, number];
  /**
   * Scope 1: moves that liquidated somebody, the most that one of them did, and the deepest
   * generation.
   */
  moves: number;
  largestMove: number;
  generations: number;
}

/** Runs one cell. */
export function runCrowding({ crowding, seed }: CrowdingCell): CrowdingRun {
  const { scenario } = loadScenario(CROWDING_SCENARIO);
  const resolved = resolveScenario(applySettings(scenario, [`dials.crowding=${crowding}`]));
  let reader: ForestReader | null = null;
  const log = new EventLog((bytes) => reader?.add(new EventReader(bytes)));
  const world = new World(new LocalMemory(), buildWorld(resolved, { seed }), 1, log);
  const names = { scenario: CROWDING_SCENARIO, seed, version: '', startEpochMillis: 0 };
  reader = new ForestReader(describeRun(world, names));
  world.open();
  const survey = new Survey(world);
  const before = { exitConvergence: NaN, exAntePeak: NaN, exitPressurePeak: NaN };
  const result = runSurveyed(world, SURVEY_MICROS, (timeMicros) => {
    if (timeMicros !== SURVEY_MICROS) return;
    const reading = survey.take();
    before.exitConvergence = reading.down.exitConvergence;
    before.exAntePeak = exAntePeak(reading, 1, 'following');
    before.exitPressurePeak = exAntePeak(reading, 3, 'following');
  });
  world.close(result.micros);
  const forests = [reader.forest(1), reader.forest(2), reader.forest(3)] as const;
  const [one, two, three] = forests;
  return {
    crowding,
    seed,
    ...before,
    nodes: [one.count, two.count, three.count],
    pushed: [pushedNodes(one), pushedNodes(two), pushedNodes(three)],
    ...movesOf(one),
    generations: one.generation.reduce((most, generation) => Math.max(most, generation), 0),
  };
}

function pushedNodes({ parent }: Forest): number {
  let count = 0;
  for (const one of parent) if (one >= 0) count++;
  return count;
}

/** Counts the events that pushed nodes, and the nodes of the one that pushed most. */
function movesOf({ parent, rootEvent, count }: Forest): { moves: number; largestMove: number } {
  const pushed = new Map<string, number>();
  let largestMove = 0;
  for (let i = 0; i < count; i++) {
    const by = parent[i] >= 0 ? `node ${parent[i]}` : `event ${rootEvent[i]}`;
    const times = (pushed.get(by) ?? 0) + 1;
    pushed.set(by, times);
    largestMove = Math.max(largestMove, times);
  }
  return { moves: pushed.size, largestMove };
}
