import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeContract, priceNoWorse } from '../../sim/account/index.js';
import { UserError } from '../../sim/kernel/index.js';
import { type MarginSpec, TieredMargin } from '../../sim/risk/index.js';
import type { InstrumentSpec } from '../../sim/venue/index.js';
import { maintenance } from '../naive/venue-money.js';

const SEED = 314159;

/** Random brackets: steps of floors and rates, by quanta or by lots. */
const brackets = fc
  .record({
    byLots: fc.boolean(),
    steps: fc.array(
      fc.tuple(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 0, max: 120_000 })),
      {
        minLength: 1,
        maxLength: 7,
      },
    ),
  })
  .map(({ byLots, steps }): MarginSpec => {
    let floor = 0;
    let rate = 0;
    const tiers = steps.map(([width, step], k) => {
      rate += step;
      if (k > 0) floor += byLots ? 1 + (width % 100_000) : width;
      return {
        ...(byLots ? { floorLots: floor } : { floorQuanta: floor }),
        maintenanceRate: rate,
        initialRate: rate,
      };
    });
    return { tiers };
  });

const contract = fc
  .record({
    kind: fc.constantFrom('linear' as const, 'inverse' as const),
    multiplier: fc.integer({ min: 1, max: 1e6 }),
  })
  .map((spec) => makeContract({ ...spec, quotePerTick: 1, quotePerLot: 1 }));

const size = fc.integer({ min: -50_000, max: 50_000 }).filter((lots) => lots !== 0);
const price = fc.integer({ min: 2, max: 100_000 });

describe('tiered margin', () => {
  test('equals the sum over brackets, in exact integers', () => {
    fc.assert(
      fc.property(
        brackets,
        fc.integer({ min: 0, max: 9e12 }),
        size,
        fc.integer({ min: 1, max: 900 }),
        (spec, n, lots, scale) => {
          const notional = n * scale;
          const naive = maintenance(
            { margin: spec } as unknown as InstrumentSpec,
            BigInt(notional),
            lots,
          );
          expect(BigInt(new TieredMargin(spec).maintenance(notional, lots))).toBe(naive);
        },
      ),
      { seed: SEED, numRuns: 4000 },
    );
  });

  test('never grows faster than the notional', () => {
    fc.assert(
      fc.property(
        brackets,
        fc.integer({ min: 0, max: 9e12 }),
        fc.integer({ min: 0, max: 1e6 }),
        size,
        (spec, n, more, lots) => {
          const margin = new TieredMargin(spec);
          const step = margin.maintenance(n + more, lots) - margin.maintenance(n, lots);
          expect(step).toBeGreaterThanOrEqual(0);
          expect(step).toBeLessThanOrEqual(more);
        },
      ),
      { seed: SEED, numRuns: 4000 },
    );
  });

  test('equity less margin rises with the price for a long and falls for a short', () => {
    fc.assert(
      fc.property(
        brackets,
        contract,
        size,
        price,
        fc.integer({ min: 1, max: 50 }),
        (spec, one, lots, p, step) => {
          const margin = new TieredMargin(spec);
          const at = (ticks: number) => {
            const value = one.signedValue(lots, ticks);
            return value - margin.maintenance(Math.abs(value), lots);
          };
          const change = at(p + step) - at(p);
          if (lots > 0) expect(change).toBeGreaterThanOrEqual(0);
          else expect(change).toBeLessThanOrEqual(0);
        },
      ),
      { seed: SEED, numRuns: 4000 },
    );
  });

  test('notionalWhere inverts the margin function', () => {
    fc.assert(
      fc.property(
        brackets,
        fc.integer({ min: 1000, max: 1e12 }),
        size,
        fc.constantFrom(-1, 1),
        (spec, n, lots, sign) => {
          const margin = new TieredMargin(spec);
          const target = sign * n - margin.maintenance(n, lots);
          const found = margin.notionalWhere(sign, target, lots);
          // The margin is rounded up by less than a quantum.
          const rate = spec.tiers[spec.tiers.length - 1].maintenanceRate / 1e6;
          expect(Math.abs(found - n)).toBeLessThanOrEqual(1 / (1 - rate) + n * 1e-9);
        },
      ),
      { seed: SEED, numRuns: 4000 },
    );
  });

  test.each([
    ['no bracket', { tiers: [] }],
    [
      'a first floor above zero',
      { tiers: [{ floorQuanta: 5, maintenanceRate: 1, initialRate: 1 }] },
    ],
    [
      'an initial rate below the maintenance rate',
      { tiers: [{ maintenanceRate: 2, initialRate: 1 }] },
    ],
    ['a rate of 100 %', { tiers: [{ maintenanceRate: 1e6, initialRate: 1e6 }] }],
    [
      'falling rates',
      {
        tiers: [
          { maintenanceRate: 5, initialRate: 5 },
          { floorQuanta: 9, maintenanceRate: 4, initialRate: 5 },
        ],
      },
    ],
    [
      'jumps at the mark',
      {
        deductions: false,
        tiers: [
          { maintenanceRate: 5, initialRate: 5 },
          { floorQuanta: 9, maintenanceRate: 8, initialRate: 8 },
        ],
      },
    ],
  ] as [string, MarginSpec][])('refuses %s', (_name, spec) => {
    expect(() => new TieredMargin(spec)).toThrow(UserError);
  });
});

describe('contract arithmetic', () => {
  test('priceNoWorse is the worst tick that still yields the value', () => {
    fc.assert(
      fc.property(contract, size, price, fc.integer({ min: -3, max: 3 }), (one, lots, p, off) => {
        const ticksMax = 100_100;
        const target = one.signedValue(lots, p) + off;
        const found = priceNoWorse(one, lots, target, ticksMax);
        const worse = lots > 0 ? found - 1 : found + 1;
        const best = one.signedValue(lots, lots > 0 ? ticksMax - 1 : 1);
        expect(one.signedValue(lots, found)).toBeGreaterThanOrEqual(Math.min(target, best));
        if (worse > 0 && worse < ticksMax)
          expect(one.signedValue(lots, worse)).toBeLessThan(target);
      }),
      { seed: SEED, numRuns: 4000 },
    );
  });

  test('lotsWithin is the most lots whose notional fits', () => {
    fc.assert(
      fc.property(contract, price, fc.integer({ min: 0, max: 1e10 }), (one, p, limit) => {
        const lots = one.lotsWithin(limit, p);
        expect(one.notional(lots, p)).toBeLessThanOrEqual(limit);
        expect(one.notional(lots + 1, p)).toBeGreaterThan(limit);
      }),
      { seed: SEED, numRuns: 4000 },
    );
  });
});
