/** Commands that drive two books in lockstep, and what they came to. */
import type { SelfTrade } from '../../sim/book/index.js';

/** A command; `target` picks one of the ids handed out so far, live or not. */
export type BookCommand =
  | {
      op: 'limit';
      side: number;
      priceTicks: number;
      sizeLots: number;
      timeInForce: number;
      flags: number;
      account: number;
    }
  | {
      op: 'market';
      side: number;
      sizeLots: number;
      protectionTicks: number;
      flags: number;
      account: number;
    }
  | { op: 'cancel'; target: number }
  | { op: 'replace'; target: number; priceTicks: number; sizeLots: number }
  | { op: 'shrink'; target: number; percent: number }
  | { op: 'band'; lowTicks: number; highTicks: number }
  | {
      op: 'trigger';
      source: number;
      direction: number;
      triggerTicks: number;
      orderKind: number;
      side: number;
      limitTicks: number;
      sizeLots: number;
      flags: number;
      account: number;
    }
  | { op: 'untrigger'; target: number }
  | { op: 'price'; source: number; priceTicks: number };

/** Sizes and rules of a lockstep pair. */
export interface LockstepOptions {
  selfTrade?: SelfTrade;
  ordersInitial?: number;
  ticksInitial?: number;
  ticksLimit?: number;
  /** Whether reduce-only orders are limited by the accounts' positions. */
  reduceOnly?: boolean;
  /** Verify the invariants of the book after this many commands. */
  checkEvery?: number;
}

/**
 * What happened, summed over the commands run, so that tests can show that they reach their
 * subject.
 */
export interface LockstepTally {
  commands: number;
  fills: number;
  selfTrades: number;
  trims: number;
  refusals: Record<string, number>;
  staleIds: number;
  fired: number;
  swept: number;
  reusedSlots: number;
}

/** Returns a tally of nothing. */
export function emptyTally(): LockstepTally {
  return {
    commands: 0,
    fills: 0,
    selfTrades: 0,
    trims: 0,
    refusals: {},
    staleIds: 0,
    fired: 0,
    swept: 0,
    reusedSlots: 0,
  };
}

/** Adds one tally to another. */
export function addTally(total: LockstepTally, part: LockstepTally): void {
  total.commands += part.commands;
  total.fills += part.fills;
  total.selfTrades += part.selfTrades;
  total.trims += part.trims;
  total.staleIds += part.staleIds;
  total.fired += part.fired;
  total.swept += part.swept;
  total.reusedSlots += part.reusedSlots;
  for (const [code, count] of Object.entries(part.refusals)) {
    total.refusals[code] = (total.refusals[code] ?? 0) + count;
  }
}
