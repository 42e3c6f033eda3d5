/** What every strategy does without equity: reduce, and leave for good after a liquidation. */
import { AgentField, AgentStatus, type DecisionBatch } from '../../sim/strategy/index.js';

/** A liquidated agent with less than this fraction of its initial equity leaves the market. */
export const RUIN_FRACTION = 0.01;

/**
 * Says whether agent `i` may not take its usual decision, and decides for it when it may not.
 *
 * Without equity its target is 0; once its account was liquidated, it also clears its timer and
 * alerts. Callers ask only when the status is not 0 or the equity not positive.
 */
export function standsDown(batch: DecisionBatch, i: number): boolean {
  const rows = batch.rows;
  const r = batch.row[i];
  const liquidated = (rows[r + AgentField.status] & AgentStatus.liquidated) !== 0;
  const floor = liquidated ? RUIN_FRACTION * rows[r + AgentField.initialEquityQuote] : 0;
  if (batch.equity[i] > floor) return false;
  batch.target[i] = 0;
  const period = rows[r + AgentField.periodMicros];
  if (liquidated || !(period > 0)) {
    batch.wakeAt[i] = Infinity;
  } else {
    batch.wakeAt[i] = batch.time[i] + period;
  }
  if (liquidated) {
    batch.alertBelow[i] = -1;
    batch.alertAbove[i] = -1;
  }
  return true;
}
