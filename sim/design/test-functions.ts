/**
 * Functions on the unit cube whose sensitivities are known in closed form, to check estimates by.
 */
import { assert, sin } from '../kernel/index.js';

const PI = 3.141592653589793;

/** Exact variance and Sobol indices. */
export interface KnownIndices {
  variance: number;
  first: number[];
  total: number[];
}

/**
 * Returns sin z1 + a sin^2 z2 + b z3^4 sin z1 with z = pi (2x - 1), for x in the unit cube
 * (Ishigami & Homma 1990).
 */
export function ishigami(x: ArrayLike<number>, a = 7, b = 0.1): number {
  assert(x.length === 3, `three coordinates, not ${x.length}`);
  const sine = sin(PI * (2 * x[0] - 1));
  const second = sin(PI * (2 * x[1] - 1));
  const z3 = PI * (2 * x[2] - 1);
  return sine + a * second * second + b * z3 * z3 * z3 * z3 * sine;
}

/** Returns the exact indices of `ishigami`. */
export function ishigamiIndices(a = 7, b = 0.1): KnownIndices {
  const p4 = PI * PI * PI * PI;
  const first = 0.5 * (1 + (b * p4) / 5) * (1 + (b * p4) / 5);
  const second = (a * a) / 8;
  const both = (8 * b * b * p4 * p4) / 225;
  const variance = first + second + both;
  return {
    variance,
    first: [first / variance, second / variance, 0],
    total: [(first + both) / variance, second / variance, both / variance],
  };
}

/**
 * Returns the product over j of (|4 x_j - 2| + a_j) / (1 + a_j), Sobol's g; small a_j matter most.
 */
export function gFunction(x: ArrayLike<number>, a: readonly number[]): number {
  assert(x.length === a.length, `${x.length} coordinates for ${a.length} weights`);
  let product = 1;
  for (let j = 0; j < a.length; j++) product *= (Math.abs(4 * x[j] - 2) + a[j]) / (1 + a[j]);
  return product;
}

/** Returns the exact indices of `gFunction` (Saltelli & Sobol 1995). */
export function gFunctionIndices(a: readonly number[]): KnownIndices {
  const parts = a.map((weight) => 1 / (3 * (1 + weight) * (1 + weight)));
  const product = parts.reduce((sum, part) => sum * (1 + part), 1);
  const variance = product - 1;
  return {
    variance,
    first: parts.map((part) => part / variance),
    total: parts.map((part) => (part * product) / (1 + part) / variance),
  };
}

/**
 * Returns 3 x1 + 2 x2 + x3 / 100 + 5 x1 x2, whose elementary effects on 4 levels have mu* = (5.5,
 * 4.5, .01) and sigma = (1.8634, 1.8634, 0).
 */
export function interactionFunction(x: ArrayLike<number>): number {
  assert(x.length === 3, `three coordinates, not ${x.length}`);
  return 3 * x[0] + 2 * x[1] + 0.01 * x[2] + 5 * x[0] * x[1];
}
