/** R13 and R13b: cascades of a flat book against the generalised Poisson law, through the real venue. */
import { describe, expect, it } from 'vitest';
import { flatLaw } from '../../scenarios/model/replicates/index.js';
import { cascadeLaw, generalisedPoissonPmf } from '../../sim/metrics/index.js';
import type { FlatResult } from '../../scenarios/model/replicates/index.js';
import { flatTerms } from '../../scenarios/model/flat/index.js';
import type { FlatTerms } from '../../scenarios/model/flat/index.js';
import { flatScenario, replicates } from '../support/flat-runs.js';
import type { FlatSettings } from '../support/flat-runs.js';

function termsOf(flat: FlatSettings): FlatTerms {
  const terms = flatTerms(flatScenario(flat));
  if (terms === null) throw new Error('no flat book');
  return terms;
}

/** |estimate - closed| <= max(4 standard errors, tolerance). */
function near(name: string, estimate: number | null, error: number | null, closed: number | null, tolerance: number): void {
  if (estimate === null || error === null || closed === null) throw new Error(`${name} is null`);
  expect(Math.abs(estimate - closed), `${name}: ${estimate} against ${closed}`).toBeLessThanOrEqual(
    Math.max(4 * error, tolerance),
  );
}

function followsLaw(result: FlatResult): void {
  const { standardErrors: error, closedForm: law } = result;
  near('mean', result.mean, error.mean, law.mean, 0.02 * (law.mean ?? 0));
  near('variance', result.variance, error.variance, law.variance, 0.2 * (law.variance ?? 0));
  near('P(n >= 20)', result.pAtLeast['20'], error.pAtLeast['20'], law.pAtLeast['20'], 0.012);
  near('runaway', result.runawayProbability, error.runawayProbability, law.runawayProbability, 0.02);
  near(
    'reproduction number', result.reproductionNumber, error.reproductionNumber,
    law.reproductionNumber, 0.015,
  );
}

describe('the law', () => {
  it.each([
    [0, 2, 2, 2, 0],
    [0.3, 2, 2.857, 5.831, 9.67e-5],
    [0.6, 2, 5, 31.25, 0.02803],
    [0.8, 2, 10, 250, 0.1439],
    [0.9, 2, 20, 2000, 0.2367],
  ])('has the moments and the tail of R %d, theta %d', (R, theta, mean, variance, tail) => {
    const law = flatLaw(termsOf({ R, theta, cap: 2000 }));
    expect(law.mean).toBeCloseTo(mean, 2);
    expect(Math.abs((law.variance ?? 0) / variance - 1)).toBeLessThan(0.01);
    expect(law.pAtLeast['20']).toBeCloseTo(tail, 4);
    expect(law.runawayProbability).toBeLessThan(1e-3);
  });

  it.each([
    [1.1, 0.2969],
    [1.25, 0.5242],
    [1.5, 0.6883],
    [2, 0.7968],
  ])('runs away at R %d with probability %d', (R, probability) => {
    expect(flatLaw(termsOf({ R, theta: 2 })).runawayProbability).toBeCloseTo(probability, 3);
  });

  it('is Borel-Tanner: a shock of theta is a Poisson number of Borel trees', () => {
    const [R, theta, count] = [0.8, 1.3, 60];
    const borel = [0, 0.449329, 0.161517, 0.087089];
    // Trees of size n, summed over the number of trees, by Panjer's recursion.
    const tree = new Float64Array(count);
    for (let n = 1; n < count; n++) {
      let logP = -R * n + (n - 1) * Math.log(R * n);
      for (let i = 2; i <= n; i++) logP -= Math.log(i);
      tree[n] = Math.exp(logP);
      if (n < borel.length) expect(tree[n]).toBeCloseTo(borel[n], 6);
    }
    const sizes = new Float64Array(count);
    sizes[0] = Math.exp(-theta);
    for (let n = 1; n < count; n++) {
      for (let k = 1; k <= n; k++) sizes[n] += (theta * k * tree[k] * sizes[n - k]) / n;
    }
    for (let n = 0; n < count; n++) {
      expect(Math.abs(generalisedPoissonPmf(n, { theta, R }) - sizes[n])).toBeLessThan(1e-12);
    }
  });

  it.each([
    [0.8, 2, 0.5],
    [0.6, 0.3, 0.25],
    [1.4, 5, 0.75],
  ])('has the mean of R13b and sums to 1 with a refill: R %d, theta %d, refill %d', (R, theta, refill) => {
    const terms = termsOf({ R, theta, refill, cap: 2000 });
    let sum = 0;
    const law = cascadeLaw({ R, theta, refill, cap: 2000 });
    for (let n = 0; n < 2000; n++) sum += law.pmf(n);
    expect(sum).toBeCloseTo(1, 9);
    const mean = (theta + (1 - Math.exp(-theta)) * refill * R) / (1 - (1 - refill) * R);
    expect(flatLaw(terms).mean).toBeCloseTo(mean, 6);
    if (R === 0.8) expect(mean).toBeCloseTo(3.91, 2);
  });
});

describe('through the venue', () => {
  it.each([
    [{ R: 0, theta: 2 }, 20_000],
    [{ R: 0.3, theta: 2 }, 12_000],
    [{ R: 0.6, theta: 2 }, 12_000],
    [{ R: 0.9, theta: 2 }, 4000],
    [{ R: 0.45, theta: 0.7 }, 20_000],
    [{ R: 0.77, theta: 11 }, 2000],
    [{ R: 0.05, theta: 60 }, 500],
    [{ R: 0.6, theta: 2, cap: 40 }, 10_000],
  ])('sizes follow the law at %o', (flat, count) => {
    const result = replicates(flat, count);
    followsLaw(result);
    const { amplification, standardErrors, closedForm } = result;
    near('amplification', amplification, standardErrors.amplification, closedForm.amplification, 0);
  });

  it.each([
    [{ R: 1.1, theta: 2 }, 600],
    [{ R: 1.5, theta: 2, cap: 400 }, 1000],
    [{ R: 2, theta: 0.5, cap: 300 }, 1200],
    [{ R: 1, theta: 1.5, cap: 200 }, 3000],
  ])('run away as the law says at %o', (flat, count) => {
    const result = replicates(flat, count);
    followsLaw(result);
    if (flat.R > 1) expect(result.closedForm.amplification).toBeNull();
  });

  it.each([
    [{ R: 0.8, theta: 2, refill: 0.5 }, 10_000],
    [{ R: 0.8, theta: 2, refill: 0.3 }, 10_000],
    [{ R: 0.6, theta: 0.4, refill: 0.13 }, 20_000],
    [{ R: 1.3, theta: 2, refill: 0.43 }, 6000],
    [{ R: 0.9, theta: 3, refill: 1 }, 10_000],
    [{ R: 1.6, theta: 1, refill: 0.2, cap: 200 }, 1000],
  ])('a refill slows them as R13b says at %o', (flat, count) => {
    const result = replicates(flat, count);
    const { standardErrors: error, closedForm: law } = result;
    near('mean', result.mean, error.mean, law.mean, 0.02 * (law.mean ?? 0));
    near('variance', result.variance, error.variance, law.variance, 0.2 * (law.variance ?? 0));
    near('runaway', result.runawayProbability, error.runawayProbability, law.runawayProbability, 0.02);
    if (law.amplification === null) return;
    near('amplification', result.amplification, error.amplification, law.amplification, 0);
  });
});
