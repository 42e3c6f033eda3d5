/** How far a trade moves the price, from what rests in the book. */
import type { World } from '../engine/index.js';
import type { Economics } from '../strategy/index.js';
import type { MoveSign } from './price-grid.js';
import { bestOf, bookSide, type VenueSide } from './venue-side.js';

/**
 * Returns the impact of a quote unit traded: the move it makes, fraction of the mark; Infinity
 * where nothing rests near it. Linear: lambda = near / (what rests within near of the mark, quote
 * units).
 */
export function impactPerQuote(side: VenueSide, economics: Economics, markTicks: number): number {
  // A fraction r of the mark is r x mark ticks, each with that many lots at about the mark.
  const perFraction = economics.exposureQuote(side.nearLotsPerTick, markTicks) * markTicks;
  return 1 / perFraction;
}

/**
 * Returns how far a market order of a quote amount moves the last price from the mark on the
 * present book, fraction of the mark; Infinity when the side is too thin. O(levels walked).
 */
export function bookMove(
  world: World,
  instrument: number,
  order: { sign: MoveSign; quote: number; economics: Economics },
): number {
  const { sign, quote, economics } = order;
  const one = world.venue.instruments[instrument];
  const side = bookSide(sign);
  let left = quote;
  for (let tick = bestOf(one, sign); tick >= 0; tick = one.book.nextLevel(side, tick)) {
    left -= economics.exposureQuote(one.book.lotsAt(side, tick), tick);
    if (left <= 0) return Math.max(0, sign * (tick / one.markTicks - 1));
  }
  return Infinity;
}
