import { expSum } from './exponential.js';
import { log } from './logarithm.js';

/** Veltkamp's constant 2^27 + 1. */
const SPLIT = 134217729;

/**
 * Coefficients of (1 + x) exp(x^2 / 2) Phi(-x) in t = (x - 4) / (x + 4), for x >= 0: a Chebyshev
 * fit in the variable of Shepherd & Laframboise 1981, Math. Comp. 36, made with 240-bit
 * arithmetic and written as powers of t; relative error below 2.3 * 2^-53.
 */
const TAIL = Float64Array.of(
  0.47205320650984467,
  -0.09670347732652577,
  0.013999634724424333,
  0.02860036405354698,
  -0.03219783742802203,
  0.017936097479808313,
  -0.005002378592511494,
  -0.0002856231002340135,
  0.0006948971219073166,
  -9.443023204456728e-05,
  -8.785330394797745e-05,
  2.1249915729449347e-05,
  1.3627395285352675e-05,
  -3.4316562688625695e-06,
  -2.6144101706596152e-06,
  4.029912427574402e-07,
  5.548340462207789e-07,
  4.242344418455244e-09,
  -1.1446850712758079e-07,
  -2.3315488161994288e-08,
  2.0257667136861587e-08,
  8.858538843412724e-09,
  -2.6180348731255444e-09,
  -1.9068104342795306e-09,
  1.7873545221852657e-10,
  1.968773941157256e-10,
);

/** Returns the standard normal distribution function, within 4 ulp in the lower tail also. */
export function normalCdf(x: number): number {
  if (x !== x) return x;
  if (x > 9) return 1;
  if (x < -39) return 0;
  return x > 0 ? 1 - upperTail(x) : upperTail(-x);
}

/** Returns Phi(-x) for 0 <= x <= 39. */
function upperTail(x: number): number {
  const t = (x - 4) / (x + 4);
  let sum = TAIL[TAIL.length - 1];
  for (let i = TAIL.length - 2; i >= 0; i--) sum = sum * t + TAIL[i];
  // The exponent to twice the precision: in the far tail half an ulp of x^2 is hundreds of e^-x^2.
  const square = x * x;
  const split = SPLIT * x;
  const high = split - (split - x);
  const low = x - high;
  const error = low * low - (square - high * high - 2 * high * low);
  return expSum(-0.5 * square, -0.5 * error) * (sum / (1 + x));
}

/**
 * Returns the x with Phi(x) = p: -Infinity at 0, Infinity at 1, NaN outside [0, 1]. Relative error
 * about 1e-16. Source: Wichura 1988, algorithm AS 241 (PPND16).
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (q <= 0.425 && q >= -0.425) return q * central(0.180625 - q * q);
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  // 1 - p is exact for p > 1/2.
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const magnitude = r <= 5 ? intermediate(r - 1.6) : far(r - 5);
  return q < 0 ? -magnitude : magnitude;
}

function central(r: number): number {
  const numerator =
    3.3871328727963666080 + r * (1.3314166789178437745e2 + r * (1.9715909503065514427e3 + r *
      (1.3731693765509461125e4 + r * (4.5921953931549871457e4 + r * (6.7265770927008700853e4 + r *
      (3.3430575583588128105e4 + r * 2.5090809287301226727e3))))));
  const denominator =
    1 + r * (4.2313330701600911252e1 + r * (6.8718700749205790830e2 + r * (5.3941960214247511077e3
      + r * (2.1213794301586595867e4 + r * (3.9307895800092710610e4 + r * (2.8729085735721942674e4
      + r * 5.2264952788528545610e3))))));
  return numerator / denominator;
}

function intermediate(r: number): number {
  const numerator =
    1.42343711074968357734 + r * (4.63033784615654529590 + r * (5.76949722146069140550 + r *
      (3.64784832476320460504 + r * (1.27045825245236838258 + r * (2.41780725177450611770e-1 + r *
      (2.27238449892691845833e-2 + r * 7.74545014278341407640e-4))))));
  const denominator =
    1 + r * (2.05319162663775882187 + r * (1.67638483018380384940 + r * (6.89767334985100004550e-1
      + r * (1.48103976427480074590e-1 + r * (1.51986665636164571966e-2 + r *
      (5.47593808499534494600e-4 + r * 1.05075007164441684324e-9))))));
  return numerator / denominator;
}

function far(r: number): number {
  const numerator =
    6.65790464350110377720 + r * (5.46378491116411436990 + r * (1.78482653991729133580 + r *
      (2.96560571828504891230e-1 + r * (2.65321895265761230930e-2 + r * (1.24266094738807843860e-3
      + r * (2.71155556874348757815e-5 + r * 2.01033439929228813265e-7))))));
  const denominator =
    1 + r * (5.99832206555887937690e-1 + r * (1.36929880922735805310e-1 + r *
      (1.48753612908506148525e-2 + r * (7.86869131145613259100e-4 + r * (1.84631831751005468180e-5
      + r * (1.42151175831644588870e-7 + r * 2.04426310338993978564e-15))))));
  return numerator / denominator;
}
