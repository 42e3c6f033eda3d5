/** UTF-8 and checksums of bytes, which a box without Node and DOM has to bring along. */
import { Hash64 } from '../kernel/index.js';

/** Encodes a text; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    let point = character.codePointAt(0) as number;
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
    if (point < 0x80) {
      bytes.push(point);
    } else if (point < 0x800) {
      bytes.push(0xc0 | (point >> 6), tail(point));
    } else if (point < 0x10000) {
      bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point));
    } else {
      bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point));
    }
  }
  return new Uint8Array(bytes);
}

/** Decodes what `encodeUtf8` wrote; a malformed sequence becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at];
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    let point = first < 0x80 ? first : first & (0x7f >> length);
    for (let i = 1; i < length; i += 1) point = (point << 6) | ((bytes[at + i] ?? 0) & 0x3f);
    const valid = (first < 0x80 || first >= 0xc2) && at + length <= bytes.length;
    parts.push(valid && point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd');
    at += length;
  }
  return parts.join('');
}

/** Folds bytes, four at a time and then the rest and the length, into 64 bits. */
export function checksum(bytes: Uint8Array): Hash64 {
  const hash = new Hash64();
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    hash.int(bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
  }
  for (let i = whole; i < bytes.length; i += 1) hash.int(bytes[i]);
  hash.int(bytes.length);
  return hash;
}

/** Tells whether the ASCII `text` stands at `offset`. */
export function hasText(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

function tail(point: number): number {
  return 0x80 | (point & 0x3f);
}
