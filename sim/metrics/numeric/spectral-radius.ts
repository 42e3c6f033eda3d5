/** The spectral radius of a non-negative matrix. */
import { assert } from '../../kernel/index.js';

const ITERATIONS_MAX = 100_000;
const TOLERANCE = 1e-12;

/**
 * Returns the spectral radius of the non-negative n x n matrix `a`, row by row. It is the largest
 * over the strongly connected parts; in each, powers of A + sI, whose shift breaks periods, run until
 * the bounds of Collatz & Wielandt meet. O(n^2) per iteration.
 */
export function spectralRadius(a: ArrayLike<number>, n: number): number {
  assert(a.length === n * n, `a ${n} x ${n} matrix has ${n * n} entries, not ${a.length}`);
  for (let i = 0; i < n * n; i++) assert(a[i] >= 0 && a[i] < Infinity, `entry ${i} was ${a[i]}`);
  const reaches = closure(a, n);
  const seen = new Uint8Array(n);
  let radius = 0;
  for (let i = 0; i < n; i++) {
    if (seen[i] === 1) continue;
    const part = [i];
    for (let j = i + 1; j < n; j++) {
      if (reaches[i * n + j] === 1 && reaches[j * n + i] === 1) part.push(j);
    }
    for (const j of part) seen[j] = 1;
    radius = Math.max(radius, irreducibleRadius(a, n, part));
  }
  return radius;
}

/** Returns which node reaches which along positive entries. Warshall 1962, O(n^3). */
function closure(a: ArrayLike<number>, n: number): Uint8Array {
  const reaches = new Uint8Array(n * n);
  for (let i = 0; i < n * n; i++) reaches[i] = a[i] > 0 ? 1 : 0;
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      if (reaches[i * n + k] === 0) continue;
      for (let j = 0; j < n; j++) reaches[i * n + j] |= reaches[k * n + j];
    }
  }
  return reaches;
}

function irreducibleRadius(a: ArrayLike<number>, n: number, part: readonly number[]): number {
  const m = part.length;
  if (m === 1) return a[part[0] * n + part[0]];
  let shift = 0;
  for (const i of part) {
    let sum = 0;
    for (const j of part) sum += a[i * n + j];
    shift = Math.max(shift, 0.5 * sum);
  }
  let vector = new Float64Array(m).fill(1);
  let next = new Float64Array(m);
  let low = 0;
  let high = Infinity;
  for (let k = 0; k < ITERATIONS_MAX; k++) {
    low = Infinity;
    high = 0;
    let largest = 0;
    for (let i = 0; i < m; i++) {
      let sum = 0;
      for (let j = 0; j < m; j++) sum += a[part[i] * n + part[j]] * vector[j];
      low = Math.min(low, sum / vector[i]);
      high = Math.max(high, sum / vector[i]);
      next[i] = sum + shift * vector[i];
      largest = Math.max(largest, next[i]);
    }
    if (high - low <= TOLERANCE * high) break;
    for (let i = 0; i < m; i++) next[i] /= largest;
    [vector, next] = [next, vector];
  }
  return 0.5 * (low + high);
}
