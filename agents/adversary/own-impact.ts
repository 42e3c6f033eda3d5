/** What an adversary believes a lot moves the price by, for good. */
import { MarketField, type DecisionBatch } from '../../sim/strategy/index.js';

/** Weight of the present touch in the remembered one. */
const TOUCH_WEIGHT = 0.1;

/** Offsets that `ownImpact` reads and keeps. */
export type ImpactOffsets = Readonly<Record<'impact' | 'touchLots', number>>;

/**
 * Returns the price change of one lot: the parameter, or where that is 0 one tick per lot at the
 * touch, whose size is averaged over its looks. 0 when there is nothing to go by.
 */
export function ownImpact(batch: DecisionBatch, i: number, at: ImpactOffsets): number {
  const { rows, market, economics } = batch;
  const r = batch.row[i];
  const given = rows[r + at.impact];
  if (given > 0) return given;
  const seen = batch.marketAt[i];
  // An empty side has price -1.
  const bid = market[seen + MarketField.bestBid] > 0 ? market[seen + MarketField.bestBidLots] : 0;
  const ask = market[seen + MarketField.bestAsk] > 0 ? market[seen + MarketField.bestAskLots] : 0;
  const touch = 0.5 * (bid + ask);
  const before = rows[r + at.touchLots];
  const now = before > 0 ? before + TOUCH_WEIGHT * (touch - before) : touch;
  rows[r + at.touchLots] = now;
  return now > 0 ? economics.quotePerTick / now : 0;
}
