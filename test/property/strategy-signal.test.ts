/** What the cards of signal and belief rules promise, over random paths and parameters. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyNamed as named } from '../../agents/index.js';
import { RandomSource } from '../../sim/kernel/index.js';
import { measureGain, Probe } from '../../sim/probe/index.js';
import type { Strategy } from '../../sim/strategy/index.js';

const check = <T>(property: fc.IProperty<T>, numRuns = 30): void =>
  fc.assert(property, { seed: 1989, numRuns });

/** A path of prices, and an index that leads it. */
function walk(seed: number, length: number, volatility = 0.02): { prices: number[]; index: number[] } {
  const stream = new RandomSource(seed).stream('walk');
  const prices: number[] = [];
  const index: number[] = [];
  let price = 100;
  for (let k = 0; k < length; k++) {
    prices.push(price);
    index.push(price * (1 + 0.5 * volatility * stream.normal(1, 0, k)));
    // Calm and rough spells, so that there are regimes to find.
    const rough = Math.floor(k / 40) % 2 === 0 ? 0.4 : 1.6;
    price *= 1 + Math.max(rough * volatility * stream.normal(0, 0, k), -0.5);
  }
  return { prices, index };
}

interface Run {
  prices: number[];
  index: number[];
  params?: Record<string, number>;
  agents?: number;
  crowding?: number;
  scale?: number;
}

/** Walks a probe; returns it with what every agent held and believed at each step. */
function run(strategy: Strategy, options: Run) {
  const { prices, index, params, agents = 1, crowding, scale = 1 } = options;
  const probe = new Probe({
    strategy, params, agents, crowding,
    startPrice: prices[0] * scale,
    // The same tick for every path.
    priceMax: 1e5 * scale,
    equity: 100_000 * scale,
  });
  const signals: number[][] = [];
  const units: number[][] = [];
  prices.forEach((price, k) => {
    probe.step(price * scale, { index: index[k] * scale });
    const each = Array.from({ length: agents }, (_, a) => a);
    if ('stress' in strategy.at) signals.push(each.map((a) => probe.valueOf('stress', a)));
    units.push(each.map((a) => probe.exposureOf(a) / (price * scale)));
  });
  return { probe, signals, units };
}

const trained = { fitBars: 30, windowBars: 60, deadband: 0 };
const predictors = ['regime-hmm', 'regime-forest'];

describe.each(predictors)('%s', (name) => {
  const strategy = named(name);
  const length = 160;

  it('learns nothing from the future', () => {
    check(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 70, max: 140 }), (seed, cut) => {
        const own = walk(seed, length);
        const other = walk(seed + 1, length);
        const splice = (a: number[], b: number[]) => a.map((x, k) => (k < cut ? x : b[k]));
        const params = { ...trained, monoculture: 0 };
        const told = run(strategy, { ...own, params }).signals;
        const prices = splice(own.prices, other.prices);
        const blind = run(strategy, { prices, index: splice(own.index, other.index), params }).signals;
        expect(blind.slice(0, cut)).toEqual(told.slice(0, cut));
        // The test can fail: what comes after the cut does differ.
        expect(blind).not.toEqual(told);
      }),
      8,
    );
  });

  it('gives everyone the same signal in a full monoculture, and each its own without', () => {
    const path = walk(5, length);
    const last = (monoculture: number) =>
      run(strategy, { ...path, agents: 8, params: { ...trained, monoculture } }).signals;
    for (const step of last(1)) expect(new Set(step).size).toBe(1);
    const apart = last(0);
    const differing = apart.filter((step) => new Set(step).size > 4).length;
    expect(differing).toBeGreaterThan(50);
  });

  it('makes one mind of everyone at full crowding, members or not', () => {
    const path = walk(6, 100);
    const crowded = run(strategy, {
      ...path, agents: 5, crowding: 1, params: { ...trained, monoculture: 0 },
    }).signals;
    for (const step of crowded) expect(new Set(step).size).toBe(1);
  });

  it('shares the model with a part of the cohort, which grows with the part', () => {
    const members = [0, 0.3, 0.6, 1].map((monoculture) => {
      const agents = 400;
      const probe = new Probe({
        strategy, agents, params: { monoculture }, startPrice: 100, priceMax: 200,
      });
      probe.step(100);
      return Array.from({ length: agents }, (_, a) => probe.valueOf('member', a));
    });
    const count = members.map((list) => list.reduce((a, b) => a + b, 0));
    expect(count[0]).toBe(0);
    expect(count[3]).toBe(400);
    for (const [k, share] of [[1, 0.3], [2, 0.6]]) {
      expect(Math.abs(count[k] / 400 - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 400));
    }
    // Who shares at a third shares at two thirds.
    members[1].forEach((member, a) => {
      expect(members[2][a]).toBeGreaterThanOrEqual(member);
    });
  });

  it('does not care about the unit of account, trained or not', () => {
    check(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const path = walk(seed, 100);
        const plain = run(strategy, { ...path, params: trained });
        const scaled = run(strategy, { ...path, params: trained, scale: 64 });
        expect(scaled.signals).toEqual(plain.signals);
        expect(scaled.units).toEqual(plain.units);
      }),
      6,
    );
  });

  it('keeps its probability in [0, 1] and its leverage within its own', () => {
    check(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(0, 1), (seed, monoculture) => {
        const path = walk(seed, 100, 0.1);
        const { signals, probe } = run(strategy, { ...path, params: { ...trained, monoculture } });
        for (const [p] of signals) {
          expect(p).toBeGreaterThanOrEqual(0);
          expect(p).toBeLessThanOrEqual(1);
        }
        expect(probe.exposureOf()).toBeLessThanOrEqual(probe.equityOf() * (1 + 1e-9));
      }),
      6,
    );
  });
});

describe('crowding', () => {
  it.each([
    ['sentiment', 'signal', { releaseIntervalMicros: 0, surprisesPerHour: 0, lagMicros: 0 }],
    ['herding', 'opinion', { ownRate: 0.3, herdingRate: 0 }],
    ['adaptive-switching', 'exposure', { intensity: 0 }],
    ['disposition', 'demand', { hazard: 0.2, buyChance: 0.5 }],
  ])('draws the chances of %s together, the more the higher it is', (name, field, params) => {
    const path = walk(7, 1500, 0.01);
    const together = [0, 0.3, 0.7, 1].map((crowding) => {
      const probe = new Probe({
        strategy: named(name), agents: 2, crowding, startPrice: 100, priceMax: 1e5,
        params: params as unknown as Record<string, number>,
      });
      const of = (a: number) => (field === 'exposure' ? probe.exposureOf(a) : probe.valueOf(field, a));
      let [xx, yy, xy, x, y] = [0, 0, 0, 0, 0];
      path.prices.forEach((price, k) => {
        probe.step(price, { index: path.index[k] });
        const [a, b] = [of(0), of(1)];
        [xx, yy, xy, x, y] = [xx + a * a, yy + b * b, xy + a * b, x + a, y + b];
      });
      const n = path.prices.length;
      return (n * xy - x * y) / Math.sqrt((n * xx - x * x) * (n * yy - y * y));
    });
    for (let k = 1; k < 4; k++) expect(together[k]).toBeGreaterThan(together[k - 1] - 0.02);
    expect(Math.abs(together[3])).toBeGreaterThan(0.99);
    expect(together[3] - together[0]).toBeGreaterThan(0.3);
  });
});

describe('closed-form gains', () => {
  interface Case {
    name: string;
    params: fc.Arbitrary<Record<string, number>>;
  }
  const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const cases: Case[] = [
    {
      name: 'momentum',
      params: fc.record({
        leverage: number(0.1, 10), weight: number(0.01, 1), steepness: number(1, 100),
      }),
    },
    {
      name: 'value',
      params: fc.record({
        aggressiveness: number(1, 50), leverage: number(0.2, 5), shortShare: number(0, 1),
        aggressivenessCubic: fc.constantFrom(0, 1000), bias: number(-0.1, 0.1),
      }),
    },
    {
      name: 'value-fund',
      params: fc.record({
        aggressiveness: number(1, 50), leverage: number(0.5, 5), bias: number(-0.1, 0.1),
        flowSensitivity: number(0, 0.5),
      }),
    },
    { name: 'regime-hmm', params: fc.record({ leverage: number(0.1, 5), deadband: number(0, 0.3) }) },
    {
      name: 'disposition',
      params: fc.record({
        valueWeight: number(0, 20), dispositionWeight: number(0, 10), anchorWeight: number(0, 1),
        referenceWeight: number(0.01, 0.5), anchorBars: fc.constant(1000),
      }),
    },
    {
      name: 'sentiment',
      params: fc.record({
        sensitivity: number(0.1, 5), shock1: fc.constant(0), noiseDeviation: fc.constant(0),
        releaseIntervalMicros: fc.constant(0), surprisesPerHour: fc.constant(0),
      }),
    },
  ];

  it.each(cases)('$name agrees with what is measured, on each side', ({ name, params }) => {
    let compared = 0;
    let bent = 0;
    check(
      fc.property(fc.integer({ min: 0, max: 1e6 }), params, (seed, drawn) => {
        const path = walk(seed, 12);
        const { probe } = run(named(name), { ...path, params: drawn });
        const price = path.prices[11];
        const { down, up, closedDown, closedUp } = measureGain(probe, price);
        if (closedDown === null || closedUp === null) return;
        const scale = Math.max(Math.abs(closedDown), Math.abs(closedUp), probe.equityOf());
        // A kink within the reach of the differences, 1/4096, is measured as something in between.
        const near = [-1, 1].some((side) => kinkNear(probe, price, side));
        if (near) bent++;
        else {
          compared++;
          expect(Math.abs(down - closedDown) / scale).toBeLessThan(1e-6);
          expect(Math.abs(up - closedUp) / scale).toBeLessThan(1e-6);
        }
      }),
      60,
    );
    expect(compared).toBeGreaterThan(40);
    expect(bent).toBeLessThan(6);
  });

  /** Says whether the slope jumps between 0 and 1/4096 on a side. */
  function kinkNear(probe: Probe, price: number, side: number): boolean {
    const h = (side * price) / 16_384;
    const traded = [0, 1, 2, 3, 4].map((k) => probe.wouldTrade(price + k * h));
    const slopes = [0, 1, 2, 3].map((k) => ((traded[k + 1] - traded[k]) / h) * price);
    const scale = Math.max(probe.equityOf(), ...slopes.map(Math.abs));
    return slopes.some((slope) => Math.abs(slope - slopes[0]) > 0.1 * scale);
  }
});

describe('the shapes of flow rules', () => {
  const at = (name: string, params: Record<string, number>, price: number) =>
    new Probe({ strategy: named(name), params, startPrice: price, priceMax: 1000 }).step(price, {
      index: 100,
    }).targetLeverage;

  it('value: nothing at its fair value, falling in the price, at most its leverage', () => {
    check(
      fc.property(
        fc.double({ min: 5, max: 50, noNaN: true }), fc.double({ min: 1, max: 10, noNaN: true }),
        (aggressiveness, leverage) => {
          const params = { aggressiveness, leverage };
          expect(at('value', params, 100)).toBeCloseTo(0, 9);
          let before = Infinity;
          for (let price = 60; price <= 160; price += 2.5) {
            const now = at('value', params, price);
            expect(now).toBeLessThanOrEqual(before + 1e-12);
            expect(Math.abs(now)).toBeLessThanOrEqual(leverage * (1 + 1e-9));
            before = now;
          }
        },
      ),
      15,
    );
  });

  it('momentum: odd in returns, at most its leverage, the last return alone with a weight of 1', () => {
    check(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (seed, weight) => {
        const { prices } = walk(seed, 20);
        const mirrored = prices.map((p) => (prices[0] * prices[0]) / p);
        const leverages = (path: number[]) => {
          const probe = new Probe({
            strategy: named('momentum'), params: { weight, leverage: 1.5 },
            startPrice: path[0], priceMax: 4 * Math.max(...path),
          });
          return path.map((price) => probe.step(price).targetLeverage);
        };
        const up = leverages(prices);
        const down = leverages(mirrored);
        up.forEach((x, k) => {
          if (Number.isNaN(x) || Number.isNaN(down[k])) return;
          expect(x).toBeCloseTo(-down[k], 8);
          expect(Math.abs(x)).toBeLessThanOrEqual(1.5 * (1 + 1e-9));
          if (weight === 1 && k > 0) {
            expect(x).toBeCloseTo(1.5 * Math.tanh(50 * Math.log(prices[k] / prices[k - 1])), 8);
          }
        });
      }),
    );
  });
});
