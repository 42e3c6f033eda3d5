/** Runs branches of one run on threads. */
import type { BranchOutcome, BranchPoint } from '../../../sim/engine/index.js';
import { TaskPool } from '../task-pool.js';
import type { TaskPoolOptions } from '../task-pool.js';
import type { BranchJob, PointJob } from './branch-job.js';

/** What a pool is opened for. */
export interface PoolOptions extends TaskPoolOptions {
  /** Called when a branch has ended, with how many have and how many were asked for. */
  onProgress?: (done: number, asked: number) => void;
}

/** Threads that branch one run. */
export class BranchPool {
  readonly #pool: TaskPool;
  readonly #onProgress: (done: number, asked: number) => void;
  #asked = 0;
  #done = 0;

  constructor(options: PoolOptions) {
    this.#pool = new TaskPool('scenarios/runtime/counterfactual/branch-worker.js', options);
    this.#onProgress = options.onProgress ?? (() => {});
  }

  /** Runs the world to the window that holds a moment. */
  point(micros: number): Promise<BranchPoint> {
    return this.#pool.run<BranchPoint>('point', { micros } satisfies PointJob);
  }

  /** Runs branches of a point side by side; outcomes are in the order of the terms. */
  async branches(point: BranchPoint, terms: readonly BranchJob['terms'][]): Promise<BranchOutcome[]> {
    this.#asked += terms.length;
    return Promise.all(
      terms.map(async (one) => {
        const job: BranchJob = { point, terms: one };
        const outcome = await this.#pool.run<BranchOutcome>('branch', job);
        this.#onProgress(++this.#done, this.#asked);
        return outcome;
      }),
    );
  }

  /** Ends what is under way; it rejects with `run/interrupted`. */
  abort(): void {
    this.#pool.abort();
  }

  /** Ends the threads. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}
