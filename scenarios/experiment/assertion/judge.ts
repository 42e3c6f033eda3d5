/** What runs so far say of a claim. */
import { assertionVerdict } from '../../../sim/statistics/index.js';
import type { AssertionVerdict, VerdictOptions } from '../../../sim/statistics/index.js';
import { isBoundAbove } from './claim.js';
import type { Claim } from './claim.js';

/**
 * Judges a claim by the values of its figure over runs, null where it is undefined. Estimate and
 * bounds are those of what was asserted. A mean, and a claim "where defined", leaves undefined figures
 * out; any other verdict must hold whatever they might have been: a pass with all of them violating
 * the claim, a fail with none.
 */
export function judge(
  claim: Claim,
  values: readonly (number | null)[],
  options: Pick<VerdictOptions, 'confidence' | 'errors'>,
): AssertionVerdict {
  const defined = assertionVerdict(values, claim.claimed, options);
  const { kind } = claim.assertion.statistic;
  const isLeftOut = claim.assertion.definedOnly || kind === 'mean';
  if (isLeftOut || defined.undefinedRuns === 0) return asAsserted(claim, defined);
  const worst = assertionVerdict(values, claim.claimed, { ...options, undefinedRuns: 'violating' });
  if (worst.verdict === 'pass') return asAsserted(claim, { ...worst, ...estimateOf(defined) });
  const kindest = isBoundAbove(claim) ? -Infinity : Infinity;
  const filled = values.map((value) => value ?? kindest);
  const best = assertionVerdict(filled, claim.claimed, options);
  const { undefinedRuns, estimate } = defined;
  const either = {
    estimate,
    low: Math.min(worst.low, best.low),
    high: Math.max(worst.high, best.high),
    n: values.length,
    undefinedRuns,
  };
  if (best.verdict === 'fail') return asAsserted(claim, { verdict: 'fail', ...either });
  const reason = `undefined in ${undefinedRuns} of ${values.length} runs, which decide it; "where defined" leaves them out`;
  const isTheirs = worst.verdict !== best.verdict;
  const rest = isTheirs ? { reason } : { needs: worst.needs, reason: worst.reason };
  return asAsserted(claim, { verdict: 'undecided', ...either, ...rest });
}

function estimateOf({ estimate, undefinedRuns }: AssertionVerdict) {
  return { estimate, undefinedRuns };
}

/** Turns a share of runs that satisfy the claim into the share asserted. */
function asAsserted({ isComplement }: Claim, found: AssertionVerdict): AssertionVerdict {
  if (!isComplement) return found;
  return { ...found, estimate: 1 - found.estimate, low: 1 - found.high, high: 1 - found.low };
}
