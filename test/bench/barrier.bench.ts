/** Microseconds of a hand-over through the engine's barrier: open, claim, decide nothing, complete. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Hash64, SharedMemory } from '../../sim/kernel/index.js';
import { Barrier } from '../../sim/engine/index.js';
import { builtFile } from '../../scenarios/runtime/index.js';
import { quantile, rounded } from './statistics.js';

/** One way of handing over. */
export interface BarrierResult {
  case: 'hot' | 'after a pause';
  handOvers: number;
  p50Micros: number;
  p99Micros: number;
  /** Of the windows handed over. */
  hash: string;
}

/** Result of the barrier benchmark. */
export interface BarrierBench {
  bench: 'barrier';
  results: BarrierResult[];
}

/** Hand-overs timed together: a reading of the clock costs as much as one of them. */
const GROUP = 8;
/** A pause outlasts every spin, so that the other side sleeps. */
const PAUSE_MILLIS = 2;

/** Runs the benchmark against a real worker thread. */
export async function barrierBench(options: { tiny?: boolean } = {}): Promise<BarrierBench> {
  const memory = new SharedMemory();
  const barrier = new Barrier(memory, 1);
  const worker = new Worker(builtFile('test/bench/barrier-worker.js'), { workerData: memory.buffers });
  const exited = once(worker, 'exit');
  await once(worker, 'message');
  const groups = options.tiny ? 50 : 100_000;
  const hot = handOver(barrier, groups, GROUP);
  const cold = await afterPauses(barrier, options.tiny ? 5 : 300);
  barrier.exit();
  await exited;
  return { bench: 'barrier', results: [result('hot', hot, GROUP), result('after a pause', cold, 1)] };
}

/** Returns microseconds per hand-over, one value a group; the first tenth warms up and is dropped. */
function handOver(barrier: Barrier, groups: number, group: number): Float64Array {
  const micros = new Float64Array(groups);
  for (let g = -Math.ceil(groups / 10); g < groups; g++) {
    const before = performance.now();
    for (let k = 0; k < group; k++) {
      barrier.open(g * group + k, 0);
      if (!barrier.awaitComplete()) throw new Error('the barrier was aborted');
    }
    if (g >= 0) micros[g] = ((performance.now() - before) * 1000) / group;
  }
  return micros;
}

async function afterPauses(barrier: Barrier, count: number): Promise<Float64Array> {
  const micros = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    await new Promise((done) => setTimeout(done, PAUSE_MILLIS));
    const before = performance.now();
    barrier.open(k, 0);
    barrier.awaitComplete();
    micros[k] = (performance.now() - before) * 1000;
  }
  return micros;
}

function result(name: BarrierResult['case'], micros: Float64Array, group: number): BarrierResult {
  const values = Array.from(micros);
  const hash = new Hash64();
  hash.int(values.length * group);
  return {
    case: name,
    handOvers: values.length * group,
    p50Micros: rounded(quantile(values, 0.5)),
    p99Micros: rounded(quantile(values, 0.99)),
    hash: hash.hex(),
  };
}
