/** What splitting asks of a world: to run on until a level, and to be able to go on from there. */

/** One thing to run. */
export interface ParticleTask<S> {
  /** State to go on from; undefined: a fresh start. */
  from: S | undefined;
  /** Seed of the start, or the fresh key of what follows `from`, 0..2^53-1. */
  seed: number;
  /** It runs until its value is at least this, or to its end. */
  level: number;
  /** Whether the state at the level is needed. */
  keepsState: boolean;
}

/** What came of it. */
export interface ParticleOutcome<S> {
  reached: boolean;
  /** Value at the level, or the highest there was. */
  value: number;
  /** Set where the level was reached and the state was asked for. */
  state?: S;
  /** Work done, in any unit, the same for all particles. */
  cost: number;
}

/** Runs one task; the same task always has the same outcome. */
export type ParticleProcess<S> = (task: ParticleTask<S>) => ParticleOutcome<S>;

/**
 * An estimator that hands out batches of tasks and is handed their outcomes, in the same order. It
 * knows nothing of who runs them, so that a loop and a pool of threads give the same numbers.
 */
export type ParticlePlan<S, R> = Generator<readonly ParticleTask<S>[], R, readonly ParticleOutcome<S>[]>;

/** Work spent. */
export interface Spent {
  /** Tasks run. */
  runs: number;
  cost: number;
}

/** Adds up the work of outcomes. */
export function spentOn<S>(outcomes: readonly ParticleOutcome<S>[]): Spent {
  return { runs: outcomes.length, cost: outcomes.reduce((sum, one) => sum + one.cost, 0) };
}

/** Adds up what was spent. */
export function addSpent(all: readonly Spent[]): Spent {
  return {
    runs: all.reduce((sum, one) => sum + one.runs, 0),
    cost: all.reduce((sum, one) => sum + one.cost, 0),
  };
}

/** Carries out a plan, one task after the other. */
export function carryOut<S, R>(plan: ParticlePlan<S, R>, run: ParticleProcess<S>): R {
  let step = plan.next();
  while (step.done !== true) step = plan.next(step.value.map(run));
  return step.value;
}
