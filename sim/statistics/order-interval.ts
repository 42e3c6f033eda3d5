/**
 * Bounds of a quantile from order statistics, whatever the law of the values, with ties and atoms
 * too: the q-quantile is the least x with P(value <= x) >= q. Source: David & Nagaraja 2003, 7.1.
 */
import { assert } from '../kernel/index.js';
import { binomialTails } from './binomial.js';
import type { BoundErrors, Bounds } from './interval.js';

/** Ranks, from 1, of the order statistics that bound a quantile. */
export interface OrderRanks {
  /** 0 where the values are too few for a lower bound. */
  low: number;
  /** count + 1 where they are too few for an upper bound. */
  high: number;
}

/** Returns the narrowest ranks of which each bounds the q-quantile but for its error; O(n). */
export function orderRanks(count: number, q: number, errors: BoundErrors): OrderRanks {
  assert(q > 0 && q < 1, `a quantile lies between 0 and 1, was ${q}`);
  const least = (holds: (rank: number) => boolean): number => {
    let [from, to] = [1, count + 1];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (holds(middle)) to = middle;
      else from = middle + 1;
    }
    return from;
  };
  return {
    low: least((rank) => binomialTails(rank - 1, count, q).atMost > errors.low) - 1,
    high: least((rank) => binomialTails(rank, count, q).atLeast <= errors.high),
  };
}

/**
 * Returns one-sided bounds of the q-quantile of the law behind values in ascending order; infinite
 * where the values are too few for one.
 */
export function quantileBounds(
  ascending: ArrayLike<number>,
  q: number,
  errors: BoundErrors,
): Bounds {
  const count = ascending.length;
  const ranks = orderRanks(count, q, errors);
  return {
    low: ranks.low === 0 ? -Infinity : ascending[ranks.low - 1],
    high: ranks.high > count ? Infinity : ascending[ranks.high - 1],
  };
}

/** Returns the two-sided interval of the q-quantile, with half the error on each side. */
export function quantileInterval(
  ascending: ArrayLike<number>,
  q: number,
  confidence = 0.95,
): Bounds {
  const error = (1 - confidence) / 2;
  return quantileBounds(ascending, q, { low: error, high: error });
}

/**
 * Returns the fewest values whose largest is an upper bound of the q-quantile: the least n with
 * q^n <= error. 299 for q = .99 and error = .05. A lower bound needs as many as 1 - q does. O(n).
 */
export function runsForUpperBound(q: number, error: number): number {
  assert(q > 0 && q < 1 && error > 0, `an upper bound of quantile ${q} with error ${error}`);
  let n = 0;
  for (let miss = 1; miss > error; n++) miss *= q;
  return n;
}
