/** An order of a design's blocks such that whatever is done first is an even share of it. */
import { assert } from '../kernel/index.js';

const GOLDEN = 0.6180339887498949;
/** Strides looked at, nearest to the golden section first. */
const CANDIDATES = 64;

/**
 * Returns a permutation of 0..n-1 of which every prefix is spread evenly: block i g mod n comes
 * i-th, with a stride g without common divisor with n, near the golden section of n, whose
 * continued fraction g / n has small terms, as those bound the discrepancy of the prefix
 * (Niederreiter 1992, chapter 3). A factor that changes fastest, which bit reversal would leave
 * at one level for half of a grid, takes all its levels in turn. O(n).
 */
export function blockOrder(n: number): Int32Array {
  assert(Number.isInteger(n) && n >= 0 && n < 0x40000000, `${n} blocks`);
  const order = new Int32Array(n);
  const stride = n < 2 ? 0 : strideOf(n);
  let at = 0;
  for (let i = 0; i < n; i++) {
    order[i] = at;
    at += stride;
    if (at >= n) at -= n;
  }
  return order;
}

function strideOf(n: number): number {
  const middle = Math.round(n * GOLDEN);
  let best = 1;
  let least = Infinity;
  for (let c = 0; c < CANDIDATES; c++) {
    const stride = middle + (c % 2 === 0 ? c / 2 : -(c + 1) / 2);
    if (stride < 1 || stride >= n) continue;
    const terms = largestTerm(stride, n);
    if (terms < least) {
      best = stride;
      least = terms;
    }
  }
  return best;
}

/** Returns the largest term of the continued fraction of g / n; Infinity with a common divisor. */
function largestTerm(g: number, n: number): number {
  let largest = 0;
  let [above, below] = [n, g];
  while (below > 0) {
    largest = Math.max(largest, Math.floor(above / below));
    [above, below] = [below, above % below];
  }
  return above === 1 ? largest : Infinity;
}
