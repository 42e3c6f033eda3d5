/** What a part loses when the system does badly, and the capital it then lacks. */
import { exp } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { type Estimate, mean, normalEstimate, quantile, sorted, variance } from '../numeric/index.js';
import type { ReturnPairs } from './covar.js';

/** Days in a crisis of half a year over a day's fall of 2 %, as the approximation weighs them. */
const CRISIS_DAYS = 18;

/**
 * Returns MES, the mean loss (a positive number) of the part over the runs in which the system's
 * return is at or below its q-quantile. Source: Acharya, Pedersen, Philippon & Richardson 2017.
 */
export function marginalExpectedShortfall({ part, system }: ReturnPairs, q: number): Estimate {
  const limit = quantile(sorted(system), q);
  const losses: number[] = [];
  for (let i = 0; i < part.length; i++) if (system[i] <= limit) losses.push(-part[i]);
  const error = Math.sqrt(variance(losses) / losses.length);
  return normalEstimate(mean(losses), error, losses.length);
}

/** Returns LRMES, 1 - e^(-18 MES): the loss over a crisis. Source: Acharya, Engle & Richardson 2012. */
export function longRunShortfall(mes: number): number {
  return 1 - exp(-CRISIS_DAYS * mes);
}

/** What capital a part has and needs. */
export interface CapitalTerms {
  /** D: debt, book value. */
  debtQuote: number;
  /** W: equity, market value. */
  equityQuote: number;
  /** k: equity that must stand against assets, fraction; 8 % unless given. */
  capitalRatio?: number;
}

/**
 * Returns SRISK, k D - (1 - k) W (1 - LRMES): the capital lacking in a crisis, negative where there
 * is too much. Source: Brownlees & Engle 2017.
 */
export function srisk(
  { debtQuote, equityQuote, capitalRatio = 0.08 }: CapitalTerms,
  lrmes: number,
): number {
  return capitalRatio * debtQuote - (1 - capitalRatio) * equityQuote * (1 - lrmes);
}

/** Returns the system's SRISK, the sum of what is lacking: surpluses rescue nobody. */
export function systemSrisk(each: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < each.length; i++) sum += Math.max(0, each[i]);
  return sum;
}

const common = { group: 'systemic', over: 'runs' } as const;

export const shortfallMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'marginalExpectedShortfall',
    doc: 'A cohort\'s mean loss in the runs in which the system does worst.',
    formula: 'MES_i = E[-r_i | r_m <= VaR_q(m)]; rho sigma_i phi(z_q) / q for normal returns',
    unit: 'return',
    estimator: 'mean over the runs at or below the system\'s q-quantile',
    interval: 'normal, over those runs; bootstrap over all runs',
    source: 'Acharya, Pedersen, Philippon & Richardson 2017',
    test: 'normal, rho .5, sigma .02, q .05: .0206271',
  },
  {
    ...common,
    name: 'marginalExpectedShortfall.longRun',
    doc: 'The loss of a cohort\'s equity over a whole crisis.',
    formula: 'LRMES = 1 - e^(-18 MES)',
    unit: 'fraction',
    estimator: 'from MES',
    interval: 'that of MES, carried through',
    source: 'Acharya, Engle & Richardson 2012',
    test: 'SRISK below',
  },
  {
    ...common,
    name: 'srisk',
    doc: 'Capital that a cohort would lack in a crisis.',
    formula: 'SRISK = k D - (1 - k) W (1 - LRMES); D debt, W equity, k the ratio required',
    unit: 'quote',
    estimator: 'from LRMES; the system\'s is the sum of the positive ones',
    interval: 'bootstrap over runs',
    source: 'Brownlees & Engle 2017',
    test: 'k 8 %, D 900, W 100, MES .0206271: 8.534258',
  },
];
