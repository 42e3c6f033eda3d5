/** The hyperbolic tangent for small arguments, where bounded rules mostly work. */
import { tanh } from '../../sim/kernel/index.js';

/**
 * Returns tanh(x): for |x| < 1 by its Pade approximant of degrees 9 and 8, whose relative error
 * there is below 5e-16, at a third of the cost of the general function.
 */
export function squash(x: number): number {
  const y = x * x;
  if (!(y < 1)) return tanh(x);
  const top = 34459425 + y * (4729725 + y * (135135 + y * (990 + y)));
  const bottom = 34459425 + y * (16216200 + y * (945945 + y * (13860 + y * 45)));
  return (x * top) / bottom;
}
