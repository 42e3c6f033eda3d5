/** The thread that `callWithStrategy` starts. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Strategy } from '../../../sim/strategy/index.js';
import { settle } from '../carried-error.js';
import type { CallJob } from './call-with-strategy.js';
import { importStrategies } from './import-strategy.js';

const { strategy, call, words } = workerData as CallJob;

const outcome = await settle(async () => {
  const place = { buffer: words, thread: 0 };
  const [guarded] = await importStrategies([strategy], place, []);
  const module = (await import(call.module)) as Record<string, (s: Strategy, input: unknown) => unknown>;
  return module[call.name](guarded, call.input);
});
parentPort?.postMessage(outcome);
