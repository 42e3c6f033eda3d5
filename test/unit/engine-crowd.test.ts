/** What agents of a publishing cohort see of it, against a count of everything that was published. */
import { describe, expect, it } from 'vitest';
import { runInMemory } from '../../sim/engine/index.js';
import { MarketField } from '../../sim/strategy/index.js';
import { crowdStrategy } from '../support/crowd-strategy.js';
import { tinyWorld } from '../support/tiny-world.js';

const WINDOW = 100_000;

describe('cohort sums', () => {
  it('are those at the start of the window of the snapshot an agent sees', () => {
    /** Changes of the sum by the window they were decided in. */
    const changes = new Map<number, number>();
    const last = new Map<number, number>();
    let seen = 0;
    let moved = 0;
    const strategy = crowdStrategy((batch, i, published) => {
      const snapshot = batch.market[batch.marketAt[i] + MarketField.window];
      let sum = 0;
      for (const [window, change] of changes) if (window < snapshot) sum += change;
      expect(batch.crowdSum[i]).toBe(sum);
      expect(batch.cohortCount).toBe(30);
      seen++;
      if (sum !== 0) moved++;
      const window = Math.floor(batch.time[i] / WINDOW);
      const change = published - (last.get(batch.agent[i]) ?? 0);
      last.set(batch.agent[i], published);
      changes.set(window, (changes.get(window) ?? 0) + change);
    });
    const one = runInMemory(tinyWorld({ seconds: 20, custom: strategy }));
    expect(seen).toBeGreaterThan(300);
    expect(moved).toBeGreaterThan(200);
    const more = runInMemory(tinyWorld({ seconds: 20, custom: crowdStrategy() }), { shards: 4 });
    expect(more.hash).toBe(one.hash);
  });

  it('take whole numbers only', () => {
    const half = tinyWorld({ seconds: 5, custom: crowdStrategy(() => {}, 0.5) });
    expect(() => runInMemory(half)).toThrow(
      /strategy "crowd", agent \d+ of cohort "targets" at [\d:.]+: published "side" was -?0\.5, must be a whole/,
    );
    const large = tinyWorld({ seconds: 5, custom: crowdStrategy(() => {}, 1e12) });
    expect(() => runInMemory(large)).toThrow(/published "side" was -?1000000000000/);
  });
});
