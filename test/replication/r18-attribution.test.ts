/** R18: offspring, trees and counterfactual effects of a flat book's liquidations. */
import { describe, expect, it } from 'vitest';
import { replicates } from '../support/flat-runs.js';

/** |estimate / closed - 1| <= max(4 standard errors, tolerance). */
function within(estimate: number | null, error: number | null, closed: number, tolerance: number): void {
  if (estimate === null || error === null) throw new Error('no estimate');
  const allowed = Math.max((4 * error) / closed, tolerance);
  expect(Math.abs(estimate / closed - 1), `${estimate} against ${closed}`).toBeLessThanOrEqual(allowed);
}

describe.each([
  { R: 0.4, theta: 2, count: 20_000, tolerance: 0.05, correlation: 0.57 },
  { R: 0.7, theta: 2, count: 20_000, tolerance: 0.05, correlation: 0.59 },
  { R: 0.85, theta: 2, count: 12_000, tolerance: 0.1, correlation: 0.61 },
  // With a weak shock the one root is mostly alone: its tree is the run.
  { R: 0.55, theta: 0.3, count: 20_000, tolerance: 0.05, correlation: 0.94 },
])('at R $R, theta $theta', ({ R, theta, count, tolerance, correlation }) => {
  const result = replicates({ R, theta }, count, 1_000_000);
  const { offspring, standardErrors: error } = result;

  it('has Poisson offspring', () => {
    within(offspring.mean, error.offspring.mean, R, tolerance);
    within(offspring.variance, error.offspring.variance, R, tolerance);
    within(offspring.pZero, error.offspring.pZero, Math.exp(-R), tolerance);
  });

  it('has mean subtree and mean counterfactual effect 1 / (1 - R)', () => {
    within(result.meanSubtree, error.meanSubtree, 1 / (1 - R), tolerance);
    within(result.meanCounterfactual, error.meanCounterfactual, 1 / (1 - R), tolerance);
    expect(result.closedForm.meanSubtree).toBeCloseTo(1 / (1 - R), 12);
  });

  it('has effects that are not the trees, path by path', () => {
    expect(Math.abs((result.correlation ?? 0) - correlation)).toBeLessThan(0.1);
  });
});

it('has no mean subtree above R = 1, and one liquidation a tree at R = 0', () => {
  const above = replicates({ R: 1.4, theta: 1, cap: 100 }, 400);
  expect(above.closedForm.meanSubtree).toBeNull();
  expect(above.closedForm.meanCounterfactual).toBeNull();
  expect(above.meanCounterfactual).toBeGreaterThan(1);
  const alone = replicates({ R: 0, theta: 3 }, 500);
  expect([alone.meanSubtree, alone.meanCounterfactual, alone.reproductionNumber]).toEqual([1, 1, 0]);
  expect(alone.correlation).toBeNull();
});
