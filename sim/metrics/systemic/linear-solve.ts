/** Linear equations. */
import { assert } from '../../kernel/index.js';

/**
 * Returns x with A x = b by elimination with partial pivoting, A row by row. O(n^3).
 *
 * @throws where A is singular.
 */
export function solveLinear(matrix: ArrayLike<number>, right: ArrayLike<number>): Float64Array {
  const n = right.length;
  const a = Float64Array.from(matrix);
  const x = Float64Array.from(right);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i;
    }
    assert(Math.abs(a[pivot * n + k]) > 1e-300, `the matrix is singular in column ${k}`);
    if (pivot !== k) swapRows(a, x, k, pivot);
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / a[k * n + k];
      if (factor === 0) continue;
      for (let j = k; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
      x[i] -= factor * x[k];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) x[i] -= a[i * n + j] * x[j];
    x[i] /= a[i * n + i];
  }
  return x;
}

function swapRows(a: Float64Array, x: Float64Array, i: number, j: number): void {
  const n = x.length;
  for (let k = 0; k < n; k++) {
    const moved = a[i * n + k];
    a[i * n + k] = a[j * n + k];
    a[j * n + k] = moved;
  }
  const moved = x[i];
  x[i] = x[j];
  x[j] = moved;
}
