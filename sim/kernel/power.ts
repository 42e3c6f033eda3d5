import { expSum } from './exponential.js';
import { POWER_ZERO, POWERS_OF_TWO, scaleByPowerOfTwo } from './powers-of-two.js';

/** ln 2 in two pieces; the first has so few bits that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const TWO_POW_54 = 1.8014398509481984e16;
const TWO_POW_53 = 9007199254740992;
const NORMAL_MIN = 2.2250738585072014e-308;
/** Veltkamp's constant 2^27 + 1. */
const SPLIT = 134217729;
/** 1/3 - fl(1/3). */
const THIRD_LOW = 1.850371707708594e-17;

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);
/** The low part of the last double-double result; an array, for a module's float is boxed anew. */
const low = new Float64Array(1);

/** Returns x^y, within 0.6 ulp (so exact powers come out exact), with the special cases of
 * Math.pow: x^0 = 1, (+-1)^(+-Infinity) = NaN, a negative x with a fractional y = NaN. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x !== x || y !== y) return NaN;
  if (y === 1) return x;
  const magnitude = x < 0 ? -x : x;
  if (y === Infinity || y === -Infinity) {
    if (magnitude === 1) return NaN;
    return magnitude > 1 === y > 0 ? Infinity : 0;
  }
  const negative = x < 0 || (x === 0 && 1 / x < 0);
  const odd = negative && isOdd(y);
  if (magnitude === 0 || magnitude === Infinity) {
    const result = (magnitude === 0) === y > 0 ? 0 : Infinity;
    return odd ? -result : result;
  }
  if (negative && Math.floor(y) !== y) return NaN;
  const result = magnitude === 1 ? 1 : positivePower(magnitude, y);
  return odd ? -result : result;
}

function isOdd(y: number): boolean {
  const magnitude = y < 0 ? -y : y;
  if (magnitude >= TWO_POW_53) return false;
  return magnitude - 2 * Math.floor(magnitude / 2) === 1;
}

/** Returns e^(y log x), the logarithm and the product being double-double. */
function positivePower(x: number, y: number): number {
  const logHigh = logDouble(x);
  const logLow = low[0];
  const product = y * logHigh;
  if (product > 711) return Infinity;
  if (product < -747) return 0;
  if (product < 1e-20 && product > -1e-20) return 1;
  return expSum(product, productError(y, logHigh, product) + y * logLow);
}

/**
 * Returns the high part of log(x) and leaves the low part in `low`: about 2^-64 relative error.
 * With x = 2^k m and s = (m - 1) / (m + 1), log m = 2 s (1 + s^2 / 3 + s^4 / 5 + ...).
 */
function logDouble(x: number): number {
  let k = 0;
  let scaled = x;
  if (x < NORMAL_MIN) {
    k = -54;
    scaled = x * TWO_POW_54;
  }
  float[0] = scaled;
  const mantissa = words[1] & 0xfffff;
  const exponent = (words[1] >> 20) - 1023 + ((mantissa + 0x95f64) >> 20);
  k += exponent;
  const m =
    exponent <= 1022
      ? scaled * POWERS_OF_TWO[POWER_ZERO - exponent]
      : scaleByPowerOfTwo(scaled, -exponent);
  const f = m - 1;
  const u = m + 1;
  const uLow = m - (u - 1);
  const s = f / u;
  const sProduct = s * u;
  const sLow = (f - sProduct - productError(s, u, sProduct) - s * uLow) / u;
  const z = s * s;
  const zLow = productError(s, s, z) + 2 * s * sLow;
  const rest =
    1 / 5 +
    z *
      (1 / 7 +
        z *
          (1 / 9 +
            z *
              (1 / 11 +
                z *
                  (1 / 13 +
                    z *
                      (1 / 15 +
                        z *
                          (1 / 17 +
                            z *
                              (1 / 19 + z * (1 / 21 + z * (1 / 23 + z * (1 / 25 + z / 27))))))))));
  // z / 3 + z^2 rest, as a sum.
  const third = z * (1 / 3);
  const thirdLow = productError(z, 1 / 3, third) + z * THIRD_LOW + zLow * (1 / 3) + z * z * rest;
  const tail = third + thirdLow;
  const tailLow = third - tail + thirdLow;
  // 2 s + 2 s tail.
  const double = 2 * s;
  const correction = double * tail;
  const correctionLow = productError(double, tail, correction) + double * tailLow + 2 * sLow * tail;
  const high = double + correction;
  const highLow = double - high + correction + (correctionLow + 2 * sLow);
  // Plus k ln 2.
  const integral = k * LN2_HIGH;
  const total = integral + high;
  const back = total - integral;
  const totalLow = integral - (total - back) + (high - back) + (highLow + k * LN2_LOW);
  const result = total + totalLow;
  low[0] = total - result + totalLow;
  return result;
}

/** Returns a * b - fl(a * b), exactly save for under- and overflow. Source: Dekker 1971. */
function productError(a: number, b: number, product: number): number {
  const aSplit = SPLIT * a;
  const aHigh = aSplit - (aSplit - a);
  const aLow = a - aHigh;
  const bSplit = SPLIT * b;
  const bHigh = bSplit - (bSplit - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
