/** The shared sizing wrapper on an account that may hold fractions of lots. */
import { AgentField, AgentStatus, type DecisionBatch, Urgency } from '../strategy/index.js';

/** Slack of lot rounding: a target computed from whole lots keeps them. */
const LOT_SLACK = 1 + 1e-12;

/** Returns the first decision's target position after the leverage cap, units; NaN to hold. */
export function cappedTarget(batch: DecisionBatch): number {
  const cap = batch.rows[batch.row[0] + AgentField.leverageMax] * Math.max(batch.equity[0], 0);
  return Math.min(Math.max(batch.target[0], -cap), cap) / batch.price[0];
}

/**
 * Returns the signed units the first decision of a batch trades: what `targetToLots` does, in that
 * order, but rounded to `lot` units toward zero, or not at all when it is 0. There is no speed
 * limit: a path has no volume to be a fraction of.
 */
export function wantedUnits(batch: DecisionBatch, lot: number): number {
  const { rows } = batch;
  const row = batch.row[0];
  const wanted = batch.target[0];
  if (wanted !== wanted || (rows[row + AgentField.status] & AgentStatus.halted) !== 0) return 0;
  const held = rows[row + AgentField.position];
  const urgency = batch.urgency[0];
  const band = rows[row + AgentField.band];
  if (band > 0 && (urgency & Urgency.forced) === 0) {
    const exposure = held * batch.price[0];
    if (!(Math.abs(wanted - exposure) > band * Math.abs(exposure))) return 0;
  }
  const target = cappedTarget(batch);
  const rounded = lot > 0 ? Math.trunc((target / lot) * LOT_SLACK) * lot : target;
  const units = rounded - held;
  return (urgency & Urgency.reduceOnly) === 0 ? units : reducing(units, held);
}

/** Cuts a trade to what neither adds to a position nor turns it over. */
export function reducing(units: number, held: number): number {
  return Math.min(Math.max(units, Math.min(-held, 0)), Math.max(-held, 0));
}
