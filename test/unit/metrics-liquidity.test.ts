/** Known answers of the group liquidity. */
import { describe, expect, it } from 'vitest';
import {
  amihud,
  bookImbalance,
  cancelSubmitRatio,
  depthDepletion,
  depthWithin,
  extremeIndex,
  fitLine,
  fitThroughOrigin,
  kaplanMeier,
  kyleSlope,
  liquidityMetrics,
  meanEstimate,
  preShockBand,
  realisedVolatility,
  resilienceLoss,
  squareRootImpact,
  timeToRecovery,
  timeWeightedSpread,
  tradeSpreads,
  twinBand,
} from '../../sim/metrics/liquidity/index.js';
import { studentQuantile } from '../../sim/metrics/index.js';
import { studentQuantile as seriesQuantile } from '../support/paired-statistics.js';

describe('spread', () => {
  it('weighs quotes by the time they stand, and one side alone not at all', () => {
    const means = timeWeightedSpread({
      timeMicros: [0, 10, 40, 60],
      bidPrice: [99, 98, -1, 99.5],
      askPrice: [101, 102, 100, 100.5],
      endMicros: 100,
    });
    // 10 of 2, 30 of 4, 40 of 1.
    expect(means.spread).toBeCloseTo(180 / 80, 14);
    expect(means.relativeBps).toBeCloseTo(225, 12);
    expect(means.quotedShare).toBe(0.8);
  });

  it('is undefined without quotes', () => {
    const none = { timeMicros: [0], bidPrice: [0], askPrice: [5], endMicros: 9 };
    expect(timeWeightedSpread(none)).toEqual({ spread: NaN, relativeBps: NaN, quotedShare: 0 });
  });
});

describe('depth', () => {
  const book = {
    bidPrice: [99.9, 99.5, 98.9],
    bidSize: [5, 7, 11],
    askPrice: [100.1, 101],
    askSize: [3, 13],
  };

  it('counts both sides within a distance of the mid, its end included', () => {
    expect(depthWithin(book, 10)).toMatchObject({ bid: 5, ask: 3, both: 8, imbalance: 0.25 });
    expect(depthWithin(book, 100)).toMatchObject({ bid: 12, ask: 16, both: 28 });
    expect(depthWithin({ ...book, askPrice: [], askSize: [] }, 100).both).toBe(0);
    expect(bookImbalance(3, 5)).toBe(-0.25);
  });

  it('is depleted from its mean before to its least after', () => {
    // 100 for 10, 90 for 10 before the shock at 20.
    const times = [0, 10, 20, 30, 40];
    expect(depthDepletion(times, [100, 90, 40, 14.25, 80], 20)).toBeCloseTo(0.85, 14);
    expect(depthDepletion(times, [100, 90, 95, 97, 99], 20)).toBeCloseTo(0, 14);
    expect(depthDepletion(times, [100, 90, 190, 197, 199], 20)).toBeCloseTo(-1, 14);
    // Of the second sample only 5 lie before a shock at 15.
    expect(depthDepletion(times, [99, 90, 40, 48, 60], 15)).toBeCloseTo(1 - 40 / 96, 14);
    expect(depthDepletion(times, [100, 90, 1, 2, 3], 50)).toBeNaN();
    expect(depthDepletion(times, [100, 90, 1, 2, 3], 0)).toBeNaN();
  });
});

describe('intervals', () => {
  it('have the quantiles of printed tables', () => {
    const table: [number, number, number][] = [
      [0.975, 1, 12.706204736432], [0.975, 2, 4.302652729911], [0.975, 10, 2.228138851965],
      [0.95, 5, 2.015048372669], [0.995, 30, 2.749995653567], [0.975, 1000, 1.962339080669],
    ];
    for (const [p, degrees, t] of table) {
      expect(studentQuantile(p, degrees)).toBeCloseTo(t, 8);
      expect(studentQuantile(1 - p, degrees)).toBeCloseTo(-t, 8);
    }
    for (const degrees of [3, 8, 57, 399, 400, 401, 402]) {
      for (const p of [0.55, 0.9, 0.999]) {
        expect(studentQuantile(p, degrees)).toBeCloseTo(seriesQuantile(p, degrees), 10);
      }
    }
  });

  it('follow a regression done by hand', () => {
    // x 1..5, y 2 4 5 4 5: slope .6, intercept 2.2, residual 2.4, s^2 = .8, error sqrt(.08).
    const line = fitLine([1, 2, 3, 4, 5], [2, 4, 5, 4, 5]);
    expect(line.slope.value).toBeCloseTo(0.6, 14);
    expect(line.intercept).toBeCloseTo(2.2, 14);
    expect(line.explained).toBeCloseTo(0.6, 14);
    const half = 3.182446305284 * Math.sqrt(0.08);
    expect(line.slope.low).toBeCloseTo(0.6 - half, 10);
    expect(line.slope.high).toBeCloseTo(0.6 + half, 10);
    expect(fitLine([1, 1, 1], [1, 2, 3]).slope.value).toBeNaN();
    // Through the origin: 17 / 14, squares left 21 - 289 / 14 = 5 / 14 with two degrees.
    const origin = fitThroughOrigin([1, 2, 3], [1, 2, 4]);
    expect(origin.value).toBeCloseTo(17 / 14, 14);
    const error = Math.sqrt(5 / 14 / 2 / 14);
    expect(origin.high - origin.value).toBeCloseTo(4.302652729911 * error, 10);
    const two = fitLine([1, 2], [1, 3]).slope;
    expect(two).toEqual({ value: 2, low: -Infinity, high: Infinity });
    expect(meanEstimate([])).toEqual({ value: NaN, low: -Infinity, high: Infinity });
  });
});

describe('impact', () => {
  it('takes Kyle lambda from an exact line', () => {
    const flow = [5, -3, 0, 2, -7];
    const { slope, intercept } = kyleSlope(flow, flow.map((y) => 0.25 + 0.02 * y));
    expect(slope.value).toBeCloseTo(0.02, 14);
    expect(slope.high - slope.low).toBeLessThan(1e-12);
    expect(intercept).toBeCloseTo(0.25, 14);
  });

  it('takes Y from impacts made with it', () => {
    const orders = {
      quantity: [1, 4, 9, 100],
      volatility: [0.02, 0.01, 0.03, 0.02],
      volume: [100, 100, 900, 400],
      impact: [0.7 * 0.002, 0.7 * 0.002, 0.7 * 0.003, 0.7 * 0.01],
    };
    const fit = squareRootImpact(orders);
    expect(fit.value).toBeCloseTo(0.7, 12);
    // Double impacts double it; four times the size of order and market leaves it.
    const twice = { ...orders, impact: orders.impact.map((x) => 2 * x) };
    expect(squareRootImpact(twice).value).toBeCloseTo(1.4, 12);
    const quadruple = {
      ...orders,
      quantity: orders.quantity.map((x) => 4 * x),
      volume: orders.volume.map((x) => 4 * x),
    };
    expect(squareRootImpact(quadruple).value).toBeCloseTo(0.7, 12);
  });

  it('follows Amihud, leaving out bars without volume', () => {
    const ratio = amihud([0.01, -0.02, 0.5], [1e6, 4e6, 0]);
    expect(ratio.value).toBeCloseTo(0.0075, 14);
    // Error .0025, one degree of freedom.
    expect(ratio.low).toBeCloseTo(0.0075 - 12.706204736432 * 0.0025, 10);
    expect(amihud([0.1], [0]).value).toBeNaN();
  });

  it('tells volatility for a day, whatever the time between samples', () => {
    const half = 43_200e6;
    expect(realisedVolatility([0.01, -0.02], half)).toBeCloseTo(0.0223606797749979, 15);
    // Unknown returns are left out with their time; the same returns in a quarter of it: double.
    expect(realisedVolatility([0.01, Number.NaN, -0.02], half)).toBeCloseTo(0.0223606797749979, 15);
    expect(realisedVolatility([0.01, -0.02], half / 4)).toBeCloseTo(0.0447213595499958, 15);
    expect(realisedVolatility([Number.NaN], half)).toBeNaN();
  });
});

describe('what trades pay', () => {
  it('splits the effective spread into impact and what the maker keeps', () => {
    const spreads = tradeSpreads({
      side: [1, -1],
      price: [100.1, 99.8],
      quantity: [1, 3],
      midPrice: [100, 100],
      midPriceLater: [100.05, 100.2],
    });
    // Effective 20 and 40, realised 10 and 80 (the seller's price came back).
    expect(spreads.effectiveBps).toBeCloseTo(35, 9);
    expect(spreads.realisedBps).toBeCloseTo(62.5, 9);
    expect(spreads.impactBps).toBeCloseTo(-27.5, 9);
  });

  it('counts cancels by submits', () => {
    expect(cancelSubmitRatio(3, 4)).toBe(0.75);
    expect(cancelSubmitRatio(3, 0)).toBeNaN();
  });
});

describe('time to recovery', () => {
  const time = [0, 10, 20, 30, 40, 50, 60];
  const flat = twinBand(Array(7).fill(100), 0.05);

  it('needs a stay, not a visit', () => {
    const value = [100, 40, 96, 80, 97, 99, 103];
    const trough = extremeIndex(value, 0, -1);
    expect(trough).toBe(1);
    const once = timeToRecovery(time, value, flat, { trough, bars: 1 });
    expect(once).toEqual({ micros: 10, isCensored: false });
    const stay = timeToRecovery(time, value, flat, { trough, bars: 3 });
    expect(stay).toEqual({ micros: 30, isCensored: false });
    const long = timeToRecovery(time, value, flat, { trough, bars: 4 });
    expect(long).toEqual({ micros: 50, isCensored: true });
  });

  it('knows bands of a twin and of the past', () => {
    expect([...twinBand([-100, 200], 0.1).low]).toEqual([-110, 180]);
    const band = preShockBand([9, 11, 10, 10, 500], 4, 2);
    expect(band.high[4]).toBeCloseTo(10 + 2 * Math.sqrt(2 / 3), 14);
    expect(band.low[0]).toBeCloseTo(10 - 2 * Math.sqrt(2 / 3), 14);
  });
});

describe('Kaplan-Meier', () => {
  it('gives the remissions of Freireich et al. (1963), drug 6-MP', () => {
    const ended = [6, 6, 6, 7, 10, 13, 16, 22, 23];
    const censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
    const curve = kaplanMeier(
      [...censored, ...ended],
      [...censored.map(() => true), ...ended.map(() => false)],
    );
    const printed = [
      [6, 21, 0.8571, 0.6197, 0.9516], [7, 17, 0.8067, 0.5631, 0.9228],
      [10, 15, 0.7529, 0.5032, 0.8894], [13, 12, 0.6902, 0.4316, 0.8491],
      [16, 11, 0.6275, 0.3675, 0.8049], [22, 7, 0.5378, 0.2678, 0.7468],
      [23, 6, 0.4482, 0.1881, 0.6801],
    ];
    expect([...curve.time]).toEqual(printed.map((row) => row[0]));
    expect([...curve.atRisk]).toEqual(printed.map((row) => row[1]));
    for (const [n, row] of printed.entries()) {
      expect(curve.survival[n]).toBeCloseTo(row[2], 4);
      expect(curve.low[n]).toBeCloseTo(row[3], 4);
      expect(curve.high[n]).toBeCloseTo(row[4], 4);
    }
    expect(curve.median).toEqual({ value: 23, low: 13, high: Infinity });
  });

  it('is the empirical distribution when nobody is censored', () => {
    const curve = kaplanMeier([3, 1, 2, 4], [0, 0, 0, 0]);
    [0.75, 0.5, 0.25, 0].forEach((s, n) => {
      expect(curve.survival[n]).toBeCloseTo(s, 14);
    });
    expect(curve.median.value).toBe(2);
    expect(curve.low[3]).toBeNaN();
    expect(kaplanMeier([5, 6], [1, 1]).median.value).toBe(Infinity);
  });
});

describe('resilience loss', () => {
  it('is the area of the triangle', () => {
    expect(resilienceLoss([0, 0, 40], [100, 30, 100], 100)).toBeCloseTo((0.7 * 40) / 2, 12);
    expect(resilienceLoss([0, 10, 20], [100, 100, 100], 100)).toBe(0);
    expect(resilienceLoss([0, 10], [110, 110], 100)).toBeCloseTo(-1, 12);
    expect(resilienceLoss([5], [1], 100)).toBe(0);
  });
});

describe('declarations', () => {
  it('name each metric once, with all that is asked for', () => {
    const names = liquidityMetrics.map((metric) => metric.name);
    expect(new Set(names).size).toBe(names.length);
    for (const metric of liquidityMetrics) {
      expect(metric.name).toMatch(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*$/);
      expect(metric.group).toBe('liquidity');
      expect(metric.doc).toMatch(/\.$/);
      for (const text of Object.values(metric)) expect(text).not.toBe('');
    }
  });
});
