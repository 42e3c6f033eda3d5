/** Seeds of particles: told by what a particle is for, so that no seed depends on who ran first. */
import { RandomSource } from '../kernel/index.js';
import type { RandomStream } from '../kernel/index.js';

const TWO_POW_21 = 2097152;

/** What particles are run for; each has seeds of its own. */
export type Purpose = 'pilot' | 'replication' | 'crude';

/** Seeds and orders of one estimator. */
export class ParticleSeeds {
  readonly #seeds: RandomStream;
  readonly #orders: RandomStream;

  /** @param seed 0..2^53-1 */
  constructor(seed: number, purpose: Purpose) {
    const source = new RandomSource(seed);
    this.#seeds = source.stream(`splitting/${purpose}`);
    this.#orders = source.stream(`splitting/${purpose}/order`);
  }

  /** Returns the seed of a particle, 0..2^53-1. */
  seed(replication: number, stage: number, particle: number): number {
    const words = this.#seeds.words(replication, stage, particle);
    return words[0] * TWO_POW_21 + (words[1] >>> 11);
  }

  /** Returns 0..count-1 in random order. */
  order(replication: number, stage: number, count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(this.#orders.uniform(replication, stage, i) * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}
