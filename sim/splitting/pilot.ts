/** Levels from a pilot: each is reached by about a quarter of the particles that reached the last. */
import { assert } from '../kernel/index.js';
import { addSpent } from './particle.js';
import type { ParticleOutcome, ParticlePlan, Spent } from './particle.js';
import { ParticleSeeds } from './seeds.js';
import { runStage } from './stage.js';
import type { StageOutcome, Survivor } from './stage.js';

/** Part of the particles that is to reach the next level. */
const SHARE = 0.25;
/** From this part on the threshold itself is the next level. */
const SHARE_MIN = 0.2;
const STAGES_MAX = 60;

/** What a pilot looks for. */
export interface PilotTerms {
  threshold: number;
  particles: number;
  seed: number;
}

/** Levels, and what they cost. */
export interface PilotLevels {
  /** Ascending; the last is the threshold. */
  levels: number[];
  /** Highest value seen; below the threshold where the pilot died on its way. */
  highest: number;
  spent: Spent;
}

/**
 * Finds levels. Particles run to their end; the level is the value that a quarter of them reach, and
 * those are run again up to it, by the same seeds, for their states. Where no particle gets beyond the
 * last level, the threshold is the next one. Values must not fall while a particle runs.
 *
 * Its own seeds keep the levels independent of the estimate, which stays unbiased: an estimate that
 * chooses its levels itself is not (Cerou & Guyader 2007).
 */
export function* pilotLevels<S>(terms: PilotTerms): ParticlePlan<S, PilotLevels> {
  const { threshold, particles, seed } = terms;
  const seeds = new ParticleSeeds(seed, 'pilot');
  const levels: number[] = [];
  const spent: Spent[] = [];
  let survivors: Survivor<S>[] | null = null;
  let highest = -Infinity;
  for (let stage = 0; stage < STAGES_MAX; stage++) {
    const shared = { particles, seeds, replication: 0, stage };
    const whole: StageOutcome<S> = yield* runStage<S>(
      { ...shared, survivors, level: threshold, keepsState: false },
    );
    spent.push(whole.spent);
    highest = whole.values.reduce((most, value) => Math.max(most, value), highest);
    if (whole.reached >= SHARE_MIN * particles) break;
    const level = nextLevel(whole.values, levels.at(-1) ?? -Infinity);
    if (level === null || level >= threshold) break;
    levels.push(level);
    survivors = yield* rerun(whole, level, spent);
  }
  levels.push(threshold);
  return { levels, highest, spent: addSpent(spent) };
}

/** Returns the value that a quarter reaches, or the least above the last level; null if none is. */
function nextLevel(values: readonly number[], last: number): number | null {
  const descending = [...values].sort((a, b) => b - a);
  const wanted = descending[Math.ceil(SHARE * values.length) - 1];
  if (wanted > last && wanted > descending[descending.length - 1]) return wanted;
  const least = Math.max(last, descending[descending.length - 1]);
  const above = descending.filter((value) => value > least);
  return above.length === 0 ? null : above[above.length - 1];
}

/** Runs those that pass a level again, up to it. */
function* rerun<S>(
  { tasks, parents, values }: StageOutcome<S>,
  level: number,
  spent: Spent[],
): ParticlePlan<S, Survivor<S>[]> {
  const passing = values.flatMap((value, i) => (value >= level ? [i] : []));
  const again = passing.filter((i) => (parents[i]?.value ?? -Infinity) < level);
  const outcomes = again.length === 0
    ? []
    : yield again.map((i) => ({ ...tasks[i], level, keepsState: true }));
  let cost = 0;
  const byTask = new Map<number, ParticleOutcome<S>>();
  outcomes.forEach((outcome, k) => {
    byTask.set(again[k], outcome);
    cost += outcome.cost;
  });
  spent.push({ runs: again.length, cost });
  return passing.map((i): Survivor<S> => {
    const parent = parents[i];
    const root = parent?.root ?? i;
    const outcome = byTask.get(i);
    if (outcome === undefined) {
      assert(parent !== null, 'only a continuation can begin at its level');
      return { ...parent, root };
    }
    assert(outcome.reached && outcome.state !== undefined, 'the same task has the same outcome');
    return { state: outcome.state, value: outcome.value, root };
  });
}
