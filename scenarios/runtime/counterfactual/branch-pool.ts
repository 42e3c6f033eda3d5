/** Runs branches of one run on threads. */
import { Piscina } from 'piscina';
import type { BranchOutcome, BranchPoint } from '../../../sim/engine/index.js';
import { UserError } from '../../../sim/kernel/index.js';
import { uncarry } from '../carried-error.js';
import type { Outcome } from '../carried-error.js';
import { builtFile } from '../package-info.js';
import type { RunInputs } from '../run-job.js';
import { CALL_MILLIS_MAX, codesOf, watchLoops, watchWords } from '../strategies/index.js';
import type { LoadedStrategy } from '../strategies/index.js';
import type { BranchJob, BranchThread, PointJob } from './branch-job.js';

/** What a pool is opened for. */
export interface PoolOptions extends RunInputs {
  userStrategies: readonly LoadedStrategy[];
  threads: number;
  strategyMillisMax?: number;
  /** Called when a branch has ended, with how many have and how many were asked for. */
  onProgress?: (done: number, asked: number) => void;
}

/** Threads that branch one run; the first failure ends all. */
export class BranchPool {
  readonly #pool: Piscina;
  readonly #release: () => void;
  readonly #failed: Promise<never>;
  readonly #onProgress: (done: number, asked: number) => void;
  #fail!: (error: Error) => void;
  #asked = 0;
  #done = 0;

  constructor(options: PoolOptions) {
    const { scenario, seed, bars, userStrategies, threads } = options;
    const watch = watchWords(threads);
    const workerData: BranchThread = {
      inputs: { scenario, seed, bars, userStrategies: codesOf(userStrategies) },
      watch,
      places: new SharedArrayBuffer(4),
    };
    const filename = builtFile('scenarios/runtime/counterfactual/branch-worker.js');
    this.#pool = new Piscina({ filename, minThreads: threads, maxThreads: threads, workerData });
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => {});
    this.#onProgress = options.onProgress ?? (() => {});
    const isWatched = userStrategies.length > 0;
    this.#release = !isWatched ? () => {} : watchLoops({
      buffer: watch,
      strategies: userStrategies.map((one) => one.name),
      cohorts: scenario.population.map((cohort) => cohort.name),
      millisMax: options.strategyMillisMax ?? CALL_MILLIS_MAX,
      onLoop: (error) => this.#fail(error),
    });
  }

  /** Runs the world to the window that holds a moment. */
  point(micros: number): Promise<BranchPoint> {
    return this.#task<BranchPoint>('point', { micros });
  }

  /** Runs branches of a point side by side; outcomes are in the order of the terms. */
  async branches(point: BranchPoint, terms: readonly BranchJob['terms'][]): Promise<BranchOutcome[]> {
    this.#asked += terms.length;
    return Promise.all(
      terms.map(async (one) => {
        const outcome = await this.#task<BranchOutcome>('branch', { point, terms: one });
        this.#onProgress(++this.#done, this.#asked);
        return outcome;
      }),
    );
  }

  /** Ends what is under way; it rejects with `run/interrupted`. */
  abort(): void {
    this.#fail(new UserError('run/interrupted', 'interrupted; nothing was kept', 130));
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    this.#release();
    await this.#pool.destroy();
  }

  async #task<T>(name: string, job: PointJob | BranchJob): Promise<T> {
    const running = this.#pool.run(job, { name }) as Promise<Outcome<T>>;
    // After a failure elsewhere nobody waits for it.
    running.catch(() => {});
    const outcome = await Promise.race([running, this.#failed]);
    if (outcome.ok) return outcome.value;
    const error = uncarry(outcome.error);
    this.#fail(error);
    throw error;
  }
}
