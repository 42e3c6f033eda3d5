/** The queues of a server, by one interface: BullMQ on Redis, and on PostgreSQL. */
import { createRequire } from 'node:module';
import type { Job, Queue, QueueOptions, Worker, WorkerOptions } from 'bullmq';
import { packageVersion } from '../../runtime/index.js';
import { errorText } from './queue-url.js';
import type { QueueUrl } from './queue-url.js';
import type { JobResult, RunJob } from './run-job.js';

/** Keys in Redis begin so; the schema of PostgreSQL is called so. */
const NAMESPACE = 'stampede';
/** Jobs of one version: those of another stay where workers of that version look. */
const RUNS = 'runs';
const PAYLOADS = `${NAMESPACE}-payloads`;
/** Longest wait between attempts to connect, milliseconds. */
const RETRY_MILLIS = 500;
const CONNECT_MILLIS = 5000;
/** Events that the library keeps for whoever listens; each end of a job copies its result into one. */
const EVENTS_MAX = 64;
/** A connection that does not close by itself is cut after so long, milliseconds. */
const CLOSE_MILLIS = 2000;

export type RunQueue = Queue<RunJob, JobResult, string>;
export type RunQueueJob = Job<RunJob, JobResult, string>;
export type RunWorker = Worker<RunJob, JobResult, string>;
// biome-ignore lint/suspicious/noExplicitAny: pieces of payloads, read with a check of their digest
export type PayloadQueue = Queue<any, any, string>;

/** Name of the queue in which workers of a version look. */
export function runsQueueName(version: string = packageVersion): string {
  return `${NAMESPACE}-${RUNS}-${version}`;
}

/** Opens the queue of runs of a version. */
export function openRunQueue(at: QueueUrl, version?: string): RunQueue {
  return new (classesOf(at).Queue)(runsQueueName(version), optionsOf(at)) as RunQueue;
}

/** Opens the queue that holds what is run; nobody works it off. */
export function openPayloadQueue(at: QueueUrl): PayloadQueue {
  return new (classesOf(at).Queue)(PAYLOADS, optionsOf(at)) as PayloadQueue;
}

/** Starts to take runs. */
export function openRunWorker(
  at: QueueUrl,
  make: (job: RunQueueJob) => Promise<JobResult>,
  options: Partial<WorkerOptions>,
): RunWorker {
  const all = { ...optionsOf(at, null), ...options } as WorkerOptions;
  return new (classesOf(at).Worker)(runsQueueName(), make, all) as RunWorker;
}

/** Returns an error that fails a job for good, whatever attempts it has left. */
export function finalError(reason: string): Error {
  return new (bullmq().UnrecoverableError)(reason);
}

/** Closes a queue or worker; one whose server is away is cut off. */
export async function closeQueue(queue: Pick<Queue, 'close' | 'disconnect'>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((done) => {
    timer = setTimeout(() => done('late'), CLOSE_MILLIS);
  });
  const closed = queue.close().then(
    () => 'closed' as const,
    () => 'late' as const,
  );
  const how = await Promise.race([closed, late]);
  clearTimeout(timer);
  if (how === 'late') await queue.disconnect().catch(() => {});
}

type Library = typeof import('bullmq');

let library: Library | undefined;

/** Loaded when the first queue is opened: it takes a while, and most commands need none. */
function bullmq(): Library {
  library ??= createRequire(import.meta.url)('bullmq') as Library;
  return library;
}

/** The classes of BullMQ for a server; those of PostgreSQL have the same methods. */
function classesOf({ kind }: QueueUrl): Pick<Library, 'Queue' | 'Worker'> {
  const { withBackend, createPostgresBackend } = bullmq();
  if (kind === 'redis') return bullmq();
  return withBackend(createPostgresBackend) as unknown as Library;
}

/** @param attempts to connect before a command is given up; null for as long as it takes, as workers must */
function optionsOf({ kind, url }: QueueUrl, attempts: number | null = 4): QueueOptions {
  const streams = { events: { maxLen: EVENTS_MAX } };
  if (kind === 'redis') {
    const retryStrategy = (times: number): number => Math.min(100 * times, RETRY_MILLIS);
    const connection = { url, connectTimeout: CONNECT_MILLIS, retryStrategy, maxRetriesPerRequest: attempts };
    return { connection, prefix: NAMESPACE, streams } as QueueOptions;
  }
  const connection = {
    connectionString: url,
    schema: NAMESPACE,
    migrate: true,
    max: 4,
    connectionTimeoutMillis: CONNECT_MILLIS,
  };
  return { connection, streams } as unknown as QueueOptions;
}

/** Says that a server went away and came back, once each. */
export class LinkTalk {
  readonly #at: QueueUrl;
  readonly #say: (line: string) => void;
  #isLost = false;

  constructor(at: QueueUrl, say: (line: string) => void) {
    this.#at = at;
    this.#say = say;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  lost(error: unknown): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#say(`queue: ${this.#at.shown} is away (${errorText(error, this.#at)}); trying again`);
  }

  back(): void {
    if (!this.#isLost) return;
    this.#isLost = false;
    this.#say(`queue: ${this.#at.shown} is back`);
  }
}
