/** What a probed agent sees: a snapshot around a price, in ticks fine enough not to matter. */
import { Economics, MarketField } from '../strategy/index.js';
import type { ProbeSight } from './probe-types.js';

/** A price has this many ticks at most: half of a 32-bit integer's range. */
const TICKS_MAX = 1_073_741_824;

/** Returns contract terms with one unit a lot, and a tick that is a power of two. */
export function probeEconomics(priceMax: number): Economics {
  let quotePerTick = 1;
  while (priceMax / quotePerTick > TICKS_MAX) quotePerTick *= 2;
  while (priceMax / quotePerTick < TICKS_MAX / 2) quotePerTick /= 2;
  return new Economics({ kind: 'linear', multiplier: quotePerTick, quotePerTick, quotePerLot: 1 });
}

/** Writes a snapshot around a price: its high and low span the move from the price before. */
export function showMarket(
  market: Float64Array,
  shown: { window: number; ticks: number; before: number; indexTicks: number },
  fields: ProbeSight['fields'] = {},
): void {
  const { window, ticks, before, indexTicks } = shown;
  market[MarketField.window] = window;
  market[MarketField.mark] = ticks;
  market[MarketField.index] = indexTicks;
  market[MarketField.last] = ticks;
  market[MarketField.mid] = ticks;
  market[MarketField.bestBid] = Math.ceil(ticks) - 1;
  market[MarketField.bestAsk] = Math.floor(ticks) + 1;
  market[MarketField.bestBidLots] = 1e6;
  market[MarketField.bestAskLots] = 1e6;
  market[MarketField.high] = Math.max(ticks, before);
  market[MarketField.low] = Math.min(ticks, before);
  for (const [name, value] of Object.entries(fields)) {
    market[MarketField[name as keyof typeof MarketField]] = value as number;
  }
}
