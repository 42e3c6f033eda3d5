/** Jobs that failed after all attempts: what they say, and what becomes of them. */
import { UserError } from '../../../sim/kernel/index.js';
import type { RunQueueJob } from './connection.js';
import type { QueueLink } from './queue-link.js';
import { runsOfJob } from './run-job.js';
import type { JobRun } from './run-job.js';

/** A job that failed after all attempts. */
export interface DeadLetter {
  id: string;
  study: string;
  studyDigest: string;
  reason: string;
  /** It is to end as failed runs; its coordinator has not seen it yet. */
  isDropped: boolean;
  runs: JobRun[];
  failedAt: string;
}

/** How full a queue is. */
export interface QueueFacts {
  waiting: number;
  active: number;
  /** Finished, and not yet taken by a coordinator. */
  completed: number;
  dead: DeadLetter[];
}

/** Written before the message of a refusal that ends the whole sweep. */
const REFUSED = /^\[(strategy\/[\w/-]+)\] (.*)$/s;

/** Returns the reason a job fails with for an error; the code of a refusal travels along. */
export function reasonOf(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  return error instanceof UserError ? `[${error.code}] ${message}` : message;
}

/** Returns the refusal that ends a sweep as it would end one on this machine; null for other reasons. */
export function refusalOf(reason: string): UserError | null {
  const found = REFUSED.exec(reason);
  return found === null ? null : new UserError(found[1], found[2]);
}

/** Whether a job failed because its workers died or fell silent. */
export function isStall(reason: string): boolean {
  return /stalled more than/.test(reason);
}

/** Looks at a queue. O(dead letters). */
export async function queueFacts(link: QueueLink): Promise<QueueFacts> {
  const counts = await link.use((queue) => queue.getJobCounts('wait', 'delayed', 'active', 'completed'));
  const { wait = 0, delayed = 0, active = 0, completed = 0 } = counts;
  const dead = (await failedJobs(link)).map((job): DeadLetter => {
    const { data, id = '', failedReason = '', finishedOn = 0 } = job;
    return {
      id,
      study: data.name,
      studyDigest: data.study,
      reason: isStall(failedReason) ? `its workers died or fell silent (${failedReason})` : failedReason,
      isDropped: data.isDropped === true,
      runs: runsOfJob(data),
      failedAt: new Date(finishedOn).toISOString(),
    };
  });
  return { waiting: wait + delayed, active, completed, dead };
}

/** Puts dead letters back into the queue, with all their attempts; returns how many. */
export async function retryDead(link: QueueLink): Promise<number> {
  const jobs = await failedJobs(link);
  for (const job of jobs) {
    const { id = '', name, data, opts } = job;
    // Removed and added: nothing else counts its attempts and silences anew.
    await link.use(async (queue) => {
      await queue.remove(id);
      await queue.add(name, { ...data, isDropped: false }, { ...opts, jobId: id });
    });
  }
  return jobs.length;
}

/** Ends dead letters as failed runs: their coordinator records them, with the reason. Returns how many. */
export async function dropDead(link: QueueLink): Promise<number> {
  const jobs = await failedJobs(link);
  for (const job of jobs) await link.use(() => job.updateData({ ...job.data, isDropped: true }));
  return jobs.length;
}

async function failedJobs(link: QueueLink): Promise<RunQueueJob[]> {
  const jobs = await link.use(async (queue) => {
    const ids = await queue.getRanges(['failed'], 0, -1);
    return Promise.all(ids.map((id) => queue.getJob(id)));
  });
  return jobs.filter((one): one is RunQueueJob => one !== undefined);
}
