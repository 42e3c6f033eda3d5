/** Invariants of the rules that protect, hedge or restore: floors, drawdowns, bands, funds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { exp, pow, RandomSource } from '../../sim/kernel/index.js';
import { Probe, type ProbeStep } from '../../sim/probe/index.js';

const check = <T>(property: fc.IProperty<T>, numRuns = 60): void =>
  fc.assert(property, { seed: 19_871_019, numRuns });

interface Setting {
  params?: Record<string, number>;
  equity?: number;
  position?: number;
  barMicros?: number;
}

function probeOf(rule: string, setting: Setting = {}): Probe {
  return new Probe({
    strategy: strategyNamed(rule), startPrice: 100, priceMax: 10_000, equity: 100, ...setting,
  });
}

const state = (step: ProbeStep, name: string): number => step.state[name] as number;

/** A path from 100 whose worst step loses no more than a part of the price. */
const pathsWithin = (worst: number): fc.Arbitrary<number[]> =>
  fc.integer({ min: 0, max: 1e6 }).map((seed) => {
    const draws = new RandomSource(seed).stream('path');
    const prices = [100];
    for (let k = 0; k < 80; k++) {
      const move = exp(0.05 * draws.normal(0, 0, k));
      prices.push(prices[k] * Math.max(move, 1 - worst));
    }
    return prices;
  });

describe.each(['cppi', 'tipp'])('%s', (rule) => {
  it('stays above its floor while no step loses 1/m, holds m times its cushion up to a cap', () => {
    check(
      fc.property(pathsWithin(0.199), (prices) => {
        const probe = probeOf(rule, { params: { multiplier: 5, tolerance: 0 } });
        for (const price of prices) {
          const step = probe.step(price);
          const cushion = step.equityQuote - state(step, 'floor');
          expect(cushion).toBeGreaterThan(0);
          const wanted = Math.min(5 * cushion, 1.5 * step.equityQuote);
          expect(step.targetNotionalQuote).toBeCloseTo(wanted, 9);
        }
      }),
    );
  });

  it('is locked for good by a step that loses more, even when prices come back', () => {
    check(
      fc.property(pathsWithin(0.19), fc.constantFrom(0.21, 0.4, 0.7, 0.99), (prices, drop) => {
        const probe = probeOf(rule, { params: { multiplier: 5, tolerance: 0, leverageCap: 1e9 } });
        for (const price of prices) probe.step(price);
        const low = prices[prices.length - 1] * (1 - drop);
        const steps = [low, low * 2, low * 8].map((price) => probe.step(price));
        expect(state(steps[0], 'locked')).toBe(1);
        for (const step of steps) expect(step.targetPositionUnits).toBe(0);
      }),
    );
  });

  it('lets drift be within its tolerance, and trades the whole of it beyond', () => {
    const probe = probeOf(rule, { params: { multiplier: 4, tolerance: 0.1 } });
    const first = probe.step(100);
    const near = probe.step(100.5);
    const far = probe.step(106);
    expect(near.orderUnits).toBe(0);
    expect(near.targetPositionUnits).toBe(first.targetPositionUnits);
    const cushion = far.equityQuote - state(far, 'floor');
    const drift = near.targetPositionUnits * 106 / (4 * cushion) - 1;
    if (Math.abs(drift) > 0.1) expect(far.targetNotionalQuote).toBeCloseTo(4 * cushion, 9);
    expect(Math.abs(drift) > 0.1).toBe(rule === 'cppi');
  });
});

describe('floors', () => {
  it('grow at the risk-free rate from the start on', () => {
    for (const rule of ['cppi', 'tipp']) {
      const probe = probeOf(rule, { params: { riskFree: 0.073, multiplier: 0 } });
      const floors = Array.from({ length: 366 }, () => state(probe.step(100), 'floor'));
      expect(floors[0]).toBe(80);
      expect(floors[365]).toBeCloseTo(80 * exp(0.073), 9);
    }
  });

  it('of tipp never fall, and hold their part of the highest equity', () => {
    check(
      fc.property(pathsWithin(0.2), (prices) => {
        const probe = probeOf('tipp', { params: { ratchet: 0.9 } });
        let floor = 0;
        let highest = 0;
        for (const price of prices) {
          const step = probe.step(price);
          highest = Math.max(highest, step.equityQuote);
          expect(state(step, 'floor')).toBeGreaterThanOrEqual(floor);
          floor = state(step, 'floor');
          expect(floor).toBeCloseTo(Math.max(80, 0.9 * highest), 9);
        }
      }),
    );
  });
});

describe('grossman-zhou', () => {
  it('keeps the protected part of its peak while no step loses 1/k, holds k times the rest', () => {
    check(
      fc.property(pathsWithin(0.3), fc.constantFrom(1, 2, 3), (prices, multiplier) => {
        const probe = probeOf('grossman-zhou', { params: { multiplier } });
        let peak = 0;
        for (const price of prices) {
          const step = probe.step(price);
          peak = Math.max(peak, step.equityQuote);
          expect(state(step, 'peak')).toBeCloseTo(peak, 9);
          expect(step.equityQuote).toBeGreaterThan(0.8 * peak);
          const surplus = step.equityQuote - 0.8 * peak;
          expect(step.targetNotionalQuote).toBeCloseTo(multiplier * surplus, 8);
          expect(step.targetNotionalQuote).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('holds nothing without a surplus', () => {
    const probe = probeOf('grossman-zhou', { params: { multiplier: 5 } });
    probe.step(100);
    for (const price of [79, 120, 200]) expect(probe.step(price).targetPositionUnits).toBe(0);
  });
});

describe('drawdown-cut', () => {
  it('holds what the drawdown leaves of its leverage, never against its side', () => {
    check(
      fc.property(pathsWithin(0.5), fc.constantFrom(1, -1), (prices, direction) => {
        const probe = probeOf('drawdown-cut', { params: { direction, leverage: 1.5 } });
        let peak = 0;
        for (const price of prices) {
          const step = probe.step(price);
          if (!(step.equityQuote > 0)) break;
          peak = Math.max(peak, step.equityQuote);
          const left = Math.max(1 - (1 - step.equityQuote / peak) / 0.2, 0);
          expect(step.targetLeverage).toBeCloseTo(direction * 1.5 * left, 9);
        }
      }),
    );
  });
});

describe('delta-band', () => {
  const inventory = fc.record({
    optionLeverage: fc.constantFrom(-3, -1, 2),
    put: fc.constantFrom(0, 1),
    strikeRatio: fc.constantFrom(0.9, 1, 1.1),
    toTarget: fc.constantFrom(0, 1),
    deltaTarget: fc.constantFrom(0, 0.4),
    riskAversion: fc.constantFrom(0.01, 1),
  });

  it('trades only outside its band, and then to the nearest edge, or to its target', () => {
    let traded = 0;
    let held = 0;
    check(
      fc.property(pathsWithin(0.2), inventory, (prices, params) => {
        // Rich enough for the hedge never to ruin it.
        const probe = probeOf('delta-band', { params: { ...params, expiryDays: 60 }, equity: 100 });
        for (const price of prices.slice(0, 50)) {
          const step = probe.step(price);
          if (!(step.equityQuote > 0)) break;
          const half = state(step, 'halfWidth');
          const gap = state(step, 'netDelta') - state(step, 'goal');
          const after = gap + step.orderUnits;
          expect(Math.abs(after)).toBeLessThanOrEqual(half + 1e-12);
          if (Math.abs(gap) <= half) {
            held++;
            expect(step.orderUnits).toBe(0);
          } else {
            traded++;
            const edge = params.toTarget === 1 ? 0 : Math.sign(gap) * half;
            expect(after).toBeCloseTo(edge, 9);
          }
        }
      }),
    );
    expect(Math.min(traded, held)).toBeGreaterThan(200);
  });

  it('widens as gamma^(2/3), cost^(1/3) and aversion^(-1/3)', () => {
    const base = { volatility: 0.2, expiryDays: 90 };
    const half = (params: Record<string, number>): { half: number; gamma: number } => {
      const step = probeOf('delta-band', { params: { ...base, ...params } }).step(100);
      return { half: state(step, 'halfWidth'), gamma: state(step, 'optionGamma') };
    };
    const one = half({});
    const shorter = half({ expiryDays: 10 });
    expect(shorter.half / one.half).toBeCloseTo(pow(shorter.gamma / one.gamma, 2 / 3), 12);
    expect(half({ optionLeverage: -16 }).half / one.half).toBeCloseTo(4, 12);
    expect(half({ costFraction: 4e-3 }).half / one.half).toBeCloseTo(2, 12);
    expect(half({ riskAversion: 8 }).half / one.half).toBeCloseTo(0.5, 12);
    expect(half({ costFraction: 0 }).half).toBe(0);
  });

  it('gives calls deltas from 0 to 1, and puts one less', () => {
    const strikes = fc.double({ min: 0.5, max: 2, noNaN: true });
    check(
      fc.property(strikes, fc.integer({ min: 1, max: 400 }), (strikeRatio, expiryDays) => {
        const delta = (put: number): number => {
          const probe = probeOf('delta-band', { params: { put, strikeRatio, expiryDays } });
          return state(probe.step(100), 'optionDelta');
        };
        expect(delta(0)).toBeGreaterThanOrEqual(0);
        expect(delta(0)).toBeLessThanOrEqual(1);
        expect(delta(0) - delta(1)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('hedges options sold with the trend and options bought against it', () => {
    for (const [optionLeverage, sign] of [[-1, 1], [1, -1]]) {
      const probe = probeOf('delta-band', { params: { optionLeverage, costFraction: 0 } });
      probe.step(100);
      expect(Math.sign(probe.step(103).orderUnits)).toBe(sign);
      expect(Math.sign(probe.step(97).orderUnits)).toBe(-sign);
    }
  });

  it('replaces what expires, or closes its hedge and sleeps', () => {
    const rolling = probeOf('delta-band', { params: { expiryDays: 3 } });
    const steps = [100, 101, 102, 110, 110].map((price) => rolling.step(price));
    // At the strike again, with three days to go.
    expect(state(steps[3], 'logMoneyness')).toBeCloseTo(0, 12);
    expect(state(steps[3], 'yearsLeft')).toBeCloseTo(3 / 365, 12);
    const once = probeOf('delta-band', { params: { expiryDays: 3, rolls: 0 } });
    const held = [100, 101, 102, 110, 120].map((price) => once.step(price).targetPositionUnits);
    expect(held[2]).toBeGreaterThan(0);
    expect(held.slice(3)).toEqual([0, 0]);
  });
});

describe('leverage-target as a fund', () => {
  const funds = fc.record({
    leverage: fc.constantFrom(2, 3, -1, -2),
    fee: fc.constantFrom(0, 0.0095, 0.1),
    riskFree: fc.constantFrom(0, 0.05),
    flowSensitivity: fc.constantFrom(0, 1, -2),
    slices: fc.constant(1),
  });

  it('holds beta times its net asset value, which grows as its formula says, flows aside', () => {
    check(
      fc.property(pathsWithin(0.1), funds, (prices, params) => {
        const probe = probeOf('leverage-target', { params });
        const { leverage: beta, fee, riskFree, flowSensitivity } = params;
        let nav = 0;
        let custody = 0;
        prices.forEach((price, k) => {
          const step = probe.step(price);
          const now = state(step, 'navQuote');
          if (!(now > 0) || !(step.equityQuote > 0)) return;
          expect(step.targetNotionalQuote / now).toBeCloseTo(beta, 9);
          expect(now).toBeCloseTo(step.equityQuote + state(step, 'custodyQuote'), 9);
          if (k > 0 && nav > 0) {
            const r = price / prices[k - 1] - 1;
            const carry = ((1 - beta) * riskFree - fee) / 365;
            const grown = nav * (1 + beta * r + carry);
            const flow = Math.max(flowSensitivity * (grown - nav), -grown);
            expect(now).toBeCloseTo(grown + flow, 8);
            expect(state(step, 'custodyQuote')).toBeCloseTo(custody + nav * carry + flow, 8);
            // Creations and redemptions add beta F to the trade.
            const rebalance = beta * grown - beta * nav * (1 + r);
            expect(state(step, 'tradedQuote')).toBeCloseTo(rebalance + beta * flow, 7);
          }
          nav = now;
          custody = state(step, 'custodyQuote');
        });
      }),
    );
  });

  it('trades with the sign of the return, whatever its multiple', () => {
    const returns = fc.double({ min: -0.2, max: 0.2, noNaN: true });
    check(
      fc.property(fc.constantFrom(2, 3, -1, -2, 1.5), returns, (leverage, r) => {
        fc.pre(Math.abs(r) > 1e-6);
        const probe = probeOf('leverage-target', { params: { leverage, slices: 1 } });
        probe.step(100);
        expect(Math.sign(probe.step(100 * (1 + r)).orderUnits)).toBe(Math.sign(r));
      }),
    );
  });

  it('is killed by a return of -1/beta, and never comes back', () => {
    for (const [leverage, dead] of [[3, 66], [-2, 151]]) {
      const probe = probeOf('leverage-target', { params: { leverage, slices: 1 } });
      probe.step(100);
      for (const price of [dead, 100, 100]) expect(probe.step(price).targetPositionUnits).toBe(0);
    }
  });
});
