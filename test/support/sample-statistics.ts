/** Statistics of samples, as tests of draws need them. */

export const sum = (values: ArrayLike<number>): number => {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
};

export const mean = (values: ArrayLike<number>): number => sum(values) / values.length;

/** Unbiased sample variance. */
export function variance(values: ArrayLike<number>): number {
  const middle = mean(values);
  let total = 0;
  for (let i = 0; i < values.length; i++) total += (values[i] - middle) ** 2;
  return total / (values.length - 1);
}

/** Pearson's correlation of two samples of one length. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let both = 0;
  for (let i = 0; i < a.length; i++) both += (a[i] - meanA) * (b[i] - meanB);
  return both / (a.length - 1) / Math.sqrt(variance(a) * variance(b));
}

/** Largest distance between a sample's distribution function and another, uniform by default. */
export function kolmogorov(values: ArrayLike<number>, cdf = (x: number) => x): number {
  const sorted = Float64Array.from(values).sort();
  let worst = 0;
  sorted.forEach((x, i) => {
    const p = cdf(x);
    worst = Math.max(worst, Math.abs(p - i / sorted.length), Math.abs(p - (i + 1) / sorted.length));
  });
  return worst;
}

/** Distance that n independent draws exceed with probability 1e-4 (Kolmogorov's limit law). */
export const kolmogorovLimit = (n: number): number => 2.23 / Math.sqrt(n);
