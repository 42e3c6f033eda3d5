/** Starts runs in a worker and hears how they go. */
import type { RunMessage, RunRequest } from './run-worker.js';

/** A run under way. */
export interface PageRun {
  stop(): void;
}

/** Starts a run; `hear` gets every message until it is done, has failed, or was stopped. */
export function startPageRun(request: RunRequest, hear: (message: RunMessage) => void): PageRun {
  const worker = new Worker(new URL('./run-worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', (event: MessageEvent<RunMessage>) => {
    hear(event.data);
    if (event.data.kind !== 'progress') worker.terminate();
  });
  worker.addEventListener('error', (event) => {
    hear({
      kind: 'failed',
      code: 'page/worker',
      message: event.message || 'the worker did not start',
    });
    worker.terminate();
  });
  worker.postMessage(request);
  return { stop: () => worker.terminate() };
}
