import { describe, expect, it } from 'vitest';
import {
  cos,
  exp,
  expm1,
  Hash64,
  log,
  log1p,
  normalCdf,
  normalQuantile,
  pow,
  RandomSource,
  sin,
  tanh,
} from '../../sim/kernel/index.js';
import { ulps } from '../support/ulps.js';

type Real = (x: number) => number;

function* draws(count: number, from: number, to: number): Generator<number> {
  const stream = new RandomSource(1).stream(`draws ${from} ${to}`);
  for (let i = 0; i < count; i++) yield from + (to - from) * stream.uniform(0, 0, i);
}

describe('edges', () => {
  const specials = [
    0,
    -0,
    1,
    -1,
    Infinity,
    -Infinity,
    NaN,
    5e-324,
    -5e-324,
    2.2250738585072014e-308,
    1.7976931348623157e308,
    -1.7976931348623157e308,
    0.5,
    -0.5,
    2,
    -2,
    3,
    -3,
    1e300,
    2 ** 53,
  ];

  it('agree with Math on special values', () => {
    const same: [Real, Real][] = [
      [exp, Math.exp],
      [expm1, Math.expm1],
      [log, Math.log],
      [log1p, Math.log1p],
      [tanh, Math.tanh],
    ];
    for (const [actual, wanted] of same) {
      for (const x of specials) {
        const a = actual(x);
        const b = wanted(x);
        expect(ulps(a, b), `${wanted.name} ${x}`).toBeLessThanOrEqual(1);
        if (b === 0) expect(Object.is(a, b), `${wanted.name} ${x}: sign of zero`).toBe(true);
      }
    }
  });

  it('pow agrees with Math.pow on every pair of special values', () => {
    for (const x of specials) {
      for (const y of specials) {
        const a = pow(x, y);
        const b = Math.pow(x, y);
        expect(ulps(a, b), `pow ${x} ${y}`).toBeLessThanOrEqual(1);
        if (b === 0) expect(Object.is(a, b), `pow ${x} ${y}: sign of zero`).toBe(true);
      }
    }
  });

  it('pow of integers is exact whenever the result is representable', () => {
    for (let base = -60; base <= 60; base++) {
      for (let power = 0; power <= 40; power++) {
        const exact = BigInt(base) ** BigInt(power);
        if (exact > 2n ** 53n || exact < -(2n ** 53n)) continue;
        expect(pow(base, power), `${base} to the ${power}`).toBe(Number(exact));
      }
    }
    for (let k = -1074; k <= 1023; k++) expect(pow(2, k)).toBe(2 ** k);
  });

  it('sin and cos keep signed zero, give NaN at infinity and refuse huge arguments', () => {
    expect(Object.is(sin(-0), -0)).toBe(true);
    expect(cos(0)).toBe(1);
    for (const f of [sin, cos]) {
      expect(f(Infinity)).toBeNaN();
      expect(f(NaN)).toBeNaN();
      expect(() => f(1e7)).toThrow(RangeError);
    }
  });

  it('normalCdf and normalQuantile end where they should', () => {
    expect(normalCdf(-Infinity)).toBe(0);
    expect(normalCdf(Infinity)).toBe(1);
    expect(normalCdf(0)).toBe(0.5);
    expect(normalCdf(NaN)).toBeNaN();
    expect(normalCdf(-38.4)).toBeGreaterThan(0);
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalQuantile(0.5)).toBe(0);
    for (const p of [-0.1, 1.1, NaN]) expect(normalQuantile(p)).toBeNaN();
  });
});

describe('identities', () => {
  it('normalCdf inverts normalQuantile and both are monotone', () => {
    let before = -Infinity;
    let beforeCdf = 0;
    for (let i = 1; i < 4000; i++) {
      const p = i / 4000;
      const x = normalQuantile(p);
      expect(x).toBeGreaterThan(before);
      expect(Math.abs(normalCdf(x) - p)).toBeLessThan(4e-16 * (1 + Math.abs(x)));
      const value = normalCdf(-40 + i / 50);
      expect(value).toBeGreaterThanOrEqual(beforeCdf);
      before = x;
      beforeCdf = value;
    }
  });

  it('sin^2 + cos^2 = 1, exp(log x) = x, symmetries are exact', () => {
    let broken = 0;
    for (const x of draws(20_000, -1000, 1000)) {
      const positive = Math.abs(x);
      if (Math.abs(sin(x) * sin(x) + cos(x) * cos(x) - 1) > 4e-16) broken++;
      if (Math.abs(exp(log(positive)) / positive - 1) > 3e-15) broken++;
      if (sin(-x) !== -sin(x) || cos(-x) !== cos(x) || tanh(-x) !== -tanh(x)) broken++;
    }
    expect(broken).toBe(0);
  });
});

describe('bits', () => {
  it('have not changed: every engine must fold these outputs to the same hash', () => {
    const h = new Hash64();
    for (const x of draws(5_000, -30, 30)) {
      for (const f of [exp, expm1, tanh, sin, cos, normalCdf]) h.float(f(x));
      const positive = Math.abs(x);
      h.float(log(positive));
      h.float(log1p(positive));
      h.float(pow(positive, x / 7));
      h.float(normalQuantile(positive / 30.5));
    }
    expect(h.hex()).toBe('073c6dfaa6951e99');
  });
});
