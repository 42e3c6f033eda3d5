/** What a check came to. */
import { shareBounds } from '../../../sim/statistics/index.js';
import type { AssertionVerdict } from '../../../sim/statistics/index.js';
import type { Claim } from '../assertion/index.js';
import type { Evidence, FailedRun, Violations } from './evidence.js';
import { isExtreme } from './verdicts.js';
import type { Verdicts } from './verdicts.js';

/** A claim with its verdict. */
export interface CheckedClaim extends AssertionVerdict {
  claim: Claim;
  violations: Violations;
  /** Of a minimum or maximum that no run violates: the share of seeds that do, at most. */
  violatingShareMax: number | null;
}

/** A check that has ended. */
export interface CheckResult {
  /**
   * `fail` if any claim does; else `incomplete` if runs could not be made, `undecided` if a claim is,
   * `pass`.
   */
  verdict: 'pass' | 'fail' | 'undecided' | 'incomplete';
  interrupted: boolean;
  /** Runs that have ended, failed ones included. */
  runs: number;
  failed: readonly FailedRun[];
  claims: readonly CheckedClaim[];
  wallSeconds: number;
}

/** Sums a check up. */
export function checkResult(
  claims: readonly Claim[],
  { evidence, verdicts }: { evidence: Evidence; verdicts: Verdicts },
  { confidence, interrupted, wallSeconds }: { confidence: number; interrupted: boolean; wallSeconds: number },
): CheckResult {
  const checked = claims.map((claim, k): CheckedClaim => {
    const one = verdicts.found[k];
    if (one === null) throw new Error('a check that ends has looked at every claim');
    const violations = evidence.violationsOf(k, one.runs);
    const { n, verdict } = one.found;
    const isClean = isExtreme(claim) && verdict === 'pass' && n > 0;
    const errors = { low: 1 - confidence, high: 1 - confidence };
    const violatingShareMax = isClean ? shareBounds(0, n, errors).high : null;
    return { ...one.found, claim, violations, violatingShareMax };
  });
  const failed = evidence.failedRuns();
  const has = (verdict: string): boolean => checked.some((one) => one.verdict === verdict);
  const rest = failed.length > 0 ? 'incomplete' : has('undecided') ? 'undecided' : 'pass';
  const verdict = has('fail') ? 'fail' : rest;
  return { verdict, interrupted, runs: evidence.ended, failed, claims: checked, wallSeconds };
}
