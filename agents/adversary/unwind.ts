/** The way out of an adversary's campaign: equal slices at equal times. */
import {
  AgentField,
  AgentStatus,
  MarketField,
  type DecisionBatch,
} from '../../sim/strategy/index.js';

/** The reduce-only bit of an order's flags. */
const REDUCE_ONLY = 2;

/** Offsets that `unwind` reads and keeps. */
export type UnwindOffsets = Readonly<
  Record<'slicesLeft' | 'slices' | 'exitMicros' | 'cooldownMicros', number>
>;

/**
 * Sends the next slice of agent i's way out and sets its timer: to the next slice, or to the end of
 * its rest once nothing is held. What a slice could not sell is spread over the ones left.
 */
export function unwind(batch: DecisionBatch, i: number, at: UnwindOffsets): void {
  const rows = batch.rows;
  const r = batch.row[i];
  const held = rows[r + AgentField.position] + rows[r + AgentField.pending];
  if (held === 0) {
    rows[r + at.slicesLeft] = 0;
    batch.wakeAt[i] = batch.time[i] + rows[r + at.cooldownMicros];
    return;
  }
  batch.wakeAt[i] = batch.time[i] + sliceMicros(rows, r, at);
  const halted = batch.market[batch.marketAt[i] + MarketField.halted] !== 0;
  if (halted || (rows[r + AgentField.status] & AgentStatus.halted) !== 0) return;
  const left = rows[r + at.slicesLeft];
  const size = Math.ceil(Math.abs(held) / left);
  batch.orders.market(i, held > 0 ? 1 : 0, size, -1, REDUCE_ONLY);
  rows[r + at.slicesLeft] = Math.max(left - 1, 1);
}

/** Time between two slices, microseconds. */
export function sliceMicros(rows: Float64Array, r: number, at: UnwindOffsets): number {
  return Math.max(Math.ceil(rows[r + at.exitMicros] / rows[r + at.slices]), 1);
}
