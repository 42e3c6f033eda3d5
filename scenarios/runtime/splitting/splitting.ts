/** How likely a scenario is to liquidate so much: splitting over snapshots of its worlds. */
import { LEVEL_METRICS } from '../../../sim/engine/index.js';
import type { LevelMetric } from '../../../sim/engine/index.js';
import { UserError } from '../../../sim/kernel/index.js';
import { crude, pilotLevels, rareEvent, replicate } from '../../../sim/splitting/index.js';
import type {
  Crude,
  ParticlePlan,
  ParticleTask,
  RareEvent,
  Replication,
  Spent,
} from '../../../sim/splitting/index.js';
import { didYouMean } from '../../model/index.js';
import { TaskPool } from '../task-pool.js';
import type { TaskPoolOptions } from '../task-pool.js';
import type { KeptWorld, ParticleJob, ParticleResult } from './particle-job.js';

/** Particles of a stage and replications, unless asked otherwise. */
export const PARTICLES_DEFAULT = 64;
export const REPLICATIONS_DEFAULT = 20;
/** Replications under way at once, so that threads have work while a stage ends. */
const ABREAST = 2;

/** The event: a metric that is at least a threshold by the end. */
export interface RareLevel {
  metric: LevelMetric;
  threshold: number;
}

/** What to estimate. */
export interface SplittingOptions extends TaskPoolOptions {
  level: RareLevel;
  /** Particles of a stage; 64 by default. */
  particles?: number;
  /** Independent replications of the estimator, which the interval comes from; 20 by default. */
  replications?: number;
  /** Also counts in independent runs, for the same work; true by default. */
  comparesCrude?: boolean;
  /** By when the event must happen, simulated; the scenario's end by default. */
  untilMicros?: number;
  /** Called when a particle has been run. */
  onProgress?: (sample: SplittingProgress) => void;
}

/** How far an estimate is. */
export interface SplittingProgress {
  phase: 'pilot' | 'replications' | 'crude';
  /** Replications ended, and how many there are. */
  replications: number;
  replicationsAsked: number;
  runs: number;
}

/** The answer. Costs are windows run. */
export interface Splitting {
  scenario: string;
  seed: number;
  level: RareLevel;
  particles: number;
  /** Levels, ascending to the threshold. */
  levels: number[];
  /** Spent on finding them, and the highest value seen meanwhile. */
  pilot: { spent: Spent; highest: number };
  estimate: RareEvent;
  /** Null where it was not asked for. */
  crude: Crude | null;
}

/** An estimate under way. */
export interface SplittingHandle {
  result: Promise<Splitting>;
  /** Ends now; the result rejects with `run/interrupted`. */
  abort(): void;
}

/**
 * Starts to estimate. The seed names all particles' seeds; the numbers do not depend on the threads.
 *
 * @throws UserError `splitting/...` when the event is none; `strategy/...` and the engine's through the
 * result
 */
export function startSplitting(options: SplittingOptions): SplittingHandle {
  const { level } = options;
  checkLevel(level);
  const pool = new TaskPool('scenarios/runtime/splitting/particle-worker.js', options);
  const result = new SplittingStudy(pool, options).run().finally(() => pool.close());
  result.catch(() => {});
  return { result, abort: () => pool.abort() };
}

/** @throws UserError `splitting/metric`, `splitting/threshold` */
function checkLevel({ metric, threshold }: RareLevel): void {
  if (!LEVEL_METRICS.includes(metric)) {
    const must = `must be one of ${LEVEL_METRICS.join(', ')}${didYouMean(metric, LEVEL_METRICS)}`;
    throw new UserError('splitting/metric', `metric was "${metric}", ${must}`);
  }
  if (Number.isFinite(threshold) && threshold >= 0) return;
  throw new UserError('splitting/threshold', `threshold was ${threshold}, must be 0 or more`);
}

/** Carries out the plans of an estimate on a pool. */
class SplittingStudy {
  readonly #pool: TaskPool;
  readonly #options: SplittingOptions;
  readonly #progress: SplittingProgress;

  constructor(pool: TaskPool, options: SplittingOptions) {
    this.#pool = pool;
    this.#options = options;
    const { replications = REPLICATIONS_DEFAULT } = options;
    this.#progress = { phase: 'pilot', replications: 0, replicationsAsked: replications, runs: 0 };
  }

  async run(): Promise<Splitting> {
    const { scenario, seed, level, particles = PARTICLES_DEFAULT } = this.#options;
    const { threshold } = level;
    const pilot = await this.#carryOut(pilotLevels<KeptWorld>({ threshold, particles, seed }));
    const { levels } = pilot;
    this.#progress.phase = 'replications';
    const estimate = rareEvent(levels, await this.#replications(levels, particles));
    this.#progress.phase = 'crude';
    const cost = estimate.spent.cost + pilot.spent.cost;
    const beside = this.#options.comparesCrude === false
      ? null
      : await this.#carryOut(crude<KeptWorld>({ threshold, seed, cost, batch: particles }));
    const { spent, highest } = pilot;
    return {
      scenario: scenario.name, seed, level, particles, levels, pilot: { spent, highest }, estimate, crude: beside,
    };
  }

  /** Runs some replications abreast; each knows its seeds by its number. */
  async #replications(levels: readonly number[], particles: number): Promise<Replication[]> {
    const { seed } = this.#options;
    const count = this.#progress.replicationsAsked;
    const done: Replication[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < count) {
        const replication = next++;
        const plan = replicate<KeptWorld>({ levels, particles, seed, replication });
        done[replication] = await this.#carryOut(plan);
        this.#progress.replications++;
      }
    };
    await Promise.all(Array.from({ length: ABREAST }, work));
    return done;
  }

  async #carryOut<R>(plan: ParticlePlan<KeptWorld, R>): Promise<R> {
    let step = plan.next();
    while (step.done !== true) {
      step = plan.next(await Promise.all(step.value.map((task) => this.#particle(task))));
    }
    return step.value;
  }

  async #particle({ from, seed, level, keepsState }: ParticleTask<KeptWorld>) {
    const { level: { metric }, untilMicros, onProgress } = this.#options;
    const job: ParticleJob = { from: from ?? null, seed, metric, level, keepsState, untilMicros };
    const { reached, value, windows, state } = await this.#pool.run<ParticleResult>('particle', job);
    this.#progress.runs++;
    onProgress?.({ ...this.#progress });
    return { reached, value, cost: windows, ...(state === null ? {} : { state }) };
  }
}
