/** Shape of a distribution from sums of powers. */

/** Returns skewness and excess kurtosis from sums of x^0..x^4. */
export function shapeOf(sums: ArrayLike<number>): { skewness: number; kurtosis: number } {
  const n = sums[0];
  const m = sums[1] / n;
  const raw2 = sums[2] / n;
  const raw3 = sums[3] / n;
  const raw4 = sums[4] / n;
  const second = raw2 - m * m;
  const third = raw3 - 3 * m * raw2 + 2 * m * m * m;
  const fourth = raw4 - 4 * m * raw3 + 6 * m * m * raw2 - 3 * m * m * m * m;
  return {
    skewness: third / (second * Math.sqrt(second)),
    kurtosis: fourth / (second * second) - 3,
  };
}

/** Returns the columns x^0..x^4 of a run, scaled so that no power loses digits. */
export function powersOf(values: Float64Array, scale: number): Float64Array[] {
  const x = values.map((value) => value / scale);
  return [
    x.map(() => 1),
    x,
    x.map((one) => one * one),
    x.map((one) => one * one * one),
    x.map((one) => one * one * one * one),
  ];
}

/** Returns the sums of x^0..x^4. */
export function powerSums(values: Float64Array, scale: number): number[] {
  return powersOf(values, scale).map((column) => column.reduce((sum, x) => sum + x, 0));
}

/** Returns the root mean square, 1 of nothing. */
export function rootMeanSquare(values: Float64Array): number {
  let sum = 0;
  for (const x of values) sum += x * x;
  return sum > 0 ? Math.sqrt(sum / values.length) : 1;
}

/** Returns the excess kurtosis; NaN where nothing varies. */
export function excessKurtosis(values: Float64Array): number {
  return shapeOf(powerSums(values, rootMeanSquare(values))).kurtosis;
}

/** Returns the correlation of two arrays. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  const sums = [n, 0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    sums[1] += a[i];
    sums[2] += b[i];
    sums[3] += a[i] * a[i];
    sums[4] += b[i] * b[i];
    sums[5] += a[i] * b[i];
  }
  return correlationOf(sums);
}

/** Returns the correlation from sums of 1, a, b, a^2, b^2, ab. */
export function correlationOf(sums: ArrayLike<number>): number {
  const n = sums[0];
  const [a, b] = [sums[1] / n, sums[2] / n];
  const both = sums[5] / n - a * b;
  return both / Math.sqrt((sums[3] / n - a * a) * (sums[4] / n - b * b));
}
