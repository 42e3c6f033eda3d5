/** The market order of a sizing agent, bounded as venues bound them. */
import type { DecisionBatch } from '../strategy/index.js';
import { MarketField } from '../strategy/index.js';

/** A sizing agent's market order goes no further than this fraction beyond the mark it saw. */
export const PROTECTION_FRACTION = 0.05;

/** Sends signed lots at market for batch member i; returns the slot, -1 when none is free. */
export function sendMarket(batch: DecisionBatch, i: number, lots: number, flags: number): number {
  const mark = batch.market[batch.marketAt[i] + MarketField.mark];
  if (lots > 0) {
    return batch.orders.market(i, 0, lots, Math.ceil(mark * (1 + PROTECTION_FRACTION)), flags);
  }
  const protection = Math.floor(mark * (1 - PROTECTION_FRACTION));
  return batch.orders.market(i, 1, -lots, protection > 1 ? protection : 1, flags);
}
