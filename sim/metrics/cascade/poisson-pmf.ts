/** The Poisson law without cancellation. */
import { exp, log } from '../../kernel/index.js';

/** ln n! - ln(sqrt(2 pi n) (n / e)^n) for n = 0 (unused), 1, ..., 15. */
const STIRLING_ERROR = Float64Array.of(
  0,
  0.08106146679532726,
  0.0413406959554093,
  0.02767792568499834,
  0.020790672103765093,
  0.016644691189821193,
  0.013876128823070748,
  0.01189670994589177,
  0.010411265261972096,
  0.009255462182712733,
  0.00833056343336287,
  0.007573675487951841,
  0.00694284010720953,
  0.006408994188004207,
  0.0059513701127588475,
  0.005554733551962801,
);

/**
 * Returns e^-m m^n / n!, for whole n >= 0 and m >= 0, to about 1e-13 relative wherever it is above
 * 1e-300. Source: Loader 2000, "Fast and accurate computation of binomial probabilities": the
 * deviance form, whose terms do not cancel.
 */
export function poissonPmf(n: number, m: number): number {
  if (n === 0) return exp(-m);
  if (m === 0) return 0;
  return exp(-stirlingError(n) - deviance(n, m)) / Math.sqrt(2 * Math.PI * n);
}

/** Returns ln n! less Stirling's approximation of it, n >= 1. */
function stirlingError(n: number): number {
  if (n < STIRLING_ERROR.length) return STIRLING_ERROR[n];
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / (1188 * square)) / square) / square) / square) / n;
}

/** Returns n ln(n / m) + m - n; by its series where n is near m. */
function deviance(n: number, m: number): number {
  const gap = n - m;
  if (Math.abs(gap) >= 0.1 * (n + m)) return n * log(n / m) - gap;
  const v = gap / (n + m);
  const square = v * v;
  let sum = gap * v;
  let power = 2 * n * v;
  for (let j = 1; ; j++) {
    power *= square;
    const next = sum + power / (2 * j + 1);
    if (next === sum) return sum;
    sum = next;
  }
}
