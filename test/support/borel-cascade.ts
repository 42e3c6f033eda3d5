/** A cascade from one seed whose liquidations each tip a Poisson number of others: sizes are Borel's. */
import { exp, RandomSource } from '../../sim/kernel/index.js';
import { borelPmf } from '../../sim/metrics/index.js';
import type { ParticleProcess } from '../../sim/splitting/index.js';

/** How many have fallen, and how many of those have not yet pushed others. */
export interface BorelState {
  fallen: number;
  pending: number;
}

/** Value: those that have fallen. Cost: those that pushed. */
export function borelCascade(R: number): ParticleProcess<BorelState> {
  const none = exp(-R);
  return ({ from, seed, level, keepsState }) => {
    const stream = new RandomSource(seed).stream('borel');
    let { fallen, pending } = from ?? { fallen: 1, pending: 1 };
    let cost = 0;
    while (pending > 0 && fallen < level) {
      let term = none;
      let sum = term;
      const u = stream.uniform(0, 0, cost++);
      let children = 0;
      while (u >= sum && children < 100) {
        term *= R / ++children;
        sum += term;
      }
      fallen += children;
      pending += children - 1;
    }
    const reached = fallen >= level;
    const state = { fallen, pending };
    return { reached, value: fallen, cost, ...(reached && keepsState ? { state } : {}) };
  };
}

/** P(T >= n), summed from the far end. */
export function borelTail(n: number, R: number): number {
  let sum = 0;
  for (let k = n + 4000; k >= n; k--) sum += borelPmf(k, R);
  return sum;
}
