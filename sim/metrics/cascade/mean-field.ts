/** Sizes of cascades near the critical point, where details no longer matter. */
import { log1p } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

/** Exponent of P(n) ~ n^-tau of critical cascades. Source: Harris 1963, chapter 1, section 13. */
export const MEAN_FIELD_EXPONENT = 1.5;

/**
 * Returns the size n_c at which the tail n^-3/2 e^(-n / n_c) of cascades with Poisson offspring is
 * cut off, 1 / (R - 1 - ln R): about 2 / (1 - R)^2 near R = 1, Infinity there, 0 at R = 0.
 */
export function meanFieldCutoff(R: number): number {
  const e = R - 1;
  // R - 1 - ln R, by its series where the difference would lose its digits.
  const rate = Math.abs(e) < 1e-3 ? e * e * (0.5 - e * (1 / 3 - e * (0.25 - e * 0.2))) : e - log1p(e);
  return 1 / rate;
}

export const meanFieldMetrics: readonly MetricInfo[] = [
  {
    name: 'cascade.cutoff',
    group: 'cascade',
    over: 'runs',
    doc: 'Size at which the power law of cascades near the critical point is cut off.',
    formula: 'n_c = 1 / (R - 1 - ln R), about 2 / (1 - R)^2; P(n) ~ n^(-3/2) e^(-n / n_c)',
    unit: 'liquidations',
    estimator: 'from the reproduction number R',
    interval: 'that of R, carried through',
    source: 'Borel 1942, with Stirling; Harris 1963, chapter 1, section 13',
    test: 'R13: ratio of the law\'s pmf at large n',
  },
];
