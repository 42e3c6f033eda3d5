const EXACT = 9007199254740992;
/** Veltkamp's constant 2^27 + 1: splits a 53-bit integer into two halves of at most 26 bits. */
const SPLIT = 134217729;

/**
 * Returns floor(a * b / c), exactly, for integers |a|, |b|, |c| < 2^53.
 * @throws RangeError when c is 0, an argument is no safe integer, or the result is not |n| < 2^53.
 */
export function mulDivFloor(a: number, b: number, c: number): number {
  const product = a * b;
  // Below 2^53 the product is exact, and the quotient then never rounds up to an integer.
  if (product < EXACT && product > -EXACT && c !== 0) return Math.floor(product / c) + 0;
  return floorWide(a, b, c);
}

/**
 * Returns ceil(a * b / c), exactly, for integers |a|, |b|, |c| < 2^53.
 * @throws RangeError as `mulDivFloor`.
 */
export function mulDivCeil(a: number, b: number, c: number): number {
  const product = a * b;
  if (product < EXACT && product > -EXACT && c !== 0) return Math.ceil(product / c) + 0;
  return 0 - floorWide(-a, b, c);
}

/**
 * Returns a * b / c rounded towards 0, exactly, for integers |a|, |b|, |c| < 2^53.
 * @throws RangeError as `mulDivFloor`.
 */
export function mulDivTrunc(a: number, b: number, c: number): number {
  const product = a * b;
  if (product < EXACT && product > -EXACT && c !== 0) return Math.trunc(product / c) + 0;
  const negative = product < 0 !== c < 0;
  return negative ? 0 - floorWide(-a, b, c) : floorWide(a, b, c);
}

/** Floors through a guess from doubles that is corrected by exact remainders. */
function floorWide(a: number, b: number, c: number): number {
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b) || !Number.isSafeInteger(c)) {
    throw new RangeError(`mulDiv takes safe integers, was ${a} * ${b} / ${c}`);
  }
  if (c === 0) throw new RangeError(`mulDiv by zero: ${a} * ${b} / 0`);
  const divisor = c < 0 ? -c : c;
  const factor = c < 0 ? -a : a;
  let quotient = Math.floor((factor * b) / divisor);
  if (quotient >= -EXACT - 4 && quotient <= EXACT + 4) {
    // The guess errs by at most 3: half a unit in the product, one in the quotient.
    if (quotient > EXACT) quotient = EXACT;
    if (quotient < -EXACT) quotient = -EXACT;
    while (quotient > -EXACT && remainderSign(factor, b, quotient, divisor) < 0) quotient--;
    while (quotient < EXACT && remainderSign(factor, b, quotient + 1, divisor) >= 0) quotient++;
  }
  if (quotient >= EXACT || quotient <= -EXACT) {
    throw new RangeError(`mulDiv result does not fit 53 bits: ${a} * ${b} / ${c}`);
  }
  return quotient + 0;
}

/** Returns a number with the sign of a * b - q * d, exactly, where the two products are close. */
function remainderSign(a: number, b: number, q: number, d: number): number {
  const high = a * b;
  const highTaken = q * d;
  // Both high words lie within a few d of each other, so their difference is exact.
  return high - highTaken + (productError(a, b, high) - productError(q, d, highTaken));
}

/** Returns a * b - fl(a * b), exactly. Source: Dekker 1971, with Veltkamp's split. */
function productError(a: number, b: number, product: number): number {
  const aSplit = SPLIT * a;
  const aHigh = aSplit - (aSplit - a);
  const aLow = a - aHigh;
  const bSplit = SPLIT * b;
  const bHigh = bSplit - (bSplit - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
