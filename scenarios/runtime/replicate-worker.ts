/** Runs batches of replicates: a task of a Piscina pool. A thread keeps the world it built. */
import { FlatTally, FlatWorld } from '../model/replicates/index.js';
import { settle } from './carried-error.js';
import type { Outcome } from './carried-error.js';
import type { ReplicateJob, ReplicateOutcome } from './replicate-job.js';

let built: { key: string; world: FlatWorld } | null = null;

/** Runs one batch. */
export function replicateBatch(job: ReplicateJob): Promise<Outcome<ReplicateOutcome>> {
  return settle(() => {
    const world = worldOf(job);
    const tally = new FlatTally(world.terms);
    const begun = performance.now();
    for (let k = 0; k < job.count; k++) tally.add(world, job.firstSeed + k);
    return { sums: tally.sums, wallSeconds: (performance.now() - begun) / 1000 };
  });
}

function worldOf({ scenario }: ReplicateJob): FlatWorld {
  const key = JSON.stringify(scenario);
  if (built?.key !== key) built = { key, world: new FlatWorld(scenario) };
  return built.world;
}
