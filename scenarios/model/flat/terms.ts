/** What a flat book is made of, in ticks and lots. */
import type { Scenario } from '../schema.js';

/** Levels that one liquidation consumes. */
export const STEP_TICKS = 8;
/** Most levels that the shock consumes. */
const SHOCK_TICKS_MAX = 2000;

/** A flat book: see `flatTerms`. */
export interface FlatTerms {
  /** Liquidations caused by one, and by the shock, on average. */
  R: number;
  theta: number;
  /** Part of the consumed levels that comes back. */
  refill: number;
  /** Accounts at risk, at most. */
  cap: number;
  /** Size of a level of the book, lots. */
  levelLots: number;
  /** Size of a position, lots: eight levels. */
  positionLots: number;
  /** Levels that the shock consumes. */
  shockTicks: number;
  /** No cascade reaches further below the start than this, ticks. */
  depthTicks: number;
}

/**
 * Returns the terms of a scenario's flat book, null where it has none.
 *
 * The shock is wide enough that thresholds lie no denser in it than beyond: D = 8 theta / R levels,
 * within 1 to 2,000; 8 at R = 0, where nothing lies beyond.
 */
export function flatTerms(scenario: Scenario): FlatTerms | null {
  const { flat } = scenario;
  const { book } = scenario.venue.instruments[0];
  if (flat === undefined || book === undefined) return null;
  const { R, theta, refill, cap } = flat;
  const shockTicks =
    R === 0
      ? STEP_TICKS
      : Math.min(SHOCK_TICKS_MAX, Math.max(1, Math.round((STEP_TICKS * theta) / R)));
  return {
    R,
    theta,
    refill,
    cap,
    levelLots: book.size,
    positionLots: STEP_TICKS * book.size,
    shockTicks,
    depthTicks: shockTicks + STEP_TICKS * cap,
  };
}
