/** Many runs on all threads: batches as Piscina tasks. */
import { Piscina } from 'piscina';
import { UserError } from '../../../sim/kernel/index.js';
import { builtFile, CALL_MILLIS_MAX, threadFlags, uncarry, watchLoops, watchWords } from '../../runtime/index.js';
import type { Outcome, RunDivergence } from '../../runtime/index.js';
import type { RunFailed, RunOutcome, RunRequest, Subject } from '../run/index.js';
import type { BatchJob, BatchOutcome, DivergenceJob, PoolThread } from './batch-job.js';
import { BatchSize } from './batch-size.js';

/** What a pool is opened for. */
export interface RunPoolOptions {
  /** What requests may name. */
  subjects: readonly Subject[];
  threads: number;
  /** Longest time one call of a user's strategy may take, milliseconds. */
  strategyMillisMax?: number | undefined;
  /** Planted by tests: the thread that takes this batch exits. */
  dieAtBatch?: number;
}

/** Takes an outcome; requests end in any order. */
export type TakeOutcome = (outcome: RunOutcome, request: RunRequest, place: number) => void;

/**
 * Threads that make runs. Outcomes do not depend on threads or batches: a run is a function of its
 * request. A thread that dies takes no run with it: its batch is made again run by run, and a run that
 * kills its thread twice is recorded as failed.
 */
export class RunPool {
  readonly threads: number;
  readonly #pool: Piscina;
  readonly #size = new BatchSize();
  readonly #release: () => void;
  readonly #failed: Promise<never>;
  #fail!: (error: Error) => void;
  #batches = 0;
  #isStopped = false;

  constructor(options: RunPoolOptions) {
    const { subjects, threads, dieAtBatch = -1 } = options;
    this.threads = threads;
    const watch = watchWords(threads * 8);
    const places = new SharedArrayBuffer(4);
    const workerData: PoolThread = { subjects, watch, places, dieAtBatch };
    const filename = builtFile('scenarios/experiment/pool/batch-worker.js');
    this.#pool = new Piscina({
      filename,
      minThreads: threads,
      maxThreads: threads,
      execArgv: [...threadFlags],
      workerData,
    });
    // A thread that dies is told by the batch it takes with it.
    this.#pool.on('error', () => {});
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => {});
    this.#release = this.#watchRules(options, watch);
  }

  /**
   * Makes runs; resolves when every one has ended, or, after `stop`, those under way.
   *
   * Requests are drawn as threads come free, so an endless or slow iterable is no burden. An error that
   * `take` throws ends all.
   */
  async run(requests: Iterable<RunRequest>, take: TakeOutcome): Promise<void> {
    this.#isStopped = false;
    const source = numbered(requests);
    // One batch a thread waits while another is made, so that no thread does.
    const lanes = Array.from({ length: 2 * this.threads }, () => this.#lane(source, take));
    await Promise.all(lanes);
  }

  /** Makes runs and returns their outcomes in the order of the requests. */
  async all(requests: readonly RunRequest[]): Promise<RunOutcome[]> {
    const outcomes: RunOutcome[] = new Array(requests.length);
    await this.run(requests, (outcome, _, place) => {
      outcomes[place] = outcome;
    });
    return outcomes;
  }

  /**
   * Finds where two runs of scenarios part.
   * @throws UserError what keeps one of them from being run
   */
  async divergence(a: RunRequest, b: RunRequest): Promise<RunDivergence> {
    const job: DivergenceJob = { a, b };
    const running = this.#pool.run(job, { name: 'divergence' });
    const outcome = (await Promise.race([running, this.#failed])) as Outcome<RunDivergence>;
    if (!outcome.ok) throw uncarry(outcome.error);
    return outcome.value;
  }

  /** Draws no further requests. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Ends what is under way; it rejects with `run/interrupted`. */
  abort(): void {
    this.#isStopped = true;
    this.#fail(new UserError('run/interrupted', 'interrupted; finished runs were kept', 130));
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    this.#release();
    await this.#pool.destroy();
  }

  async #lane(source: Numbered, take: TakeOutcome): Promise<void> {
    while (!this.#isStopped) {
      const batch = source(this.#size.next);
      if (batch.length === 0) return;
      const outcomes = await Promise.race([this.#make(batch), this.#failed]);
      try {
        outcomes.forEach((outcome, k) => {
          take(outcome, batch[k].request, batch[k].place);
        });
      } catch (error) {
        // The other lanes end too: what closing does to their threads is no outcome of a run.
        this.#fail(error as Error);
        throw error;
      }
    }
  }

  async #make(batch: readonly Placed[]): Promise<readonly RunOutcome[]> {
    const begun = performance.now();
    const seconds = (): number => (performance.now() - begun) / 1000;
    const job: BatchJob = { batch: this.#batches++, requests: batch.map((one) => one.request) };
    const name = 'runBatch';
    try {
      const outcomes = (await this.#pool.run(job, { name })) as BatchOutcome;
      this.#size.add(batch.length, seconds());
      return outcomes;
    } catch (error) {
      if (batch.length > 1) return this.#oneByOne(batch);
      try {
        return (await this.#pool.run({ ...job, batch: -2 }, { name })) as BatchOutcome;
      } catch {
        return [deathOf(error, seconds())];
      }
    }
  }

  async #oneByOne(batch: readonly Placed[]): Promise<readonly RunOutcome[]> {
    const outcomes: RunOutcome[] = [];
    for (const one of batch) outcomes.push(...(await this.#make([one])));
    return outcomes;
  }

  #watchRules({ subjects, strategyMillisMax }: RunPoolOptions, buffer: SharedArrayBuffer): () => void {
    const own = subjects.flatMap((one) => (one.kind === 'scenario' ? [one] : []));
    const strategies = own.flatMap((one) => (one.strategies ?? []).map(({ name }) => name));
    if (strategies.length === 0) return () => {};
    return watchLoops({
      buffer,
      strategies,
      cohorts: own.flatMap((one) => one.scenario.population.map((cohort) => cohort.name)),
      millisMax: strategyMillisMax ?? CALL_MILLIS_MAX,
      onLoop: (error) => this.#fail(error),
    });
  }
}

/** A request and its place in the order of all. */
interface Placed {
  request: RunRequest;
  place: number;
}

/** Returns up to so many further requests. */
type Numbered = (count: number) => Placed[];

function numbered(requests: Iterable<RunRequest>): Numbered {
  const iterator = requests[Symbol.iterator]();
  let place = 0;
  return (count) => {
    const batch: Placed[] = [];
    while (batch.length < count) {
      const next = iterator.next();
      if (next.done === true) break;
      batch.push({ request: next.value, place: place++ });
    }
    return batch;
  };
}

function deathOf(error: unknown, wallSeconds: number): RunFailed {
  const message = error instanceof Error ? error.message : String(error);
  const isFull = /out of memory|allocation failed/i.test(message);
  const code = isFull ? 'memory/full' : 'worker/died';
  return { status: 'failed', code, reason: `its thread died twice: ${message}`, wallSeconds };
}
