/** Small statistics of repeated measurements. */

/** Returns a quantile by the nearest rank; `fraction` in 0..1. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * fraction)];
}

/** Returns the median. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Returns the mean. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Rounds to a number of significant digits, for printing. */
export function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits));
}
