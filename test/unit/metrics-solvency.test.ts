/** Known answers of the group solvency. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowMatrix } from '../../sim/metrics/crowding/index.js';
import {
  badDebt,
  coverLosses,
  deleverageIncidence,
  deleverageOvershoot,
  depletionProbability,
  fundPath,
  haircuts,
  hedgeBreaking,
  lossRatios,
  neededDeleverage,
  proRata,
  rankConsistency,
  solvencyMetrics,
} from '../../sim/metrics/solvency/index.js';
import { wilsonShare } from '../../sim/metrics/index.js';

describe('losses', () => {
  it('follow a bankrupt long of R19: 60 units filled 2 below bankruptcy, fund 100', () => {
    const debt = badDebt([-60 * 2, 35, 0]);
    expect(debt).toBe(120);
    expect(coverLosses(100, [120])).toEqual({ fundQuote: 0, paidQuote: 100, uncoveredQuote: 20 });
    expect(coverLosses(100, [70, 50, 9])).toMatchObject({ paidQuote: 100, uncoveredQuote: 29 });
    const ratios = lossRatios({
      badDebtQuote: debt,
      fundPaidQuote: 100,
      solventNotionalQuote: 4000,
      defaultedNotionalQuote: 5400,
      exogenousLossQuote: 480,
    });
    expect(ratios.uncoveredQuote).toBe(20);
    expect(ratios.socialisedLoss).toBe(0.005);
    expect(ratios.lossGivenDefault).toBeCloseTo(120 / 5400, 15);
    expect(ratios.badDebtOverExogenousLoss).toBe(0.25);
  });

  it('are undefined where there is nothing to compare with', () => {
    const ratios = lossRatios({
      badDebtQuote: 0,
      fundPaidQuote: 0,
      solventNotionalQuote: 0,
      defaultedNotionalQuote: 0,
      exogenousLossQuote: 0,
    });
    expect(ratios).toEqual({
      uncoveredQuote: 0,
      socialisedLoss: NaN,
      lossGivenDefault: NaN,
      badDebtOverExogenousLoss: NaN,
    });
    expect(() => badDebt([NaN])).toThrow('not a number');
  });
});

describe('the insurance fund', () => {
  it('falls from its peak', () => {
    expect(fundPath([0, 1, 2, 3], [100, 120, 30, 90])).toEqual({
      drawdownQuote: 90,
      drawdown: 0.75,
      leastQuote: 30,
      depletedAtMicros: NaN,
    });
    // The larger fall is not the deeper one.
    expect(fundPath([0, 1, 2, 3], [10, 1, 100, 50])).toMatchObject({
      drawdownQuote: 50,
      drawdown: 0.9,
    });
    expect(fundPath([5, 6, 7, 8], [9, 0, 4, 0]).depletedAtMicros).toBe(6);
    expect(fundPath([0], [0])).toMatchObject({ drawdown: 0, depletedAtMicros: 0 });
  });

  it('runs out in a share of runs', () => {
    const share = depletionProbability([NaN, 0, NaN, 12]);
    expect(share.value).toBe(0.5);
    const half = wilsonShare(10, 20);
    expect(half.low).toBeCloseTo(0.2993, 4);
    expect(half.high).toBeCloseTo(0.7007, 4);
    // Wilson's upper end of 0 of 10: z^2 / (10 + z^2).
    expect(wilsonShare(0, 10)).toMatchObject({ value: 0, low: 0 });
    expect(wilsonShare(0, 10).high).toBeCloseTo(0.2775, 4);
    expect(wilsonShare(10, 10).low).toBeCloseTo(1 - 0.2775, 4);
    expect(wilsonShare(0, 0)).toEqual({ value: NaN, low: 0, high: 1 });
  });
});

describe('deleveraging', () => {
  // R19: winners D, A, B, C; 40 contracts.
  const size = [10, 30, 20, 50];
  const queue = [10, 30, 0, 0];

  it('differs by allocation as in R19', () => {
    const even = proRata(40, size);
    [3.636, 10.909, 7.273, 18.182].forEach((lots, i) => {
      expect(even[i]).toBeCloseTo(lots, 3);
    });
    const byQueue = deleverageIncidence(queue, size);
    const byShare = deleverageIncidence(even, size);
    expect(byQueue.herfindahl).toBe(0.625);
    expect(byShare.herfindahl).toBeCloseTo(0.3223, 4);
    expect(byQueue.proRataDistance).toBeCloseTo(0.636, 3);
    expect(byShare.proRataDistance).toBeCloseTo(0, 14);
    expect(byQueue.gini).toBe(0.625);
    expect(deleverageIncidence([0, 0], [1, 2]).proRataDistance).toBeNaN();
  });

  it('overshoots what the shortfall needs', () => {
    // Of 60 units that lose 2 each a fund of 100 carries 50.
    expect(neededDeleverage(60, 2, 100)).toBe(10);
    expect(deleverageOvershoot(40, neededDeleverage(60, 2, 100))).toBe(4);
    expect(neededDeleverage(60, 2, 500)).toBe(0);
    expect(neededDeleverage(60, -1, 0)).toBe(0);
    expect(deleverageOvershoot(1, 0)).toBe(Infinity);
    expect(deleverageOvershoot(0, 0)).toBeNaN();
  });

  it('cuts profits', () => {
    const cut = haircuts([50, 10, 99], [100, 100, -5]);
    expect([...cut.rate]).toEqual([0.5, 0.1, NaN]);
    expect(cut.total).toBe(0.3);
    expect(cut.variance).toBeCloseTo(0.04, 14);
    expect(haircuts([10, 40], [100, 400]).variance).toBeCloseTo(0, 14);
  });

  it('keeps to its ranking, or not', () => {
    const scores = [0.75, 0.675, 0.467532, 0.249307];
    expect(rankConsistency(scores)).toEqual({ inversions: 0, share: 1, passedOver: 0 });
    expect(rankConsistency([...scores].reverse())).toMatchObject({ inversions: 6, share: 0 });
    expect(rankConsistency([0.75, 0.467532], [0.675, 0.249307]).passedOver).toBe(1);
    expect(rankConsistency([], [1])).toEqual({ inversions: 0, share: 1, passedOver: 0 });
  });

  it('counts the inversions that every pair shows', () => {
    const some = fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 30 });
    fc.assert(fc.property(some, (scores) => {
      let inversions = 0;
      scores.forEach((score, i) => {
        inversions += scores.slice(0, i).filter((before) => before < score).length;
      });
      expect(rankConsistency(scores).inversions).toBe(inversions);
    }), { seed: 9, numRuns: 300 });
  });

  it('breaks hedges', () => {
    const broken = hedgeBreaking({
      // A hedged account loses its short leg; a naked one shrinks; a hedge flips its sign.
      before: rowMatrix([[100, -100], [50, 0], [30, -40]]),
      after: rowMatrix([[100, 0], [20, 0], [30, -10]]),
      beta: [1, 1],
      factorReturn: -0.1,
    });
    expect(broken.accounts).toBe(2);
    expect(broken.exposureQuote).toBe(100 + 10);
    expect(broken.lossQuote).toBeCloseTo(10 + 3, 14);
    const up = hedgeBreaking({
      before: rowMatrix([[100, -50]]),
      after: rowMatrix([[100, 0]]),
      beta: [1, 2],
      factorReturn: 0.1,
    });
    expect(up).toEqual({ accounts: 1, exposureQuote: 100, lossQuote: 0 });
  });

  it('does not mind in which order winners are listed', () => {
    const one = fc.record({ closed: fc.nat(9), size: fc.integer({ min: 1, max: 20 }) });
    fc.assert(fc.property(fc.array(one, { minLength: 1, maxLength: 12 }), (winners) => {
      if (winners.every((winner) => winner.closed === 0)) return;
      const at = (list: typeof winners) =>
        deleverageIncidence(list.map((w) => w.closed), list.map((w) => w.size));
      const incidence = at(winners);
      const turned = at([...winners].reverse());
      for (const key of ['herfindahl', 'gini', 'proRataDistance'] as const) {
        expect(turned[key]).toBeCloseTo(incidence[key], 12);
        expect(incidence[key]).toBeGreaterThanOrEqual(-1e-12);
        expect(incidence[key]).toBeLessThanOrEqual(1 + 1e-12);
      }
    }), { seed: 10, numRuns: 200 });
  });
});

describe('declarations', () => {
  it('name each metric once, with all that is asked for', () => {
    const names = solvencyMetrics.map((metric) => metric.name);
    expect(new Set(names).size).toBe(names.length);
    for (const metric of solvencyMetrics) {
      expect(metric.name).toMatch(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*$/);
      expect(metric.group).toBe('solvency');
      expect(metric.doc).toMatch(/\.$/);
      for (const text of Object.values(metric)) expect(text).not.toBe('');
    }
  });
});
