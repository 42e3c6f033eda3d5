/**
 * R14: the feedback gain of every rule that has a closed form, measured through the rule, one-sided
 * at its kinks; and the covariance that leveraged funds make between assets that have none.
 */
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { exp, normalCdf, RandomSource } from '../../sim/kernel/index.js';
import { measureGain, Probe } from '../../sim/probe/index.js';

const PATH = [100, 101, 103, 102, 99, 97, 98, 101, 104, 103];

interface Case {
  rule: string;
  set?: Record<string, number>;
  prices?: number[];
  equity?: number;
  position?: number;
  leverageMax?: number;
  barMicros?: number;
}

function probeOf(one: Case): { probe: Probe; price: number } {
  const prices = one.prices ?? [100];
  const { rule, set = {}, equity = 100, position, leverageMax, barMicros } = one;
  const probe = new Probe({
    strategy: strategyNamed(rule),
    startPrice: prices[0],
    priceMax: 2 * Math.max(...prices),
    params: set,
    equity,
    ...(position === undefined ? {} : { position }),
    ...(leverageMax === undefined ? {} : { leverageMax }),
    ...(barMicros === undefined ? {} : { barMicros }),
  });
  for (const price of prices) probe.step(price);
  return { probe, price: prices[prices.length - 1] };
}

/** Measured = closed within 1e-6 of the larger of the gain and the exposure. */
function agree(one: Case): { down: number; up: number } {
  const { probe, price } = probeOf(one);
  const gain = measureGain(probe, price);
  const size = Math.abs(probe.exposureOf());
  for (const side of ['down', 'up'] as const) {
    const closed = side === 'down' ? gain.closedDown : gain.closedUp;
    expect(closed, `${one.rule} ${side} has a closed form`).not.toBeNull();
    const scale = Math.max(Math.abs(closed as number), size, 1e-3);
    const error = Math.abs(gain[side] - (closed as number)) / scale;
    expect(error, `${one.rule} ${side}`).toBeLessThan(1e-6);
  }
  return { down: gain.down, up: gain.up };
}

const close = (actual: number, expected: number): void =>
  expect(Math.abs(actual - expected) / Math.max(Math.abs(expected), 1)).toBeLessThan(1e-6);

describe('the table of gains', () => {
  it.each([[2, 200], [3, 600], [-1, 200], [-2, 600]])('leveraged fund, beta = %d', (beta, g) => {
    const gain = agree({ rule: 'leverage-target', set: { leverage: beta, slices: 1 } });
    close(gain.down, g);
    close(gain.up, g);
  });

  it.each([[3, 120], [5, 400]])('portfolio insurance, m = %d, cushion 20', (multiplier, g) => {
    const set = { multiplier, tolerance: 0 };
    const gain = agree({ rule: 'cppi', set });
    close(gain.down, g);
    close(gain.up, g);
  });

  it('value-at-risk limit that binds: b (b - 1) W down, nothing up', () => {
    // The quantile in print is 2.326.
    const set = { confidence: normalCdf(2.326), volatilityInitial: 0.02, decayDaily: 1, safety: 1 };
    const gain = agree({ rule: 'var-limit', set, position: 2 });
    const b = 0.05 / (2.326 * 0.02);
    close(gain.down, b * (b - 1) * 100);
    expect(gain.down).toBeCloseTo(8.0403, 4);
    expect(gain.up).toBe(0);
  });

  it('forced deleverage to a ceiling of 5: l (l - 1) W down only', () => {
    const set = { cyclicality: 0, ceilingLeverage: 5, wantedLeverage: 9, restoreRate: 0 };
    const gain = agree({ rule: 'lender-ceiling', set, position: 8 });
    close(gain.down, 2000);
    expect(gain.up).toBe(0);
  });

  it('hedger of options sold: Q Gamma S^2', () => {
    // Bars of a millisecond, so that no time passes.
    const set = { optionLeverage: -3, costFraction: 0, volatility: 0.2, expiryDays: 91.25 };
    const { probe } = probeOf({ rule: 'delta-band', set, barMicros: 1000 });
    const gain = agree({ rule: 'delta-band', set, barMicros: 1000 });
    const want = 3 * probe.valueOf('optionGamma') * 100 * 100;
    close(gain.down, want);
    close(gain.up, want);
    const long = { ...set, optionLeverage: 3 };
    const bought = agree({ rule: 'delta-band', set: long, barMicros: 1000 });
    close(bought.down, -want);
  });

  it('Kelly and volatility targets with their estimates fixed: L (L - 1) W', () => {
    const known = { meanPrior: 0.08, volatilityPrior: 0.2, meanHalfLife: 0, varianceHalfLife: 0 };
    close(agree({ rule: 'kelly', set: { ...known, fraction: 0.75 } }).down, 75);
    const fixed = { decayDaily: 1, noiseDaily: 0, premium: 0, leverageEffect: 0, measuredShare: 1 };
    const set = { ...fixed, volatilityInitial: 0.01, volatilityTarget: 0.02 * Math.sqrt(365) };
    close(agree({ rule: 'implied-volatility-target', set }).down, 200);
  });

  it('Grossman-Zhou: (k - 1) N down, (k (1 - a) - 1) N up from a high', () => {
    const atHigh = agree({ rule: 'grossman-zhou' });
    close(atHigh.down, 40);
    close(atHigh.up, -24);
    const below = agree({ rule: 'grossman-zhou', prices: [100, 99] });
    close(below.up, below.down);
    const n = probeOf({ rule: 'grossman-zhou', prices: [100, 99] }).probe.exposureOf();
    close(below.down, n);
  });
});

/** Off the textbook: every rule in several states, declared against measured. */
const states: Case[] = [
  { rule: 'volatility-target', prices: PATH, set: { volatilityTarget: 0.4 } },
  { rule: 'volatility-target', prices: PATH, set: { volatilityTarget: 0.4 }, leverageMax: 1.2 },
  { rule: 'volatility-target', prices: PATH, set: { volatilityTarget: 0.4, exponent: 2 } },
  { rule: 'volatility-target', prices: PATH, set: { direction: -1, exponent: 2 } },
  { rule: 'kelly', prices: PATH, set: { meanPrior: 0.3, shrinkageBars: 5 } },
  { rule: 'kelly', prices: PATH, set: { meanPrior: -0.3, shrinkageBars: 50 } },
  { rule: 'kelly', prices: PATH, set: { meanPrior: 3 }, leverageMax: 2 },
  { rule: 'implied-volatility-target', prices: PATH, set: { noiseDaily: 0, leverageScale: 5 } },
  { rule: 'implied-volatility-target', prices: PATH, set: { noiseDaily: 0, direction: -1 } },
  { rule: 'implied-volatility-target', prices: PATH, set: { noiseDaily: 0 }, leverageMax: 0.3 },
  { rule: 'var-limit', prices: PATH, set: { limit: 0.004 }, position: 2 },
  { rule: 'var-limit', set: { direction: -1, safety: 1, decayDaily: 1 }, position: -4 },
  { rule: 'var-limit', set: { limit: 0.01, safety: 1, decayDaily: 1, measure: 1 }, position: 1 },
  { rule: 'cppi', prices: [100, 104, 109], set: { tolerance: 0 } },
  { rule: 'cppi', prices: PATH, set: { tolerance: 0, riskFree: 0.05 } },
  { rule: 'cppi', prices: [100, 120], set: { tolerance: 0, multiplier: 6 } },
  { rule: 'cppi', prices: [100, 70, 70], set: { tolerance: 0 } },
  { rule: 'cppi', prices: PATH },
  { rule: 'tipp', prices: PATH, set: { tolerance: 0 } },
  { rule: 'tipp', prices: [100, 102], set: { tolerance: 0, ratchet: 0.9 } },
  { rule: 'tipp', prices: [100, 102], set: { tolerance: 0, leverageCap: 0.5 } },
  { rule: 'grossman-zhou', prices: PATH, set: { riskFree: 0.05 } },
  { rule: 'grossman-zhou', prices: PATH, leverageMax: 0.2 },
  { rule: 'drawdown-cut' },
  { rule: 'drawdown-cut', prices: [100, 97, 98] },
  { rule: 'drawdown-cut', prices: [100, 102, 98], set: { direction: -1 } },
  { rule: 'drawdown-cut', prices: [100, 102, 98], leverageMax: 0.5 },
  { rule: 'delta-band', prices: PATH, set: { costFraction: 0 } },
  {
    rule: 'delta-band', prices: PATH,
    set: { costFraction: 0, put: 1, deltaTarget: 0.3, riskFree: 0.04 },
  },
  { rule: 'leverage-target', prices: PATH, set: { slices: 1, flowSensitivity: 2, fee: 0.01 } },
  { rule: 'leverage-target', prices: PATH, set: { slices: 6 } },
  { rule: 'leverage-target', prices: PATH, set: { slices: 1, leverage: 3 }, leverageMax: 2 },
  { rule: 'lender-ceiling', prices: PATH, set: { restoreRate: 0.3 } },
  { rule: 'lender-ceiling', prices: PATH, set: { cyclicality: -1, direction: -1 } },
  { rule: 'lender-ceiling', set: { cyclicality: 0, direction: -1, ceilingLeverage: 4 } },
  { rule: 'lender-ceiling', set: { cyclicality: 0, ceilingLeverage: 0.5, restoreRate: 0.5 } },
];

describe('declared and measured gains', () => {
  it.each(states.map((one, k) => [`${k} ${one.rule}`, one] as const))('%s', (_name, one) => {
    agree(one);
  });
});

describe('a volatility target', () => {
  it.each([[0.05, -0.5427], [-0.05, -0.5367]])('sells after a large move: %f', (r, printed) => {
    const { probe } = probeOf({
      rule: 'volatility-target',
      set: { volatilityTarget: 1.5 * 0.01 * Math.sqrt(365) },
    });
    // The print takes r for the log return too: here the log return is r, the simple one e^r - 1.
    const simple = exp(r) - 1;
    const traded = probe.wouldTrade(100 * (1 + simple)) / 100;
    const shrink = Math.sqrt(0.94 + 0.06 * (r / 0.01) ** 2);
    const formula = (x: number) => (1.5 * (1 + 1.5 * x)) / shrink - 1.5 * (1 + x);
    expect(traded).toBeCloseTo(formula(simple), 9);
    expect(formula(r)).toBeCloseTo(printed, 4);
  });
});

describe('endogenous covariance', () => {
  const impact = [1e-4, 3e-4, 2e-4];
  const weights = [0.5, 0.3, 0.2];
  const sigmas = [0.01, 0.02, 0.015];

  /** What a fund of 200 at leverage 4 trades in its basket after a basket return. */
  function fund(): { trade: (basket: number) => number; gain: number } {
    const { probe, price } = probeOf({
      rule: 'leverage-target', equity: 200, set: { leverage: 4, slices: 1 },
    });
    const trade = (basket: number): number => probe.wouldTrade(price * (1 + basket));
    return { trade, gain: measureGain(probe, price).down };
  }

  /** Sum over assets of weight x impact x weight: what a quote unit of basket moves the basket. */
  const pressure = impact.reduce((sum, lambda, i) => sum + lambda * weights[i] * weights[i], 0);

  function closedForm(gain: number): { sd: number[]; correlation: number[] } {
    // M = I + (lambda w) (gain w)' / (1 - loop), by Sherman and Morrison.
    const factor = gain / (1 - gain * pressure);
    const m = impact.map((lambda, i) =>
      weights.map((w, j) => (i === j ? 1 : 0) + lambda * weights[i] * factor * w),
    );
    const cov = m.map((a) => m.map((b) => a.reduce((s, x, k) => s + x * b[k] * sigmas[k] ** 2, 0)));
    const sd = cov.map((line, i) => Math.sqrt(line[i]));
    const pairs = [[0, 1], [0, 2], [1, 2]];
    return { sd, correlation: pairs.map(([i, j]) => cov[i][j] / (sd[i] * sd[j])) };
  }

  it('has the loop gain, amplification and covariance in print', () => {
    const { gain } = fund();
    close(gain, 2400);
    expect(gain * pressure).toBeCloseTo(0.144, 8);
    expect(1 / (1 - gain * pressure)).toBeCloseTo(1.168224, 6);
    const { sd, correlation } = closedForm(gain);
    for (const [i, x] of [0.0107422, 0.0215643, 0.0153614].entries()) {
      expect(sd[i]).toBeCloseTo(x, 7);
    }
    for (const [i, x] of [0.13778, 0.07888, 0.08089].entries()) {
      expect(correlation[i]).toBeCloseTo(x, 5);
    }
  });

  it('is what the rule makes of uncorrelated news', () => {
    const { trade, gain } = fund();
    const samples = 40_000;
    const news = new RandomSource(14).stream('r14/news');
    const sums = new Float64Array(9);
    for (let n = 0; n < samples; n++) {
      const shocks = sigmas.map((sigma, i) => sigma * news.normal(i, 0, n));
      const fundamental = shocks.reduce((sum, x, i) => sum + weights[i] * x, 0);
      // The basket's return is news plus the impact of the trade that it provokes.
      let traded = 0;
      for (let k = 0; k < 10; k++) traded = trade(fundamental + pressure * traded);
      const r = shocks.map((x, i) => x + impact[i] * weights[i] * traded);
      for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) sums[3 * i + j] += r[i] * r[j];
    }
    const sd = [0, 4, 8].map((k) => Math.sqrt(sums[k] / samples));
    const closed = closedForm(gain);
    // Within the larger of four standard errors and the tolerance in print: 2 %, .01.
    const error = Math.max(4 / Math.sqrt(2 * samples), 0.02);
    for (const [i, x] of sd.entries()) expect(Math.abs(x / closed.sd[i] - 1)).toBeLessThan(error);
    [[0, 1], [0, 2], [1, 2]].forEach(([i, j], k) => {
      const correlation = sums[3 * i + j] / samples / (sd[i] * sd[j]);
      const slack = Math.max(4 / Math.sqrt(samples), 0.01);
      expect(Math.abs(correlation - closed.correlation[k])).toBeLessThan(slack);
      // And not what it is without the fund.
      expect(correlation).toBeGreaterThan(slack);
    });
  });
});
