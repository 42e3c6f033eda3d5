/** Hill's estimate of a tail's exponent. Source: Hill 1975, Annals of Statistics 3. */
import { assert, log } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { type Estimate, normalEstimate, sorted } from '../numeric/index.js';

/**
 * Returns alpha of P(X > x) ~ x^-alpha from the k largest values, a fraction of all, with its
 * asymptotic error alpha / sqrt(k): k / sum of ln(x / x_(k+1)). NaN where k < 1 or the value below
 * them is not positive. O(values log values).
 */
export function hillExponent(values: ArrayLike<number>, fraction: number): Estimate {
  assert(fraction > 0 && fraction <= 1, `a fraction of the values was ${fraction}`);
  const ascending = sorted(values);
  const k = Math.min(Math.floor(fraction * ascending.length), ascending.length - 1);
  if (k < 1) return normalEstimate(NaN, NaN, Math.max(0, k));
  const base = ascending[ascending.length - 1 - k];
  let sum = 0;
  for (let i = ascending.length - k; i < ascending.length; i++) sum += log(ascending[i] / base);
  const alpha = base > 0 ? k / sum : NaN;
  return normalEstimate(alpha, alpha / Math.sqrt(k), k);
}

/** Hill at two fractions: where they differ, the tail is not yet a power. */
export interface HillPair {
  wide: Estimate;
  narrow: Estimate;
}

/** Returns Hill's exponent from the largest 5 % and the largest 1 % of the values. */
export function hillPair(values: ArrayLike<number>): HillPair {
  return { wide: hillExponent(values, 0.05), narrow: hillExponent(values, 0.01) };
}

export const hillMetrics: readonly MetricInfo[] = [
  {
    name: 'tail.hill',
    group: 'cascade',
    over: 'runs',
    doc: 'Exponent of the tail of cascade sizes or losses; the smaller, the heavier.',
    formula: 'alpha = k / sum_(i<=k) ln(x_(i) / x_(k+1)), x_(1) >= x_(2) >= ...',
    unit: 'exponent',
    estimator: 'the largest 5 % and the largest 1 %, always both',
    interval: 'alpha / sqrt(k), and bootstrap over runs',
    source: 'Hill 1975',
    test: 'R17: Pareto(3) gives 3.03; Student t with 3 degrees 2.67 and 2.89',
  },
];
