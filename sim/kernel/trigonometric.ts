/*
 * sin and cos use only correctly rounded operations, so their bits are the same on every machine.
 * The argument reduction and coefficients are those of FDLIBM:
 *
 *   Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 *   Permission to use, copy, modify, and distribute this software is freely granted, provided
 *   that this notice is preserved.
 */

/** pi / 2 in three pieces of 33 bits, each with the rest that follows it. */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_1_REST = 6.077100506506192e-11;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_2_REST = 2.0222662487959506e-21;
const HALF_PI_3 = 2.0222662487111665e-21;
const HALF_PI_3_REST = 8.4784276603689e-32;
const TWO_OVER_PI = 0.6366197723675814;
const QUARTER_PI = 0.7853981633974483;
/** Beyond 2^20 quarter turns the products with the pieces are no longer exact. */
const MAGNITUDE_MAX = 1647099;

const S1 = -0.16666666666666632;
const S2 = 0.00833333333332249;
const S3 = -0.0001984126982985795;
const S4 = 2.7557313707070068e-6;
const S5 = -2.5050760253406863e-8;
const S6 = 1.58969099521155e-10;

const C1 = 0.0416666666666666;
const C2 = -0.001388888888887411;
const C3 = 2.480158728947673e-5;
const C4 = -2.7557314351390663e-7;
const C5 = 2.087572321298175e-9;
const C6 = -1.1359647557788195e-11;

/** Cancellation, as |reduced| / |x|, from which the next piece of pi / 2 is needed. */
const SECOND_PIECE = 1 / 65536;
const THIRD_PIECE = 1 / 562949953421312;

/** The last reduced argument, as a sum of two; an array, for a module's float is boxed anew. */
const reduced = new Float64Array(2);

/** Returns the sine of x radians, within 1 ulp.
 * @throws RangeError when x is finite and |x| > 1,647,099. */
export function sin(x: number): number {
  if (x <= QUARTER_PI && x >= -QUARTER_PI) {
    return x < 1.4e-8 && x > -1.4e-8 ? x : sinKernel(x, 0);
  }
  const quadrant = reduce(x) & 3;
  if (quadrant === 0) return sinKernel(reduced[0], reduced[1]);
  if (quadrant === 1) return cosKernel(reduced[0], reduced[1]);
  if (quadrant === 2) return -sinKernel(reduced[0], reduced[1]);
  return -cosKernel(reduced[0], reduced[1]);
}

/** Returns the cosine of x radians, within 1 ulp.
 * @throws RangeError when x is finite and |x| > 1,647,099. */
export function cos(x: number): number {
  if (x <= QUARTER_PI && x >= -QUARTER_PI) return cosKernel(x, 0);
  const quadrant = reduce(x) & 3;
  if (quadrant === 0) return cosKernel(reduced[0], reduced[1]);
  if (quadrant === 1) return -sinKernel(reduced[0], reduced[1]);
  if (quadrant === 2) return -cosKernel(reduced[0], reduced[1]);
  return sinKernel(reduced[0], reduced[1]);
}

/** Leaves x - n pi / 2 in `reduced[0] + reduced[1]`, within [-pi/4, pi/4], and returns n. */
function reduce(x: number): number {
  if (!(x <= MAGNITUDE_MAX && x >= -MAGNITUDE_MAX)) {
    if (x !== x || x === Infinity || x === -Infinity) {
      reduced[0] = NaN;
      return 0;
    }
    throw new RangeError(`sin and cos take |x| <= ${MAGNITUDE_MAX}, was ${x}`);
  }
  const n = Math.floor(x * TWO_OVER_PI + 0.5);
  const magnitude = x < 0 ? -x : x;
  let r = x - n * HALF_PI_1;
  let w = n * HALF_PI_1_REST;
  let high = r - w;
  if (Math.abs(high) < magnitude * SECOND_PIECE) {
    let t = r;
    w = n * HALF_PI_2;
    r = t - w;
    w = n * HALF_PI_2_REST - (t - r - w);
    high = r - w;
    if (Math.abs(high) < magnitude * THIRD_PIECE) {
      t = r;
      w = n * HALF_PI_3;
      r = t - w;
      w = n * HALF_PI_3_REST - (t - r - w);
      high = r - w;
    }
  }
  reduced[0] = high;
  reduced[1] = r - high - w;
  return n | 0;
}

function sinKernel(x: number, y: number): number {
  const z = x * x;
  const v = z * x;
  const r = S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)));
  return x - (z * (0.5 * y - v * r) - y - v * S1);
}

function cosKernel(x: number, y: number): number {
  const z = x * x;
  const r = z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6)))));
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * r - x * y));
}
