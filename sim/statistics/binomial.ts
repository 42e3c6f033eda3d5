/** The binomial law's tails, by additions and multiplications alone. */
import { assert } from '../kernel/index.js';

/** Both tails of X ~ Bin(n, p) at k; each contains k. */
export interface BinomialTails {
  /** P(X <= k). */
  atMost: number;
  /** P(X >= k). */
  atLeast: number;
}

/**
 * Returns both tails at k of n trials with probability p, to about 1e-13 relative. Weights run by
 * their ratio from 1 at the mode until they vanish, so a tail below about 1e-308 is 0.
 * O(min(n, sqrt n x 40)).
 */
export function binomialTails(k: number, n: number, p: number): BinomialTails {
  assert(Number.isInteger(n) && n >= 0 && p >= 0 && p <= 1, `${n} trials with probability ${p}`);
  if (k < 0) return { atMost: 0, atLeast: 1 };
  if (k >= n) return { atMost: 1, atLeast: k > n ? 0 : k === 0 ? 1 : topWeight(n, p) };
  if (p === 0 || p === 1) return { atMost: p === 0 ? 1 : 0, atLeast: k === 0 || p === 1 ? 1 : 0 };
  return tails(k, n, p);
}

/** P(X >= n) = P(X = n). */
function topWeight(n: number, p: number): number {
  return p === 0 || p === 1 ? p : tails(n, n, p).atLeast;
}

function tails(k: number, n: number, p: number): BinomialTails {
  const odds = p / (1 - p);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  let [below, at, above] = [0, 0, 0];
  const add = (j: number, weight: number): void => {
    if (j < k) below += weight;
    else if (j > k) above += weight;
    else at = weight;
  };
  for (let j = mode, weight = 1; j >= 0 && weight > 0; j--) {
    add(j, weight);
    weight *= j / ((n - j + 1) * odds);
  }
  for (let j = mode, weight = 1; j < n; ) {
    weight *= ((n - j) * odds) / (j + 1);
    if (weight === 0) break;
    add(++j, weight);
  }
  const total = below + at + above;
  return { atMost: (below + at) / total, atLeast: (at + above) / total };
}
