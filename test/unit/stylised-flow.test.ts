/** Facts of order flow and of the book on data whose laws are known, and the laws themselves. */
import { describe, expect, it } from 'vitest';
import { exp, pow } from '../../sim/kernel/index.js';
import {
  BlockBootstrap,
  correlogram,
  type FactResult,
  fitGamma,
  fitPowerDecay,
  fitWaiting,
  gammaCdf,
  gammaDistance,
  geometricLags,
  logGamma,
  type MarketRecord,
  type OrderRecord,
  singleLags,
  stylisedFacts,
} from '../../sim/stylised-facts/index.js';
import { MarketRecorder, parentsOf } from '../../scenarios/runtime/validate/index.js';
import { appendSeries, emptySeriesSample, EventKind, EventLog } from '../../sim/trace/index.js';
import * as make from '../support/synthetic-market.js';

function judge(id: number, sample: readonly MarketRecord[]): FactResult {
  const fact = stylisedFacts.find((one) => one.id === id);
  if (fact === undefined) throw new Error(`no fact ${id}`);
  return fact.test(sample, { stream: make.streamOf(`judge/${id}`), resamples: 100 });
}

const still = make.gaussian(make.streamOf('still'), 600);
const withSigns = (name: string, signs: (s: ReturnType<typeof make.streamOf>) => Int8Array) =>
  make.runsOf(name, (s) => make.marketOf(still, { takers: make.takersOf(signs(s)) }), 3);
const withOrders = (orders: Partial<OrderRecord>): MarketRecord[] => {
  const none = new Float64Array(0);
  const all = {
    timeMicros: none, limitLots: none, placementTicks: none, cancelMicros: none, fillMicros: none, bestLots: none,
  };
  return [make.marketOf(still, { orders: { ...all, ...orders } })];
};

describe('facts of order flow', () => {
  it('12: split orders have long memory, as 1.5 - 1 tells; coins and sticky signs have not', () => {
    const { verdict, values } = judge(12, withSigns('split', (s) => make.splitSigns(s, 30_000, 3, 1.5)));
    expect(verdict).toBe('pass');
    expect(Math.abs(values[0].value - 0.5)).toBeLessThan(0.12);
    expect(judge(12, withSigns('coin', (s) => make.stickySigns(s, 30_000, 0.5))).verdict).toBe('fail');
    expect(judge(12, withSigns('sticky', (s) => make.stickySigns(s, 30_000, 0.95))).verdict).toBe('fail');
    // Orders of thin tails are forgotten too fast.
    expect(judge(12, withSigns('thin', (s) => make.splitSigns(s, 30_000, 3, 2.4))).verdict).toBe('fail');
    expect(judge(12, withSigns('few', (s) => make.splitSigns(s, 900, 3, 1.5))).verdict).toBe('not-applicable');
  });

  it('13: Weibull gaps are found, a Poisson stream fails', () => {
    const clustered = judge(13, withOrders({ timeMicros: make.weibullTimes(make.streamOf('wb'), 30_000, 0.8) }));
    expect(clustered.verdict).toBe('pass');
    const poisson = judge(13, withOrders({ timeMicros: make.weibullTimes(make.streamOf('po'), 30_000, 1) }));
    expect(poisson.verdict).toBe('fail');
  });

  it('16: Pareto sizes pass at 1 + mu = 2.4, uniform ones fail', () => {
    const sized = (name: string, sizes: (s: ReturnType<typeof make.streamOf>) => Float64Array) =>
      make.runsOf(name, (s) => make.marketOf(still, { takers: make.takersOf(new Int8Array(4000).fill(1), sizes(s)) }));
    const heavy = judge(16, sized('p', (s) => make.pareto(s, 4000, 1.4)));
    expect(heavy.verdict).toBe('pass');
    expect(Math.abs(heavy.values[0].value - 2.4)).toBeLessThan(0.25);
    const flat = judge(16, sized('u', (s) => Float64Array.from({ length: 4000 }, (_, i) => 1 + s.uniform(0, 0, i))));
    expect(flat.verdict).toBe('fail');
  });

  it('17: far placements pass, geometric ones fail', () => {
    const far = make.pareto(make.streamOf('far'), 20_000, 1.2);
    expect(judge(17, withOrders({ placementTicks: far })).verdict).toBe('pass');
    const near = Float64Array.from({ length: 20_000 }, (_, i) =>
      Math.ceil(8 * make.streamOf('near').exponential(0, 0, i)));
    expect(judge(17, withOrders({ placementTicks: near })).verdict).toBe('fail');
    expect(judge(17, [make.marketOf(still)]).verdict).toBe('not-applicable');
  });

  it('20: a root law of impact passes, a linear one fails', () => {
    const day = 1440;
    const returns = make.gaussian(make.streamOf('day'), day);
    const sigma = Math.sqrt(returns.reduce((sum, r) => sum + r * r, 0));
    const law = (delta: number, y: number): MarketRecord[] => {
      const share = Float64Array.from({ length: 4000 }, (_, i) =>
        1e-3 * exp(4.6 * make.streamOf('q').uniform(0, 0, i)));
      const impact = share.map((q, i) =>
        y * sigma * pow(q, delta) + 0.3 * sigma * make.streamOf('n').normal(0, 0, i) * Math.sqrt(q));
      return [make.marketOf(returns, { parents: { sizeLots: share.map((q) => q * day), impact } })];
    };
    const root = judge(20, law(0.5, 0.8));
    expect(root.verdict).toBe('pass');
    expect(root.values[0].value).toBeCloseTo(0.5, 1);
    expect(root.values[1].value).toBeCloseTo(0.8, 0);
    expect(judge(20, law(1, 5)).verdict).toBe('fail');
  });

  it('15, 21: a session with a busy open and close; arrivals that nothing excites', () => {
    const shaped = (bend: number) => [
      make.marketOf(still, {
        hasSession: true,
        volumeLots: Float64Array.from(still, (_, i) => 10 + bend * pow(Math.abs(i / 300 - 1), 2)),
      }),
    ];
    expect(judge(15, shaped(5)).verdict).toBe('pass');
    expect(judge(15, shaped(-5)).verdict).toBe('fail');
    const times = make.weibullTimes(make.streamOf('poisson'), 36_000, 1);
    const takers = { ...make.takersOf(new Int8Array(36_000).fill(1)), timeMicros: times };
    const [counts, hawkes] = judge(21, [make.marketOf(still, { takers })]).values;
    expect(Math.abs(counts.value)).toBeLessThan(0.25);
    expect(hawkes.value).toBeLessThan(0.1);
  });
});

describe('laws', () => {
  it('fit what they are drawn from', () => {
    const gaps = make.weibullTimes(make.streamOf('gaps'), 20_000, 0.7);
    const { shape, scale } = fitWaiting(gaps.slice(1).map((t, i) => t - gaps[i]));
    expect(Math.abs(shape - 0.7)).toBeLessThan(4 * 0.7 * 0.78 / Math.sqrt(20_000));
    expect(scale / 1e6).toBeCloseTo(1, 1);
    const s = make.streamOf('gamma');
    const sums = Float64Array.from({ length: 5000 }, (_, i) =>
      s.exponential(0, 0, i) + s.exponential(1, 0, i) + s.exponential(2, 0, i));
    const fit = fitGamma(sums);
    expect(Math.abs(fit.shape - 3)).toBeLessThan(0.2);
    expect(gammaDistance(sums, fit)).toBeLessThan(1.36 / Math.sqrt(5000));
    expect(gammaDistance(sums.map((x) => (x > 3 ? x + 5 : x)), fit)).toBeGreaterThan(0.1);
  });

  it('have the gamma function of the tables', () => {
    expect(logGamma(5)).toBeCloseTo(3.1780538303479458, 13);
    expect(logGamma(0.5)).toBeCloseTo(0.5723649429247001, 13);
    expect(logGamma(0.1)).toBeCloseTo(2.252712651734206, 12);
    // P(1, x) = 1 - exp(-x); P(3, 2) = 1 - 5 exp(-2).
    for (const x of [0.1, 1, 5]) expect(gammaCdf(1, x)).toBeCloseTo(1 - exp(-x), 13);
    expect(gammaCdf(3, 2)).toBeCloseTo(1 - 5 * exp(-2), 13);
    expect(gammaCdf(2, 0)).toBe(0);
  });

  it('tell a power decay from an exponential one', () => {
    const bins = geometricLags(200);
    const lag = bins.map(({ from, until }) => Math.sqrt(from * until));
    const power = fitPowerDecay(lag, lag.map((x) => 0.3 * pow(x, -0.4)));
    expect(power.exponent).toBeCloseTo(0.4, 10);
    expect(power.overExponential).toBeGreaterThan(0);
    expect(fitPowerDecay(lag, lag.map((x) => exp(-x / 30))).overExponential).toBeLessThan(0);
    expect(fitPowerDecay([1, 2, 3], [1, -1, -1]).exponent).toBeNaN();
    expect(bins.slice(0, 6)).toEqual([
      { from: 1, until: 1 }, { from: 2, until: 2 }, { from: 3, until: 4 },
      { from: 5, until: 7 }, { from: 8, until: 11 }, { from: 12, until: 16 },
    ]);
  });
});

describe('the block bootstrap', () => {
  it('covers the autocorrelation of AR(1) about as often as it says', () => {
    let covered = 0;
    for (let k = 0; k < 60; k++) {
      const x = make.autoregressive(make.streamOf(`cover/${k}`), 1000, 0.4);
      const { interval } = correlogram([x], singleLags(1), { stream: make.streamOf(`boot/${k}`), resamples: 200 });
      if (interval[0].low <= 0.4 && 0.4 <= interval[0].high) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(51);
    expect(covered).toBeLessThan(60);
  });

  it('draws whole runs before blocks, each of its own length', () => {
    const bootstrap = new BlockBootstrap([100, 400], { stream: make.streamOf('blocks'), resamples: 20 });
    const seen = new Set<string>();
    for (let b = 0; b < 20; b++) {
      const lengths: number[] = [0, 0];
      bootstrap.blocks(b, (run, from, until) => {
        expect(until - from).toBeLessThanOrEqual(run === 0 ? 20 : 40);
        expect(until).toBeLessThanOrEqual(run === 0 ? 100 : 400);
        lengths[run] += until - from;
      });
      seen.add(lengths.join());
    }
    expect([...seen].sort()).toEqual(['0,800', '100,400', '200,0']);
  });
});

describe('the recorder of a market', () => {
  it('joins fills into takers, bins volume, and keeps the mid where a side is empty', () => {
    const recorder = new MarketRecorder(60e6, 60e6);
    const log = new EventLog((bytes) => recorder.take(bytes));
    const sample = emptySeriesSample();
    const series = (minute: number, bidTicks: number, askTicks: number, volumeLots: number) =>
      appendSeries(log, minute * 60e6, 0, { ...sample, bidTicks, askTicks, volumeLots });
    const trade = (time: number, account: number, lots: number, ticks: number) =>
      log.append(EventKind.trade, time, account, 9, ticks, lots, 0, 0, 0, 0, 0);
    trade(30e6, 1, 5, 100);
    series(1, 99, 101, 5);
    trade(70e6, 1, 5, 101);
    trade(70e6, 1, 2, 102);
    trade(70e6, 1, -2, 100);
    trade(80e6, 2, -3, 100);
    series(2, 101, 103, 17);
    series(3, 0, 103, 17);
    log.flush();
    const record = recorder.record();
    expect([...(record?.midPrice ?? [])]).toEqual([100, 102, 102]);
    expect([...(record?.volumeLots ?? [])]).toEqual([12, 0]);
    expect([...(record?.takers.sizeLots ?? [])]).toEqual([7, 2, 3]);
    expect([...(record?.takers.sign ?? [])]).toEqual([1, -1, -1]);
    expect([...(record?.takers.lastTicks ?? [])]).toEqual([102, 100, 100]);
    expect(recorder.unquotedBins).toBe(1);
  });

  it('joins takers of one account and side into parents', () => {
    const takers = {
      timeMicros: Float64Array.of(1e6, 2e6, 3e6, 4e6, 5e6, 9000e6, 9001e6),
      sign: Int8Array.of(1, 1, -1, 1, 1, 1, 1),
      sizeLots: Float64Array.of(1, 2, 4, 8, 16, 32, 64),
      lastTicks: Float64Array.of(100, 101, 100, 102, 103, 110, 121),
    };
    const { sizeLots, impact } = parentsOf(takers, [5, 7, 5, 7, 7, 7, 7]);
    expect([...sizeLots]).toEqual([26, 96]);
    expect(impact[0]).toBeCloseTo(Math.log(103 / 100), 12);
    expect(impact[1]).toBeCloseTo(Math.log(121 / 103), 12);
  });
});
