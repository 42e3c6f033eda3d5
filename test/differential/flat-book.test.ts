/** Replicates of a flat book in place against the ordinary runs of the same seeds. */
import { describe, expect, it } from 'vitest';
import { FlatWorld } from '../../scenarios/model/replicates/index.js';
import type { OrdinaryRun } from '../support/flat-runs.js';
import { flatScenario, ordinaryRun } from '../support/flat-runs.js';

/** Liquidations in order: account, and id of the one that pushed it, 0 for the shock. */
function ofForest({ forest }: OrdinaryRun): number[][] {
  return Array.from({ length: forest.count }, (_, i) => {
    const parent = forest.parent[i];
    return [forest.account[i], parent < 0 ? 0 : forest.liquidation[parent]];
  });
}

function ofWorld({ run }: FlatWorld): number[][] {
  return Array.from({ length: run.count }, (_, i) => [run.accounts[i + 1], run.parents[i + 1]]);
}

const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

describe.each([
  { R: 0, theta: 2, cap: 1000 },
  { R: 0.6, theta: 2, cap: 1000 },
  { R: 0.9, theta: 2, cap: 300 },
  { R: 0.9, theta: 30, cap: 200 },
  { R: 2, theta: 2, cap: 60 },
  { R: 0.8, theta: 2, refill: 0.5, cap: 300 },
  { R: 1.7, theta: 2, refill: 0.37, cap: 80 },
  { R: 1.2, theta: 3, refill: 1, cap: 100 },
])('%o', (flat) => {
  const scenario = flatScenario(flat);
  const whole = new FlatWorld(scenario, true);
  const cut = new FlatWorld(scenario);
  const runs = SEEDS.map((seed) => ordinaryRun(scenario, seed));

  it('has the same liquidations, parents and price, whether runaways are cut or not', () => {
    let liquidations = 0;
    SEEDS.forEach((seed, k) => {
      const expected = ofForest(runs[k]);
      for (const world of [whole, cut]) {
        world.replicate(seed);
        expect(ofWorld(world)).toEqual(expected);
        expect(world.run.markTicks).toBe(runs[k].markTicks);
      }
      expect(runs[k].liquidations).toBe(expected.length);
      whole.replicate(seed);
      expect(whole.venue.badDebt()).toBe(runs[k].badDebtQuanta);
      whole.venue.check();
      liquidations += expected.length;
    });
    expect(liquidations).toBeGreaterThan(5);
  });

  it('loses the same when a root is suppressed', () => {
    for (const seed of SEEDS.slice(0, 5)) {
      whole.replicate(seed);
      if (whole.run.count === 0) continue;
      const account = whole.run.accounts[1];
      const rules = [{ mode: 'warehouse' as const, account, ordinal: 1 }];
      const other = ordinaryRun(scenario, seed, rules);
      for (const world of [whole, cut]) {
        world.replicate(seed, account);
        expect(world.run.count).toBe(other.liquidations);
        expect(world.run.markTicks).toBe(other.markTicks);
      }
    }
  });
});
