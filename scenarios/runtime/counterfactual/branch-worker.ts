/** The branch tasks, loaded by Piscina: each thread builds the specification once. */
import { Piscina } from 'piscina';
import { registry } from '../../../agents/index.js';
import { branchPoint, runBranch } from '../../../sim/engine/index.js';
import type { BranchOutcome, BranchPoint, WorldSpec } from '../../../sim/engine/index.js';
import { buildWorld } from '../../model/index.js';
import { settle } from '../carried-error.js';
import type { Outcome } from '../carried-error.js';
import { strategiesOfThread } from '../task-pool.js';
import type { TaskThread } from '../task-pool.js';
import type { BranchJob, PointJob } from './branch-job.js';

let built: Promise<WorldSpec> | undefined;

/** Runs the world of the pool to the window that holds a moment. */
export function point({ micros }: PointJob): Promise<Outcome<BranchPoint>> {
  return settle(async () => {
    const { window, bytes } = branchPoint(await specification(), micros);
    // Shared, so that branches on all threads read it without copies.
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    return { window, bytes: shared };
  });
}

/** Runs one branch. */
export function branch({ point: from, terms }: BranchJob): Promise<Outcome<BranchOutcome>> {
  return settle(async () => runBranch(await specification(), from, terms));
}

function specification(): Promise<WorldSpec> {
  built ??= build(Piscina.workerData as TaskThread);
  return built;
}

async function build(thread: TaskThread): Promise<WorldSpec> {
  const { scenario, seed, bars } = thread.inputs;
  const own = await strategiesOfThread(thread);
  return buildWorld(scenario, { seed, bars, strategies: [...registry, ...own] });
}
