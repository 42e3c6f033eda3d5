/** How unequally a total is divided. */

/**
 * Returns the Herfindahl-Hirschman index of amounts >= 0, the sum of squared shares: 1 / n when all
 * are equal, 1 when one has all. NaN when nothing is divided.
 */
export function herfindahl(amounts: ArrayLike<number>): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < amounts.length; i++) {
    sum += amounts[i];
    squares += amounts[i] * amounts[i];
  }
  return squares / (sum * sum);
}

/**
 * Returns the Gini coefficient of amounts >= 0: half the mean absolute difference over the mean, 0
 * when all are equal, 1 - 1 / n when one has all. Zeros count as members. NaN when nothing is
 * divided. O(n log n).
 */
export function gini(amounts: ArrayLike<number>): number {
  const sorted = Float64Array.from(amounts).sort();
  const n = sorted.length;
  let sum = 0;
  let weighted = 0;
  for (let i = 0; i < n; i++) {
    sum += sorted[i];
    weighted += (2 * i + 1 - n) * sorted[i];
  }
  return weighted / (n * sum);
}
