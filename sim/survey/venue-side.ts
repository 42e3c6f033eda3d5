/** What a move of the mark would force, fire and meet, by bucket of distance: of one instrument. */
import type { World } from '../engine/index.js';
import type { MoveSign, PriceGrid } from './price-grid.js';

/** One direction of a move. All arrays have an entry per bucket; lots are unsigned. */
export interface VenueSide {
  readonly sign: MoveSign;
  /** Ticks the buckets end at, one more than buckets. */
  readonly edges: Int32Array;
  /** Positions whose account breaches there: longs below, shorts above. */
  readonly forcedLots: Float64Array;
  /** Waiting stops that then trade in the direction of the move. */
  readonly stopLots: Float64Array;
  /** Orders that rest there: bids below, asks above. */
  readonly restingLots: Float64Array;
  /** What rests within `nearFraction` of the mark, as lots a tick. */
  readonly nearLotsPerTick: number;
}

type VenueInstrument = World['venue']['instruments'][number];

/** Reads one direction of an instrument. O(levels and positions within reach). */
export function readVenueSide(
  world: World,
  instrument: number,
  sign: MoveSign,
  { grid, nearFraction }: { grid: PriceGrid; nearFraction: number },
): VenueSide {
  const one = world.venue.instruments[instrument];
  const edges = grid.edges(one.markTicks, sign);
  const forcedLots = new Float64Array(grid.buckets);
  const stopLots = new Float64Array(grid.buckets);
  const restingLots = new Float64Array(grid.buckets);
  world.venue.breaches.lotsByThreshold(instrument, sign, edges, forcedLots);
  one.triggers.lotsByTrigger(sign, edges, stopLots);
  const side = bookSide(sign);
  let k = 0;
  for (let tick = bestOf(one, sign); tick >= 0; tick = one.book.nextLevel(side, tick)) {
    while (k < grid.buckets && sign * tick >= sign * edges[k + 1]) k++;
    if (k === grid.buckets) break;
    restingLots[k] += one.book.lotsAt(side, tick);
  }
  const near = nearFraction * one.markTicks;
  return {
    sign, edges, forcedLots, stopLots, restingLots,
    nearLotsPerTick: lotsToward(one, sign, one.markTicks + sign * near) / near,
  };
}

/** Side of the book that a move eats: 0 bids, 1 asks. */
export function bookSide(sign: MoveSign): number {
  return sign < 0 ? 0 : 1;
}

/** Best price of that side, -1 when it is empty. */
export function bestOf(one: VenueInstrument, sign: MoveSign): number {
  return sign < 0 ? one.book.bestBid() : one.book.bestAsk();
}

/** Lots that rest from the best price of that side to a price, included. O(levels). */
function lotsToward(one: VenueInstrument, sign: MoveSign, toTicks: number): number {
  const best = bestOf(one, sign);
  if (best < 0 || sign * best > sign * toTicks) return 0;
  const last = sign < 0 ? Math.ceil(toTicks) : Math.floor(toTicks);
  return one.book.lotsWithin(bookSide(sign), best, last);
}
