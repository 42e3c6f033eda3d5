/**
 * The law of a flat book's cascades.
 *
 * A front that advances by fixed steps through a Poisson field of thresholds is the busy period of an
 * M/D/1 queue: the number of liquidations is generalised Poisson,
 *   P(n) = theta (theta + n R)^(n - 1) exp(-(theta + n R)) / n!
 * (Consul & Jain 1973; Borel 1942 and Tanner 1961 for the trees). With a refill f the first liquidation
 * meets eight fresh levels and each later one 8 (1 - f), so the front is that of a shock theta + f R
 * with offspring R' = (1 - f) R, but for runs in which the shock itself meets nobody:
 *   P(n) = G(n; theta + f R, R') - exp(-theta) G(n; f R, R') for n >= 1, P(0) = exp(-theta),
 * whose mean is (theta + (1 - exp(-theta)) f R) / (1 - R').
 */
import { exp, log } from '../../../sim/kernel/index.js';
import { STEP_TICKS } from '../flat/index.js';
import type { FlatTerms } from '../flat/index.js';

/** Threshold of the probability that is told. */
export const TAIL_SIZE = 20;

/** What replicates come to, or what the law says of it; null where there is no such number. */
export interface FlatFigures {
  /** Liquidations, min(n, cap). */
  mean: number | null;
  variance: number | null;
  /** Offspring of all nodes over nodes: ratio of sums. */
  reproductionNumber: number | null;
  /** Fall of the price over that of the shock alone, each on average. */
  amplification: number | null;
  /** Part of the replicates with at least so many liquidations. */
  pAtLeast: Record<string, number | null>;
  /** Part of the replicates with `cap` liquidations. */
  runawayProbability: number | null;
  offspring: { mean: number | null; variance: number | null; pZero: number | null };
  /** One root per replicate that has any: liquidations in its tree, itself included. */
  meanSubtree: number | null;
  /** The same root: liquidations less those that happen without its own. */
  meanCounterfactual: number | null;
}

/** A sum of a thousand terms is known to this. */
const ROUNDING = 1e-11;

/** Returns P(n) of the generalised Poisson law for n = 0..count-1. O(count). */
export function generalisedPoisson(theta: number, R: number, count: number): Float64Array {
  const pmf = new Float64Array(count);
  let logFactorial = 0;
  for (let n = 0; n < count; n++) {
    if (n > 0) logFactorial += log(n);
    const front = theta + n * R;
    if (theta === 0) pmf[n] = n === 0 ? 1 : 0;
    else pmf[n] = exp(log(theta) + (n - 1) * log(front) - front - logFactorial);
  }
  return pmf;
}

/** Returns P(n) for n = 0..cap-1 of a flat book; what is left of 1 is the runaways'. */
export function cascadeSizes({ R, theta, refill, cap }: FlatTerms): Float64Array {
  if (refill === 0) return generalisedPoisson(theta, R, cap);
  const next = (1 - refill) * R;
  const pmf = generalisedPoisson(theta + refill * R, next, cap);
  const unmet = generalisedPoisson(refill * R, next, cap);
  const empty = exp(-theta);
  for (let n = 1; n < cap; n++) pmf[n] -= empty * unmet[n];
  pmf[0] = empty;
  return pmf;
}

/**
 * Returns what the law says of the figures of a flat book; null where it says nothing in closed form, or
 * where its value is infinite. Sizes count as min(n, cap), as they do in the figures. O(cap).
 */
export function flatLaw(terms: FlatTerms): FlatFigures {
  const { R, theta, refill, cap, shockTicks } = terms;
  const pmf = cascadeSizes(terms);
  let below = 0;
  let first = 0;
  let second = 0;
  let tail = 0;
  for (let n = 0; n < cap; n++) {
    below += pmf[n];
    first += n * pmf[n];
    second += n * n * pmf[n];
    if (n < TAIL_SIZE) tail += pmf[n];
  }
  // What rounding leaves of a sum is no probability.
  const runaway = 1 - below > ROUNDING ? 1 - below : 0;
  const mean = first + cap * runaway;
  const variance = second + cap * cap * runaway - mean * mean;
  const next = (1 - refill) * R;
  const isPlain = refill === 0;
  // The part of all liquidations that is the first of its run meets R, the others R'.
  const plain = (theta + (1 - exp(-theta)) * refill * R) / (1 - next);
  const refilled = next < 1 ? 1 - theta / plain : null;
  const reproductionNumber = isPlain ? R : refilled;
  const hasMean = isPlain && R < 1;
  return {
    mean,
    variance,
    reproductionNumber,
    amplification: next < 1 ? 1 + fallBeyondShock(terms, mean) / shockTicks : null,
    pAtLeast: { [TAIL_SIZE]: cap < TAIL_SIZE ? null : Math.max(0, 1 - tail) },
    runawayProbability: runaway,
    offspring: {
      mean: reproductionNumber,
      variance: isPlain ? R : null,
      pZero: isPlain ? exp(-R) : null,
    },
    meanSubtree: hasMean ? 1 / (1 - R) : null,
    meanCounterfactual: hasMean ? 1 / (1 - R) : null,
  };
}

/** Returns by how many ticks so many liquidations move the price beyond the shock, on average. */
function fallBeyondShock({ R, theta, refill }: FlatTerms, mean: number): number {
  if (refill === 0) return STEP_TICKS * mean;
  // Levels touched meet R / 8 accounts each; all accounts are met either there or by the shock.
  return R === 0 ? STEP_TICKS * (mean - refill * (mean - 1 + exp(-theta))) : (STEP_TICKS * (mean - theta)) / R;
}
