/** Exit convergence as it is written down: every pair, one after the other. */
import type { ExitConvergenceInput } from '../../sim/metrics/crowding/index.js';

/** Bandwidth of a pair: the reach of the smaller exit, of equal ones the smaller reach. */
function bandwidth(input: ExitConvergenceInput, i: number, j: number): number {
  const { exitQuantity: q, reachPrice: h } = input;
  if (q[i] !== q[j]) return q[i] < q[j] ? h[i] : h[j];
  return Math.min(h[i], h[j]);
}

export function naiveExitConvergence(input: ExitConvergenceInput): number {
  const { exitPrice: p, exitQuantity } = input;
  const w = input.weight ?? exitQuantity;
  let shared = 0;
  let pairs = 0;
  for (let i = 0; i < p.length; i++) {
    for (let j = i + 1; j < p.length; j++) {
      pairs += w[i] * w[j];
      if (Math.abs(p[i] - p[j]) <= bandwidth(input, i, j)) shared += w[i] * w[j];
    }
  }
  return shared / pairs;
}

/** Sells lot by lot, from the price down: where the last lot of `lots` is found. */
export function naiveWalkDown(price: number, lots: number, depth: number[]): number {
  let left = lots;
  for (let k = price - 1; k >= 0; k--) {
    left -= depth[k];
    if (left <= 0) return price - k + left / depth[k];
  }
  return Infinity;
}
