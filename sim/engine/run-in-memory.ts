/** A whole run on one thread, without files: tests, benches, and the page. */
import { LocalMemory } from '../kernel/index.js';
import { EventLog } from '../trace/index.js';
import { WindowLoop } from './run-loop.js';
import type { RunFigures } from './summary.js';
import { summarise } from './summary.js';
import type { WorldSpec } from './world-spec.js';
import { World } from './world.js';

/** Options of an in-memory run. */
export interface MemoryRunOptions {
  /** Called about every thousand windows with the simulated microseconds reached. */
  onProgress?: (micros: number) => void;
  /** Ends early, at the window that holds this time. */
  untilMicros?: number;
  /** Receives the event log's chunks; they are reused, so it must copy what it keeps. */
  onChunk?: (bytes: Uint8Array, rows: number) => void;
  /** Runs every module's checks after each window. */
  check?: boolean;
  /** Shards, decided one after the other on this thread; the result does not depend on it. */
  shards?: number;
  /** Keeps the causal ledger, which the result does not depend on; true by default. */
  causality?: boolean;
}

/** Runs a world to its end and returns its figures. */
export function runInMemory(spec: WorldSpec, options: MemoryRunOptions = {}): RunFigures {
  const log = new EventLog(options.onChunk ?? (() => {}));
  const world = new World(new LocalMemory(), spec, options.shards ?? 1, log, {
    causality: options.causality,
  });
  world.open();
  const loop = new WindowLoop(world, {
    parallel: false,
    check: options.check,
    untilMicros: options.untilMicros,
    onProgress: options.onProgress,
  });
  const result = loop.run();
  world.close(result.micros);
  return summarise(world, result);
}
