export { dropDead, queueFacts, retryDead } from './dead-letter.js';
export type { DeadLetter, QueueFacts } from './dead-letter.js';
export { QueueExecutor } from './queue-executor.js';
export type { QueueExecutorOptions } from './queue-executor.js';
export { QueueLink } from './queue-link.js';
export { parseQueueUrl } from './queue-url.js';
export type { QueueUrl } from './queue-url.js';
export { startQueueWorker } from './queue-worker.js';
export type { QueueWorkerHandle, QueueWorkerOptions, WorkerProgress } from './queue-worker.js';
