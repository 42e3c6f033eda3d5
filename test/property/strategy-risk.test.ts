/** Invariants of the rules that size by risk: Kelly, volatility targets, risk limits, ceilings. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { exp, RandomSource } from '../../sim/kernel/index.js';
import { Probe, type ProbeStep } from '../../sim/probe/index.js';

const SEED = 20_250_101;
const check = <T>(property: fc.IProperty<T>, numRuns = 60): void =>
  fc.assert(property, { seed: SEED, numRuns });

interface Setting {
  params?: Record<string, number>;
  equity?: number;
  position?: number;
  leverageMax?: number;
  barMicros?: number;
}

function probeOf(rule: string, setting: Setting = {}): Probe {
  return new Probe({ strategy: strategyNamed(rule), startPrice: 100, priceMax: 1000, ...setting });
}

function walk(rule: string, prices: readonly number[], setting: Setting = {}): ProbeStep[] {
  const probe = probeOf(rule, setting);
  return prices.map((price) => probe.step(price));
}

/** A path from 100 with a volatility per bar that changes half-way. */
const paths = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    calm: fc.constantFrom(0.002, 0.01, 0.03),
    wild: fc.constantFrom(0.005, 0.02, 0.06),
  })
  .map(({ seed, calm, wild }) => {
    const draws = new RandomSource(seed).stream('path');
    const prices = [100];
    for (let k = 0; k < 60; k++) {
      prices.push(prices[k] * exp((k < 30 ? calm : wild) * draws.normal(0, 0, k)));
    }
    return prices;
  });

const leverages = (steps: ProbeStep[]): number[] => steps.map((step) => step.targetLeverage);
const state = (step: ProbeStep, name: string): number => step.state[name] as number;

describe('kelly', () => {
  it('scales with its fraction until the cap, and takes the side of its excess return', () => {
    check(
      fc.property(paths, fc.double({ min: 0.1, max: 3, noNaN: true }), (prices, factor) => {
        const params = { meanPrior: 0.1, riskFree: 0.03, meanHalfLife: 10, shrinkageBars: 20 };
        const one = walk('kelly', prices, { params: { ...params, fraction: 0.3 } });
        const other = walk('kelly', prices, { params: { ...params, fraction: 0.3 * factor } });
        const short = { params: { ...params, fraction: 0.3 }, leverageMax: 2 };
        const capped = walk('kelly', prices, short);
        // Equity differs between them, the estimates do not.
        leverages(one).forEach((leverage, k) => {
          if (one[k].equityQuote > 0 && other[k].equityQuote > 0) {
            expect(other[k].targetLeverage).toBeCloseTo(leverage * factor, 6);
          }
          if (one[k].equityQuote > 0 && capped[k].equityQuote > 0) {
            expect(capped[k].targetLeverage).toBeCloseTo(Math.min(Math.max(leverage, -2), 2), 9);
          }
          const bars = state(one[k], 'bars');
          const prior = state(one[k], 'priorBar');
          const trust = bars / (bars + 20);
          const shrunk = state(one[k], 'mean') * trust + prior * (1 - trust);
          const excess = shrunk - state(one[k], 'riskFreeBar');
          if (one[k].equityQuote > 0) expect(Math.sign(leverage)).toBe(Math.sign(excess));
        });
      }),
    );
  });

  it('estimates as its formulas say, simple returns and deviations from the mean so far', () => {
    check(
      fc.property(paths, (prices) => {
        const params = { meanPrior: 0.2, meanHalfLife: 12, varianceHalfLife: 6, shrinkageBars: 9 };
        const steps = walk('kelly', prices, { params });
        const prior = 0.2 / 365;
        let mean = prior;
        let variance = 0.25 / 365;
        for (let k = 1; k < prices.length && steps[k].equityQuote > 0; k++) {
          const gap = prices[k] / prices[k - 1] - 1 - mean;
          mean += (1 - 0.5 ** (1 / 12)) * gap;
          const kept = 0.5 ** (1 / 6);
          variance = kept * variance + (1 - kept) * gap * gap;
          const shrunk = (mean * k + prior * 9) / (k + 9);
          const want = (0.5 * shrunk) / variance;
          const error = Math.abs(steps[k].targetLeverage - want);
          expect(error).toBeLessThan(1e-9 * (1 + Math.abs(want)));
        }
      }),
    );
  });

  it('is the same for any length of bar while it knows its moments', () => {
    const params = { meanPrior: 0.1, riskFree: 0.02, meanHalfLife: 0, varianceHalfLife: 0 };
    for (const barMicros of [60e6, 3600e6, 7 * 86_400e6]) {
      const [step] = walk('kelly', [100], { params, barMicros });
      expect(step.targetLeverage).toBeCloseTo((0.5 * 0.08) / 0.25, 12);
    }
  });

  it('halves the weight of news in its half-life', () => {
    const probe = probeOf('kelly', { params: { meanHalfLife: 10, varianceHalfLife: 5 } });
    probe.step(100);
    probe.step(110);
    const first = probe.valueOf('mean');
    for (let k = 0; k < 10; k++) probe.step(110);
    expect(probe.valueOf('mean') / first).toBeCloseTo(0.5, 9);
  });
});

describe('volatility-target on the variance', () => {
  it('has the volatility it aims at, as far as its estimate is right', () => {
    // Volatility switches between two levels, for long enough to be measured.
    const draws = new RandomSource(7).stream('regimes');
    for (const exponent of [1, 2]) {
      const probe = probeOf('volatility-target', {
        params: { exponent, daysPerYear: 256, volatilityTarget: 0.16, volatilityInitial: 0.01 },
      });
      let price = 100;
      let leverage = probe.step(price).targetLeverage;
      let sum = 0;
      const bars = 20_000;
      for (let k = 0; k < bars; k++) {
        const sigma = Math.floor(k / 500) % 2 === 0 ? 0.006 : 0.015;
        const r = exp(sigma * draws.normal(0, 0, k)) - 1;
        sum += (leverage * r) ** 2;
        price *= 1 + r;
        if (price > 400 || price < 25) {
          // Walks that drift far are brought back; the rule sees one odd return.
          price = 100;
        }
        leverage = probe.step(price).targetLeverage;
      }
      const annual = Math.sqrt((sum / bars) * 256);
      expect(Math.abs(annual / 0.16 - 1)).toBeLessThan(0.12);
    }
  });

  it('falls with the square of what the other falls with, from the same start', () => {
    check(
      fc.property(paths, (prices) => {
        const one = walk('volatility-target', prices);
        const two = walk('volatility-target', prices, { params: { exponent: 2 } });
        expect(two[0].targetLeverage).toBeCloseTo(one[0].targetLeverage, 12);
        two.forEach((step, k) => {
          if (!(step.equityQuote > 0 && one[k].equityQuote > 0)) return;
          const variance = state(step, 'variance');
          expect(variance).toBe(state(one[k], 'variance'));
          const ratio = step.targetLeverage / one[k].targetLeverage;
          expect(ratio * Math.sqrt(variance * state(step, 'precision'))).toBeCloseTo(1, 9);
        });
      }),
    );
  });
});

describe('implied-volatility-target', () => {
  const asMeasured = { measuredShare: 1, premium: 0, leverageEffect: 0, noiseDaily: 0 };

  it('agrees with the realised target where implied is measured volatility', () => {
    check(
      fc.property(paths, (prices) => {
        const implied = walk('implied-volatility-target', prices, { params: asMeasured });
        const realised = walk('volatility-target', prices);
        implied.forEach((step, k) => {
          expect(step.targetLeverage).toBeCloseTo(realised[k].targetLeverage, 9);
        });
      }),
    );
  });

  it('gives way at once to a fall, and takes more on a rise', () => {
    check(
      fc.property(fc.double({ min: 0.001, max: 0.05, noNaN: true }), (move) => {
        const params = { measuredShare: 0, premium: 0, reversionDaily: 0, noiseDaily: 0 };
        const [, down] = walk('implied-volatility-target', [100, 100 * exp(-move)], { params });
        const [, up] = walk('implied-volatility-target', [100, 100 * exp(move)], { params });
        expect(down.targetLeverage).toBeCloseTo(0.5 * exp(-4 * move), 9);
        expect(up.targetLeverage).toBeCloseTo(0.5 * exp(4 * move), 9);
      }),
    );
  });

  it('reverts, and its noise has the size it says', () => {
    const quiet = probeOf('implied-volatility-target', {
      params: { measuredShare: 0, noiseDaily: 0, reversionDaily: 0.1 },
    });
    quiet.step(100);
    quiet.step(80);
    const jumped = quiet.valueOf('deviation');
    for (let k = 0; k < 10; k++) quiet.step(80);
    expect(quiet.valueOf('deviation') / jumped).toBeCloseTo(exp(-1), 9);

    const noisy = probeOf('implied-volatility-target', {
      params: { noiseDaily: 0.05, reversionDaily: 0, leverageEffect: 0 },
    });
    let before = 0;
    let sum = 0;
    const bars = 4000;
    noisy.step(100);
    for (let k = 0; k < bars; k++) {
      noisy.step(100);
      sum += (noisy.valueOf('deviation') - before) ** 2;
      before = noisy.valueOf('deviation');
    }
    expect(Math.abs(Math.sqrt(sum / bars) / 0.05 - 1)).toBeLessThan(4 / Math.sqrt(2 * bars));
  });
});

describe.each(['var-limit', 'historical-var-limit'])('%s', (rule) => {
  const setting = (measure: number): Record<string, number> => ({
    measure, leverage: 4, limit: 0.05,
    ...(rule === 'var-limit' ? { decayDaily: 0.8 } : { window: 20 }),
  });

  it('only reduces in a breach, to below its limit, and restores slowly when there is room', () => {
    const side = fc.constantFrom(1, -1);
    let breaches = 0;
    let restored = 0;
    check(
      fc.property(paths, fc.constantFrom(0, 1), side, (prices, measure, direction) => {
        const params = { ...setting(measure), direction };
        const probe = probeOf(rule, { params, position: direction * 20, equity: 1000 });
        let held = direction * 20;
        let breached = 0;
        for (const price of prices) {
          const step = probe.step(price);
          const risk = state(step, measure === 1 ? 'expectedShortfall' : 'valueAtRisk');
          const before = held * price;
          const after = step.targetNotionalQuote;
          held = step.targetPositionUnits;
          if (!(step.equityQuote > 0)) break;
          const limit = 0.05 * step.equityQuote;
          const used = (risk * Math.abs(before)) / limit;
          // Once breached, it says so until there is room to restore.
          breached = used > 1 ? 1 : used < 0.8 ? 0 : breached;
          expect(state(step, 'breached')).toBe(breached);
          if (risk * Math.abs(before) > limit * (1 + 1e-9)) {
            breaches++;
            expect(Math.abs(after)).toBeLessThan(Math.abs(before));
            expect(after * before).toBeGreaterThanOrEqual(0);
            expect(risk * Math.abs(after)).toBeCloseTo(0.95 * limit, 6);
            expect(state(step, 'scale')).toBeCloseTo(after / before, 9);
          } else if (Math.abs(step.orderUnits) > 1e-9) {
            restored++;
            expect(risk * Math.abs(before)).toBeLessThan(0.8 * limit * (1 + 1e-9));
            expect(risk * Math.abs(after)).toBeLessThan(0.8 * limit * (1 + 1e-9));
            const most = 0.1 * 4 * step.equityQuote;
            expect(direction * (after - before)).toBeLessThan(most * (1 + 1e-9));
            expect(direction * (after - before)).toBeGreaterThan(0);
          }
        }
      }),
    );
    expect(breaches).toBeGreaterThan(50);
    expect(restored).toBeGreaterThan(50);
  });

  it('measures shortfall above value at risk, and both in proportion to what it holds', () => {
    check(
      fc.property(paths, fc.constantFrom(2, 8, 1024), (prices, scale) => {
        const params = { ...setting(0), confidence: 0.9, confidenceShortfall: 0.9 };
        const small = walk(rule, prices, { params, equity: 100 });
        const large = walk(rule, prices, { params, equity: 100 * scale });
        small.forEach((step, k) => {
          const risk = state(step, 'valueAtRisk');
          expect(state(step, 'expectedShortfall')).toBeGreaterThanOrEqual(risk - 1e-15);
          expect(large[k].targetNotionalQuote).toBeCloseTo(scale * step.targetNotionalQuote, 5);
          expect(state(large[k], 'valueAtRisk')).toBe(risk);
        });
      }),
    );
  });
});

describe('historical-var-limit', () => {
  it('counts the worst of the newest returns as sorting them does', () => {
    const fraction = fc.constantFrom(0.8, 0.9, 0.95, 0.99);
    const windows = fc.integer({ min: 2, max: 40 });
    const side = fc.constantFrom(1, -1);
    check(
      fc.property(paths, windows, fraction, side, (prices, window, confidence, direction) => {
        const params = {
          window, returnsMin: 1, confidence, confidenceShortfall: confidence, direction,
        };
        const steps = walk('historical-var-limit', prices, { params });
        for (let k = 1; k < prices.length && steps[k].equityQuote > 0; k++) {
          const from = Math.max(1, k - window + 1);
          const losses = prices
            .slice(from, k + 1)
            .map((p, j) => -direction * (p / prices[from + j - 1] - 1))
            .sort((a, b) => b - a);
          // In integers: confidences here are whole hundredths.
          const rank = Math.ceil(((100 - Math.round(100 * confidence)) * losses.length) / 100);
          const mean = losses.slice(0, rank).reduce((sum, x) => sum + x, 0) / rank;
          expect(state(steps[k], 'valueAtRisk')).toBeCloseTo(losses[rank - 1], 12);
          expect(state(steps[k], 'expectedShortfall')).toBeCloseTo(mean, 12);
        }
      }),
    );
  });
});

describe('lender-ceiling', () => {
  it('calls margin only when ceiling or price falls, and holds the smaller leverage', () => {
    let calls = 0;
    check(
      fc.property(paths, fc.constantFrom(-1, 0, 1, 2), (prices, cyclicality) => {
        const params = { cyclicality, ceilingLeverage: 4, wantedLeverage: 6, decayDaily: 0.9 };
        const steps = walk('lender-ceiling', prices, { params });
        steps.forEach((step, k) => {
          if (!(step.equityQuote > 0)) return;
          const ceiling = state(step, 'ceiling');
          expect(step.targetLeverage).toBeCloseTo(Math.min(6, ceiling), 9);
          if (cyclicality === 0) expect(ceiling).toBe(4);
          if (k === 0 || state(step, 'calls') === state(steps[k - 1], 'calls')) return;
          calls++;
          const fell = ceiling < state(steps[k - 1], 'ceiling');
          // Below a leverage of one, which borrows nothing, leverage rises with the price.
          const against = steps[k - 1].targetLeverage > 1 ? -1 : 1;
          expect(fell || against * (prices[k] - prices[k - 1]) > 0).toBe(true);
        });
      }),
    );
    expect(calls).toBeGreaterThan(50);
  });

  it('lends less in rough markets when procyclical, more when countercyclical', () => {
    const prices = [100, 106, 100, 107];
    const ceilings = (cyclicality: number): number[] =>
      walk('lender-ceiling', prices, { params: { cyclicality } }).map((s) => state(s, 'ceiling'));
    const pro = ceilings(1);
    const counter = ceilings(-1);
    for (let k = 1; k < prices.length; k++) {
      expect(pro[k]).toBeLessThan(pro[k - 1]);
      expect(counter[k]).toBeGreaterThan(counter[k - 1]);
      expect(pro[k] * counter[k]).toBeCloseTo(25, 9);
    }
  });
});
