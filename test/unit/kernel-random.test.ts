import { describe, expect, it } from 'vitest';
import { philox4x32, RandomSource, RandomStream } from '../../sim/kernel/index.js';

function block(counter: number[], key: number[]): string {
  const out = new Uint32Array(4);
  philox4x32(counter[0], counter[1], counter[2], counter[3], key[0], key[1], out);
  return Array.from(out, (word) => word.toString(16).padStart(8, '0')).join(' ');
}

/** Philox4x32-10 with BigInt products, as the paper writes it. */
function naive(counter: number[], key: number[]): number[] {
  let [x0, x1, x2, x3] = counter.map((word) => BigInt(word >>> 0));
  let [k0, k1] = key.map((word) => BigInt(word >>> 0));
  for (let round = 0; round < 10; round++) {
    const a = 0xd2511f53n * x0;
    const b = 0xcd9e8d57n * x2;
    [x0, x1, x2, x3] = [
      (b >> 32n) ^ x1 ^ k0,
      b & 0xffffffffn,
      (a >> 32n) ^ x3 ^ k1,
      a & 0xffffffffn,
    ];
    k0 = (k0 + 0x9e3779b9n) & 0xffffffffn;
    k1 = (k1 + 0xbb67ae85n) & 0xffffffffn;
  }
  return [x0, x1, x2, x3].map(Number);
}

describe('philox4x32', () => {
  it('gives the known answers of Random123', () => {
    const ones = 0xffffffff;
    expect(block([0, 0, 0, 0], [0, 0])).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    expect(block([ones, ones, ones, ones], [ones, ones])).toBe(
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    );
    expect(block([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toBe(
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    );
  });

  it('agrees with BigInt arithmetic on 2,000 chained blocks', () => {
    const out = new Uint32Array(4);
    let state = [1, 2, 3, 4];
    for (let i = 0; i < 2000; i++) {
      const key = [state[1] ^ i, state[2]];
      philox4x32(state[0], state[1], state[2], state[3], key[0], key[1], out);
      expect(Array.from(out)).toEqual(naive(state, key));
      state = Array.from(out);
    }
  });
});

describe('RandomSource', () => {
  it('refuses seeds outside 0..2^53-1', () => {
    for (const seed of [-1, 0.5, NaN, 2 ** 53])
      expect(() => new RandomSource(seed)).toThrow(/seed/);
    expect(new RandomSource(2 ** 53 - 1).seed).toBe(2 ** 53 - 1);
  });

  it('gives the same numbers for the same seed and name, others for any other', () => {
    const first = (seed: number, name: string): number =>
      new RandomSource(seed).stream(name).uniform(1, 2, 3);
    expect(first(7, 'wake')).toBe(first(7, 'wake'));
    const seen = new Set<number>();
    for (const seed of [0, 1, 7, 2 ** 32, 2 ** 32 + 7, 2 ** 53 - 1]) {
      for (const name of ['', 'a', 'b', 'ab', 'ba', 'wake', 'wake/', 'é'])
        seen.add(first(seed, name));
    }
    expect(seen.size).toBe(48);
  });
});

describe('RandomStream', () => {
  const stream = new RandomSource(2020).stream('test');

  it('is stateless: the order of draws does not matter', () => {
    const forwards: number[] = [];
    for (let i = 0; i < 50; i++) forwards.push(stream.normal(i, 5, 9));
    for (let i = 49; i >= 0; i--) expect(stream.normal(i, 5, 9)).toBe(forwards[i]);
    expect(new RandomStream(stream.keyA, stream.keyB).normal(7, 5, 9)).toBe(forwards[7]);
  });

  it('reads its words from the counter (keyHigh, keyLow, draw, 0)', () => {
    const out = new Uint32Array(4);
    philox4x32(11, 22, 33, 0, stream.keyA, stream.keyB, out);
    expect(Array.from(stream.words(11, 22, 33))).toEqual(Array.from(out));
    expect(stream.uniform(11, 22, 33)).toBe(
      (Math.floor(out[0] / 32) * 2 ** 26 + Math.floor(out[1] / 64)) / 2 ** 53,
    );
    expect(stream.uniform(4294967295, 22, 33)).toBe(stream.uniform(-1, 22, 33));
  });

  it('never leaves its interval, and fills it to 1e-4 of both ends', () => {
    for (const draw of [stream.uniform, stream.uniformOpen]) {
      let lowest = 1;
      let highest = 0;
      for (let i = 0; i < 100_000; i++) {
        const u = draw.call(stream, 0, i, 0);
        lowest = Math.min(lowest, u);
        highest = Math.max(highest, u);
      }
      expect(lowest).toBeGreaterThan(0);
      expect(lowest).toBeLessThan(1e-4);
      expect(highest).toBeGreaterThan(1 - 1e-4);
      expect(highest).toBeLessThan(1);
    }
  });

  it('has the moments of its distributions (200,000 draws, 5 standard errors)', () => {
    const n = 200_000;
    const sums = {
      uniform: 0,
      uniform2: 0,
      normal: 0,
      normal2: 0,
      normal4: 0,
      exponential: 0,
      pair: 0,
    };
    let beforeNormal = 0;
    for (let i = 0; i < n; i++) {
      const u = stream.uniform(3, i, 0);
      const z = stream.normal(3, i, 1);
      sums.uniform += u;
      sums.uniform2 += u * u;
      sums.normal += z;
      sums.normal2 += z * z;
      sums.normal4 += z * z * z * z;
      sums.exponential += stream.exponential(3, i, 2);
      sums.pair += z * beforeNormal;
      beforeNormal = z;
    }
    const near = (sum: number, mean: number, variance: number): void => {
      expect(Math.abs(sum / n - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
    };
    near(sums.uniform, 1 / 2, 1 / 12);
    near(sums.uniform2, 1 / 3, 4 / 45);
    near(sums.normal, 0, 1);
    near(sums.normal2, 1, 2);
    near(sums.normal4, 3, 96);
    near(sums.exponential, 1, 1);
    near(sums.pair, 0, 1);
  });

  it('fills 256 equal cells evenly (chi-square, p > 1e-6 both ways)', () => {
    const cells = new Int32Array(256);
    const n = 256_000;
    for (let i = 0; i < n; i++) cells[Math.floor(stream.uniform(i, 1, 4) * 256)]++;
    let chi = 0;
    for (const count of cells) chi += (count - n / 256) ** 2 / (n / 256);
    // 255 degrees of freedom: mean 255, standard deviation 22.6.
    expect(chi).toBeGreaterThan(160);
    expect(chi).toBeLessThan(380);
  });
});
