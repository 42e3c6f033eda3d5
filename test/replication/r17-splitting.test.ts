/** R17: multilevel splitting on cascades whose sizes have a known law. */
import { describe, expect, it } from 'vitest';
import { studyRareEvent } from '../../sim/splitting/index.js';
import { borelCascade, borelTail } from '../support/borel-cascade.js';

const R = 0.7;
const process = borelCascade(R);
/** Threshold, exact probability, relative error that the suite reports for its estimate. */
const CASES = [
  [40, 2.8077e-3, 0.03],
  [80, 1.21507e-4, 0.04],
  [120, 7.34309e-6, 0.06],
] as const;

const studies = CASES.map(([threshold, exact, error]) => {
  const study = studyRareEvent(process, {
    threshold, particles: 1000, replications: 40, seed: 17, comparesCrude: threshold < 120,
  });
  return { threshold, exact, error, ...study };
});

describe('splitting on a Borel cascade, R = 0.7', () => {
  it('the law itself', () => {
    for (const [n, exact] of CASES) {
      expect(Math.abs(borelTail(n, R) / exact - 1)).toBeLessThan(2e-5);
    }
  });

  it.each(studies)('P(T >= $threshold)', ({ threshold, exact, error, splitting, pilot }) => {
    expect(pilot?.levels.at(-1)).toBe(threshold);
    for (const { share } of splitting.stages.slice(0, -1)) {
      expect(share).toBeGreaterThan(0.15);
      expect(share).toBeLessThan(0.4);
    }
    expect(splitting.relativeError).toBeLessThan(error);
    expect(Math.abs(splitting.probability / exact - 1)).toBeLessThan(3 * splitting.relativeError);
    expect(splitting.low).toBeLessThan(exact);
    expect(splitting.high).toBeGreaterThan(exact);
    expect(splitting.warnings).toEqual([]);
  });

  it('has a smaller error than counting for the same work, the more so the rarer the event', () => {
    // Differs: the suite has the two alike at 2.8e-3 and .34 to .59 at 1.2e-4; here it is .6 and .3,
    // the states handed on being free.
    const ratios = studies.slice(0, 2).map(({ exact, splitting, pilot, crude }) => {
      if (crude === null || pilot === null) throw new Error('both were run');
      const spent = splitting.spent.cost + pilot.spent.cost;
      expect(crude.spent.cost).toBeGreaterThanOrEqual(spent);
      expect(crude.spent.cost).toBeLessThan(1.02 * spent);
      const error = Math.sqrt((1 - exact) / (exact * crude.count));
      expect(Math.abs(crude.share / exact - 1)).toBeLessThan(3 * error);
      return splitting.relativeError / error;
    });
    expect(ratios[0]).toBeLessThan(0.9);
    expect(ratios[1]).toBeLessThan(0.59);
    expect(ratios[1]).toBeLessThan(ratios[0]);
  });
});
