/** p-values adjusted for the number of tests, in the order given; NaN, a test not made, is none. */

/**
 * Returns p-values adjusted so that rejecting those <= a makes any false rejection with
 * probability at most a, whatever the dependence. Source: Holm 1979. O(n log n).
 */
export function holm(pValues: ArrayLike<number>): Float64Array {
  const order = ascendingOrder(pValues);
  const adjusted = new Float64Array(pValues.length).fill(NaN);
  let largest = 0;
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, (order.length - rank) * pValues[at]));
    adjusted[at] = largest;
  });
  return adjusted;
}

/**
 * Returns p-values adjusted so that of those rejected at q a share q is expected to be false, at
 * most, for independent or positively dependent tests. Source: Benjamini & Hochberg 1995.
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  return stepUp(pValues, 1);
}

/**
 * Returns p-values adjusted as by Benjamini & Hochberg, times 1 + 1/2 + ... + 1/n: for any
 * dependence. Source: Benjamini & Yekutieli 2001.
 */
export function benjaminiYekutieli(pValues: ArrayLike<number>): Float64Array {
  let harmonic = 0;
  const { length } = ascendingOrder(pValues);
  for (let k = length; k >= 1; k--) harmonic += 1 / k;
  return stepUp(pValues, harmonic);
}

function stepUp(pValues: ArrayLike<number>, factor: number): Float64Array {
  const order = ascendingOrder(pValues);
  const adjusted = new Float64Array(pValues.length).fill(NaN);
  let least = 1;
  for (let rank = order.length - 1; rank >= 0; rank--) {
    const at = order[rank];
    least = Math.min(least, (factor * order.length * pValues[at]) / (rank + 1));
    adjusted[at] = least;
  }
  return adjusted;
}

function ascendingOrder(pValues: ArrayLike<number>): number[] {
  return Array.from(pValues, (_, at) => at)
    .filter((at) => !Number.isNaN(pValues[at]))
    .sort((a, b) => pValues[a] - pValues[b] || a - b);
}
