/** The other end of the barrier benchmark: a thread that decides nothing. */
import { parentPort, workerData } from 'node:worker_threads';
import { SharedMemory } from '../../sim/kernel/index.js';
import { Barrier, Signal } from '../../sim/engine/index.js';

const barrier = new Barrier(new SharedMemory(workerData), 1);
parentPort?.postMessage('ready');
while (barrier.awaitOpen() === Signal.go) {
  if (barrier.claim() >= 0) barrier.complete();
}
