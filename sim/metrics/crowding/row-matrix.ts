/** Dense matrices by rows, and the little linear algebra that crowding needs of them. */
import { assert } from '../../kernel/index.js';

/** A dense matrix: entry (i, j) is values[i * columns + j]. */
export interface RowMatrix {
  rows: number;
  columns: number;
  values: Float64Array;
}

/** An eigenvalue and its unit eigenvector. */
export interface Eigenpair {
  value: number;
  vector: Float64Array;
}

/** Makes a matrix of rows of one length. @throws Error on rows of different lengths. */
export function rowMatrix(rows: readonly ArrayLike<number>[]): RowMatrix {
  const columns = rows.length === 0 ? 0 : rows[0].length;
  const values = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    assert(row.length === columns, `row ${i} has ${row.length} entries, not ${columns}`);
    values.set(row, i * columns);
  });
  return { rows: rows.length, columns, values };
}

/** Squarings at most: 2^60 steps of the power iteration. */
const SQUARINGS = 60;

/**
 * Returns the largest eigenvalue of a symmetric matrix without negative eigenvalues, by power
 * iteration in squarings: M, M^2, M^4, ... scaled to trace 1 tend to the projector on the leading
 * eigenspace, so near ties and unlucky starts cost nothing. The vector's largest entry is positive;
 * of tied eigenvalues one vector is returned. O(n^3) a squaring.
 */
export function dominantEigenpair(matrix: RowMatrix): Eigenpair {
  const n = matrix.rows;
  assert(n === matrix.columns, `the matrix is ${n} by ${matrix.columns}, must be square`);
  let power: Float64Array = Float64Array.from(matrix.values);
  if (!(scaleToTraceOne(power, n) > 0)) return { value: 0, vector: new Float64Array(n) };
  for (let step = 0; step < SQUARINGS; step++) {
    const next = squareOf(power, n);
    scaleToTraceOne(next, n);
    let change = 0;
    for (let at = 0; at < next.length; at++) change += Math.abs(next[at] - power[at]);
    power = next;
    if (change < 1e-15) break;
  }
  let pivot = 0;
  for (let i = 1; i < n; i++) if (power[i * n + i] > power[pivot * n + pivot]) pivot = i;
  const vector = power.slice(pivot * n, pivot * n + n);
  unitLength(vector);
  const image = product(matrix, vector);
  let value = 0;
  for (let i = 0; i < n; i++) value += vector[i] * image[i];
  return { value, vector };
}

/** Returns matrix x vector. */
export function product(matrix: RowMatrix, vector: ArrayLike<number>): Float64Array {
  const { rows, columns, values } = matrix;
  const image = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += values[i * columns + j] * vector[j];
    image[i] = sum;
  }
  return image;
}

/** Returns the inverse of a square matrix by Gauss and Jordan with row pivots, null if singular. */
export function inverseOf(matrix: RowMatrix): RowMatrix | null {
  const n = matrix.rows;
  assert(n === matrix.columns, `the matrix is ${n} by ${matrix.columns}, must be square`);
  const left = Float64Array.from(matrix.values);
  const right = new Float64Array(n * n);
  for (let i = 0; i < n; i++) right[i * n + i] = 1;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column + 1; i < n; i++) {
      if (Math.abs(left[i * n + column]) > Math.abs(left[pivot * n + column])) pivot = i;
    }
    const divisor = left[pivot * n + column];
    if (divisor === 0) return null;
    for (let j = 0; j < n; j++) {
      exchangeAndDivide(left, pivot * n + j, column * n + j, divisor);
      exchangeAndDivide(right, pivot * n + j, column * n + j, divisor);
    }
    for (let i = 0; i < n; i++) {
      const factor = left[i * n + column];
      if (i === column || factor === 0) continue;
      for (let j = 0; j < n; j++) {
        left[i * n + j] -= factor * left[column * n + j];
        right[i * n + j] -= factor * right[column * n + j];
      }
    }
  }
  return { rows: n, columns: n, values: right };
}

/** Moves entry `from`, divided, to `to`, and the entry that was there to `from`. */
function exchangeAndDivide(values: Float64Array, from: number, to: number, divisor: number): void {
  const moved = values[from] / divisor;
  if (from !== to) values[from] = values[to];
  values[to] = moved;
}

function scaleToTraceOne(values: Float64Array, n: number): number {
  let trace = 0;
  for (let i = 0; i < n; i++) trace += values[i * n + i];
  if (trace > 0) for (let at = 0; at < values.length; at++) values[at] /= trace;
  return trace;
}

function squareOf(values: Float64Array, n: number): Float64Array {
  const square = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = values[i * n + k];
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) square[i * n + j] += factor * values[k * n + j];
    }
  }
  return square;
}

/** Scales to Euclidean length 1 with the largest entry positive; leaves zero alone. */
export function unitLength(vector: Float64Array): void {
  let squares = 0;
  let largest = 0;
  for (const entry of vector) {
    squares += entry * entry;
    if (Math.abs(entry) > Math.abs(largest)) largest = entry;
  }
  if (squares === 0) return;
  const scale = Math.sqrt(squares) * (largest < 0 ? -1 : 1);
  for (let i = 0; i < vector.length; i++) vector[i] /= scale;
}
