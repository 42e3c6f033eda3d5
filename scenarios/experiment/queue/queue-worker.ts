/** A worker: takes batches from a queue and makes their runs on the threads of this machine. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Observable, Subject as Stream } from 'rxjs';
import { UserError } from '../../../sim/kernel/index.js';
import { packageVersion } from '../../runtime/index.js';
import { closeQueue, finalError, openRunQueue, openRunWorker } from './connection.js';
import type { RunQueueJob, RunWorker } from './connection.js';
import { reasonOf } from './dead-letter.js';
import { linesOf, resultsOf } from './job-lines.js';
import { payloadVersions } from './payload.js';
import { PoolShelf } from './pool-shelf.js';
import { QueueLink } from './queue-link.js';
import type { QueueUrl } from './queue-url.js';
import { runsOfJob } from './run-job.js';
import type { JobResult } from './run-job.js';
import { SharedLogs } from './shared-logs.js';

/** What a worker is started for. */
export interface QueueWorkerOptions {
  at: QueueUrl;
  /** Runs at the same time. */
  threads: number;
  /** After so long without a word a job is given to another worker, milliseconds. */
  lockMillis?: number | undefined;
  /** Leaves when there was nothing to do for so long, milliseconds. */
  idleMillis?: number | undefined;
  say: (line: string) => void;
}

/** What a worker has done. */
export interface WorkerProgress {
  jobs: number;
  runs: number;
  failed: number;
  /** Jobs under way. */
  underWay: number;
}

/** A worker at work. */
export interface QueueWorkerHandle {
  progress: Observable<WorkerProgress>;
  result: Promise<WorkerProgress>;
  /** Leaves after the jobs under way. */
  stop(): void;
  /** Leaves at once: its jobs are made elsewhere when their locks have run out. */
  abort(): void;
}

const LOCK_MILLIS = 30_000;
/** A job whose worker fell silent so often is a dead letter at the next time. */
const SILENCES_MAX = 3;
const LOOK_MILLIS = 500;
/** How often other versions' jobs are looked for, milliseconds. */
const VERSIONS_MILLIS = 30_000;
/** How long a result may take on its way when a worker leaves. */
const LEAVE_MILLIS = 5000;

/** Starts a worker. @throws UserError `queue/unreachable` */
export async function startQueueWorker(options: QueueWorkerOptions): Promise<QueueWorkerHandle> {
  return new QueueWorker(options, await QueueLink.open(options.at, options.say));
}

class QueueWorker implements QueueWorkerHandle {
  readonly progress: Observable<WorkerProgress>;
  readonly result: Promise<WorkerProgress>;
  readonly #options: QueueWorkerOptions;
  readonly #link: QueueLink;
  readonly #shelf: PoolShelf;
  readonly #logs: SharedLogs;
  readonly #samples = new Stream<WorkerProgress>();
  readonly #told = new Set<string>();
  #worker: RunWorker;
  #state: 'working' | 'stopping' | 'aborted' = 'working';
  #jobs = 0;
  #runs = 0;
  #failed = 0;
  #underWay = 0;
  #busyAt = performance.now();

  constructor(options: QueueWorkerOptions, link: QueueLink) {
    this.#options = options;
    this.#link = link;
    this.#shelf = new PoolShelf(link, options.threads);
    this.#logs = new SharedLogs(options.say);
    this.#worker = this.#open();
    this.progress = this.#samples.asObservable();
    this.result = this.#run();
    this.result.catch(() => {});
  }

  stop(): void {
    if (this.#state === 'working') this.#state = 'stopping';
  }

  abort(): void {
    this.#state = 'aborted';
  }

  #open(): RunWorker {
    const { at, threads, lockMillis = LOCK_MILLIS } = this.#options;
    const worker = openRunWorker(at, (job) => this.#make(job), {
      // One more than threads: they never wait for the queue.
      concurrency: threads + 1,
      lockDuration: lockMillis,
      stalledInterval: lockMillis / 2,
      maxStalledCount: SILENCES_MAX,
      drainDelay: 2,
      runRetryDelay: 500,
    });
    worker.on('error', (error) => this.#hear(error));
    return worker;
  }

  async #run(): Promise<WorkerProgress> {
    let versionsAt = -Infinity;
    try {
      while (this.#state === 'working') {
        if (!this.#link.isLost) {
          if (!this.#worker.isRunning()) await this.#reopen();
          if (performance.now() - versionsAt > VERSIONS_MILLIS) {
            versionsAt = performance.now();
            await this.#tellOtherVersions();
          }
          if (await this.#isIdle()) break;
        }
        await sleep(LOOK_MILLIS);
      }
      await this.#leave();
      if (this.#state === 'aborted') {
        throw new UserError('run/interrupted', 'interrupted; the jobs under way are made by others', 130);
      }
      return this.#sample();
    } finally {
      this.#samples.complete();
      this.#logs.close();
      await this.#shelf.close();
      await this.#link.close();
    }
  }

  /** Makes the runs of a job. What it throws is the reason the job fails with. */
  async #make(job: RunQueueJob): Promise<JobResult> {
    const { data } = job;
    if (data.version !== packageVersion) {
      throw finalError(`was submitted by stampede ${data.version}; this worker is ${packageVersion}`);
    }
    this.#underWay++;
    try {
      return await this.#shelf.with(data.payload, async ({ pool, subjects }) => {
        const runs = runsOfJob(data);
        const outcomes = await pool.all(runs.map((one) => ({ ...one, subject: 0 })));
        const results = resultsOf(subjects[0], runs, outcomes);
        const isKept = data.results !== null && this.#logs.keep(data.results, data.study, results);
        this.#jobs++;
        this.#runs += runs.length;
        this.#failed += outcomes.filter(({ status }) => status === 'failed').length;
        return { lines: isKept ? '' : linesOf(results), count: runs.length };
      });
    } catch (error) {
      const reason = reasonOf(error);
      const isFinal = error instanceof UserError && error.code.startsWith('strategy/');
      throw isFinal ? finalError(reason) : new Error(reason);
    } finally {
      this.#underWay--;
      this.#busyAt = performance.now();
      this.#samples.next(this.#sample());
    }
  }

  #hear(error: Error): void {
    if (this.#state === 'aborted' || /queue\/closed/.test(error.message)) return;
    // The worker was silent for too long, and its job was given to another.
    if (/\block\b|not in the active state|Missing key for job/i.test(error.message)) {
      this.#tell('worker: was silent for too long; its jobs were given to others, and count once');
    } else this.#link.noteTrouble(error);
  }

  async #reopen(): Promise<void> {
    const old = this.#worker;
    this.#worker = this.#open();
    await closeQueue(old);
  }

  /** Waits for the jobs under way, and for their results to arrive. */
  async #leave(): Promise<void> {
    const closed = this.#worker.close().catch(() => {});
    while (this.#underWay > 0 && this.#state !== 'aborted') await sleep(50);
    if (this.#state === 'aborted') await this.#shelf.abort();
    else await Promise.race([closed, sleep(LEAVE_MILLIS, undefined, { ref: false })]);
    await closeQueue({ close: () => closed, disconnect: () => this.#worker.disconnect() });
  }

  async #isIdle(): Promise<boolean> {
    const { idleMillis } = this.#options;
    if (idleMillis === undefined) return false;
    const counts = await this.#link.use((queue) => queue.getJobCounts('wait', 'delayed', 'active'));
    if (Object.values(counts).some((count) => count > 0)) this.#busyAt = performance.now();
    return performance.now() - this.#busyAt > idleMillis;
  }

  /** Jobs of other versions are left to workers of these versions. */
  async #tellOtherVersions(): Promise<void> {
    const versions = await this.#link.use((_, payloads) => payloadVersions(payloads));
    for (const version of versions.filter((one) => one !== packageVersion)) {
      const queue = openRunQueue(this.#options.at, version);
      queue.on('error', () => {});
      const waiting = await queue.getWaitingCount().catch(() => 0);
      await closeQueue(queue);
      if (waiting === 0) continue;
      this.#tell(`worker: jobs of stampede ${version} are waiting; this is ${packageVersion} and leaves them to a worker of that version`);
    }
  }

  #tell(line: string): void {
    if (this.#told.has(line)) return;
    this.#told.add(line);
    this.#options.say(line);
  }

  #sample(): WorkerProgress {
    return { jobs: this.#jobs, runs: this.#runs, failed: this.#failed, underWay: this.#underWay };
  }
}
