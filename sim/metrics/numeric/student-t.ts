/** Student's t, which intervals of means and slopes and tests of differences need. */
import { assert, exp, log, log1p, normalQuantile } from '../../kernel/index.js';

const ROOT_PI = 1.7724538509055159;
/** From here on the expansion in 1 / degrees is exact to 1e-10. */
const DEGREES_MANY = 400;
/** From here on the expansion of a ratio of gamma functions is exact to 1e-14. */
const RATIO_SERIES_FROM = 100;

/**
 * Returns the quantile at p in (0, 1) of Student's t with `degrees` >= 1: bisection of the
 * incomplete beta function, for many degrees the expansion about the normal (Abramowitz & Stegun
 * 26.7.5).
 */
export function studentQuantile(p: number, degrees: number): number {
  assert(p > 0 && p < 1 && degrees >= 1, `t quantile at ${p} with ${degrees} degrees`);
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentQuantile(1 - p, degrees);
  if (degrees > DEGREES_MANY) return expansion(normalQuantile(p), degrees);
  const tail = 1 - p;
  let [low, high] = [0, 1];
  while (upperTail(high, degrees) > tail) high *= 2;
  for (let step = 0; step < 80 && high - low > 1e-15 * high; step++) {
    const middle = (low + high) / 2;
    if (upperTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Returns P(T > t) of Student's t, `degrees` >= 1, to about 1e-12 relative; O(degrees). */
export function studentTail(t: number, degrees: number): number {
  assert(degrees >= 1 && !Number.isNaN(t), `t tail at ${t} with ${degrees} degrees`);
  if (t === 0) return 0.5;
  if (t < 0) return 1 - studentTail(-t, degrees);
  return t === Infinity ? 0 : upperTail(t, degrees);
}

function expansion(z: number, n: number): number {
  const s = z * z;
  const g1 = (z * (s + 1)) / 4;
  const g2 = (z * ((5 * s + 16) * s + 3)) / 96;
  const g3 = (z * (((3 * s + 19) * s + 17) * s - 15)) / 384;
  const g4 = (z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945)) / 92160;
  return z + (g1 + (g2 + (g3 + g4 / n) / n) / n) / n;
}

/** P(T > t) for t > 0: half the incomplete beta function at n / (n + t^2) with (n / 2, 1 / 2). */
function upperTail(t: number, n: number): number {
  const ratio = gammaRatio(n);
  const x = n / (n + t * t);
  const y = (t * t) / (n + t * t);
  const front = (ratio / ROOT_PI) * exp((n / 2) * -log1p((t * t) / n) + 0.5 * log(y));
  if (x < (n / 2 + 1) / (n / 2 + 2.5)) return (front * fraction(n / 2, 0.5, x)) / n;
  return 0.5 - front * fraction(0.5, n / 2, y);
}

/** Returns Gamma((n + 1) / 2) / Gamma(n / 2). */
function gammaRatio(n: number): number {
  if (Number.isInteger(n)) {
    // By its recursion from 1.
    let ratio = 1 / ROOT_PI;
    for (let k = 1; k < n; k++) ratio = k / 2 / ratio;
    return ratio;
  }
  // Between whole degrees, its expansion for a large argument, and down from there by recursion.
  let x = n / 2;
  let factor = 1;
  for (; x < RATIO_SERIES_FROM; x++) factor *= x / (x + 0.5);
  const u = 1 / x;
  const rest = u * (5 / 1024 - u * (21 / 32768 + u * (399 / 262144)));
  return factor * Math.sqrt(x) * (1 - u * (1 / 8 - u * (1 / 128 + rest)));
}

/** Continued fraction of the incomplete beta function (Abramowitz & Stegun 26.5.8), by Lentz. */
function fraction(a: number, b: number, x: number): number {
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let c = 1;
  let value = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return value;
}
