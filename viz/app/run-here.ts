/** Starts runs in a worker and hears how they go. */
import { durationText } from '../data/index.js';
import type { RunMessage, RunRequest } from './run-messages.js';

/** A run under way. */
export interface PageRun {
  stop(): void;
}

/** Silence after which a user's strategy is taken to loop, milliseconds. */
const SILENCE_MILLIS = 10_000;

/** Starts a run; `hear` gets every message until it is done, has failed, or was stopped. */
export function startPageRun(request: RunRequest, hear: (message: RunMessage) => void): PageRun {
  const worker = new Worker(new URL('./run-worker.ts', import.meta.url), { type: 'module' });
  let timer = 0;
  let last = { strategy: '', micros: 0, isOver: true };
  const end = (): void => {
    clearTimeout(timer);
    worker.terminate();
  };
  const wait = (): void => {
    clearTimeout(timer);
    if (last.isOver) return;
    timer = window.setTimeout(() => {
      hear({ kind: 'failed', code: 'strategy/timeout', message: silenceText(last) });
      end();
    }, SILENCE_MILLIS);
  };
  worker.addEventListener('message', (event: MessageEvent<RunMessage>) => {
    const message = event.data;
    if (message.kind === 'deciding') last = message;
    else if (message.kind === 'progress') last.micros = message.micros;
    wait();
    if (message.kind !== 'deciding') hear(message);
    if (message.kind === 'done' || message.kind === 'failed') end();
  });
  worker.addEventListener('error', (event) => {
    hear({
      kind: 'failed',
      code: 'page/worker',
      message: event.message || 'the worker did not start',
    });
    end();
  });
  worker.postMessage(request);
  return { stop: end };
}

function silenceText({ strategy, micros }: { strategy: string; micros: number }): string {
  const since = `${SILENCE_MILLIS / 1000} s`;
  return `strategy "${strategy}" did not return for ${since}, about ${durationText(micros)} into the run`;
}
