/** The sizing wrapper all position-scaling agents share: from a target exposure to lots. */
import { AgentField, AgentStatus } from './agent-row.js';
import type { DecisionBatch } from './decision-batch.js';
import { MarketField } from './market-field.js';

/** Bits of `DecisionBatch.urgency`. */
export const Urgency = {
  /** Trades even inside the no-trade band. */
  forced: 1,
  /** Never adds to the position and never turns it over. */
  reduceOnly: 2,
} as const;

/** Leaves now, at any price: no speed limit, and no execution policy but a market order. */
export const FORCED_OUT: number = Urgency.forced | Urgency.reduceOnly;

/** Relative slack of the rounding toward zero: a target computed from whole lots keeps them. */
const LOT_SLACK = 1 + 1e-12;
/** Largest order, lots: a venue's sizes are int32. */
const LOTS_MAX = 0x7fffffff;
const DAY_MICROS = 86_400e6;

/**
 * Returns the average daily volume agent `i` knows of, lots: what it has seen traded since the start,
 * per day of the time it has seen; 0 before it has seen any.
 */
export function dailyVolumeLots(batch: DecisionBatch, i: number): number {
  const seenMicros = batch.time[i] - batch.rows[batch.row[i] + AgentField.feedLatencyMicros];
  if (!(seenMicros > 0)) return 0;
  return (batch.market[batch.marketAt[i] + MarketField.volume] / seenMicros) * DAY_MICROS;
}

/** Returns the largest position agent `i` may take at its leverage cap, whole lots, unsigned. */
export function leverageCapLots(batch: DecisionBatch, i: number): number {
  const { economics } = batch;
  const cap = batch.rows[batch.row[i] + AgentField.leverageMax] * Math.max(batch.equity[i], 0);
  return Math.trunc(economics.lotsOf(cap, batch.price[i] / economics.quotePerTick) * LOT_SLACK);
}

/** Returns the exposure nearest to `wanted` that the cohort's speed limit allows from `held`. */
function withinSpeed(batch: DecisionBatch, i: number, wanted: number, heldLots: number): number {
  const { economics } = batch;
  const priceTicks = batch.price[i] / economics.quotePerTick;
  const held = economics.exposureQuote(heldLots, priceTicks);
  const most = economics.exposureQuote(batch.speedLimit * dailyVolumeLots(batch, i), priceTicks);
  return Math.min(Math.max(wanted, held - most), held + most);
}

/**
 * Returns the signed lots agent `i` should trade now to reach its target, 0 for none.
 *
 * In this order: hold when the target is NaN or the venue is halted; the band (trade only when
 * |target - present| > band x |present|, unless forced); the speed limit (at most so much of the
 * average daily volume a decision, unless forced out); the leverage cap at the agent's equity, which
 * without equity allows reductions only; rounding of the target to lots, toward zero; reduce-only.
 * The present position counts the lots pending. New risk beyond the cap is what "margin below
 * initial margin" means to an agent, which does not know the venue's own figure.
 */
export function targetToLots(batch: DecisionBatch, i: number): number {
  let wanted = batch.target[i];
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
  if (batch.speedLimit < Infinity && urgency !== FORCED_OUT) {
    wanted = withinSpeed(batch, i, wanted, heldLots);
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
