/**
 * The law of the number of liquidations on a flat book: thresholds form a Poisson field, every
 * liquidation moves the mark by a fixed step, and `theta` of them are expected in the exogenous
 * drop, R in each step. Sources: Consul & Jain 1973; Borel 1942; Tanner 1961; Harris 1963.
 */
import { exp, expm1, log1p } from '../../kernel/index.js';
import { poissonPmf } from './poisson-pmf.js';

/** Tails below this part of the law are summed upwards, not taken from 1. */
const SMALL_TAIL = 1e-3;
const TAIL_TERMS_MAX = 50_000;

/** Terms of the law. */
export interface CascadeLawTerms {
  /** Liquidations expected in the exogenous drop, >= 0. */
  theta: number;
  /** Liquidations that one liquidation causes on average while nothing is posted again, >= 0. */
  R: number;
  /** Fraction of the levels a liquidation consumed that is posted again after it, 0..1. */
  refill?: number;
  /** Cascades of this many liquidations or more count as this many; a whole number >= 1. */
  cap?: number;
}

/** The law of the number of liquidations n. */
export interface CascadeLaw {
  /** Returns P(n), for a cascade that ends with n liquidations. */
  pmf(n: number): number;
  /** Returns P(n >= k), cascades without end among them; O(k). */
  pAtLeast(k: number): number;
  /** E[min(n, cap)]; E[n] without a cap: Infinity where cascades may have no end. */
  mean: number;
  /** Var[min(n, cap)]; Var[n] without a cap. */
  variance: number;
  /** Mean of n without a cap: (theta + (1 - e^-theta) f R) / (1 - (1 - f) R); Infinity from 1. */
  meanUncapped: number;
  /** Probability that the cascade never ends. */
  runawayProbability: number;
  /**
   * Returns the expected total fall over the exogenous fall: 1 + step ((1 - f) E[n] +
   * f P(n >= 1)) / shock, both in one unit (a step is what one liquidation consumes).
   */
  amplification(shock: number, step: number): number;
}

/** Returns theta (theta + nR)^(n-1) e^-(theta + nR) / n!, to about 1e-13 relative. */
export function generalisedPoissonPmf(n: number, { theta, R }: { theta: number; R: number }): number {
  if (n === 0) return exp(-theta);
  if (theta === 0) return 0;
  const mean = theta + n * R;
  return (theta / mean) * poissonPmf(n, mean);
}

/** Returns Borel's law of the size of a cascade from exactly one seed, e^-Rn (Rn)^(n-1) / n!. */
export function borelPmf(n: number, R: number): number {
  return n < 1 ? 0 : poissonPmf(n - 1, R * n) / n;
}

/** Returns the probability u that a cascade from one seed never ends: u = 1 - e^-Ru; 0 to R = 1. */
export function survivalProbability(R: number): number {
  if (!(R > 1)) return 0;
  // u + e^-Ru - 1 is convex and positive at 1: Newton falls to the larger root from above.
  let u = 1;
  for (let i = 0; i < 200; i++) {
    const next = u - (u + expm1(-R * u)) / (1 - R * exp(-R * u));
    if (!(next < u)) break;
    u = next;
  }
  return u;
}

/**
 * Builds the law. With r = (1 - f) R: P(0) = e^-theta and, for n >= 1,
 * P(n) = GP(n; theta + fR, r) - e^-theta GP(n; fR, r): a level once touched breaches nobody twice, so
 * a cascade passes (1 - f) fresh steps per liquidation, and f of one more if there is any. O(cap)
 * where a cap is given.
 */
export function cascadeLaw(terms: CascadeLawTerms): CascadeLaw {
  const { theta, R, refill = 0, cap } = terms;
  const r = (1 - refill) * R;
  const again = refill * R;
  const survival = survivalProbability(r);
  const runawayProbability =
    exp(-theta) * expm1(-again * survival) - expm1(-(theta + again) * survival);
  const some = -expm1(-theta);
  const meanUncapped = r < 1 ? (theta + some * again) / (1 - r) : theta > 0 ? Infinity : 0;

  const pmf = (n: number): number => {
    if (n === 0) return exp(-theta);
    const whole = generalisedPoissonPmf(n, { theta: theta + again, R: r });
    if (again === 0) return whole;
    // The difference of the two laws as a factor, which keeps its digits for a small theta.
    return -whole * expm1(-log1p(theta / again) - (n - 1) * log1p(theta / (again + n * r)));
  };
  const pAtLeast = (k: number): number => {
    if (k <= 0) return 1;
    const left = some - sumOf(pmf, 1, k);
    if (runawayProbability > 0 || left >= SMALL_TAIL * some) return left;
    const tail = sumUpwards(pmf, k);
    return Number.isNaN(tail) ? Math.max(0, left) : tail;
  };
  const moments =
    cap === undefined
      ? { mean: meanUncapped, variance: varianceOf(theta, again, r) }
      : cappedMoments(pmf, pAtLeast(cap), cap);
  return {
    pmf,
    pAtLeast,
    ...moments,
    meanUncapped,
    runawayProbability,
    amplification: (shock, step) =>
      1 + (step * ((1 - refill) * meanUncapped + refill * some)) / shock,
  };
}

/** Returns Var[n] without a cap, theta / (1 - R)^3 without refill. */
function varianceOf(theta: number, again: number, r: number): number {
  if (!(r < 1)) return theta > 0 ? Infinity : 0;
  const left = 1 - r;
  const cube = left * left * left;
  const second = (seeds: number): number => seeds / cube + (seeds / left) * (seeds / left);
  const none = exp(-theta);
  const mean = (theta - expm1(-theta) * again) / left;
  return second(theta + again) - none * second(again) - mean * mean;
}

function cappedMoments(
  pmf: (n: number) => number,
  atCap: number,
  cap: number,
): { mean: number; variance: number } {
  const mean = sumOf((n) => n * pmf(n), 1, cap) + cap * atCap;
  const around = (n: number): number => (n - mean) * (n - mean);
  const variance = sumOf((n) => around(n) * pmf(n), 0, cap) + around(cap) * atCap;
  return { mean, variance };
}

/** Returns the sum of f over [from, to), with Neumaier's correction. */
function sumOf(f: (n: number) => number, from: number, to: number): number {
  let sum = 0;
  let lost = 0;
  for (let n = from; n < to; n++) {
    const term = f(n);
    const next = sum + term;
    lost += sum >= term ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}

/** Returns the sum of the pmf from k on, or NaN where it falls too slowly to end. */
function sumUpwards(pmf: (n: number) => number, k: number): number {
  let sum = 0;
  let before = 0;
  for (let n = k; n < k + TAIL_TERMS_MAX; n++) {
    const term = pmf(n);
    sum += term;
    // Past the mode the terms go on to fall about as fast as the last two did.
    if (term <= before && term * before <= 1e-17 * sum * (before - term)) return sum;
    before = term;
  }
  return NaN;
}
