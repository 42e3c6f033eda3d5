/** One stage: a fixed number of particles run on to the next level. */
import { assert } from '../kernel/index.js';
import type { ParticleOutcome, ParticlePlan, ParticleTask, Spent } from './particle.js';
import { spentOn } from './particle.js';
import type { ParticleSeeds } from './seeds.js';

/** A particle that reached a level. */
export interface Survivor<S> {
  state: S;
  value: number;
  /** Which start of the replication it descends from. */
  root: number;
}

/** What a stage runs. */
export interface StageTerms<S> {
  /** Where to go on from; null: fresh starts. */
  survivors: readonly Survivor<S>[] | null;
  particles: number;
  level: number;
  keepsState: boolean;
  seeds: ParticleSeeds;
  replication: number;
  stage: number;
}

/** What came of the particles of a stage, in their order. */
export interface StageOutcome<S> {
  reached: number;
  /** Highest value of each. */
  values: number[];
  /** Starts that those which reached the level descend from, different ones. */
  roots: number;
  /** Those that reached it, where states were kept. */
  survivors: Survivor<S>[];
  /** Tasks, to run some of them again. */
  tasks: ParticleTask<S>[];
  parents: (Survivor<S> | null)[];
  spent: Spent;
}

/**
 * Runs a stage. Survivors are continued equally often but for one, those that get one more being drawn,
 * so that each has particles / survivors continuations on average. One that already stands at the level
 * is not run.
 */
export function* runStage<S>(terms: StageTerms<S>): ParticlePlan<S, StageOutcome<S>> {
  const { survivors, particles, level, keepsState, seeds, replication, stage } = terms;
  assert(survivors === null || survivors.length > 0, 'a stage goes on from somebody');
  const order = survivors === null ? null : seeds.order(replication, stage, survivors.length);
  const parents = Array.from({ length: particles }, (_, i) =>
    survivors === null || order === null ? null : survivors[order[i % survivors.length]],
  );
  const tasks = parents.map((parent, i): ParticleTask<S> => (
    { from: parent?.state, seed: seeds.seed(replication, stage, i), level, keepsState }
  ));
  const isThere = (i: number): boolean => (parents[i]?.value ?? -Infinity) >= level;
  const run = tasks.filter((_, i) => !isThere(i));
  const outcomes = run.length === 0 ? [] : yield run;
  assert(outcomes.length === run.length, `${run.length} tasks had ${outcomes.length} outcomes`);
  const found: StageOutcome<S> = {
    reached: 0, values: [], roots: 0, survivors: [], tasks, parents, spent: spentOn(outcomes),
  };
  const roots = new Set<number>();
  for (let i = 0, next = 0; i < particles; i++) {
    const parent = parents[i];
    const outcome: ParticleOutcome<S> = parent !== null && isThere(i)
      ? { reached: true, value: parent.value, state: parent.state, cost: 0 }
      : outcomes[next++];
    const { reached, value, state } = outcome;
    found.values.push(value);
    if (!reached) continue;
    const root = parent?.root ?? i;
    found.reached++;
    roots.add(root);
    if (state !== undefined) found.survivors.push({ state, value, root });
  }
  found.roots = roots.size;
  assert(!keepsState || found.survivors.length === found.reached, 'whoever reached a level kept its state');
  return found;
}
