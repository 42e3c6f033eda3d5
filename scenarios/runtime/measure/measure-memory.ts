/** Runs a world in memory on this thread and measures its trace as it is made, without files. */
import { EventLog, EventReader } from '../../../sim/trace/index.js';
import { LocalMemory } from '../../../sim/kernel/index.js';
import { summarise, WindowLoop, World } from '../../../sim/engine/index.js';
import type { RunFigures, WorldSpec } from '../../../sim/engine/index.js';
import { runMetadata } from '../run-metadata.js';
import type { RunInputs } from '../run-job.js';
import { measureCut } from './measure-run.js';
import type { Measurement } from './measurement.js';
import { RunCut } from './run-cut.js';
import { episodeRows, intervalRows } from './run-tables.js';
import type { TableRows } from './run-tables.js';

/** What a run without files comes to. */
export interface MemoryMeasurement {
  figures: RunFigures;
  values: Measurement[];
  /** Those asked for. */
  tables: RunTables;
}

/** Tables that a run may leave beside its figures. */
export interface RunTables {
  episodes?: TableRows;
  intervals?: TableRows;
}

/** Names of tables. */
export type RunTable = keyof RunTables;

/** Runs `spec`, built from `inputs`. Time O(run); memory that of the world and of `RunCut`. */
export function measureInMemory(
  inputs: RunInputs,
  spec: WorldSpec,
  wanted: readonly RunTable[] = [],
): MemoryMeasurement {
  let cut: RunCut | undefined;
  const log = new EventLog((bytes) => cut?.add(new EventReader(bytes)));
  const world = new World(new LocalMemory(), spec, 1, log, { causality: true });
  cut = new RunCut(runMetadata(inputs, world));
  world.open();
  const result = new WindowLoop(world, { parallel: false }).run();
  world.close(result.micros);
  log.flush();
  cut.finish();
  const tables: RunTables = {
    ...(wanted.includes('episodes') ? { episodes: episodeRows(cut) } : {}),
    ...(wanted.includes('intervals') ? { intervals: intervalRows(cut) } : {}),
  };
  return { figures: summarise(world, result), values: measureCut(cut), tables };
}
