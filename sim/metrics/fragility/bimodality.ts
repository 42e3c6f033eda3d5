/** Whether runs fall into two kinds: small cascades and large ones, little between. */
import type { MetricInfo } from '../metric.js';
import { mean } from '../numeric/index.js';

/**
 * Returns (g^2 + 1) / (k + 3 (n-1)^2 / ((n-2)(n-3))), g the sample's skewness and k its excess
 * kurtosis, both corrected for bias: 5/9 for uniform values, more with two modes (or heavy skew), 1 at
 * the most. NaN of fewer than four values. Source: SAS/STAT, cluster analysis; Pfister et al. 2013.
 */
export function bimodalityCoefficient(values: ArrayLike<number>): number {
  const n = values.length;
  if (n < 4) return NaN;
  const middle = mean(values);
  let [second, third, fourth] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const gap = values[i] - middle;
    const square = gap * gap;
    second += square / n;
    third += (square * gap) / n;
    fourth += (square * square) / n;
  }
  const raw = third / (second * Math.sqrt(second));
  const skewness = (raw * Math.sqrt(n * (n - 1))) / (n - 2);
  const excess = fourth / (second * second) - 3;
  const kurtosis = ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * excess + 6);
  return (skewness * skewness + 1) / (kurtosis + (3 * (n - 1) * (n - 1)) / ((n - 2) * (n - 3)));
}

/**
 * Returns the largest difference between an order parameter swept up and swept down over the same
 * settings: about 0 where the transition is continuous.
 */
export function hysteresisGap(up: ArrayLike<number>, down: ArrayLike<number>): number {
  let gap = 0;
  for (let i = 0; i < up.length; i++) gap = Math.max(gap, Math.abs(up[i] - down[i]));
  return gap;
}

const common = { group: 'fragility', over: 'runs' } as const;

export const bimodalityMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'bimodality.coefficient',
    doc: 'Whether outcomes fall into two kinds; above 5/9 speaks for two modes.',
    formula: '(g^2 + 1) / (k + 3 (n-1)^2 / ((n-2)(n-3))), g skewness, k excess kurtosis',
    unit: 'ratio',
    estimator: 'bias-corrected moments over runs; skewness alone raises it: read it with the dip',
    interval: 'bootstrap over runs',
    source: 'SAS/STAT; Pfister, Schwarz, Janczyk, Dale & Freeman 2013',
    test: 'uniform 5/9, two points 1',
  },
  {
    ...common,
    name: 'bimodality.dip',
    doc: 'Distance of the outcomes\' distribution from any with one mode.',
    formula: 'min over unimodal G of sup |F_n - G|',
    unit: 'probability',
    estimator: 'Hartigan\'s dip over runs',
    interval: 'p-value from uniform samples of the same size',
    source: 'Hartigan & Hartigan 1985; AS 217',
    test: 'linear programmes over all laws of one mode, on fixed samples',
  },
  {
    ...common,
    name: 'hysteresis',
    doc: 'How much an outcome depends on whether the control came from below or from above.',
    formula: 'max over settings of |m(up) - m(down)|',
    unit: 'that of the outcome',
    estimator: 'sweeps from the same state, up and down',
    interval: 'bootstrap over runs',
    source: 'definition',
    test: 'hand-made sweeps',
  },
];
