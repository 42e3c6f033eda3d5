/**
 * One fixed-effort run of the estimator. Source: Garvels 2000, chapter 2; L'Ecuyer, Demers & Tuffin 2007,
 * "Rare events, splitting, and quasi-Monte Carlo", ACM TOMACS 17(2), section 3.
 */
import { assert } from '../kernel/index.js';
import { addSpent } from './particle.js';
import type { ParticlePlan, Spent } from './particle.js';
import { ParticleSeeds } from './seeds.js';
import { runStage } from './stage.js';
import type { StageOutcome, Survivor } from './stage.js';

/** What a replication runs. */
export interface ReplicationTerms {
  /** Ascending; the last is the threshold. */
  levels: readonly number[];
  particles: number;
  seed: number;
  /** Its number: replications of a seed are independent. */
  replication: number;
}

/** One level of a replication. */
export interface StageShare {
  level: number;
  started: number;
  reached: number;
  /** Different starts that those which reached it descend from. */
  roots: number;
}

/** One value of the estimator. */
export interface Replication {
  /** Product of reached / started: unbiased. 0 where a stage had no survivor. */
  estimate: number;
  /** Those run; fewer than there are levels where one had no survivor. */
  stages: StageShare[];
  spent: Spent;
}

/** Runs the stages one after the other until the threshold, or until nobody is left. */
export function* replicate<S>(terms: ReplicationTerms): ParticlePlan<S, Replication> {
  const { levels, particles, seed, replication } = terms;
  assert(levels.length > 0 && particles > 0, 'at least one level and one particle');
  const seeds = new ParticleSeeds(seed, 'replication');
  const stages: StageShare[] = [];
  const spent: Spent[] = [];
  let estimate = 1;
  let survivors: Survivor<S>[] | null = null;
  for (let stage = 0; stage < levels.length && estimate > 0; stage++) {
    const level = levels[stage];
    assert(stage === 0 || level > levels[stage - 1], 'levels ascend');
    const keepsState = stage < levels.length - 1;
    const found: StageOutcome<S> = yield* runStage<S>(
      { survivors, particles, level, keepsState, seeds, replication, stage },
    );
    stages.push({ level, started: particles, reached: found.reached, roots: found.roots });
    spent.push(found.spent);
    estimate *= found.reached / particles;
    survivors = found.survivors;
  }
  return { estimate, stages, spent: addSpent(spent) };
}
