/** A bet that the price reaches one of two barriers around its entry before the other. */
import {
  type DecisionBatch,
  MarketField,
  type StateSpec,
  WakeReason,
} from '../../sim/strategy/index.js';

/** Keeps a price that is on a barrier, but for rounding, on it. */
const SLACK = 1e-9;

/** State a betting strategy declares, side by side and in this order. */
export const betState = {
  entryPrice: { doc: 'Price the bet began at; 0 before the first', unit: 'quote', initial: 0 },
  side: { doc: 'Side of the bet', unit: '1', initial: 0 },
} satisfies Record<string, StateSpec>;

/** What has become of a bet. */
export const BetOutcome = { open: 0, first: 1, won: 2, lost: 3 } as const;

/**
 * Returns the outcome of agent `i`'s bet by what it sees; both barriers in one window count as a
 * loss. `bet` is the offset of `entryPrice` in the rows, `barrier` that of the barriers' distance.
 */
export function betOutcome(batch: DecisionBatch, i: number, bet: number, barrier: number): number {
  const { rows, market } = batch;
  const entry = rows[bet];
  const distance = rows[barrier];
  let high = batch.price[i];
  let low = high;
  if ((batch.reason[i] & WakeReason.alert) !== 0) {
    // An alert speaks of the window's extremes: the mark may have come back since.
    const seen = batch.marketAt[i];
    const { quotePerTick } = batch.economics;
    high = Math.max(high, market[seen + MarketField.high] * quotePerTick);
    low = Math.min(low, market[seen + MarketField.low] * quotePerTick);
  }
  const above = high >= entry * (1 + distance - SLACK);
  const below = low <= entry * (1 - distance + SLACK);
  if (!above && !below) return BetOutcome.open;
  if (entry === 0) return BetOutcome.first;
  return (rows[bet + 1] > 0 ? below : above) ? BetOutcome.lost : BetOutcome.won;
}

/** Sets agent `i`'s alerts on the barriers of its bet. */
export function watchBarriers(batch: DecisionBatch, i: number, bet: number, barrier: number): void {
  const entry = batch.rows[bet];
  const distance = batch.rows[barrier];
  const ticksPerQuote = 1 / batch.economics.quotePerTick;
  batch.alertAbove[i] = Math.ceil(entry * (1 + distance - SLACK) * ticksPerQuote);
  batch.alertBelow[i] = Math.floor(entry * (1 - distance + SLACK) * ticksPerQuote);
}
