/**
 * Particles: a world runs on until so many liquidations have happened, and can be gone on with from there
 * under fresh keys.
 */
import { LocalMemory } from '../kernel/index.js';
import { EventLog } from '../trace/index.js';
import type { BranchPoint } from './branch.js';
import { WindowLoop } from './run-loop.js';
import { readSnapshot, writeSnapshot } from './snapshot.js';
import type { WorldSpec } from './world-spec.js';
import { World } from './world.js';

/** What a level is counted in: liquidations, or the notional they closed. Neither ever falls. */
export const LEVEL_METRICS = ['liquidations.count', 'liquidations.notionalQuote'] as const;
export type LevelMetric = (typeof LEVEL_METRICS)[number];

/** How a particle is run. */
export interface ParticleRun {
  metric: LevelMetric;
  /** It ends at the first boundary between windows at which the metric is at least this. */
  level: number;
  /** Where to go on from, and the seed of what follows; a fresh world by default. */
  from?: { point: BranchPoint; seed: number } | undefined;
  /** Whether the state at the level is needed. */
  keepsPoint: boolean;
  /** Ends before the window that holds this time; the scenario's duration by default. */
  untilMicros?: number | undefined;
  /** Shards, decided one after the other; the result does not depend on them. */
  shards?: number;
  /** Runs every module's checks. */
  check?: boolean;
}

/** Where a particle ended. */
export interface ParticleEnd {
  reached: boolean;
  /** Metric at the end. */
  value: number;
  /** Windows run; skipped ones are not. */
  windows: number;
  /** Set where the level was reached and the state was asked for. */
  point?: BranchPoint;
}

/**
 * Runs a particle to its level, or to its end.
 *
 * From a point on, agents' draws and all ties are of another seed, at once: what the first window decides
 * is as open as the rest. A point says nothing of the seed it was come by; whoever goes on from it names
 * the next.
 *
 * @param spec the specification of the world; of a point, of the world it was taken of
 */
export function runParticle(spec: WorldSpec, run: ParticleRun): ParticleEnd {
  const { metric, level, from, keepsPoint, check = false } = run;
  const world = new World(new LocalMemory(), spec, run.shards ?? 1, new EventLog(() => {}));
  if (from === undefined) {
    world.open();
  } else {
    readSnapshot(world, from.point.bytes);
    world.scratch.reseed(from.seed);
    world.venue.liquidator.reseed(from.seed);
  }
  const { venue } = world;
  const value = (): number =>
    metric === 'liquidations.count' ? venue.liquidationCount : venue.liquidatedNotionalQuote;
  const before = world.windows;
  const endsWhen = (): boolean => value() >= level;
  if (!endsWhen()) {
    const { untilMicros } = run;
    new WindowLoop(world, { parallel: false, untilMicros, check, endsWhen }).run();
  }
  const reached = endsWhen();
  const end: ParticleEnd = { reached, value: value(), windows: world.windows - before };
  if (!reached || !keepsPoint) return end;
  world.log.flush();
  return { ...end, point: { window: world.nextWindow, bytes: writeSnapshot(world) } };
}
