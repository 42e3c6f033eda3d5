/** Almgren & Chriss 2001: the worked example of section 3.4, its efficient frontier and optimum. */
import { describe, expect, it } from 'vitest';
import {
  almgrenChrissHoldings,
  almgrenChrissRate,
  executionCost,
  executionVariance,
} from '../../sim/execution/index.js';
import type { AlmgrenChrissTerms } from '../../sim/execution/index.js';

const terms = (riskAversion: number): AlmgrenChrissTerms => ({
  units: 1e6,
  horizon: 5,
  slices: 5,
  volatility: 0.95,
  permanentImpact: 2.5e-7,
  temporaryImpact: 2.5e-6,
  fixedCost: 0.0625,
  riskAversion,
});

const cost = (holdings: ArrayLike<number>) => executionCost(holdings, terms(0));
const deviation = (holdings: ArrayLike<number>) => Math.sqrt(executionVariance(holdings, terms(0)));

/** E + lambda V of the holdings between the first and the last. */
function objective(inner: number[], lambda: number): number {
  const holdings = [1e6, ...inner, 0];
  return executionCost(holdings, terms(lambda)) + lambda * executionVariance(holdings, terms(lambda));
}

/** Minimises by parabolas through three points, one coordinate after the other, from a straight line. */
function minimise(lambda: number): number[] {
  const x = [8e5, 6e5, 4e5, 2e5];
  const step = 1e4;
  for (let round = 0; round < 400; round++) {
    for (let k = 0; k < x.length; k++) {
      const at = (shift: number) => objective(x.map((v, j) => (j === k ? v + shift : v)), lambda);
      const [low, middle, high] = [at(-step), at(0), at(step)];
      x[k] += (step * (low - high)) / (2 * (low - 2 * middle + high));
    }
  }
  return x;
}

describe('R06 Almgren-Chriss', () => {
  it('reproduces kappa, the expected cost and its deviation along the frontier', () => {
    for (const [lambda, kappa, expected, root] of [
      [1e-6, 0.607076, 911_226.99, 603_430.67],
      [2e-6, 0.846297, 1_140_715.17, 449_367.65],
      [1e-7, 0.194629, 670_057.46, NaN],
    ]) {
      expect(almgrenChrissRate(terms(lambda))).toBeCloseTo(kappa, 6);
      const holdings = almgrenChrissHoldings(terms(lambda));
      expect(cost(holdings)).toBeCloseTo(expected, 2);
      if (root === root) expect(deviation(holdings)).toBeCloseTo(root, 2);
    }
  });

  it('reproduces the holdings', () => {
    const holdings = almgrenChrissHoldings(terms(1e-6));
    const wanted = [1e6, 541_955.55, 289_854.22, 147_897.49, 62_141.8, 0];
    for (let j = 0; j <= 5; j++) expect(holdings[j], `x_${j}`).toBeCloseTo(wanted[j], 2);
  });

  it('reproduces the straight line and the immediate sale at the two ends', () => {
    const linear = almgrenChrissHoldings(terms(0));
    for (let j = 0; j <= 5; j++) expect(linear[j]).toBeCloseTo(2e5 * (5 - j), 6);
    expect(cost(linear)).toBeCloseTo(662_500, 2);
    expect(deviation(linear)).toBeCloseTo(1_040_672.86, 2);
    const immediate = almgrenChrissHoldings(terms(1e10));
    expect(Array.from(immediate)).toEqual([1e6, ...[0, 0, 0, 0, 0].map((v) => expect.closeTo(v, 3))]);
    expect(cost([1e6, 0, 0, 0, 0, 0])).toBeCloseTo(2_562_500, 6);
    expect(deviation([1e6, 0, 0, 0, 0, 0])).toBe(0);
  });

  it('keeps the decay between slices, however urgent: e^-kappa tau', () => {
    // kappa T = 6119 over 1000 slices.
    const urgent = { ...terms(0.5), horizon: 50, slices: 1000 };
    const tau = urgent.horizon / urgent.slices;
    const decay = Math.exp(-almgrenChrissRate(urgent) * tau);
    expect(decay).toBeGreaterThan(2e-3);
    const holdings = almgrenChrissHoldings(urgent);
    for (let j = 0; j < 20; j++) {
      expect(Math.abs(holdings[j + 1] / holdings[j] / decay - 1)).toBeLessThan(1e-9);
    }
  });

  it('is what numerical minimisation finds', () => {
    for (const lambda of [1e-7, 1e-6, 2e-6]) {
      const holdings = almgrenChrissHoldings(terms(lambda));
      const found = minimise(lambda);
      for (let j = 1; j <= 4; j++) {
        expect(Math.abs(found[j - 1] - holdings[j]), `x_${j} at ${lambda}`).toBeLessThan(0.04);
      }
    }
  });
});
