/** A straight line through a quantile. Source: Koenker & Bassett 1978, Econometrica 46. */
import { assert } from '../../kernel/index.js';
import { selectNth } from './select.js';

/** The line y = intercept + slope x. */
export interface QuantileLine {
  intercept: number;
  slope: number;
}

/** Halvings after which a slope is exact to the last bits. */
const HALVINGS_MAX = 200;

/**
 * Minimises sum of rho_q(y - a - b x), rho_q(u) = u (q - 1{u < 0}), 0 < q < 1. For every slope the best
 * intercept is an order statistic, and what is left is convex in the slope: its derivative is
 * halved down to the last bits. O(observations) per halving. Slope 0 where x is constant.
 */
export function quantileRegression(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  q: number,
): QuantileLine {
  assert(x.length === y.length && x.length >= 2, `${x.length} x for ${y.length} y`);
  assert(q > 0 && q < 1, `a quantile was ${q}`);
  const problem = new Profile(x, y, q);
  if (problem.isConstant) return { intercept: problem.interceptAt(0), slope: 0 };
  let width = problem.slopeScale;
  let low = -width;
  let high = width;
  // The derivative tends to q-quantile forms of x, negative far left, positive far right.
  while (problem.derivativeAt(low) > 0) {
    width *= 2;
    low -= width;
  }
  while (problem.derivativeAt(high) < 0) {
    width *= 2;
    high += width;
  }
  for (let k = 0; k < HALVINGS_MAX; k++) {
    const middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (problem.derivativeAt(middle) < 0) low = middle;
    else high = middle;
  }
  const slope = 0.5 * (low + high);
  return { intercept: problem.interceptAt(slope), slope };
}

/** The least cost at each slope. */
class Profile {
  readonly isConstant: boolean;
  /** A first width of the search. */
  readonly slopeScale: number;
  private readonly residual: Float64Array;
  private readonly scratch: Float64Array;
  private readonly centre: number;
  /** Order of the residual the line passes through. */
  private readonly order: number;

  private readonly x: ArrayLike<number>;
  private readonly y: ArrayLike<number>;
  private readonly q: number;

  constructor(x: ArrayLike<number>, y: ArrayLike<number>, q: number) {
    const n = x.length;
    this.x = x;
    this.y = y;
    this.q = q;
    this.residual = new Float64Array(n);
    this.scratch = new Float64Array(n);
    this.order = Math.min(n - 1, Math.ceil(q * n) - 1);
    let sumX = 0;
    let [lowX, highX, lowY, highY] = [x[0], x[0], y[0], y[0]];
    for (let i = 0; i < n; i++) {
      sumX += x[i];
      lowX = Math.min(lowX, x[i]);
      highX = Math.max(highX, x[i]);
      lowY = Math.min(lowY, y[i]);
      highY = Math.max(highY, y[i]);
    }
    this.centre = sumX / n;
    this.isConstant = lowX === highX;
    this.slopeScale = (highY - lowY) / (highX - lowX) || 1;
  }

  interceptAt(slope: number): number {
    const { x, y, residual, scratch } = this;
    for (let i = 0; i < residual.length; i++) residual[i] = y[i] - slope * x[i];
    scratch.set(residual);
    return selectNth(scratch, this.order);
  }

  /** Returns a subgradient: -sum of (x - centre) psi, the psi of ties chosen to sum to 0. */
  derivativeAt(slope: number): number {
    const { x, q, residual, centre } = this;
    const intercept = this.interceptAt(slope);
    let sum = 0;
    let psi = 0;
    let tied = 0;
    let tiedX = 0;
    for (let i = 0; i < residual.length; i++) {
      const gap = x[i] - centre;
      if (residual[i] === intercept) {
        tied++;
        tiedX += gap;
        continue;
      }
      const one = residual[i] < intercept ? q - 1 : q;
      psi += one;
      sum -= gap * one;
    }
    return sum + (psi / tied) * tiedX;
  }
}
