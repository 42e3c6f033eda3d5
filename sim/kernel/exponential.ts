/*
 * exp, expm1 and tanh use only correctly rounded operations, so their bits are the same on every
 * machine. The argument reductions and coefficients are those of FDLIBM:
 *
 *   Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved.
 *   Permission to use, copy, modify, and distribute this software is freely granted, provided
 *   that this notice is preserved.
 */
import { POWER_ZERO, POWERS_OF_TWO, scaleByPowerOfTwo } from './powers-of-two.js';

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LOG2_E = Math.LOG2E;
const HALF_LN2 = 0.34657359027997264;
const EXP_OVERFLOW = 709.782712893384;
const EXP_UNDERFLOW = -745.1332191019411;

/** Below -56 ln 2, e^x is less than half an ulp of 1. */
const EXPM1_MINUS_ONE = -38.816242111356935;

/** Coefficients of x (e^x + 1) / (e^x - 1) in x^2. */
const P1 = 0.16666666666666602;
const P2 = -0.0027777777777015593;
const P3 = 6.613756321437934e-5;
const P4 = -1.6533902205465252e-6;
const P5 = 4.1381367970572385e-8;

/** Coefficients of 6 / x ((e^x + 1) / (e^x - 1) - 2 / x) in x^2. */
const Q1 = -0.03333333333333313;
const Q2 = 0.0015873015872548146;
const Q3 = -7.93650757867488e-5;
const Q4 = 4.008217827329362e-6;
const Q5 = -2.0109921818362437e-7;

/** Returns e^x, within 1 ulp. */
export function exp(x: number): number {
  if (x > EXP_OVERFLOW) return Infinity;
  if (x < EXP_UNDERFLOW) return 0;
  let high = x;
  let low = 0;
  let k = 0;
  if (x > HALF_LN2 || x < -HALF_LN2) {
    k = (LOG2_E * x + (x < 0 ? -0.5 : 0.5)) | 0;
    high = x - k * LN2_HIGH;
    low = k * LN2_LOW;
  } else if (x < 3.7e-9 && x > -3.7e-9) {
    return 1 + x;
  } else if (x !== x) {
    return x;
  }
  const r = high - low;
  const t = r * r;
  const c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  const y = k === 0 ? 1 - ((r * c) / (c - 2) - r) : 1 - (low - (r * c) / (2 - c) - high);
  if (k >= -1022 && k <= 1023) return y * POWERS_OF_TWO[k + POWER_ZERO];
  return scaleByPowerOfTwo(y, k);
}

/**
 * Returns e^(x + tail), within 0.6 ulp, for a tail far smaller than x: exponents that are known to
 * more than 53 bits.
 */
export function expSum(x: number, tail: number): number {
  if (x > EXP_OVERFLOW + 1) return Infinity;
  if (x < EXP_UNDERFLOW - 1) return 0;
  if (x !== x) return x;
  const k = (LOG2_E * x + (x < 0 ? -0.5 : 0.5)) | 0;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW - tail;
  const r = high - low;
  const t = r * r;
  const c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  const sum = 1 + high;
  // What the sum lost is added to the small terms, which keeps the total error near half an ulp.
  const y = sum + (high - (sum - 1) + ((r * c) / (2 - c) - low));
  return scaleByPowerOfTwo(y, k);
}

/** Returns e^x - 1, within 1 ulp, without cancellation near 0. */
export function expm1(x: number): number {
  if (x > EXP_OVERFLOW) return Infinity;
  if (x < EXPM1_MINUS_ONE) return -1;
  let high = x;
  let low = 0;
  let k = 0;
  if (x > HALF_LN2 || x < -HALF_LN2) {
    if (x < 1.0397207708399179 && x > -1.0397207708399179) k = x < 0 ? -1 : 1;
    else k = (LOG2_E * x + (x < 0 ? -0.5 : 0.5)) | 0;
    high = x - k * LN2_HIGH;
    low = k * LN2_LOW;
  } else if ((x < 5.5e-17 && x > -5.5e-17) || x !== x) {
    return x;
  }
  const r = high - low;
  const error = high - r - low;
  const half = 0.5 * r;
  const square = r * half;
  const ratio = 1 + square * (Q1 + square * (Q2 + square * (Q3 + square * (Q4 + square * Q5))));
  const t = 3 - ratio * half;
  let e = square * ((ratio - t) / (6 - r * t));
  if (k === 0) return r - (r * e - square);
  e = r * (e - error) - error - square;
  if (k === -1) return 0.5 * (r - e) - 0.5;
  if (k === 1) return r < -0.25 ? -2 * (e - (r + 0.5)) : 1 + 2 * (r - e);
  if (k <= -2 || k > 56) return scaleByPowerOfTwo(1 - (e - r), k) - 1;
  const inverse = POWERS_OF_TWO[POWER_ZERO - k];
  const y = k < 20 ? 1 - inverse - (e - r) : r - (e + inverse) + 1;
  return y * POWERS_OF_TWO[POWER_ZERO + k];
}

/** Returns the hyperbolic tangent of x, within 1 ulp. */
export function tanh(x: number): number {
  if (x !== x) return x;
  const magnitude = x < 0 ? -x : x;
  if (magnitude < 3.7e-9) return x;
  if (magnitude > 22) return x < 0 ? -1 : 1;
  let result: number;
  if (magnitude >= 1) {
    result = 1 - 2 / (expm1(2 * magnitude) + 2);
  } else {
    const t = expm1(-2 * magnitude);
    result = -t / (t + 2);
  }
  return x < 0 ? -result : result;
}
