/** Moments and quantiles of a sample. */

/** Returns the mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Returns the unbiased variance; NaN of fewer than two values. */
export function variance(values: ArrayLike<number>): number {
  const middle = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - middle) * (values[i] - middle);
  return values.length < 2 ? NaN : sum / (values.length - 1);
}

/** Returns a copy in ascending order. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * Returns the q-quantile of values in ascending order, 0 <= q <= 1, linear between order
 * statistics (type 7 of Hyndman & Fan 1996); NaN of nothing.
 */
export function quantile(ascending: ArrayLike<number>, q: number): number {
  const { length } = ascending;
  if (length === 0) return NaN;
  const at = q * (length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, length - 1);
  const part = at - below;
  // Without a part nothing of the neighbour, which may be infinite.
  return part === 0 ? ascending[below] : ascending[below] * (1 - part) + ascending[above] * part;
}

/** Returns the autocorrelation at a lag >= 1, around the mean of all; NaN where nothing varies. */
export function autocorrelation(values: ArrayLike<number>, lag = 1): number {
  const middle = mean(values);
  let product = 0;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    const gap = values[i] - middle;
    square += gap * gap;
    if (i >= lag) product += gap * (values[i - lag] - middle);
  }
  return product / square;
}
