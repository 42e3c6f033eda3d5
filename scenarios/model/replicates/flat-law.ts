/**
 * What the law of a flat book's cascades (`cascadeLaw`) says of the figures of its replicates. With a refill
 * f the first liquidation meets eight fresh levels and each later one 8 (1 - f).
 */
import { exp } from '../../../sim/kernel/index.js';
import { cascadeLaw } from '../../../sim/metrics/index.js';
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

/**
 * Returns what the law says of the figures of a flat book; null where it says nothing in closed form, or
 * where its value is infinite. Sizes count as min(n, cap), as they do in the figures. O(cap).
 */
export function flatLaw(terms: FlatTerms): FlatFigures {
  const { R, theta, refill, cap, shockTicks } = terms;
  const law = cascadeLaw({ theta, R, refill, cap });
  const { mean, variance } = law;
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
    pAtLeast: { [TAIL_SIZE]: cap < TAIL_SIZE ? null : law.pAtLeast(TAIL_SIZE) },
    runawayProbability: law.pAtLeast(cap),
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
