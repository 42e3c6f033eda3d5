/** Replicates of a flat book on all threads: batches of seeds, summed. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { type Observable, Subject } from 'rxjs';
import { UserError } from '../../sim/kernel/index.js';
import { flatTerms } from '../model/flat/index.js';
import type { FlatTerms } from '../model/flat/index.js';
import type { Scenario } from '../model/index.js';
import { FlatTally, flatResult } from '../model/replicates/index.js';
import type { FlatResult } from '../model/replicates/index.js';
import { uncarry } from './carried-error.js';
import type { Outcome } from './carried-error.js';
import { builtFile } from './package-info.js';
import type { ReplicateJob, ReplicateOutcome } from './replicate-job.js';
import { type RunHandle, startRun } from './run.js';
import { writeError } from './trace/index.js';
import { threadFlags } from './thread-flags.js';

/** Most replicates of one command. */
export const REPLICATES_MAX = 10_000_000;
/** Most replicates that are filed, each in a folder of its own. */
export const FILED_MAX = 1000;
/** Replicates of a batch, where cascades end by themselves and where they may run away. */
const BATCH = 500;
const RUNAWAY_BATCH = 50;

/** What to run. */
export interface ReplicateOptions {
  /** With every default filled in. */
  scenario: Scenario;
  /** Replicate k is the run of seed + k. */
  seed: number;
  replicates: number;
  threads: number;
  /** Also runs each as an ordinary run into `<out>/<seed>`; the folder must not exist. */
  out?: string | undefined;
}

/** How far replicates are. */
export interface ReplicateProgress {
  done: number;
  replicates: number;
  /** Run folders written. */
  filed: number;
  wallSeconds: number;
}

/** What replicates came to. */
export interface ReplicatesDone {
  result: FlatResult;
  /** Stopped on request: the result is that of the replicates done. */
  partial: boolean;
  /** Since the first batch began, threads and worlds included. */
  wallSeconds: number;
  /** Time of the replicates alone, summed over threads. */
  threadSeconds: number;
  /** Folders written. */
  filed: number;
}

/** Replicates under way. */
export interface ReplicatesHandle {
  progress: Observable<ReplicateProgress>;
  result: Promise<ReplicatesDone>;
  /** Ends after the batches under way. */
  stop(): void;
  /** Ends at once; the result rejects with `run/interrupted`. */
  abort(): void;
}

/**
 * Starts replicates.
 * @throws UserError `replicates/flat`, `replicates/dials`, `replicates/out`, `run/exists`, at once.
 */
export function startReplicates(options: ReplicateOptions): ReplicatesHandle {
  return new Replicates(options, checkedTerms(options.scenario));
}

/** Returns the terms of a flat book that the law holds for. */
function checkedTerms(scenario: Scenario): FlatTerms {
  const terms = flatTerms(scenario);
  if (terms === null) {
    const must = 'must have a section flat, as scenario flat-book has';
    throw new UserError('replicates/flat', `--replicates: scenario ${scenario.name} ${must}`);
  }
  for (const dial of ['depth', 'shock'] as const) {
    if (scenario.dials[dial] === 1) continue;
    const must = 'must be 1 with --replicates: the law is about the book as flat describes it';
    throw new UserError('replicates/dials', `dials.${dial} was ${scenario.dials[dial]}, ${must}`);
  }
  return terms;
}

class Replicates implements ReplicatesHandle {
  readonly progress: Observable<ReplicateProgress>;
  readonly result: Promise<ReplicatesDone>;
  readonly #options: ReplicateOptions;
  readonly #tally: FlatTally;
  readonly #pool: Piscina;
  readonly #samples = new Subject<ReplicateProgress>();
  readonly #begun = performance.now();
  readonly #batch: number;
  #next = 0;
  #done = 0;
  #filed = 0;
  #threadSeconds = 0;
  #isStopped = false;
  #isAborted = false;
  #filing: RunHandle | null = null;

  constructor(options: ReplicateOptions, terms: FlatTerms) {
    const { replicates, threads, out } = options;
    this.#options = options;
    this.#tally = new FlatTally(terms);
    this.#batch = terms.R * (1 - terms.refill) < 1 ? BATCH : RUNAWAY_BATCH;
    if (out !== undefined) makeFolder(out, replicates);
    const workers = Math.min(threads, Math.ceil(replicates / this.#batch));
    const filename = builtFile('scenarios/runtime/replicate-worker.js');
    this.#pool = new Piscina({ filename, minThreads: workers, maxThreads: workers, execArgv: [...threadFlags] });
    this.progress = this.#samples.asObservable();
    this.result = this.#run(workers);
    this.result.catch(() => {});
  }

  stop(): void {
    this.#isStopped = true;
    this.#filing?.stop();
  }

  abort(): void {
    this.#isAborted = true;
    this.#isStopped = true;
    this.#filing?.abort();
    void this.#pool.destroy();
  }

  async #run(workers: number): Promise<ReplicatesDone> {
    try {
      await Promise.all(Array.from({ length: workers }, () => this.#work()));
      await this.#pool.destroy();
      const wallSeconds = this.#seconds();
      await this.#file();
      const partial = this.#isStopped && !this.#isWhole();
      const result = flatResult(this.#tally);
      const [threadSeconds, filed] = [this.#threadSeconds, this.#filed];
      return { result, partial, wallSeconds, threadSeconds, filed };
    } catch (error) {
      if (!this.#isAborted) throw error;
      throw new UserError('run/interrupted', 'interrupted; nothing more was kept', 130);
    } finally {
      this.#samples.complete();
      await this.#pool.destroy();
    }
  }

  /** Takes batch after batch; all that were taken are finished, so what is summed has no gaps. */
  async #work(): Promise<void> {
    const { scenario, seed, replicates } = this.#options;
    while (this.#next < replicates && !this.#isStopped) {
      const from = this.#next;
      const count = Math.min(this.#batch, replicates - from);
      this.#next += count;
      const job: ReplicateJob = { scenario, firstSeed: seed + from, count };
      const name = 'replicateBatch';
      const outcome = (await this.#pool.run(job, { name })) as Outcome<ReplicateOutcome>;
      if (!outcome.ok) throw uncarry(outcome.error);
      this.#tally.merge(outcome.value.sums);
      this.#threadSeconds += outcome.value.wallSeconds;
      this.#done += count;
      this.#tell();
    }
  }

  /** Runs the replicates again as ordinary runs, each into a folder of its own. */
  async #file(): Promise<void> {
    const { scenario, seed, out } = this.#options;
    let liquidations = 0;
    for (; out !== undefined && this.#filed < this.#done && !this.#isStopped; ) {
      const own = seed + this.#filed;
      const place = join(out, String(own));
      this.#filing = startRun({ scenario, seed: own, threads: 1, out: place });
      const { liquidations: these, partial } = await this.#filing.result;
      if (partial) return;
      liquidations += these.count;
      this.#filed++;
      this.#tell();
    }
    if (out === undefined || this.#isStopped) return;
    const sizes = this.#tally.sizes();
    let expected = 0;
    for (let n = 0; n < sizes.length; n++) expected += n * sizes[n];
    if (expected !== liquidations) {
      throw new Error(`replicates had ${expected} liquidations, their runs ${liquidations}`);
    }
  }

  #isWhole(): boolean {
    const { replicates, out } = this.#options;
    return this.#done === replicates && (out === undefined || this.#filed === replicates);
  }

  #seconds(): number {
    return (performance.now() - this.#begun) / 1000;
  }

  #tell(): void {
    const { replicates } = this.#options;
    const [done, filed, wallSeconds] = [this.#done, this.#filed, this.#seconds()];
    this.#samples.next({ done, replicates, filed, wallSeconds });
  }
}

function makeFolder(out: string, replicates: number): void {
  if (replicates > FILED_MAX) {
    const must = `must be at most ${FILED_MAX} with --out, which files each`;
    throw new UserError('replicates/out', `--replicates was ${replicates}, ${must}`);
  }
  if (existsSync(out)) {
    const fix = 'choose another folder with --out, or remove it';
    throw new UserError('run/exists', `${out}: exists already; ${fix}`);
  }
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    throw writeError(error, out);
  }
}
