/**
 * Runs a scenario: the supervisor.
 *
 * The market loop and each shard are resident tasks of a Piscina pool; this thread only watches
 * progress, passes on stop and abort, and files what the run leaves. Whatever fails, every task ends
 * and the unfinished folder goes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { type Observable, Subject, takeUntil } from 'rxjs';
import { SharedMemory, UserError } from '../../sim/kernel/index.js';
import { Barrier, shardsFor } from '../../sim/engine/index.js';
import { barsDurationMicros } from '../../sim/oracle/index.js';
import { durationMicros } from '../model/index.js';
import { logFileName } from './trace/index.js';
import { uncarry } from './carried-error.js';
import type { Outcome } from './carried-error.js';
import { builtFile, packageVersion } from './package-info.js';
import { type RunProgress, watchProgress } from './progress.js';
import type {
  ExportJob,
  ExportOutcome,
  MarketJob,
  MarketOutcome,
  PlantedFailure,
  RunInputs,
  DeciderJob,
} from './run-job.js';
import { RunFolder } from './run-folder.js';
import type { RunResult } from './run-result.js';
import {
  CALL_MILLIS_MAX,
  callUnderWay,
  codesOf,
  fatalCallError,
  watchLoops,
  watchWords,
} from './strategies/index.js';
import type { LoadedStrategy } from './strategies/index.js';
import { threadFlags } from './thread-flags.js';

/** Most threads of a run: the market and the deciders. */
export const THREADS_MAX = 256;

/** What to run and where to leave it. */
export interface RunOptions extends RunInputs {
  /** Strategies of the user's own that cohorts name. */
  userStrategies?: readonly LoadedStrategy[];
  /** Longest time one call of a user's strategy may take, milliseconds; 5000 by default. */
  strategyMillisMax?: number;
  /** 1: the market decides for everybody; T: T - 1 threads decide beside it. */
  threads: number;
  /** Digest of the index file the bars came from. */
  indexDigest?: string;
  /** Folder of the run; undefined for `runs/<scenario>-<seed>-<digest>`, null for none. */
  out?: string | null;
  check?: boolean;
  /** Keeps the causal ledger: who pushed whom; true by default. The result does not depend on it. */
  causality?: boolean;
  /** Ends before the window that holds this time; a partial run's repeat needs it. */
  untilMicros?: number;
  /** Due agents from which other threads are asked; the engine's choice by default. */
  inlineDueMax?: number;
  /** Keeps the event log of a run without a folder: called with its path before it is removed. */
  withLog?: (path: string) => void | Promise<void>;
  /** Planted by tests. */
  failAt?: PlantedFailure;
}

/** A run under way. */
export interface RunHandle {
  /** Completes when the run ends. */
  progress: Observable<RunProgress>;
  /** Rejects with a UserError, or with the error of the thread that failed. */
  result: Promise<RunResult>;
  /** Ends after the window under way; the result is marked partial. */
  stop(): void;
  /** Ends now and leaves nothing; the result rejects with `run/interrupted`. */
  abort(): void;
}

/** How long tasks may take to notice an abort before their threads are ended. */
const GRACE_MILLIS = 1000;

/**
 * Starts a run.
 * @throws UserError `run/exists`, `run/unwritable`, `disk/full`, `build/missing`, at once.
 */
export function startRun(options: RunOptions): RunHandle {
  return new Supervisor(options);
}

class Supervisor implements RunHandle {
  readonly progress: Observable<RunProgress>;
  readonly result: Promise<RunResult>;
  readonly #options: RunOptions;
  readonly #shards: number;
  readonly #memory = new SharedMemory();
  readonly #barrier: Barrier;
  readonly #watch: SharedArrayBuffer;
  readonly #ended = new Subject<void>();
  readonly #place: RunFolder | string;
  readonly #pool: Piscina;
  /** Resolves when something has failed; the first error counts. */
  readonly #failed: Promise<never>;
  #fail!: (error: Error) => void;

  constructor(options: RunOptions) {
    const { threads } = options;
    if (!(Number.isInteger(threads) && threads >= 1 && threads <= THREADS_MAX)) {
      const must = `must be a whole number in 1 to ${THREADS_MAX}`;
      throw new UserError('run/threads', `threads was ${threads}, ${must}`);
    }
    this.#options = options;
    this.#shards = shardsFor(threads);
    this.#barrier = new Barrier(this.#memory, this.#shards);
    this.#watch = watchWords(threads);
    const filename = builtFile('scenarios/runtime/worker.js');
    this.#place =
      options.out === null ? mkdtempSync(join(tmpdir(), 'stampede-')) : RunFolder.open(options);
    this.#pool = new Piscina({ filename, minThreads: threads, maxThreads: threads, execArgv: [...threadFlags] });
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => {});
    const { bars, scenario } = options;
    const length =
      bars === undefined ? durationMicros(scenario.time.duration) : barsDurationMicros(bars);
    const until = Math.min(options.untilMicros ?? Infinity, length);
    const simulated = this.#simulate();
    // Its failure is that of the result; progress alone must not report it.
    const quietly = simulated.catch(() => new Promise<never>(() => {}));
    this.progress = watchProgress(this.#barrier, until, quietly).pipe(takeUntil(this.#ended));
    this.result = this.#run(simulated);
    // A caller may look at the result later than it fails.
    this.result.catch(() => {});
  }

  stop(): void {
    this.#barrier.stop();
  }

  abort(): void {
    this.#end(new UserError('run/interrupted', 'interrupted; nothing was kept', 130));
  }

  /** Ends every thread because of an error; later errors are its consequences. */
  #end(error: Error): void {
    this.#fail(error);
    this.#barrier.abort();
    // A market that decides alone meets no barrier: it stops at the end of its window.
    this.#barrier.stop();
  }

  async #run(simulated: Promise<MarketOutcome>): Promise<RunResult> {
    const release = this.#watchStrategies();
    try {
      return await this.#file(await simulated);
    } finally {
      release();
      this.#ended.next();
      this.#ended.complete();
      await this.#pool.destroy();
      this.#removeUnfinished();
    }
  }

  /** Ends the run when a user's rule does not return; its thread cannot be asked to. */
  #watchStrategies(): () => void {
    const { userStrategies = [], strategyMillisMax } = this.#options;
    if (userStrategies.length === 0) return () => {};
    return watchLoops({
      ...this.#watched(),
      millisMax: strategyMillisMax ?? CALL_MILLIS_MAX,
      onLoop: (error) => this.#end(error),
    });
  }

  #watched() {
    const { userStrategies = [], scenario } = this.#options;
    return {
      buffer: this.#watch,
      strategies: userStrategies.map((one) => one.name),
      cohorts: scenario.population.map((cohort) => cohort.name),
    };
  }

  /** Says that a user's rule took a thread down, if one did: 0 is the market's, then the deciders'. */
  #ruleFailure(error: unknown, thread: number): UserError | undefined {
    const who = thread < 0 ? undefined : callUnderWay(thread, this.#watched());
    return who === undefined ? undefined : fatalCallError(error, who);
  }

  /** Runs the market and the deciders to their ends. */
  async #simulate(): Promise<MarketOutcome> {
    const { bars, scenario, seed, threads, failAt, check, untilMicros, inlineDueMax } = this.#options;
    const userStrategies = codesOf(this.#options.userStrategies ?? []);
    const inputs = { scenario, seed, bars, userStrategies };
    const common = { inputs, shards: this.#shards, watch: this.#watch, failAt };
    const channels = Array.from({ length: threads - 1 }, () => new MessageChannel());
    const job: MarketJob = {
      ...common,
      buffers: this.#memory.buffers,
      ports: channels.map((channel) => channel.port1),
      logPath: this.#path(logFileName),
      check: check ?? false,
      causality: this.#options.causality ?? true,
      untilMicros,
      inlineDueMax,
    };
    const tasks: Promise<unknown>[] = channels.map((channel, decider) => {
      const deciderJob: DeciderJob = { ...common, decider, port: channel.port2 };
      return this.#task(`decider ${decider}`, 'decider', deciderJob, [channel.port2]);
    });
    const market = this.#task<MarketOutcome>('the market', 'market', job, job.ports);
    tasks.push(market);
    try {
      await Promise.race([Promise.all(tasks), this.#failed]);
      return await market;
    } catch (error) {
      await Promise.race([Promise.allSettled(tasks), delay(graceFor(error))]);
      throw error;
    }
  }

  /** Runs a task of the pool; its failure ends the whole run. */
  async #task<T>(who: string, name: string, job: object, transferList: never[] | object[]): Promise<T> {
    try {
      const outcome = (await this.#pool.run(job, {
        name,
        transferList: transferList as never[],
      })) as Outcome<T>;
      if (outcome.ok) return outcome.value;
      throw uncarry(outcome.error);
    } catch (error) {
      const thread = name === 'export' ? -1 : 'decider' in job ? (job as DeciderJob).decider + 1 : 0;
      const told = this.#ruleFailure(error, thread) ?? failureOf(error, who);
      this.#end(told);
      throw told;
    }
  }

  /** Makes the files of the run, or hands the log on, and composes the result. */
  async #file(outcome: MarketOutcome): Promise<RunResult> {
    const { scenario, seed, threads, withLog } = this.#options;
    const job: ExportJob = {
      directory: this.#directory,
      logOnly: typeof this.#place === 'string',
      hash: outcome.figures.hash,
      complete: !outcome.figures.partial,
    };
    const exported = await Promise.race([
      this.#task<ExportOutcome>('the export', 'exportRun', job, []),
      this.#failed,
    ]);
    const result: RunResult = {
      scenario: scenario.name,
      seed,
      version: packageVersion,
      ...outcome.figures,
      wallSeconds: outcome.wallSeconds,
      cpuSeconds: outcome.cpuSeconds,
      exportSeconds: exported.exportSeconds,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      threads,
      conservationErrorQuanta: exported.conservationErrorQuanta,
      logHash: outcome.logHash,
      out: null,
    };
    if (typeof this.#place === 'string') await withLog?.(this.#path(logFileName));
    else this.#place.finish(result, { ...exported, metadata: outcome.metadata });
    return result;
  }

  get #directory(): string {
    return typeof this.#place === 'string' ? this.#place : this.#place.path;
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  #removeUnfinished(): void {
    if (typeof this.#place !== 'string') this.#place.discard();
    else rmSync(this.#place, { recursive: true, force: true });
  }
}

/** A rule that loops notices nothing: its thread is ended at once. */
function graceFor(error: unknown): number {
  return error instanceof UserError && error.code === 'strategy/timeout' ? 0 : GRACE_MILLIS;
}

/** Names the thread that failed; running out of memory is the user's to mend. */
function failureOf(error: unknown, who: string): Error {
  if (error instanceof UserError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY' || /allocation failed/i.test(cause.message)) {
    const fix = 'run fewer traders (dials.traders) or free some memory';
    return new UserError('memory/full', `${who} ran out of memory: ${cause.message}; ${fix}`, 6);
  }
  return new Error(`${who} failed: ${cause.message}`, { cause });
}
