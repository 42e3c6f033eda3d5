/** Hartigan's dip: how far a sample is from having one mode. Source: Hartigan & Hartigan 1985. */
import type { RandomStream } from '../../kernel/index.js';
import { sorted } from '../numeric/index.js';

/**
 * Returns the dip, the least largest distance between the sample's distribution function and one
 * with a single mode: 1 / (2n) at the least, 1/4 at the most. O(n log n). Algorithm AS 217 (P. M.
 * Hartigan 1985) with the corrections of Maechler's diptest.
 */
export function dipStatistic(values: ArrayLike<number>): number {
  const x = sorted(values);
  const n = x.length;
  if (n < 2 || x[0] === x[n - 1]) return n === 0 ? NaN : 1 / (2 * n);
  const minorant = hull(x, 1);
  const majorant = hull(x, -1);
  let low = 0;
  let high = n - 1;
  // In units of 1 / (2n).
  let dip = 1;
  for (;;) {
    const gcm = chain(minorant, high, low);
    const lcm = chain(majorant, low, high);
    const { distance, ig, ih } = widest(x, gcm, lcm);
    if (distance < dip) break;
    dip = Math.max(dip, dipOfMinorant(x, gcm, ig), dipOfMajorant(x, lcm, ih));
    if (low === gcm[ig] && high === lcm[ih]) break;
    low = gcm[ig];
    high = lcm[ih];
  }
  return dip / (2 * n);
}

/** How unusual a dip is. */
export interface DipTest {
  dip: number;
  /** Part of uniform samples of the same size, the least favourable of one mode, that dip as far. */
  pValue: number;
}

/** Tests for more than one mode against `resamples` uniform samples; 1000 unless given. */
export function dipTest(
  values: ArrayLike<number>,
  { stream, resamples = 1000 }: { stream: RandomStream; resamples?: number },
): DipTest {
  const dip = dipStatistic(values);
  const drawn = new Float64Array(values.length);
  let asFar = 0;
  for (let b = 0; b < resamples; b++) {
    for (let i = 0; i < drawn.length; i++) drawn[i] = stream.uniform(b, 0, i);
    if (dipStatistic(drawn) >= dip) asFar++;
  }
  return { dip, pValue: (asFar + 1) / (resamples + 1) };
}

/**
 * Returns for each point the corner before it (`step` 1: greatest convex minorant of the points to
 * its left) or after it (-1: least concave majorant of those to its right).
 */
function hull(x: Float64Array, step: 1 | -1): Int32Array {
  const n = x.length;
  const first = step === 1 ? 0 : n - 1;
  const corner = new Int32Array(n);
  corner[first] = first;
  for (let k = 1, j = first + step; k < n; k++, j += step) {
    let a = j - step;
    while (a !== first) {
      const b = corner[a];
      if ((x[j] - x[a]) * (a - b) < (x[a] - x[b]) * (j - a)) break;
      a = b;
    }
    corner[j] = a;
  }
  return corner;
}

/** Returns the corners from one point to another. */
function chain(corner: Int32Array, from: number, to: number): number[] {
  const points = [from];
  for (let at = from; at !== to; ) {
    at = corner[at];
    points.push(at);
  }
  return points;
}

/** Finds the largest distance between minorant (corners falling) and majorant (corners rising). */
function widest(
  x: Float64Array,
  gcm: readonly number[],
  lcm: readonly number[],
): { distance: number; ig: number; ih: number } {
  let ig = gcm.length - 1;
  let ih = lcm.length - 1;
  if (gcm.length === 2 && lcm.length === 2) return { distance: 1, ig, ih };
  let distance = 0;
  let ix = gcm.length - 2;
  let iv = 1;
  for (;;) {
    const g = gcm[ix];
    const l = lcm[iv];
    if (g > l) {
      const before = gcm[ix + 1];
      const gap = l - before + 1 - ((x[l] - x[before]) * (g - before)) / (x[g] - x[before]);
      iv++;
      if (gap >= distance) {
        distance = gap;
        ig = ix + 1;
        ih = iv - 1;
      }
    } else {
      const before = lcm[iv - 1];
      const gap = ((x[g] - x[before]) * (l - before)) / (x[l] - x[before]) - (g - before - 1);
      ix--;
      if (gap >= distance) {
        distance = gap;
        ig = ix + 1;
        ih = iv;
      }
    }
    ix = Math.max(ix, 0);
    iv = Math.min(iv, lcm.length - 1);
    if (gcm[ix] === lcm[iv]) return { distance, ig, ih };
  }
}

function dipOfMinorant(x: Float64Array, gcm: readonly number[], from: number): number {
  let dip = 0;
  for (let j = from; j + 1 < gcm.length; j++) {
    const [begin, end] = [gcm[j + 1], gcm[j]];
    dip = Math.max(dip, 1);
    if (end - begin <= 1 || x[end] === x[begin]) continue;
    const slope = (end - begin) / (x[end] - x[begin]);
    for (let k = begin; k <= end; k++) dip = Math.max(dip, k - begin + 1 - (x[k] - x[begin]) * slope);
  }
  return dip;
}

function dipOfMajorant(x: Float64Array, lcm: readonly number[], from: number): number {
  let dip = 0;
  for (let j = from; j + 1 < lcm.length; j++) {
    const [begin, end] = [lcm[j], lcm[j + 1]];
    dip = Math.max(dip, 1);
    if (end - begin <= 1 || x[end] === x[begin]) continue;
    const slope = (end - begin) / (x[end] - x[begin]);
    for (let k = begin; k <= end; k++) dip = Math.max(dip, (x[k] - x[begin]) * slope - (k - begin - 1));
  }
  return dip;
}
