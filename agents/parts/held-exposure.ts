/** What an agent holds, with what it has under way. */
import { AgentField, type DecisionBatch } from '../../sim/strategy/index.js';

/** Returns the signed exposure of agent `i` with its pending lots, quote units. */
export function heldExposure(batch: DecisionBatch, i: number): number {
  const { quotePerLot, inverse } = batch.economics;
  const lotQuote = inverse ? quotePerLot : quotePerLot * batch.price[i];
  return batch.exposure[i] + batch.rows[batch.row[i] + AgentField.pending] * lotQuote;
}
