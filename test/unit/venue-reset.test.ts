/** A venue that was put back is as a fresh one. */
import { describe, expect, it } from 'vitest';
import { FlatWorld } from '../../scenarios/model/replicates/index.js';
import { Hash64 } from '../../sim/kernel/index.js';
import { flatScenario } from '../support/flat-runs.js';

function hashOf({ venue }: FlatWorld): string {
  const hash = new Hash64();
  venue.hash(hash);
  return hash.hex();
}

describe('a venue that is reset', () => {
  it.each([
    [{ R: 0.9, theta: 4, cap: 200 }],
    [{ R: 1.5, theta: 2, cap: 50 }],
    [{ R: 0.9, theta: 4, refill: 0.4, cap: 200 }],
  ])('has the hash of a fresh one after the same replicate: %o', (flat) => {
    const scenario = flatScenario(flat);
    const used = new FlatWorld(scenario, true);
    // Much else first: small and large cascades, and a suppressed one.
    for (let seed = 100; seed < 140; seed++) used.replicate(seed);
    used.replicate(139, 0);
    const hashes = [11, 12, 13, 14].map((seed) => {
      used.replicate(seed);
      const fresh = new FlatWorld(scenario, true);
      fresh.replicate(seed);
      expect(hashOf(used)).toBe(hashOf(fresh));
      used.venue.check();
      expect(used.venue.log.rows()).toBe(fresh.venue.log.rows());
      return hashOf(fresh);
    });
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
