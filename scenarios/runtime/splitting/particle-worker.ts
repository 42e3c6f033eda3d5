/** The particle task, loaded by Piscina: each thread builds a specification per start. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Piscina } from 'piscina';
import { registry } from '../../../agents/index.js';
import { runParticle } from '../../../sim/engine/index.js';
import type { WorldSpec } from '../../../sim/engine/index.js';
import type { Strategy } from '../../../sim/strategy/index.js';
import { buildWorld } from '../../model/index.js';
import { settle } from '../carried-error.js';
import type { Outcome } from '../carried-error.js';
import { strategiesOfThread } from '../task-pool.js';
import type { TaskThread } from '../task-pool.js';
import type { KeptWorld, ParticleJob, ParticleResult } from './particle-job.js';

/** Specifications kept: particles of one stage that descend from the same start share one. */
const SPECIFICATIONS_MAX = 8;

let strategies: Promise<Strategy[]> | undefined;
const specifications = new Map<number, WorldSpec>();

/** Runs one particle. */
export function particle(job: ParticleJob): Promise<Outcome<ParticleResult>> {
  return settle(async () => {
    const { from, seed, metric, level, keepsState, untilMicros } = job;
    const worldSeed = from?.worldSeed ?? seed;
    const spec = await specification(worldSeed);
    const end = runParticle(spec, {
      metric,
      level,
      keepsPoint: keepsState,
      untilMicros,
      from: from === null ? undefined : { point: unpack(from), seed },
    });
    const { reached, value, windows, point } = end;
    const state = point === undefined
      ? null
      : { worldSeed, window: point.window, packed: pack(point.bytes) };
    return { reached, value, windows, state };
  });
}

/** Deflates a snapshot into shared memory, so that it crosses threads without copies. */
function pack(bytes: Uint8Array): Uint8Array {
  const packed = deflateRawSync(bytes, { level: 1 });
  const shared = new Uint8Array(new SharedArrayBuffer(packed.length));
  shared.set(packed);
  return shared;
}

function unpack({ window, packed }: KeptWorld): { window: number; bytes: Uint8Array } {
  return { window, bytes: new Uint8Array(inflateRawSync(packed.slice())) };
}

async function specification(seed: number): Promise<WorldSpec> {
  strategies ??= strategiesOfThread(Piscina.workerData as TaskThread);
  const own = await strategies;
  const known = specifications.get(seed);
  if (known !== undefined) return known;
  const { scenario, bars } = (Piscina.workerData as TaskThread).inputs;
  const spec = buildWorld(scenario, { seed, bars, strategies: [...registry, ...own] });
  if (specifications.size >= SPECIFICATIONS_MAX) {
    const [oldest] = specifications.keys();
    specifications.delete(oldest);
  }
  specifications.set(seed, spec);
  return spec;
}
