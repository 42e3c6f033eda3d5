/** The sizing wrapper all position-scaling agents share: from a target exposure to lots. */
import { AgentField, AgentStatus } from './agent-row.js';
import type { DecisionBatch } from './decision-batch.js';

/** Bits of `DecisionBatch.urgency`. */
export const Urgency = {
  /** Trades even inside the no-trade band. */
  forced: 1,
  /** Never adds to the position and never turns it over. */
  reduceOnly: 2,
} as const;

/** Relative slack of the rounding toward zero: a target computed from whole lots keeps them. */
const LOT_SLACK = 1 + 1e-12;
/** Largest order, lots: a venue's sizes are int32. */
const LOTS_MAX = 0x7fffffff;

/**
 * Returns the signed lots agent `i` should trade now to reach its target, 0 for none.
 *
 * In this order: hold when the target is NaN or the venue is halted; the band (trade only when
 * |target - present| > band x |present|, unless forced); the leverage cap at the agent's equity,
 * which without equity allows reductions only; rounding of the target to lots, toward zero; reduce-only.
 * The present position counts the lots pending. New risk beyond the cap is what "margin below
 * initial margin" means to an agent, which does not know the venue's own figure.
 */
export function targetToLots(batch: DecisionBatch, i: number): number {
  const wanted = batch.target[i];
  if (wanted !== wanted) return 0;
  const rows = batch.rows;
  const r = batch.row[i];
  if ((rows[r + AgentField.status] & AgentStatus.halted) !== 0) return 0;
  const heldLots = rows[r + AgentField.position] + rows[r + AgentField.pending];
  const economics = batch.economics;
  const priceTicks = batch.price[i] / economics.quotePerTick;
  const urgency = batch.urgency[i];
  if ((urgency & Urgency.forced) === 0) {
    const held = economics.exposureQuote(heldLots, priceTicks);
    if (!(Math.abs(wanted - held) > rows[r + AgentField.band] * Math.abs(held))) return 0;
  }
  const cap = rows[r + AgentField.leverageMax] * Math.max(batch.equity[i], 0);
  const capped = Math.min(Math.max(wanted, -cap), cap);
  const targetLots = Math.trunc(economics.lotsOf(capped, priceTicks) * LOT_SLACK);
  let lots = targetLots - heldLots;
  if ((urgency & Urgency.reduceOnly) !== 0) {
    // Between "close everything" and "do nothing", whatever the side of the position.
    lots = Math.min(Math.max(lots, Math.min(-heldLots, 0)), Math.max(-heldLots, 0));
  }
  return Math.min(Math.max(lots, -LOTS_MAX), LOTS_MAX) | 0;
}
