/** Makes runs through a queue: workers on any number of machines make them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../sim/kernel/index.js';
import { packageVersion } from '../../runtime/index.js';
import { BatchSize } from '../pool/index.js';
import type { RunOutcome, RunRequest } from '../run/index.js';
import type { ResultStore } from '../store/index.js';
import type { RunExecutor } from '../sweep/index.js';
import { isStall, refusalOf } from './dead-letter.js';
import { outcomesOfLines } from './job-lines.js';
import { packPayload, storePayload } from './payload.js';
import type { PackedPayload } from './payload.js';
import type { QueueLink } from './queue-link.js';
import { jobId, runsOfJob } from './run-job.js';
import type { JobRun, RunJob } from './run-job.js';

/** What an executor is made for. */
export interface QueueExecutorOptions {
  link: QueueLink;
  /** Results of the study whose runs are made. */
  store: ResultStore;
  /** Folder of logs that workers write to; null where results come back through the queue. */
  results: string | null;
  strategyMillisMax?: number | undefined;
  say: (line: string) => void;
}

type Take = Parameters<RunExecutor['run']>[1];

/** A batch in the queue. */
interface Sent {
  data: RunJob;
  runs: readonly JobRun[];
  /** When its results were first looked for in the shared folder in vain, milliseconds. */
  soughtAt: number | null;
}

/** A run that somebody waits for. */
interface Wanted {
  request: RunRequest;
  place: number;
}

/** Work of a job for one thread, seconds. */
const JOB_SECONDS = 2;
/** Jobs in the queue: before anything is known, and then at least, and for each that is under way. */
const FIRST_JOBS = 16;
const JOBS_MIN = 32;
const JOBS_PER_ACTIVE = 4;
/** Finished jobs that nobody takes are removed after so long, seconds. */
const KEPT_SECONDS = 30 * 86_400;
/** Attempts of a job whose worker could not begin: a payload or a file that it does not get. */
const ATTEMPTS = 5;
const POLL_MILLIS = { soon: 20, late: 250 };
const LOOK_MILLIS = 2000;
/** A shared file system may show a file late. */
const SHARED_MILLIS = 30_000;
const HINT_MILLIS = 5000;
/** How long a stop waits for the jobs under way. */
const STOP_MILLIS = 60_000;
const ALL_STATES = ['wait', 'active', 'delayed', 'completed', 'failed'] as const;

/**
 * Runs behind a queue. Delivery is at least once: a batch may be made twice, its results count once. Batches
 * of this study that are in the queue already, from a coordinator that died or another one, are waited for
 * and not made again.
 */
export class QueueExecutor implements RunExecutor {
  readonly #options: QueueExecutorOptions;
  readonly #payload: PackedPayload;
  readonly #size = new BatchSize(JOB_SECONDS);
  /** Batches that are waited for, by id. */
  readonly #sent = new Map<string, Sent>();
  /** Batches of the study that nobody has asked for yet, by id, and by run. */
  readonly #found = new Map<string, Sent>();
  readonly #foundBy = new Map<number, string>();
  readonly #wanted = new Map<number, Wanted>();
  /** Outcomes that came before they were asked for. */
  readonly #spare = new Map<number, RunOutcome>();
  readonly #aborted: Promise<never>;
  #abort!: (error: Error) => void;
  #isBegun = false;
  #isAborted = false;
  #stoppedAt: number | null = null;
  #outages = 0;
  #active = 0;
  #newsAt = performance.now();
  #lookedAt = performance.now();
  #isHinted = false;

  constructor(options: QueueExecutorOptions) {
    this.#options = options;
    const { store, strategyMillisMax } = options;
    this.#payload = packPayload({ subjects: [store.plan.subject], strategyMillisMax });
    this.#aborted = new Promise((_, reject) => {
      this.#abort = reject;
    });
    this.#aborted.catch(() => {});
  }

  async run(requests: Iterable<RunRequest>, take: Take): Promise<void> {
    this.#stoppedAt = null;
    await Promise.race([this.#work(requests, take), this.#aborted]);
  }

  stop(): void {
    this.#stoppedAt ??= performance.now();
  }

  abort(): void {
    this.#isAborted = true;
    this.#abort(new UserError('run/interrupted', 'interrupted; finished runs were kept', 130));
  }

  async close(): Promise<void> {
    this.#isAborted = true;
    await this.#options.link.close();
  }

  async #work(requests: Iterable<RunRequest>, take: Take): Promise<void> {
    const source = { iterator: requests[Symbol.iterator](), place: 0, isEmpty: false };
    await this.#begin();
    while (!this.#isAborted) {
      if (this.#stoppedAt !== null) await this.#recall(this.#stoppedAt);
      else await this.#submit(source, take);
      if (this.#sent.size === 0 && (source.isEmpty || this.#stoppedAt !== null)) return;
      const isNews = await this.#collect(take);
      await sleep(isNews ? POLL_MILLIS.soon : POLL_MILLIS.late);
    }
  }

  /** Stores what is run, and finds what is in the queue of this study. */
  async #begin(): Promise<void> {
    if (this.#isBegun) return;
    this.#isBegun = true;
    const { link, store, results } = this.#options;
    await link.use((_, payloads) => storePayload(payloads, this.#payload));
    const jobs = await link.use(async (queue) => {
      const ids = await queue.getRanges([...ALL_STATES], 0, -1);
      return Promise.all(ids.map((id) => queue.getJob(id)));
    });
    for (const job of jobs) {
      if (job?.id === undefined || job.data.study !== store.plan.digest || job.data.results !== results) continue;
      const sent = { data: job.data, runs: runsOfJob(job.data), soughtAt: null };
      this.#found.set(job.id, sent);
      for (const { index } of sent.runs) this.#foundBy.set(index, job.id);
    }
  }

  /** Puts further batches into the queue while there is room. */
  async #submit(source: Source, take: Take): Promise<void> {
    const most = this.#size.isKnown ? Math.max(JOBS_MIN, JOBS_PER_ACTIVE * this.#active) : FIRST_JOBS;
    const batches: JobRun[][] = [];
    while (!source.isEmpty && this.#sent.size + batches.length < most) {
      const batch = this.#draw(source, take);
      if (batch.length > 0) batches.push(batch);
    }
    await this.#send(batches);
  }

  /** Draws up to a batch of requests that nobody makes yet. */
  #draw(source: Source, take: Take): JobRun[] {
    const batch: JobRun[] = [];
    const count = this.#size.next;
    for (let drawn = 0; drawn < count; drawn++) {
      const { done, value: request } = source.iterator.next();
      if (done === true) {
        source.isEmpty = true;
        break;
      }
      const { subject: _, index = -1, ...rest } = request;
      const place = source.place++;
      const spare = this.#spare.get(index);
      if (spare !== undefined) {
        this.#spare.delete(index);
        take(spare, request, place);
        continue;
      }
      this.#wanted.set(index, { request, place });
      const id = this.#foundBy.get(index);
      if (id === undefined) batch.push({ index, ...rest });
      else this.#adopt(id);
    }
    return batch;
  }

  #adopt(id: string): void {
    const sent = this.#found.get(id);
    if (sent === undefined) return;
    this.#found.delete(id);
    this.#sent.set(id, sent);
  }

  async #send(batches: readonly (readonly JobRun[])[], results = this.#options.results): Promise<void> {
    if (batches.length === 0) return;
    const { link, store } = this.#options;
    const { digest: study } = store.plan;
    const jobs = batches.map((runs) => {
      const head = { version: packageVersion, study, name: store.plan.study.name };
      const data = { ...head, payload: this.#payload.digest, runs: JSON.stringify(runs), results };
      const id = jobId(data);
      this.#sent.set(id, { data, runs, soughtAt: null });
      const backoff = { type: 'fixed', delay: 1000 };
      const removeOnComplete = { age: KEPT_SECONDS };
      return { name: 'runs', data, opts: { jobId: id, attempts: ATTEMPTS, backoff, removeOnComplete } };
    });
    await link.use((queue) => queue.addBulk(jobs));
  }

  /** Takes what has ended; returns whether anything had. */
  async #collect(take: Take): Promise<boolean> {
    const { link } = this.#options;
    const { completed, failed, active } = await link.use(async (queue) => ({
      completed: await queue.getRanges(['completed'], 0, -1),
      failed: await queue.getRanges(['failed'], 0, -1),
      active: await queue.getActiveCount(),
    }));
    this.#active = active;
    if (link.outages !== this.#outages) {
      this.#outages = link.outages;
      await link.use((_, payloads) => storePayload(payloads, this.#payload));
    }
    const before = this.#wanted.size;
    for (const id of completed) if (this.#sent.has(id)) await this.#takeDone(id, take);
    for (const id of failed) if (this.#sent.has(id)) await this.#takeFailed(id, take);
    const now = performance.now();
    if (now - this.#lookedAt > LOOK_MILLIS) {
      await this.#lookForLost(take);
      this.#lookedAt = performance.now();
    }
    const isNews = this.#wanted.size !== before;
    if (isNews || active > 0) this.#newsAt = now;
    if (!this.#isHinted && now - this.#newsAt > HINT_MILLIS) {
      this.#isHinted = true;
      this.#options.say(`queue: no worker takes runs; on any machine: stampede worker --queue ${link.at.shown}`);
    }
    return isNews;
  }

  async #takeDone(id: string, take: Take): Promise<void> {
    const { link, store } = this.#options;
    const sent = this.#sent.get(id) as Sent;
    const job = await link.use((queue) => queue.getJob(id));
    const result = job?.returnvalue;
    if (result === undefined || result === null) return;
    const isShared = result.lines === '';
    if (isShared) store.refresh();
    const lines = outcomesOfLines(result.lines, store.plan);
    const outcomes = new Map<number, RunOutcome>();
    for (const { index } of sent.runs) {
      const outcome = isShared ? store.get(index) : lines.get(index);
      if (outcome !== null && outcome !== undefined) outcomes.set(index, outcome);
    }
    if (isShared && outcomes.size < sent.runs.length) {
      sent.soughtAt ??= performance.now();
      if (performance.now() - sent.soughtAt < SHARED_MILLIS) return;
    }
    this.#note(outcomes, take);
    const left = sent.runs.filter(({ index }) => !outcomes.has(index));
    await this.#replace(id, left.length > 0 ? [left] : [], isShared ? null : undefined);
  }

  /** A batch that nobody could make: it is split, ends as failed runs, or ends the sweep. */
  async #takeFailed(id: string, take: Take): Promise<void> {
    const sent = this.#sent.get(id) as Sent;
    const { job, state } = await this.#options.link.use(async (queue) => {
      return { job: await queue.getJob(id), state: await queue.getJobState(id) };
    });
    // It may have been put back since it was listed.
    if (job === undefined || state !== 'failed') return;
    const reason = job.failedReason ?? 'for no reason given';
    const refusal = refusalOf(reason);
    if (refusal !== null) throw refusal;
    const isDropped = job.data.isDropped === true;
    if (isStall(reason) && !isDropped && sent.runs.length > 1) {
      // One of its runs may be what ends workers: the others are innocent.
      await this.#replace(id, sent.runs.map((one) => [one]));
      return;
    }
    const code = isDropped ? 'run/dropped' : 'queue/dead-letter';
    const outcomes = new Map<number, RunOutcome>();
    for (const { index } of sent.runs) outcomes.set(index, { status: 'failed', code, reason, wallSeconds: 0 });
    this.#note(outcomes, take);
    if (isDropped) await this.#replace(id, []);
    else this.#sent.delete(id);
  }

  /** Keeps outcomes; after this the batch may be removed from the queue. */
  #note(outcomes: ReadonlyMap<number, RunOutcome>, take: Take): void {
    let seconds = 0;
    for (const [index, outcome] of outcomes) {
      seconds += outcome.wallSeconds;
      const wanted = this.#wanted.get(index);
      this.#wanted.delete(index);
      if (wanted !== undefined) take(outcome, wanted.request, wanted.place);
      else if (!this.#options.store.has(index)) this.#spare.set(index, outcome);
    }
    if (outcomes.size > 0) this.#size.add(outcomes.size, seconds);
    this.#options.store.sync();
  }

  /** Removes a batch and sends others in its place. */
  async #replace(id: string, batches: readonly (readonly JobRun[])[], results?: string | null): Promise<void> {
    this.#sent.delete(id);
    await this.#options.link.use((queue) => queue.remove(id));
    await this.#send(batches, results);
  }

  /** Finds batches that are gone: taken by another coordinator, or lost with a server that keeps nothing. */
  async #lookForLost(take: Take): Promise<void> {
    const { link, store } = this.#options;
    const ids = [...this.#sent.keys()];
    const states = await link.use((queue) => Promise.all(ids.map((id) => queue.getJobState(id))));
    const gone = ids.filter((_, k) => states[k] === 'unknown');
    if (gone.length === 0) return;
    store.refresh();
    for (const id of gone) {
      const { runs } = this.#sent.get(id) as Sent;
      const outcomes = new Map<number, RunOutcome>();
      for (const { index } of runs) {
        const outcome = store.get(index);
        if (outcome !== null) outcomes.set(index, outcome);
      }
      this.#note(outcomes, take);
      const left = runs.filter(({ index }) => !outcomes.has(index) && this.#wanted.has(index));
      this.#sent.delete(id);
      await this.#send(left.length > 0 ? [left] : []);
    }
  }

  /** After a stop: what nobody has begun is taken back, what is under way is waited for. */
  async #recall(stoppedAt: number): Promise<void> {
    const isLate = performance.now() - stoppedAt > STOP_MILLIS;
    for (const id of [...this.#sent.keys()]) {
      const isRemoved = await this.#options.link.use(async (queue) => {
        const state = await queue.getJobState(id);
        if (state === 'active' || state === 'completed' || state === 'failed') return false;
        return (await queue.remove(id)) === 1 || state === 'unknown';
      });
      if (isRemoved || isLate) this.#sent.delete(id);
    }
  }
}

/** Requests as they are drawn. */
interface Source {
  iterator: Iterator<RunRequest>;
  /** Of the next. */
  place: number;
  isEmpty: boolean;
}
