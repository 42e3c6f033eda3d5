/** Schedules of every policy: they go one way, end exactly at the parent, and never pass it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  almgrenChrissLots,
  childLots,
  participationLots,
  remainingFraction,
  tradeOffRate,
  twapLots,
  withinCap,
} from '../../sim/execution/index.js';

const lots = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const slices = fc.integer({ min: 1, max: 1000 });
const urgency = fc.oneof(
  fc.constantFrom(0, 1e-12, 1e-6, 700, 701, Infinity),
  fc.double({ min: 0, max: 100, noNaN: true }),
);
const runs = { seed: 20_260_313, numRuns: 300 };

/** Child orders of a schedule of which every order is filled. */
function children(parent: number, n: number, scheduled: (k: number) => number): number[] {
  let done = 0;
  return Array.from({ length: n }, (_, k) => {
    const child = childLots(parent, scheduled(k + 1), done);
    done += child;
    return child;
  });
}

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

describe('sliced schedules', () => {
  it('never turn back and sum to the parent exactly', () => {
    fc.assert(
      fc.property(lots, slices, urgency, (parent, n, kT) => {
        for (const one of [
          children(parent, n, (k) => twapLots(parent, k, n)),
          children(parent, n, (k) => almgrenChrissLots(parent, k, n, kT)),
        ]) {
          expect(sum(one)).toBe(parent);
          expect(one.every((child) => Number.isInteger(child) && child * parent >= 0)).toBe(true);
        }
      }),
      runs,
    );
  });

  it('are equal to a lot for twap, and never larger later for Almgren and Chriss', () => {
    fc.assert(
      fc.property(lots, slices, urgency, (parent, n, kT) => {
        const equal = children(parent, n, (k) => twapLots(parent, k, n)).map(Math.abs);
        expect(Math.max(...equal) - Math.min(...equal)).toBeLessThanOrEqual(1);
        const falling = children(parent, n, (k) => almgrenChrissLots(parent, k, n, kT)).map(Math.abs);
        for (let k = 1; k < n; k++) expect(falling[k]).toBeLessThanOrEqual(falling[k - 1] + 1);
      }),
      runs,
    );
  });

  it('make up for orders that were not filled, and stop at the parent', () => {
    fc.assert(
      fc.property(lots, slices, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (parent, n, filled) => {
        let done = 0;
        for (let k = 1; k < n; k++) {
          const child = childLots(parent, twapLots(parent, k, n), done);
          done += Math.trunc(child * (filled[k] ?? 1));
          expect(Math.abs(done)).toBeLessThanOrEqual(Math.abs(twapLots(parent, k, n)));
        }
        expect(done + childLots(parent, twapLots(parent, n, n), done)).toBe(parent);
        expect(Math.abs(childLots(parent, 2 * parent, done))).toBe(Math.abs(parent - done));
        expect(Math.abs(childLots(parent, 0, parent))).toBe(0);
      }),
      runs,
    );
  });

  it('are straight without urgency and agree with the hyperbolic sine', () => {
    expect(remainingFraction(0, 3, 10)).toBe(0.7);
    for (const kT of [1e-9, 1e-3, 0.5, 3, 30]) {
      for (let k = 1; k < 8; k++) {
        const wanted = Math.sinh(kT * (1 - k / 8)) / Math.sinh(kT);
        expect(Math.abs(remainingFraction(kT, k, 8) / wanted - 1)).toBeLessThan(1e-12);
      }
    }
    for (const square of [1e-14, 1e-4, 0.4, 9]) {
      const wanted = Math.acosh(1 + (square * 0.25) / 2) / 0.5;
      expect(Math.abs(tradeOffRate(square, 0.5) / wanted - 1)).toBeLessThan(square < 1e-6 ? 0.1 : 1e-9);
    }
    expect(tradeOffRate(0, 0.5)).toBe(0);
  });
});

describe('participation', () => {
  it('stays within its rate whatever the looks', () => {
    const volumes = fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(volumes, fc.double({ min: 1e-6, max: 1, noNaN: true }), (looks, rate) => {
        let volume = 0;
        let done = 0;
        for (const more of looks) {
          const before = participationLots(rate, volume);
          volume += more;
          const share = participationLots(rate, volume) - before;
          expect(share).toBeLessThanOrEqual(rate * more + 1);
          done += share;
          expect(done).toBeLessThanOrEqual(rate * volume);
          expect(done).toBeGreaterThan(rate * volume - 1);
        }
      }),
      runs,
    );
  });
});

describe('the cap of a child order', () => {
  it('binds new risk only', () => {
    fc.assert(
      fc.property(lots, lots, fc.integer({ min: 0, max: 1_000_000_000 }), (held, child, cap) => {
        const passed = withinCap(held, child, cap);
        const after = held + passed;
        expect(Math.abs(passed)).toBeLessThanOrEqual(Math.abs(child));
        expect(passed * child).toBeGreaterThanOrEqual(0);
        expect(Math.abs(after)).toBeLessThanOrEqual(Math.max(cap, Math.abs(held)));
        if (after * held < 0) expect(Math.abs(after)).toBeLessThanOrEqual(cap);
        const reduces = (held + child) * held >= 0 && Math.abs(held + child) <= Math.abs(held);
        if (reduces || Math.abs(held + child) <= cap) expect(passed).toBe(child);
      }),
      runs,
    );
  });
});
