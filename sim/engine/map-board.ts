/** The ring of published liquidation maps: where positions would be closed, and who sees it when. */
import type { Memory } from '../kernel/index.js';
import { LiquidationMap } from '../strategy/index.js';
import type { Economics } from '../strategy/index.js';
import type { PerpetualVenue } from '../venue/index.js';

/** Simulated time between two maps. */
export const MAP_MICROS = 10_000_000;

/**
 * Map k of every instrument is drawn at k x `MAP_MICROS`, before anything of a later time; an agent
 * with feed latency L sees, at time t, the newest one drawn by t - L. As every latency is at least a
 * window, that map was drawn in an earlier window. It shows totals by distance, never who holds what.
 */
export class MapBoard {
  /** Maps of the ring, then one map of zeros for agents that no map has reached. */
  readonly values: Float64Array;
  readonly #instruments: number;
  readonly #mask: number;
  readonly #drawn: Float64Array;
  readonly #edges = new Int32Array(LiquidationMap.buckets + 1);
  readonly #lots = new Float64Array(LiquidationMap.buckets);

  constructor(
    memory: Memory,
    options: { instruments: number; windowMicros: number; latencyMicrosMax: number },
  ) {
    this.#instruments = options.instruments;
    const kept = Math.ceil((options.latencyMicrosMax + 2 * options.windowMicros) / MAP_MICROS) + 2;
    let ring = 2;
    while (ring < kept) ring *= 2;
    this.#mask = ring - 1;
    const length = (ring + 1) * options.instruments * LiquidationMap.length;
    this.values = memory.float64('maps.values', length);
    this.#drawn = memory.float64('maps.drawn', 1);
  }

  /** Maps drawn of each instrument so far. */
  get drawn(): number {
    return this.#drawn[0];
  }

  /** Goes on after `drawn` maps; the caller restores `values`. */
  resume(drawn: number): void {
    this.#drawn[0] = drawn;
  }

  /** When the next maps are to be drawn, microseconds. */
  nextMicros(): number {
    return this.#drawn[0] * MAP_MICROS;
  }

  /** Offset of the map of an instrument that what is known of `seenMicros` includes. */
  visibleOffset(seenMicros: number, instrument: number): number {
    const slot = seenMicros >= 0 ? Math.floor(seenMicros / MAP_MICROS) & this.#mask : this.#mask + 1;
    return (slot * this.#instruments + instrument) * LiquidationMap.length;
  }

  /** Draws the maps that are due. O(positions within reach). */
  draw(venue: PerpetualVenue, economics: readonly Economics[]): void {
    const time = this.nextMicros();
    for (let n = 0; n < this.#instruments; n++) {
      const at = this.visibleOffset(time, n);
      const mark = venue.markTicks(n);
      this.values[at + LiquidationMap.mark] = mark;
      this.values[at + LiquidationMap.time] = time;
      this.#drawSide(venue, economics[n], n, -1, at + LiquidationMap.below);
      this.#drawSide(venue, economics[n], n, 1, at + LiquidationMap.above);
    }
    this.#drawn[0]++;
  }

  /** Bucket k holds the ticks at distances in [k w, (k + 1) w) of the mark, the mark itself left out. */
  #drawSide(
    venue: PerpetualVenue,
    economics: Economics,
    instrument: number,
    sign: number,
    at: number,
  ): void {
    const { buckets, width } = LiquidationMap;
    const edges = this.#edges;
    const lots = this.#lots;
    const mark = venue.markTicks(instrument);
    // Whole numbers: an edge that is a tick is that tick.
    const steps = Math.round(1 / width);
    for (let k = 0; k <= buckets; k++) {
      const edge = (mark * (steps + sign * k)) / steps;
      edges[k] = sign > 0 ? Math.ceil(edge) : Math.floor(edge);
    }
    lots.fill(0);
    venue.breaches.lotsByThreshold(instrument, sign, edges, lots);
    for (let k = 0; k < buckets; k++) {
      this.values[at + k] = economics.exposureQuote(lots[k], mark);
    }
  }
}
