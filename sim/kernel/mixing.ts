/** Avalanches one 32-bit word (MurmurHash3's finaliser); a bijection. */
export function avalanche32(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Avalanches three integers into one uint32, for breaking ties by (seed, key, number). */
export function mix32(a: number, b: number, c: number): number {
  let h = avalanche32(a ^ 0x9e3779b9);
  h = avalanche32((Math.imul(h, 5) + 0x7f4a7c15) ^ b);
  return avalanche32((Math.imul(h, 5) + 0x3c6ef372) ^ c);
}

/** Hashes a text to a uint32: FNV-1a over the two bytes of each UTF-16 unit, then an avalanche. */
export function hashText(text: string): number {
  let h = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    h = Math.imul(h ^ (unit & 0xff), 0x01000193);
    h = Math.imul(h ^ (unit >>> 8), 0x01000193);
  }
  return avalanche32(h);
}
