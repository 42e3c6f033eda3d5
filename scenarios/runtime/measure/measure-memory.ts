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

/** What a run without files comes to. */
export interface MemoryMeasurement {
  figures: RunFigures;
  values: Measurement[];
}

/** Runs `spec`, built from `inputs`. Time O(run); memory that of the world and of `RunCut`. */
export function measureInMemory(inputs: RunInputs, spec: WorldSpec): MemoryMeasurement {
  let cut: RunCut | undefined;
  const log = new EventLog((bytes) => cut?.add(new EventReader(bytes)));
  const world = new World(new LocalMemory(), spec, 1, log, { causality: true });
  cut = new RunCut(runMetadata(inputs, world));
  world.open();
  const result = new WindowLoop(world, { parallel: false }).run();
  world.close(result.micros);
  log.flush();
  cut.finish();
  return { figures: summarise(world, result), values: measureCut(cut) };
}
