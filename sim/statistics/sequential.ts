/**
 * Looking again at a claim as runs come in, with one error for all looks together: the error is
 * spent over a list of looks that is fixed beforehand, and by Bonferroni's inequality the verdict
 * that ends it is wrong no more often than the parts add up to. Passing and failing spend an error
 * of their own each, since only one of them can be wrong. Source: Lan & DeMets 1983.
 */
import { assert } from '../kernel/index.js';
import { type Assertion, runsToFail, runsToPass } from './assertion.js';

/** A number of runs at which a claim is judged, and with what error. */
export interface Look {
  runs: number;
  errors: { pass: number; fail: number };
}

/** What bounds the looks. */
export interface LookPlan {
  /** Runs at the first look, and at the last: the budget. */
  runsMin: number;
  runsMax: number;
  /** .95 unless given. */
  confidence?: number;
}

/** Returns the numbers of runs to look at: `runsMin`, doubled until `runsMax`, the last one. */
export function looks(runsMin: number, runsMax: number): number[] {
  assert(
    Number.isInteger(runsMin) && runsMin >= 1 && Number.isInteger(runsMax) && runsMax >= runsMin,
    `looks run from ${runsMin} to ${runsMax}`,
  );
  const counts = [];
  for (let runs = runsMin; runs < runsMax; runs *= 2) counts.push(runs);
  return [...counts, runsMax];
}

/**
 * Returns the error to spend at each look: half of it at the first look, half of what is left at
 * each later one, the rest at the last. Looks that could not decide with their part spend nothing,
 * and the first one that could takes the half; if none could, the last takes all.
 *
 * @param runsNeeded the fewest runs that could decide with an error
 */
export function lookErrors(
  counts: readonly number[],
  error: number,
  runsNeeded: (error: number) => number = () => 0,
): number[] {
  const last = counts.length - 1;
  let first = 0;
  while (first < last && runsNeeded(error / 2) > counts[first]) first++;
  return counts.map((_, look) => {
    if (look < first) return 0;
    const halvings = Math.min(look, last - 1) - first + 1;
    let part = error;
    for (let k = 0; k < halvings; k++) part /= 2;
    return part;
  });
}

/**
 * Returns the looks at one claim. Whoever stops at the first verdict is wrong with probability
 * 1 - confidence at most; a claim looked at once has all of it, so p99 can pass with 299 runs.
 */
export function planLooks(
  assertion: Assertion,
  { runsMin, runsMax, confidence = 0.95 }: LookPlan,
): Look[] {
  const counts = looks(runsMin, runsMax);
  const pass = lookErrors(counts, 1 - confidence, (error) => runsToPass(assertion, error));
  const fail = lookErrors(counts, 1 - confidence, (error) => runsToFail(assertion, error));
  return counts.map((runs, look) => ({ runs, errors: { pass: pass[look], fail: fail[look] } }));
}
