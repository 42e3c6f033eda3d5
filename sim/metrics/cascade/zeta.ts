/** Hurwitz's zeta function. */
import { pow } from '../../kernel/index.js';

/** B_2j / (2j)! for j = 1, 2, ..., 7. */
const BERNOULLI = Float64Array.of(
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
);
const DIRECT_TERMS = 12;

/** Returns the sum of (q + k)^-s over k >= 0, s > 1, q > 0, to about 1e-15: Euler & Maclaurin. */
export function hurwitzZeta(s: number, q: number): number {
  let sum = 0;
  for (let k = 0; k < DIRECT_TERMS; k++) sum += pow(q + k, -s);
  const at = q + DIRECT_TERMS;
  const last = pow(at, -s);
  sum += (last * at) / (s - 1) + 0.5 * last;
  let term = (last * s) / at;
  for (let j = 0; j < BERNOULLI.length; j++) {
    sum += BERNOULLI[j] * term;
    term *= ((s + 2 * j + 1) * (s + 2 * j + 2)) / (at * at);
  }
  return sum;
}
