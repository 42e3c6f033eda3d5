/** How a gain or loss feels. */
import { pow } from '../../sim/kernel/index.js';

/** Curvature for gains and losses, and how much more losses weigh (Tversky & Kahneman 1992). */
const CURVATURE = 0.88;
const LOSS_AVERSION = 2.25;

/** Returns x^0.88 for a gain x, and -2.25 (-x)^0.88 for a loss (Tversky & Kahneman 1992). */
export function prospectValue(x: number): number {
  return x < 0 ? -LOSS_AVERSION * pow(-x, CURVATURE) : pow(x, CURVATURE);
}
