/** Threads that run tasks on worlds of one scenario; the first failure ends all. */
import { Piscina } from 'piscina';
import { UserError } from '../../sim/kernel/index.js';
import type { Strategy } from '../../sim/strategy/index.js';
import { uncarry } from './carried-error.js';
import type { Outcome } from './carried-error.js';
import { builtFile } from './package-info.js';
import type { RunInputs } from './run-job.js';
import {
  CALL_MILLIS_MAX,
  codesOf,
  importStrategies,
  watchLoops,
  watchWords,
} from './strategies/index.js';
import type { LoadedStrategy } from './strategies/index.js';
import { threadFlags } from './thread-flags.js';

/** What a pool is opened for. */
export interface TaskPoolOptions extends RunInputs {
  userStrategies: readonly LoadedStrategy[];
  threads: number;
  strategyMillisMax?: number | undefined;
}

/** What every thread of a pool knows from the start. Structured-cloneable. */
export interface TaskThread {
  inputs: RunInputs;
  /** Words in which threads say that they are inside a user's rule, and the next free place in them. */
  watch: SharedArrayBuffer;
  places: SharedArrayBuffer;
}

/** Loads the user's strategies on a thread of a pool; once a thread. */
export function strategiesOfThread({ inputs, watch, places }: TaskThread): Promise<Strategy[]> {
  const thread = Atomics.add(new Int32Array(places), 0, 1);
  const cohorts = inputs.scenario.population.map((cohort) => cohort.name);
  return importStrategies(inputs.userStrategies ?? [], { buffer: watch, thread }, cohorts);
}

/** A Piscina pool whose tasks return errors as values. */
export class TaskPool {
  readonly #pool: Piscina;
  readonly #release: () => void;
  readonly #failed: Promise<never>;
  #fail!: (error: Error) => void;

  /** @param file the worker, built, from the package's root */
  constructor(file: string, options: TaskPoolOptions) {
    const { scenario, seed, bars, userStrategies, threads } = options;
    const watch = watchWords(threads);
    const workerData: TaskThread = {
      inputs: { scenario, seed, bars, userStrategies: codesOf(userStrategies) },
      watch,
      places: new SharedArrayBuffer(4),
    };
    const filename = builtFile(file);
    this.#pool = new Piscina({
      filename,
      minThreads: threads,
      maxThreads: threads,
      execArgv: [...threadFlags],
      workerData,
    });
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => {});
    const isWatched = userStrategies.length > 0;
    this.#release = !isWatched ? () => {} : watchLoops({
      buffer: watch,
      strategies: userStrategies.map((one) => one.name),
      cohorts: scenario.population.map((cohort) => cohort.name),
      millisMax: options.strategyMillisMax ?? CALL_MILLIS_MAX,
      onLoop: (error) => this.#fail(error),
    });
  }

  /** Runs a task of the worker by its name. */
  async run<T>(name: string, job: unknown): Promise<T> {
    const running = this.#pool.run(job, { name }) as Promise<Outcome<T>>;
    // After a failure elsewhere nobody waits for it.
    running.catch(() => {});
    const outcome = await Promise.race([running, this.#failed]);
    if (outcome.ok) return outcome.value;
    const error = uncarry(outcome.error);
    this.#fail(error);
    throw error;
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
}
