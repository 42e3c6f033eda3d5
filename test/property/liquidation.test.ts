import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventKind } from '../../sim/trace/index.js';
import { VenueDesk } from '../support/venue-desk.js';

const TICKS = 200_000;

/** A position on a venue of realistic scale, at a leverage of 1 to 60. */
const positions = fc.record({
  kind: fc.constantFrom('linear' as const, 'inverse' as const),
  multiplier: fc.integer({ min: 1, max: 1000 }),
  basis: fc.constantFrom('mark' as const, 'entry' as const),
  lots: fc.integer({ min: 1, max: 20_000 }),
  price: fc.integer({ min: 2000, max: 150_000 }),
  leverage: fc.double({ min: 1, max: 60, noNaN: true }),
  long: fc.boolean(),
  isolated: fc.boolean(),
  steps: fc.array(fc.integer({ min: 100, max: 80_000 }), { minLength: 1, maxLength: 5 }),
});

type Drawn = typeof positions extends fc.Arbitrary<infer T> ? T : never;

function open(drawn: Drawn): VenueDesk {
  const inverse = drawn.kind === 'inverse';
  const multiplier = inverse ? drawn.multiplier * 1_000_000_000 : drawn.multiplier;
  const notional = inverse
    ? Math.floor((drawn.lots * multiplier) / drawn.price)
    : drawn.lots * drawn.price * multiplier;
  let rate = 4000;
  const tiers = drawn.steps.map((step, k) => {
    const floorQuanta = k === 0 ? 0 : Math.floor((notional * k) / 3) + k;
    rate += k === 0 ? 0 : step;
    return { floorQuanta, maintenanceRate: rate, initialRate: Math.max(rate, 10_000) };
  });
  const desk = new VenueDesk({
    accounts: 2,
    deposit: 0,
    isolated: Uint8Array.from([drawn.isolated ? 1 : 0, 0]),
    instrument: {
      contract: { kind: drawn.kind, multiplier, quotePerTick: 0.5, quotePerLot: 1 },
      margin: { tiers, basis: drawn.basis },
      leverageMax: 60,
      ticksMax: TICKS,
      startTicks: drawn.price,
    },
  });
  const { venue } = desk;
  venue.deposit(0, Math.floor(notional / drawn.leverage));
  venue.deposit(1, notional * 40);
  const signed = drawn.long ? drawn.lots : -drawn.lots;
  const cost = inverse ? -notional : notional;
  venue.setLeverage(0, 0, drawn.leverage);
  venue.open(0, 0, signed, drawn.long ? cost : -cost);
  venue.open(1, 0, -signed, drawn.long ? -cost : cost);
  return desk;
}

describe('liquidation thresholds', () => {
  test('fire early by next to nothing and never late', () => {
    let held = 0;
    fc.assert(
      fc.property(positions, (drawn) => {
        const { venue } = open(drawn);
        if (venue.breaches.isQueued(0, 0)) return;
        const inBreach = (tick: number) => venue.breaches.slackAt(0, 0, tick) < 0;
        const threshold = venue.breaches.thresholdOf(0, 0);
        if (threshold < 0) {
          expect(inBreach(drawn.long ? 1 : TICKS - 1)).toBe(false);
          return;
        }
        // Nothing on the safe side of the threshold is in breach.
        held++;
        const safe = drawn.long ? threshold + 1 : threshold - 1;
        expect(inBreach(safe)).toBe(false);
        // A few quanta of rounding and two ticks further it is.
        const one = venue.instruments[0];
        const tick = Math.abs(
          one.contract.signedValue(drawn.lots, threshold) -
            one.contract.signedValue(drawn.lots, threshold + 1),
        );
        const reach = 3 + Math.ceil(8 / Math.max(tick, 1e-9));
        const beyond = drawn.long ? threshold - reach : threshold + reach;
        if (tick > 0 && beyond > 0 && beyond < TICKS) expect(inBreach(beyond)).toBe(true);
      }),
      { seed: 602214, numRuns: 1500 },
    );
    expect(held).toBeGreaterThan(500);
  });

  test('strike at the first mark in breach', () => {
    let struck = 0;
    fc.assert(
      fc.property(positions, (drawn) => {
        const desk = open(drawn);
        const { venue } = desk;
        if (venue.breaches.isQueued(0, 0)) return;
        const inBreach = (tick: number) => venue.breaches.slackAt(0, 0, tick) < 0;
        let safe = drawn.price;
        let bad = drawn.long ? 0 : TICKS;
        while (Math.abs(bad - safe) > 1) {
          const middle = (safe + bad) >> 1;
          if (inBreach(middle)) bad = middle;
          else safe = middle;
        }
        desk.index(safe);
        expect(venue.liquidationCount).toBe(0);
        if (bad < 1 || bad >= TICKS) return;
        desk.index(bad);
        expect(desk.rowsOf(EventKind.liquidation)[0].slice(2, 5)).toEqual([
          0,
          expect.any(Number),
          bad,
        ]);
        expect(venue.liquidationCount).toBeGreaterThan(0);
        struck++;
        venue.ledger.check();
      }),
      { seed: 662607, numRuns: 300 },
    );
    expect(struck).toBeGreaterThan(100);
  });
});
