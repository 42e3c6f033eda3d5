/** Liquidation maps: against a walk over all accounts and ticks, and when agents see them. */
import { describe, expect, it } from 'vitest';
import type { WorldSpec } from '../../sim/engine/index.js';
import { readSnapshot, runInMemory, WindowLoop, World, writeSnapshot } from '../../sim/engine/index.js';
import { MAP_MICROS } from '../../sim/engine/map-board.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { AgentField, Economics, LiquidationMap } from '../../sim/strategy/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { crowdStrategy } from '../support/crowd-strategy.js';
import { tinyWorld } from '../support/tiny-world.js';

const { buckets, width, below, above, length } = LiquidationMap;

/** Map of an instrument from the present state, tick by tick, account by account. */
function bruteForce(world: World): Float64Array {
  const { venue } = world;
  const map = new Float64Array(length);
  const mark = venue.markTicks(0);
  map[LiquidationMap.mark] = mark;
  const economics = new Economics(world.spec.venue.instruments[0].contract);
  for (let account = 0; account < venue.accountCount; account++) {
    const size = venue.positionOf(account, 0);
    if (size === 0 || venue.breaches.isQueued(account, 0)) continue;
    const step = size > 0 ? -1 : 1;
    for (let tick = mark + step; tick > 0; tick += step) {
      const distance = Math.abs(tick - mark) / mark;
      if (distance >= buckets * width) break;
      if (venue.breaches.slackAt(account, 0, tick) >= 0) continue;
      const k = Math.floor(Math.round(1e9 * (distance / width)) / 1e9);
      map[(size > 0 ? below : above) + k] += Math.abs(economics.exposureQuote(size, mark));
      break;
    }
  }
  return map;
}

/** Gives the levered longs different leverages, so that their thresholds lie apart. */
function spread(spec: WorldSpec): WorldSpec {
  const { populate } = spec;
  const c = spec.cohorts.findIndex((cohort) => cohort.name === 'retail');
  spec.populate = () => {
    const drawn = populate();
    for (let k = 0; k < spec.cohorts[c].count; k++) drawn[c].venueLeverage[k] = 8 + k / 2;
    return drawn;
  };
  return spec;
}

function mapOf(world: World): Float64Array {
  const maps = world.maps!;
  const time = maps.nextMicros();
  maps.draw(world.venue, [new Economics(world.spec.venue.instruments[0].contract)]);
  const at = maps.visibleOffset(time, 0);
  const map = maps.values.slice(at, at + length);
  map[LiquidationMap.time] = 0;
  return map;
}

describe('a liquidation map', () => {
  it('shows the notional by distance of every threshold within reach, before and after a resume', () => {
    let longs = 0;
    for (const contract of ['linear', 'inverse'] as const) {
      const spec = () => spread(tinyWorld({ contract, custom: crowdStrategy(), seconds: 60 }));
      for (const untilMicros of [3_000_000, 29_000_000, 33_000_000, 45_000_000]) {
        const world = new World(new LocalMemory(), spec(), 2, new EventLog(() => {}));
        world.open();
        new WindowLoop(world, { parallel: false, untilMicros }).run();
        const bytes = writeSnapshot(world);
        const wanted = bruteForce(world);
        const found = mapOf(world);
        for (let k = 0; k < length; k++) {
          expect(found[k], `${contract}, ${untilMicros}, value ${k}`).toBeCloseTo(wanted[k], 6);
        }
        const resumed = new World(new LocalMemory(), spec(), 1, new EventLog(() => {}));
        readSnapshot(resumed, bytes);
        expect(mapOf(resumed)).toEqual(found);
        for (let k = 0; k < buckets; k++) longs += found[below + k] > 0 ? 1 : 0;
      }
    }
    expect(longs).toBeGreaterThan(20);
  });

  it('reaches an agent a feed latency after it is drawn', () => {
    let before = 0;
    let after = 0;
    const strategy = crowdStrategy((batch, i) => {
      const at = batch.mapAt[i];
      const seen = batch.time[i] - batch.rows[batch.row[i] + AgentField.feedLatencyMicros];
      if (seen < 0) {
        expect(batch.map[at + LiquidationMap.mark]).toBe(0);
        before++;
        return;
      }
      expect(batch.map[at + LiquidationMap.time]).toBe(Math.floor(seen / MAP_MICROS) * MAP_MICROS);
      expect(batch.map[at + LiquidationMap.mark]).toBeGreaterThan(8000);
      if (seen >= MAP_MICROS) after++;
    });
    const spec = tinyWorld({ seconds: 45, custom: strategy });
    const { populate } = spec;
    const c = spec.cohorts.findIndex((cohort) => cohort.strategy === strategy);
    spec.populate = () => {
      const drawn = populate();
      // Slow ones first act before any map has reached them.
      for (let k = 0; k < 10; k++) drawn[c].feedLatencyMicros[k] = 25_000_000;
      return drawn;
    };
    spec.latencyMicrosMax = 25_000_000;
    runInMemory(spec, { shards: 2 });
    expect(before).toBeGreaterThan(10);
    expect(after).toBeGreaterThan(100);
  });

  it('is drawn only where it is looked at', () => {
    const world = new World(new LocalMemory(), tinyWorld(), 1, new EventLog(() => {}));
    expect(world.maps).toBeNull();
    expect(world.crowd).toBeNull();
  });
});
