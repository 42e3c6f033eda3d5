/** What the particle tasks are handed and hand back. Structured-cloneable. */
import type { LevelMetric } from '../../../sim/engine/index.js';

/** A world at the boundary at which it reached a level. */
export interface KeptWorld {
  /** Seed of its specification: index paths and population stay those of its start. */
  worldSeed: number;
  window: number;
  /** Snapshot, deflated: most of its numbers are zeros or small. */
  packed: Uint8Array;
}

/** Runs a particle. */
export interface ParticleJob {
  /** Null: a fresh world of `seed`; otherwise `seed` is that of what follows. */
  from: KeptWorld | null;
  seed: number;
  metric: LevelMetric;
  level: number;
  keepsState: boolean;
  untilMicros: number | undefined;
}

/** What came of it. */
export interface ParticleResult {
  reached: boolean;
  value: number;
  windows: number;
  state: KeptWorld | null;
}
