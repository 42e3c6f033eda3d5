import { describe, expect, it } from 'vitest';
import { Hash64, hashText, mix32 } from '../../sim/kernel/index.js';

function hashOf(fold: (h: Hash64) => void): string {
  const h = new Hash64();
  fold(h);
  return h.hex();
}

function hashOfInts(...ints: number[]): string {
  return hashOf((h) => {
    for (const x of ints) h.int(x);
  });
}

function hashOfTexts(...texts: string[]): string {
  return hashOf((h) => {
    for (const text of texts) h.text(text);
  });
}

describe('Hash64', () => {
  it('has not changed: runs are compared by these digits across versions', () => {
    expect(
      hashOf((h) => {
        h.int(1);
        h.int(-5);
        h.float(0.1);
        h.text('stampede');
      }),
    ).toBe('f9b364d04d68bb97');
  });

  it('is 16 hexadecimal digits and leaves the state alone', () => {
    const h = new Hash64();
    h.int(3);
    const first = h.hex();
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(h.hex()).toBe(first);
    h.reset();
    expect(h.hex()).toBe(new Hash64().hex());
  });

  it('depends on order, on every bit, and on how a text is cut', () => {
    const seen = new Set<string>();
    seen.add(hashOfInts(1, 2));
    seen.add(hashOfInts(2, 1));
    seen.add(hashOfInts(1, 2, 0));
    seen.add(hashOfTexts('ab', 'c'));
    seen.add(hashOfTexts('a', 'bc'));
    seen.add(hashOfTexts('abc'));
    for (let bit = 0; bit < 32; bit++) seen.add(hashOf((h) => h.int(1 << bit)));
    for (const x of [0, 1, -1, 5e-324, 0.1, Infinity, -Infinity, NaN])
      seen.add(hashOf((h) => h.float(x)));
    expect(seen.size).toBe(6 + 32 + 8);
  });

  it('takes -0 for 0 and every NaN for one', () => {
    expect(hashOf((h) => h.float(-0))).toBe(hashOf((h) => h.float(0)));
    const payload = new Float64Array(1);
    new Uint32Array(payload.buffer).set([7, 0x7ff80001]);
    expect(hashOf((h) => h.float(payload[0]))).toBe(hashOf((h) => h.float(NaN)));
    expect(hashOf((h) => h.int(2 ** 31))).toBe(hashOf((h) => h.int(-(2 ** 31))));
  });

  it('continues from low and high', () => {
    const whole = new Hash64();
    whole.int(1);
    const rest = new Hash64();
    rest.low = whole.low;
    rest.high = whole.high;
    whole.float(2.5);
    rest.float(2.5);
    expect(rest.hex()).toBe(whole.hex());
  });

  it('avalanches: flipping one input bit flips about half of the digest', () => {
    let flipped = 0;
    const trials = 2000;
    for (let i = 0; i < trials; i++) {
      const a = BigInt(`0x${hashOf((h) => h.int(i))}`);
      const b = BigInt(`0x${hashOf((h) => h.int(i ^ (1 << (i % 32))))}`);
      flipped += (a ^ b).toString(2).replaceAll('0', '').length;
    }
    expect(flipped / trials).toBeGreaterThan(30);
    expect(flipped / trials).toBeLessThan(34);
  });

  it('finds no collision among 200,000 short sequences', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 200_000; i++) seen.add(hashOfInts(i & 511, i >> 9));
    expect(seen.size).toBe(200_000);
  });
});

describe('hashText and mix32', () => {
  it('are uint32, and do not collide on small inputs more than chance allows', () => {
    const texts = new Set<number>();
    const mixes = new Set<number>();
    for (let i = 0; i < 20_000; i++) {
      const text = hashText(`agent-${i}`);
      expect(Number.isInteger(text) && text >= 0 && text < 2 ** 32).toBe(true);
      texts.add(text);
      mixes.add(mix32(i % 20, Math.floor(i / 20) % 50, Math.floor(i / 1000)));
    }
    // 20,000 draws of 2^32 collide 0.05 times on average.
    expect(texts.size).toBeGreaterThan(19_997);
    expect(mixes.size).toBeGreaterThan(19_997);
  });

  it('mix32 distinguishes the places of its arguments', () => {
    const seen = new Set([
      mix32(1, 2, 3),
      mix32(3, 2, 1),
      mix32(2, 1, 3),
      mix32(1, 3, 2),
      mix32(0, 0, 0),
      mix32(-1, 2, 3),
    ]);
    expect(seen.size).toBe(6);
    expect(mix32(0xffffffff, 0, 0)).toBe(mix32(-1, 0, 0));
  });

  it('mix32 breaks ties fairly: each of two agents first half of the time', () => {
    let first = 0;
    const n = 100_000;
    for (let i = 0; i < n; i++) if (mix32(5, 17, i) < mix32(5, 18, i)) first++;
    expect(Math.abs(first / n - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / n));
  });
});
