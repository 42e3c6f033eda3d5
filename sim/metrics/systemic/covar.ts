/** What the system loses when one of its parts is in distress. */
import type { RandomStream } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { type Estimate, quantile, sorted } from '../numeric/index.js';
import { quantileRegression } from './quantile-regression.js';

/** Returns of a part and of the system, one pair a run (or a period). */
export interface ReturnPairs {
  part: ArrayLike<number>;
  system: ArrayLike<number>;
}

/** CoVaR and what it adds. */
export interface CoVar {
  /** q-quantile of the part's returns. */
  partVar: number;
  /** q-quantile of the system's returns where the part's is at its own. */
  coVar: number;
  /** CoVaR less its value where the part's return is its median: slope (VaR_q - median). */
  deltaCoVar: number;
  slope: number;
}

/**
 * Returns CoVaR of the system on a part at quantile q (0.05: the worst twentieth of returns), by
 * linear quantile regression. Source: Adrian & Brunnermeier 2016, AER 106.
 */
export function coVar({ part, system }: ReturnPairs, q: number): CoVar {
  const { intercept, slope } = quantileRegression(part, system, q);
  const ascending = sorted(part);
  const partVar = quantile(ascending, q);
  return {
    partVar,
    coVar: intercept + slope * partVar,
    deltaCoVar: slope * (partVar - quantile(ascending, 0.5)),
    slope,
  };
}

/** Returns Delta CoVaR with the percentile interval of a bootstrap over pairs. */
export function deltaCoVarBootstrap(
  { part, system }: ReturnPairs,
  q: number,
  options: { stream: RandomStream; resamples?: number; confidence?: number },
): Estimate {
  const { stream, resamples = 400, confidence = 0.95 } = options;
  const n = part.length;
  const drawn = { part: new Float64Array(n), system: new Float64Array(n) };
  const found = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    for (let i = 0; i < n; i++) {
      const at = Math.floor(stream.uniform(b, 0, i) * n);
      drawn.part[i] = part[at];
      drawn.system[i] = system[at];
    }
    found[b] = coVar(drawn, q).deltaCoVar;
  }
  const { deltaCoVar: value } = coVar({ part, system }, q);
  const ascending = sorted(found);
  let squares = 0;
  for (const one of found) squares += (one - value) * (one - value);
  return {
    value,
    standardError: Math.sqrt(squares / resamples),
    low: quantile(ascending, 0.5 - 0.5 * confidence),
    high: quantile(ascending, 0.5 + 0.5 * confidence),
    count: n,
  };
}

const common = {
  group: 'systemic',
  over: 'runs',
  unit: 'return',
  estimator: 'linear quantile regression of the system\'s returns on the part\'s, exact',
  interval: 'bootstrap over runs',
  source: 'Adrian & Brunnermeier 2016; Koenker & Bassett 1978',
} as const;

export const coVarMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'coVar',
    doc: 'The system\'s bad return when one cohort is at its own bad return.',
    formula: 'CoVaR_q = q-quantile of r_sys given r_i = VaR_q(i) = a_q + b_q VaR_q(i)',
    test: 'two jointly normal returns',
  },
  {
    ...common,
    name: 'coVar.delta',
    doc: 'How much worse the system\'s bad return is when a cohort is in distress than in its usual state.',
    formula: 'Delta CoVaR = b_q (VaR_q(i) - median(i)); rho sigma_sys z_q for normal returns',
    test: 'normal, rho .5, sigma_sys .015, q .05: -.0123364',
  },
];
