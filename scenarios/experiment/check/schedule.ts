/** When a check looks at its runs, and with how much error each claim is judged there. */
import { planLooks, runsForUpperBound } from '../../../sim/statistics/index.js';
import type { Look } from '../../../sim/statistics/index.js';
import type { Claim } from '../assertion/index.js';

/**
 * First look, runs: doubled four times it is 368, the fewest in which p99 can pass with half of an error
 * of 5 %, and doubled twice 92, where p95 can with the same.
 */
const FIRST_LOOK = 23;
/** Share of seeds of which a maximum or minimum should speak before it passes. */
const EXTREME_SHARE = 0.99;

/** What was asked. */
export interface ScheduleOptions {
  /** Runs to make at most. */
  budget: number;
  /** Whether all of them are made, and looked at once. */
  isFixed: boolean;
  confidence: number;
}

/** The looks of a check: the same numbers of runs for every claim. */
export interface Schedule {
  runs: readonly number[];
  /** By claim, then by look. */
  looks: readonly (readonly Look[])[];
  /** Runs from which a maximum or minimum may pass. */
  extremeRuns: number;
}

/** Plans the looks. */
export function scheduleOf(claims: readonly Claim[], options: ScheduleOptions): Schedule {
  const { budget, isFixed, confidence } = options;
  const runsMin = isFixed ? budget : Math.min(FIRST_LOOK, budget);
  const looks = claims.map(({ claimed }) => planLooks(claimed, { runsMin, runsMax: budget, confidence }));
  const extremeRuns = Math.min(budget, runsForUpperBound(EXTREME_SHARE, 1 - confidence));
  return { runs: looks[0].map((one) => one.runs), looks, extremeRuns };
}
