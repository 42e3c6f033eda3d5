/** Crude Monte Carlo on a budget: independent starts, counted. */
import { shareInterval } from '../counterfactual/index.js';
import type { ShareInterval } from '../counterfactual/index.js';
import { spentOn } from './particle.js';
import type { ParticlePlan, Spent } from './particle.js';
import { ParticleSeeds } from './seeds.js';

/** What crude Monte Carlo may spend. */
export interface CrudeTerms {
  threshold: number;
  seed: number;
  /** Work after which it stops, in the unit of the particles' costs. */
  cost: number;
  /** Runs of a batch: the least it runs, and the most it overspends by. */
  batch: number;
}

/** Its share, Wilson's interval, and what it spent. */
export interface Crude extends ShareInterval {
  spent: Spent;
}

/** Runs batch after batch until the budget is spent. */
export function* crude<S>(terms: CrudeTerms): ParticlePlan<S, Crude> {
  const { threshold, seed, cost, batch } = terms;
  const seeds = new ParticleSeeds(seed, 'crude');
  const spent: Spent = { runs: 0, cost: 0 };
  let hits = 0;
  for (;;) {
    const from = spent.runs;
    const outcomes = yield Array.from({ length: batch }, (_, i) => (
      { from: undefined, seed: seeds.seed(0, 0, from + i), level: threshold, keepsState: false }
    ));
    hits += outcomes.filter((one) => one.reached).length;
    const these = spentOn(outcomes);
    spent.runs += these.runs;
    spent.cost += these.cost;
    // Starts that need no work would never end.
    if (these.cost === 0 || spent.cost >= cost) break;
  }
  return { ...shareInterval(hits, spent.runs), spent };
}
