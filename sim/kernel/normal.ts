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
  -9.443023204456728e-5,
  -8.785330394797745e-5,
  2.1249915729449347e-5,
  1.3627395285352675e-5,
  -3.4316562688625695e-6,
  -2.6144101706596152e-6,
  4.029912427574402e-7,
  5.548340462207789e-7,
  4.242344418455244e-9,
  -1.1446850712758079e-7,
  -2.3315488161994288e-8,
  2.0257667136861587e-8,
  8.858538843412724e-9,
  -2.6180348731255444e-9,
  -1.9068104342795306e-9,
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
    3.3871328727963665 +
    r *
      (133.14166789178438 +
        r *
          (1971.5909503065513 +
            r *
              (13731.69376550946 +
                r *
                  (45921.95393154987 +
                    r * (67265.7709270087 + r * (33430.57558358813 + r * 2509.0809287301227))))));
  const denominator =
    1 +
    r *
      (42.31333070160091 +
        r *
          (687.1870074920579 +
            r *
              (5394.196021424751 +
                r *
                  (21213.794301586597 +
                    r * (39307.89580009271 + r * (28729.085735721943 + r * 5226.495278852854))))));
  return numerator / denominator;
}

function intermediate(r: number): number {
  const numerator =
    1.4234371107496835 +
    r *
      (4.630337846156546 +
        r *
          (5.769497221460691 +
            r *
              (3.6478483247632045 +
                r *
                  (1.2704582524523684 +
                    r *
                      (0.2417807251774506 +
                        r * (0.022723844989269184 + r * 0.0007745450142783414))))));
  const denominator =
    1 +
    r *
      (2.053191626637759 +
        r *
          (1.6763848301838038 +
            r *
              (0.6897673349851 +
                r *
                  (0.14810397642748008 +
                    r *
                      (0.015198666563616457 +
                        r * (0.0005475938084995345 + r * 1.0507500716444169e-9))))));
  return numerator / denominator;
}

function far(r: number): number {
  const numerator =
    6.657904643501103 +
    r *
      (5.463784911164114 +
        r *
          (1.7848265399172913 +
            r *
              (0.29656057182850487 +
                r *
                  (0.026532189526576124 +
                    r *
                      (0.0012426609473880784 +
                        r * (2.7115555687434876e-5 + r * 2.0103343992922881e-7))))));
  const denominator =
    1 +
    r *
      (0.599832206555888 +
        r *
          (0.1369298809227358 +
            r *
              (0.014875361290850615 +
                r *
                  (0.0007868691311456133 +
                    r *
                      (1.8463183175100548e-5 +
                        r * (1.421511758316446e-7 + r * 2.0442631033899397e-15))))));
  return numerator / denominator;
}
