/**
 * Liquidity exit points: the nearest price at which an agent would leave, and when it would
 * anyway.
 */
import type { World } from '../engine/index.js';
import { type MoveSign } from './price-grid.js';
import type { Rehearsal } from './rehearsal.js';

/** What makes an agent leave at its exit point. */
export const ExitCause = { rule: 0, margin: 1 } as const;

/** An exit point; `ticks` is -1 where there is none within reach. */
export interface ExitPoint {
  ticks: number;
  /** Lots that leave there, unsigned. */
  lots: number;
  /** An `ExitCause`. */
  cause: number;
}

/** How exit points are looked for. */
export interface ExitSearch {
  /** Part of the position whose end makes an exit. */
  cutFraction: number;
  /** Bars of the agent's clock in which the price gets there. */
  bars: number;
  /** Farthest price looked at, distance as a fraction of the mark. */
  reachFraction: number;
  /** Prices looked at before the bisection. */
  scanPoints: number;
}

const NONE: ExitPoint = { ticks: -1, lots: 0, cause: ExitCause.rule };

/**
 * Returns the tick nearest to the mark at which the rule of the agent taken by `rehearsal` would
 * cut at least `cutFraction` of its position.
 *
 * Looks at `scanPoints` prices, distances growing as squares, and bisects before the first that
 * makes it leave. Exact for rules that, once they leave at a distance, leave at every larger one
 * up to the next price looked at; an exit in a narrower interval may be passed over. One that
 * leaves at the mark itself (its clock would cut it anyway) has its exit point there.
 * O(scanPoints + log ticks) walks.
 */
export function ruleExit(
  rehearsal: Rehearsal,
  sign: MoveSign,
  markTicks: number,
  search: ExitSearch,
): ExitPoint {
  if (rehearsal.heldLots === 0 || !rehearsal.mayAct(search.bars)) return NONE;
  const { bars, cutFraction, scanPoints, reachFraction } = search;
  let lots = 0;
  const leaves = (endTicks: number): boolean => {
    const end = rehearsal.walk({ endTicks, bars, cutFraction });
    if (end.cutMicros === Infinity) return false;
    lots = end.cutLots;
    return true;
  };
  let stays = markTicks;
  if (leaves(markTicks)) return { ticks: Math.round(markTicks), lots, cause: ExitCause.rule };
  for (let j = 1; j <= scanPoints; j++) {
    const part = j / scanPoints;
    const distance = Math.round(reachFraction * part * part * markTicks);
    let goes = Math.max(1, Math.round(markTicks) + sign * distance);
    if (goes === stays || !leaves(goes)) {
      stays = goes;
      continue;
    }
    let from = Math.round(stays);
    while (Math.abs(goes - from) > 1) {
      const middle = (goes + from) >> 1;
      if (leaves(middle)) goes = middle;
      else from = middle;
    }
    leaves(goes);
    return { ticks: goes, lots, cause: ExitCause.rule };
  }
  return NONE;
}

/**
 * Returns when its rule would cut that part if the price stayed, microseconds; Infinity if never.
 */
export function timeExit(
  rehearsal: Rehearsal,
  markTicks: number,
  bars: number,
  cutFraction: number,
): number {
  if (rehearsal.heldLots === 0 || !rehearsal.mayAct(bars)) return Infinity;
  return rehearsal.walk({ endTicks: markTicks, bars, cutFraction }).cutMicros;
}

/**
 * Returns the tick at which the margin engine would find the account in breach if this mark alone
 * moved, to the tick; the mark for one that waits to be liquidated. All of the position counts as
 * leaving, also where a policy begins with a part. O(log ticks).
 */
export function marginExit(
  world: World,
  account: number,
  instrument: number,
  sign: MoveSign,
): ExitPoint {
  const { venue } = world;
  const held = venue.positionOf(account, instrument);
  const { breaches } = venue;
  if (held === 0 || held > 0 !== sign < 0) return NONE;
  const one = venue.instruments[instrument];
  const mark = Math.round(one.markTicks);
  const lots = Math.abs(held);
  if (breaches.isQueued(account, instrument)) return { ticks: mark, lots, cause: ExitCause.margin };
  let safe = mark;
  let bad = sign < 0 ? 0 : one.ticksMax;
  while (Math.abs(bad - safe) > 1) {
    const middle = (safe + bad) >> 1;
    if (breaches.slackAt(account, instrument, middle) < 0) bad = middle;
    else safe = middle;
  }
  if (bad < 1 || bad >= one.ticksMax) return NONE;
  return { ticks: bad, lots, cause: ExitCause.margin };
}

/** Returns the nearer of two exit points of a direction; the margin engine's where they meet. */
export function nearerExit(rule: ExitPoint, margin: ExitPoint, sign: MoveSign): ExitPoint {
  if (rule.ticks < 0) return margin;
  if (margin.ticks < 0) return rule;
  return sign * rule.ticks < sign * margin.ticks ? rule : margin;
}
