/** Exact bounds of a probability from counts. */
import { assert } from '../kernel/index.js';
import { binomialTails } from './binomial.js';
import type { BoundErrors, Bounds } from './interval.js';

/** Halvings of 0..1: what is left is below the last bit of most shares. */
const HALVINGS = 55;

/**
 * Returns one-sided bounds of the probability of which `hits` of `count` trials speak: each is
 * wrong with at most its error, whatever the probability. Source: Clopper & Pearson 1934.
 */
export function shareBounds(hits: number, count: number, errors: BoundErrors): Bounds {
  assert(hits >= 0 && hits <= count, `${hits} hits of ${count} trials`);
  return {
    low: hits === 0 ? 0 : lowerBound(hits, count, errors.low),
    high: hits === count ? 1 : 1 - lowerBound(count - hits, count, errors.high),
  };
}

/** Returns Clopper & Pearson's two-sided interval: it covers at least as often as it says. */
export function exactShare(hits: number, count: number, confidence = 0.95): Bounds {
  const error = (1 - confidence) / 2;
  return shareBounds(hits, count, { low: error, high: error });
}

/**
 * Returns the rule of three: what the probability of an event that none of `count` trials saw stays
 * below with 95 % confidence, about; 1 for fewer than three trials.
 */
export function ruleOfThree(count: number): number {
  return Math.min(1, 3 / count);
}

/** Returns the largest p, to a rounding, at which P(X >= hits) is still no more than the error. */
function lowerBound(hits: number, count: number, error: number): number {
  let low = 0;
  let high = 1;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (binomialTails(hits, count, middle).atLeast <= error) low = middle;
    else high = middle;
  }
  return low;
}
