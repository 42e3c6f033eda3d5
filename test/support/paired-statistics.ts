/** Comparisons of two variants run with the same seeds: intervals for differences and ratios. */
import { RandomSource } from '../../sim/kernel/index.js';
import { mean, variance } from './sample-statistics.js';

/** An estimate and its interval. */
export interface Estimate {
  estimate: number;
  low: number;
  high: number;
}

export type Statistic = (values: number[]) => number;

/**
 * Mean of b - a over pairs with Student's t interval. It holds when the mean of the differences is
 * near normal: with 20 pairs and skewed differences it is too short by a few per cent.
 */
export function pairedDifference(a: number[], b: number[], confidence = 0.95): Estimate {
  const differences = b.map((x, i) => x - a[i]);
  const estimate = mean(differences);
  const error = Math.sqrt(variance(differences) / differences.length);
  const half = studentQuantile(0.5 + confidence / 2, differences.length - 1) * error;
  return { estimate, low: estimate - half, high: estimate + half };
}

/**
 * Ratio statistic(b) / statistic(a) with a percentile bootstrap interval: pairs are resampled
 * together, so that what the variants share does not widen it. Draws are Philox's: repeatable.
 */
export function pairedRatio(
  a: number[],
  b: number[],
  statistic: Statistic,
  options: { confidence?: number; draws?: number; seed?: number } = {},
): Estimate {
  const { confidence = 0.95, draws = 4000, seed = 1 } = options;
  const stream = new RandomSource(seed).stream('bootstrap');
  const n = a.length;
  const ratios = Array.from({ length: draws }, (_, d) => {
    const picked = Array.from({ length: n }, (__, i) => Math.floor(stream.uniform(0, d, i) * n));
    return statistic(picked.map((k) => b[k])) / statistic(picked.map((k) => a[k]));
  });
  const sorted = ratios.filter((x) => !Number.isNaN(x)).sort((x, y) => x - y);
  const at = (p: number) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
  return {
    estimate: statistic(b) / statistic(a),
    low: at((1 - confidence) / 2),
    high: at((1 + confidence) / 2),
  };
}

/** Quantile of a sample, linear between order statistics. */
export function sampleQuantile(values: number[], p: number): number {
  const sorted = [...values].sort((x, y) => x - y);
  const at = p * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

/**
 * Mean of the largest tenth: the tail, as far as a few dozen seeds show one. A 99th percentile over
 * 40 seeds would be the largest of them; this is the mean of four.
 */
export function upperTail(values: number[]): number {
  const sorted = [...values].sort((x, y) => y - x);
  return mean(sorted.slice(0, Math.max(1, Math.round(sorted.length / 10))));
}

/** Quantile of Student's t by bisection of its distribution function; p in (0.5, 1). */
export function studentQuantile(p: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (studentCdf(high, degrees) < p) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Distribution function of Student's t for t >= 0: its finite trigonometric series. */
function studentCdf(t: number, degrees: number): number {
  // Abramowitz & Stegun 26.7.3 and 26.7.4.
  const angle = Math.atan(t / Math.sqrt(degrees));
  const cosine = Math.cos(angle);
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = isOdd ? 2 : 1; k < degrees - 2; k += 2) {
    term *= (cosine * cosine * k) / (k + 1);
    sum += term;
  }
  const inside = isOdd
    ? (2 / Math.PI) * (angle + Math.sin(angle) * sum)
    : Math.sin(angle) * sum;
  return 0.5 + inside / 2;
}

/** Writes an estimate as `1.2 [0.9, 1.6]`. */
export function estimateText({ estimate, low, high }: Estimate): string {
  return `${estimate.toPrecision(3)} [${low.toPrecision(3)}, ${high.toPrecision(3)}]`;
}
