/** Runs of one scenario on several seeds, on threads, each kept in the order of the seeds. */
import { Piscina } from 'piscina';
import { type Observable, Subject } from 'rxjs';
import { UserError } from '../../../sim/kernel/index.js';
import type { Scenario } from '../../model/index.js';
import { type Outcome, uncarry } from '../carried-error.js';
import { builtFile } from '../package-info.js';
import { threadFlags } from '../thread-flags.js';
import type { RecordedRun } from './record-run.js';
import type { ValidateJob } from './validate-worker.js';

/** Most seeds of one validation. */
export const VALIDATE_SEEDS_MAX = 1000;

/** What to run. */
export interface ValidateOptions {
  /** With every default filled in. */
  scenario: Scenario;
  /** First seed; the others follow. */
  seed: number;
  seeds: number;
  threads: number;
}

/** How far the runs are. */
export interface ValidateProgress {
  done: number;
  seeds: number;
  wallSeconds: number;
}

/** A validation under way. */
export interface ValidateHandle<T> {
  progress: Observable<ValidateProgress>;
  result: Promise<T>;
  /** Ends at once; the result rejects with `run/interrupted`. */
  abort(): void;
}

/** Runs every seed with the worker's task `name`, then makes a result of the runs. */
export function startSeeds<K, T>(
  name: 'market' | 'history',
  options: ValidateOptions,
  finish: (runs: RecordedRun<K>[]) => T,
): ValidateHandle<T> {
  const { scenario, seed, seeds, threads } = options;
  const workers = Math.min(threads, seeds);
  const filename = builtFile('scenarios/runtime/validate/validate-worker.js');
  const pool = new Piscina({ filename, minThreads: workers, maxThreads: workers, execArgv: [...threadFlags] });
  const samples = new Subject<ValidateProgress>();
  const begun = performance.now();
  let done = 0;
  let isAborted = false;
  const one = async (k: number): Promise<RecordedRun<K>> => {
    const job: ValidateJob = { scenario, seed: seed + k };
    const outcome = (await pool.run(job, { name })) as Outcome<RecordedRun<K>>;
    if (!outcome.ok) throw uncarry(outcome.error);
    done++;
    samples.next({ done, seeds, wallSeconds: (performance.now() - begun) / 1000 });
    return outcome.value;
  };
  const all = async (): Promise<T> => {
    try {
      return finish(await Promise.all(Array.from({ length: seeds }, (_, k) => one(k))));
    } catch (error) {
      if (!isAborted) throw error;
      throw new UserError('run/interrupted', 'interrupted; nothing was kept', 130);
    } finally {
      samples.complete();
      await pool.destroy();
    }
  };
  const result = all();
  result.catch(() => {});
  return {
    progress: samples.asObservable(),
    result,
    abort() {
      isAborted = true;
      void pool.destroy();
    },
  };
}
