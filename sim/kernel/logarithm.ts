/*
 * log and log1p use only correctly rounded operations, so their bits are the same on every
 * machine. The argument reductions and coefficients are those of FDLIBM:
 *
 *   Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 *   Permission to use, copy, modify, and distribute this software is freely granted, provided
 *   that this notice is preserved.
 */
import { POWER_ZERO, POWERS_OF_TWO, scaleByPowerOfTwo } from './powers-of-two.js';

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const TWO_POW_54 = 1.8014398509481984e16;
const NORMAL_MIN = 2.2250738585072014e-308;

/** Coefficients of (log(1 + s) - log(1 - s) - 2 s) / s in s^2. */
const L1 = 0.6666666666666735;
const L2 = 0.3999999999940942;
const L3 = 0.2857142874366239;
const L4 = 0.22222198432149784;
const L5 = 0.1818357216161805;
const L6 = 0.15313837699209373;
const L7 = 0.14798198605116586;

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);

/** Returns the natural logarithm of x, within 1 ulp: -Infinity at 0, NaN below. */
export function log(x: number): number {
  let k = 0;
  let scaled = x;
  if (!(x >= NORMAL_MIN)) {
    if (x === 0) return -Infinity;
    if (!(x > 0)) return NaN;
    k = -54;
    scaled = x * TWO_POW_54;
  } else if (x === Infinity) {
    return x;
  }
  float[0] = scaled;
  let mantissa = words[1];
  let exponent = (mantissa >> 20) - 1023;
  mantissa &= 0xfffff;
  // One more doubling above sqrt(2), so that the reduced argument lies in [sqrt(1/2), sqrt(2)).
  exponent += (mantissa + 0x95f64) >> 20;
  k += exponent;
  const f = reduced(scaled, exponent) - 1;
  const low = k * LN2_LOW;
  if (((mantissa + 2) & 0xfffff) < 3) {
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + low;
    const small = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - small : k * LN2_HIGH - (small - low - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const rest = z * (L1 + w * (L3 + w * (L5 + w * L7))) + w * (L2 + w * (L4 + w * L6));
  if (((mantissa - 0x6147a) | (0x6b851 - mantissa)) > 0) {
    const half = 0.5 * f * f;
    if (k === 0) return f - (half - s * (half + rest));
    return k * LN2_HIGH - (half - (s * (half + rest) + low) - f);
  }
  if (k === 0) return f - s * (f - rest);
  return k * LN2_HIGH - (s * (f - rest) - low - f);
}

/** Returns log(1 + x), within 1 ulp, without cancellation near 0. */
export function log1p(x: number): number {
  if (!(x > -1)) return x === -1 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k = 0;
  let f = x;
  let correction = 0;
  let exactOne = false;
  if (x < 0.41421356 && x > -0.29289321) {
    if (x < 1.862645149230957e-9 && x > -1.862645149230957e-9) {
      return x < 5.551115123125783e-17 && x > -5.551115123125783e-17 ? x : x - x * x * 0.5;
    }
  } else {
    const u = x < 9007199254740992 ? 1 + x : x;
    float[0] = u;
    let mantissa = words[1];
    let exponent = (mantissa >> 20) - 1023;
    if (x < 9007199254740992) {
      correction = (exponent > 0 ? 1 - (u - x) : x - (u - 1)) / u;
    }
    mantissa &= 0xfffff;
    if (mantissa >= 0x6a09e) {
      exponent++;
      mantissa = (0x100000 - mantissa) >> 2;
    }
    k = exponent;
    f = reduced(u, exponent) - 1;
    exactOne = mantissa === 0;
  }
  const half = 0.5 * f * f;
  const low = k * LN2_LOW + correction;
  if (exactOne) {
    if (f === 0) return k * LN2_HIGH + low;
    const small = half * (1 - 0.6666666666666666 * f);
    return k === 0 ? f - small : k * LN2_HIGH - (small - low - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const rest = z * (L1 + z * (L2 + z * (L3 + z * (L4 + z * (L5 + z * (L6 + z * L7))))));
  if (k === 0) return f - (half - s * (half + rest));
  return k * LN2_HIGH - (half - (s * (half + rest) + low) - f);
}

/** Returns x / 2^exponent, exactly; 2^-1023 and below are not in the table. */
function reduced(x: number, exponent: number): number {
  if (exponent <= 1022) return x * POWERS_OF_TWO[POWER_ZERO - exponent];
  return scaleByPowerOfTwo(x, -exponent);
}
