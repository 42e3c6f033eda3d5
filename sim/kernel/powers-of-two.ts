/** Exponents of the smallest and largest normal powers of two. */
const EXPONENT_MIN = -1022;
const EXPONENT_MAX = 1023;

/**
 * POWERS_OF_TWO[k + 1022] = 2^k for k in -1022..1023. A table, because composing a float from two
 * 32-bit stores stalls the load that follows them.
 */
export const POWERS_OF_TWO: Float64Array = powersOfTwo();
export const POWER_ZERO = -EXPONENT_MIN;

/** Returns x * 2^k, rounded once when |x| is near 1, for integers |k| <= 2022. */
export function scaleByPowerOfTwo(x: number, k: number): number {
  if (k > EXPONENT_MAX) {
    const rest = k - EXPONENT_MAX;
    return x * POWERS_OF_TWO[EXPONENT_MAX + POWER_ZERO] * POWERS_OF_TWO[rest + POWER_ZERO];
  }
  if (k < EXPONENT_MIN) {
    // The first product stays normal, so that only the last one rounds, into the subnormals.
    return x * POWERS_OF_TWO[k + 1000 + POWER_ZERO] * POWERS_OF_TWO[POWER_ZERO - 1000];
  }
  return x * POWERS_OF_TWO[k + POWER_ZERO];
}

function powersOfTwo(): Float64Array {
  const table = new Float64Array(EXPONENT_MAX - EXPONENT_MIN + 1);
  const zero = -EXPONENT_MIN;
  table[zero] = 1;
  for (let k = 1; k <= EXPONENT_MAX; k++) table[zero + k] = table[zero + k - 1] * 2;
  for (let k = -1; k >= EXPONENT_MIN; k--) table[zero + k] = table[zero + k + 1] / 2;
  return table;
}
