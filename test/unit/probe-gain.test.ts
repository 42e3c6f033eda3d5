/** One-sided slopes: of known functions, and of rules with kinks and jumps. */
import { describe, expect, it } from 'vitest';
import { exp, log1p, sin } from '../../sim/kernel/index.js';
import { measureGain, oneSidedSlope, Probe, type ProbeGain } from '../../sim/probe/index.js';
import { registry } from '../../agents/index.js';
import type { Strategy } from '../../sim/strategy/index.js';
import { tinyRule } from '../support/tiny-rule.js';

describe('oneSidedSlope', () => {
  const both = (f: (r: number) => number, size?: number) => [
    oneSidedSlope(f, -1, size), oneSidedSlope(f, 1, size),
  ];

  it('finds derivatives of smooth functions to ten digits', () => {
    const cases: [(r: number) => number, number][] = [
      [(r) => exp(3 * r), 3],
      [(r) => 7 + sin(r), 1],
      [(r) => log1p(r) / (1 + r), 1],
      [(r) => 1 / Math.sqrt(0.94 + 600 * r * r), 0],
      [(r) => (1 + r) / (2 + r + r * r), 0.25],
    ];
    for (const [f, slope] of cases) {
      for (const found of both(f)) expect(Math.abs(found - slope)).toBeLessThan(1e-9);
    }
  });

  it('tells the sides of a kink apart', () => {
    expect(both((r) => Math.abs(r) + 5 * r)).toEqual([
      expect.closeTo(4, 9), expect.closeTo(6, 9),
    ]);
    const [down, up] = both((r) => Math.max(r, 0) * exp(r));
    expect(down).toBe(0);
    expect(up).toBeCloseTo(1, 9);
  });

  it('is not misled by a kink near by', () => {
    for (const at of [1e-4, 3e-5, 1e-6]) {
      expect(oneSidedSlope((r) => Math.max(r - at, 0), 1)).toBe(0);
      expect(oneSidedSlope((r) => 2 * Math.min(r, at), 1)).toBeCloseTo(2, 6);
    }
  });

  it('is NaN at a jump, and only on its side', () => {
    const [down, up] = both((r) => (r < 0 ? -50 : 3 * r));
    expect(down).toBeNaN();
    expect(up).toBeCloseTo(3, 9);
  });

  it('takes rounding for nothing', () => {
    const [down, up] = both((r) => 1e6 * (1 + r) - 1e6 * (1 + r) * (1 + 1e-16 * sin(1e9 * r)), 1e6);
    expect(Math.abs(down)).toBeLessThan(1e-3);
    expect(Math.abs(up)).toBeLessThan(1e-3);
  });
});

/** Gain after a path. */
function gainAfter(strategy: Strategy, prices: number[], params = {}): ProbeGain {
  const probe = new Probe({ strategy, startPrice: prices[0], priceMax: 200, params, equity: 100 });
  for (const price of prices) probe.step(price);
  return measureGain(probe, prices[prices.length - 1]);
}

/** Holds m (W - a M), M the largest equity so far. */
const drawdown = tinyRule({
  state: { peak: {} },
  each(batch, i, r, at) {
    const { rows, equity, target } = batch;
    rows[r + at.peak] = Math.max(rows[r + at.peak], equity[i]);
    target[i] = 2 * (equity[i] - 0.8 * rows[r + at.peak]);
  },
  gain: {
    formula: '(k - 1) N below the peak; (k (1 - a) - 1) N above it',
    evaluate: ({ exposure }) => ({ down: exposure, up: -0.6 * exposure }),
  },
});

describe('measureGain', () => {
  it('is one-sided for a rule with a kink at its peak, smooth below it', () => {
    const atPeak = gainAfter(drawdown, [100, 103]);
    expect(atPeak.down).toBeCloseTo(atPeak.closedDown as number, 6);
    expect(atPeak.up).toBeCloseTo(atPeak.closedUp as number, 6);
    expect(atPeak.up / atPeak.down).toBeCloseTo(-0.6, 8);
    const below = gainAfter(drawdown, [100, 103, 99]);
    expect(below.up).toBeCloseTo(below.down, 6);
  });

  it('has no slope where a rule that waits for an alert fires at once', () => {
    const stop = tinyRule({
      start(batch) {
        batch.wakeAt[0] = 0;
      },
      decide(batch) {
        const { reason, target, alertBelow, wakeAt, market } = batch;
        if ((reason[0] & 1) !== 0) {
          target[0] = batch.equity[0];
          // The tick below the price: reached by any fall.
          alertBelow[0] = market[5] - 1;
          wakeAt[0] = Infinity;
        } else target[0] = 0;
      },
    });
    const gain = gainAfter(stop, [100]);
    expect(gain.down).toBeNaN();
    expect(gain.up).toBe(0);
    expect(gain.closedDown).toBeNull();
  });

  it('agrees with every closed form in the registry, along the reference path', () => {
    const closed = registry.filter((strategy) => strategy.gain !== null);
    expect(closed.length).toBeGreaterThan(0);
    for (const strategy of closed) {
      const prices = [100, 101, 103, 102, 99];
      const { down, up, closedDown, closedUp } = gainAfter(strategy, prices);
      for (const [measured, formula] of [[down, closedDown], [up, closedUp]]) {
        if (formula === null) continue;
        const size = Math.max(100, Math.abs(formula as number));
        expect(Math.abs((measured as number) - (formula as number)) / size, strategy.name).toBeLessThan(1e-6);
      }
    }
  });
});
