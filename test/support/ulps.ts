const pair = new Float64Array(2);
const bits = new BigInt64Array(pair.buffer);

/** Returns the distance of two numbers in doubles: 0 when equal or both NaN, 1 for neighbours. */
export function ulps(a: number, b: number): number {
  if (a === b || (a !== a && b !== b)) return 0;
  if (a !== a || b !== b) return Infinity;
  pair[0] = a;
  pair[1] = b;
  const ordered = (i: number): bigint =>
    bits[i] < 0n ? -(bits[i] & 0x7fffffffffffffffn) : bits[i];
  const distance = ordered(0) - ordered(1);
  return Number(distance < 0n ? -distance : distance);
}
