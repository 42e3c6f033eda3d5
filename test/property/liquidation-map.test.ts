/** Lots by liquidation threshold on random venues, against a walk over accounts and ticks. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventLog } from '../../sim/trace/index.js';
import type { PerpetualVenue } from '../../sim/venue/index.js';
import { apply, buildVenue, Dice, drawCase, VenueFlow } from '../support/venue-flow.js';

const BUCKETS = 16;

/** Ticks that bound buckets of 1 % of the mark, going outward. */
function edgesOf(mark: number, sign: number): Int32Array {
  return Int32Array.from({ length: BUCKETS + 1 }, (_, k) => {
    const edge = (mark * (100 + sign * k)) / 100;
    return sign > 0 ? Math.ceil(edge) : Math.floor(edge);
  });
}

function bruteForce(venue: PerpetualVenue, instrument: number, sign: number, edges: Int32Array): number[] {
  const lots = new Array<number>(BUCKETS).fill(0);
  for (let account = 0; account < venue.accountCount; account++) {
    const size = venue.positionOf(account, instrument);
    if (size * sign >= 0 || venue.breaches.isQueued(account, instrument)) continue;
    const mark = venue.markTicks(instrument);
    for (let tick = mark; (tick - edges[BUCKETS]) * sign < 0; tick += sign) {
      if (venue.breaches.slackAt(account, instrument, tick) >= 0) continue;
      const k = edges.findIndex((edge, at) => at > 0 && (tick - edge) * sign < 0) - 1;
      lots[k] += Math.abs(size);
      break;
    }
  }
  return lots;
}

describe('lots by threshold', () => {
  it('agree with every account examined at every tick', () => {
    const found = { longs: 0, shorts: 0 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1 << 28 }), (seed) => {
        const dice = new Dice(seed);
        const drawn = drawCase(dice, 1 + (seed % 2));
        const venue = buildVenue(drawn, new EventLog(() => {}), () => {});
        const flow = new VenueFlow(dice, drawn);
        for (let event = 0; event < 300; event++) {
          apply(venue, flow.next(venue));
          if (event % 50 !== 49) continue;
          for (let n = 0; n < drawn.spec.instruments.length; n++) {
            for (const sign of [-1, 1]) {
              const edges = edgesOf(venue.markTicks(n), sign);
              const lots = new Float64Array(BUCKETS);
              venue.breaches.lotsByThreshold(n, sign, edges, lots);
              expect({ seed, event, n, sign, lots: [...lots] }).toEqual({
                seed, event, n, sign, lots: bruteForce(venue, n, sign, edges),
              });
              for (const one of lots) if (one > 0) found[sign < 0 ? 'longs' : 'shorts']++;
            }
          }
        }
      }),
      { seed: 20_260_314, numRuns: 60 },
    );
    expect(found.longs).toBeGreaterThan(100);
    expect(found.shorts).toBeGreaterThan(100);
  });
});
