/** Tails: exact laws, drawn, are found again. */
import { describe, expect, it } from 'vitest';
import { RandomSource, type RandomStream } from '../../sim/kernel/index.js';
import {
  compareWithLognormal,
  fitPowerLaw,
  hillExponent,
  hillPair,
  hurwitzZeta,
} from '../../sim/metrics/index.js';

const draws = (name: string, count: number, draw: (stream: RandomStream, i: number) => number) => {
  const stream = new RandomSource(11).stream(name);
  return Array.from({ length: count }, (_, i) => draw(stream, i));
};
const pareto = (exponent: number, count: number) =>
  draws(`pareto ${exponent}`, count, (stream, i) => stream.uniformOpen(i, 0, 0) ** (-1 / exponent));
const lognormal = (count: number) =>
  draws('lognormal', count, (stream, i) => Math.exp(stream.normal(i, 0, 0)));
const studentT3 = (count: number) =>
  draws('t3', count, (stream, i) => {
    const [z, a, b, c] = [0, 1, 2, 3].map((draw) => stream.normal(i, 0, draw));
    return Math.abs(z) / Math.sqrt((a * a + b * b + c * c) / 3);
  });
/** Whole numbers from xMin on with P(x) ~ x^-alpha, by inversion. */
const discretePareto = (alpha: number, xMin: number, count: number) =>
  draws(`whole ${alpha} ${xMin}`, count, (stream, i) => {
    const u = stream.uniformOpen(i, 0, 0) * hurwitzZeta(alpha, xMin);
    let x = xMin;
    let step = 1;
    while (hurwitzZeta(alpha, x + step) > u) step *= 2;
    for (; step >= 1; step /= 2) if (hurwitzZeta(alpha, x + step) > u) x += step;
    return x;
  });

describe('Hill', () => {
  it('of three values by hand, and of too few', () => {
    // Two largest over the third: ln 4 + ln 2.
    expect(hillExponent([2, 8, 4], 0.7)).toMatchObject({ value: 2 / Math.log(8), count: 2 });
    expect(hillExponent([2, 8, 4], 0.7).standardError).toBeCloseTo(2 / Math.log(8) / Math.sqrt(2), 14);
    expect(hillExponent([5], 1).value).toBeNaN();
    expect(hillExponent([-1, 0, 3], 0.5).value).toBeNaN();
    expect(() => hillExponent([1], 0)).toThrow('fraction');
  });

  it('of Pareto(3), and of Student t with 3 degrees: low at 5 %', () => {
    const exact = hillPair(pareto(3, 100_000));
    for (const { value, standardError } of [exact.wide, exact.narrow]) {
      expect(Math.abs(value - 3)).toBeLessThan(3 * standardError);
    }
    expect(exact.wide.standardError).toBeCloseTo(exact.wide.value / Math.sqrt(5000), 12);
    const { wide, narrow } = hillPair(studentT3(200_000));
    expect(Math.abs(wide.value - 2.67)).toBeLessThan(0.06);
    expect(Math.abs(narrow.value - 2.89)).toBeLessThan(0.15);
    expect(narrow.value).toBeGreaterThan(wide.value);
  });
});

describe('the power law', () => {
  it('zeta at known points', () => {
    expect(hurwitzZeta(2, 1)).toBeCloseTo(Math.PI ** 2 / 6, 14);
    expect(hurwitzZeta(3, 1)).toBeCloseTo(1.2020569031595942, 14);
    expect(hurwitzZeta(1.01, 1)).toBeCloseTo(100.57794333849687, 11);
    expect(hurwitzZeta(2.5, 7)).toBeCloseTo(hurwitzZeta(2.5, 6) - 6 ** -2.5, 14);
  });

  it.each([1.5, 2.5, 4])('finds the density exponent %d + 1 of reals and where it starts', (exponent) => {
    // Below 1 a uniform body, half of all values.
    const body = draws('body', 2000, (stream, i) => stream.uniformOpen(i, 0, 0));
    const fit = fitPowerLaw([...body, ...pareto(exponent, 2000)], { isDiscrete: false });
    if (fit === undefined) throw new Error('no fit');
    expect(Math.abs(fit.alpha.value - exponent - 1)).toBeLessThan(3.5 * fit.alpha.standardError);
    expect(fit.xMin).toBeGreaterThan(0.9);
    expect(fit.tailCount).toBeGreaterThan(200);
  });

  it.each([[1.5, 1], [2.5, 1], [2.2, 5]])('finds exponent %d of whole numbers from %d', (alpha, xMin) => {
    const values = discretePareto(alpha, xMin, 4000);
    const known = fitPowerLaw(values, { isDiscrete: true, xMin });
    if (known === undefined) throw new Error('no fit');
    expect(known.tailCount).toBe(4000);
    // Kolmogorov: beyond 1.6 / sqrt(n) once in a hundred samples.
    expect(known.distance).toBeLessThan(1.6 / Math.sqrt(4000));
    expect(Math.abs(known.alpha.value - alpha)).toBeLessThan(3.5 * known.alpha.standardError);
    // Error of the exponent 2.5 from 1: 1 / sqrt(n (zeta''/zeta - (zeta'/zeta)^2)).
    if (alpha === 2.5) expect(known.alpha.standardError * Math.sqrt(4000)).toBeCloseTo(1.689, 1);
    const free = fitPowerLaw(values, { isDiscrete: true });
    if (free === undefined) throw new Error('no fit');
    expect(free.distance).toBeLessThanOrEqual(known.distance);
    expect(Math.abs(free.alpha.value - alpha)).toBeLessThan(4 * free.alpha.standardError);
  });

  it('is not fitted to too little', () => {
    expect(fitPowerLaw([1, 2, 3], { isDiscrete: true })).toBeUndefined();
    expect(fitPowerLaw(new Array(50).fill(4), { isDiscrete: true })).toBeUndefined();
  });
});

describe('against the lognormal law', () => {
  const compare = (values: number[], isDiscrete: boolean, xMin: number) => {
    const fit = fitPowerLaw(values, { isDiscrete, xMin });
    if (fit === undefined) throw new Error('no fit');
    return compareWithLognormal(values, fit, { isDiscrete });
  };

  it('lognormal values decide for it, and give its terms back', () => {
    const values = lognormal(5000);
    const { vuong, pValue, lognormal: found } = compare(values, false, Math.min(...values));
    expect(vuong).toBeLessThan(-10);
    expect(pValue).toBeLessThan(1e-6);
    expect(found.mu).toBeCloseTo(0, 1);
    expect(found.sigma).toBeCloseTo(1, 1);
    const whole = values.map((x) => Math.ceil(20 * x));
    const rounded = compare(whole, true, 2);
    expect(rounded.vuong).toBeLessThan(-5);
    expect(rounded.lognormal.mu).toBeCloseTo(Math.log(20), 1);
    expect(rounded.lognormal.sigma).toBeCloseTo(1, 1);
  });

  it('exact power laws never decide against themselves', () => {
    expect(compare(pareto(1.5, 4000), false, 1).vuong).toBeGreaterThan(-2.5);
    expect(compare(discretePareto(1.8, 1, 4000), true, 1).vuong).toBeGreaterThan(-2.5);
  });

  it('its ratio is the sum of the log-densities by hand', () => {
    const values = pareto(2, 300);
    const fit = fitPowerLaw(values, { isDiscrete: false, xMin: 1 });
    if (fit === undefined) throw new Error('no fit');
    const { logLikelihoodRatio, lognormal: law } = compareWithLognormal(values, fit, { isDiscrete: false });
    const density = (x: number): number => {
      const z = (Math.log(x) - law.mu) / law.sigma;
      return Math.exp(-z * z / 2) / (x * law.sigma * Math.sqrt(2 * Math.PI));
    };
    // The mass above 1, by Simpson's rule in ln x.
    let mass = 0;
    const steps = 20_000;
    for (let k = 0; k <= steps; k++) {
      const y = (40 * k) / steps;
      const weight = k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2;
      mass += (weight * density(Math.exp(y)) * Math.exp(y) * 40) / steps / 3;
    }
    const alpha = fit.alpha.value;
    const byHand = values.reduce(
      (sum, x) => sum + Math.log((alpha - 1) * x ** -alpha) - Math.log(density(x) / mass),
      0,
    );
    expect(logLikelihoodRatio).toBeCloseTo(byHand, 4);
  });
});
