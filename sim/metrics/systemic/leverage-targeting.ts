/** Fire sales of portfolios held to a leverage. Source: Greenwood, Landier & Thesmar 2015, JFE 115. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

/** Who holds what, at which leverage. */
export interface LeveragedPortfolios {
  holders: number;
  instruments: number;
  /** a: assets of each holder. */
  assets: ArrayLike<number>;
  /** B: debt over equity of each holder, which it restores after a loss. */
  leverage: ArrayLike<number>;
  /** M: row holder, column instrument: weight in the holder's assets; rows sum to 1. */
  weight: ArrayLike<number>;
  /** L: return per unit of assets sold, of each instrument. */
  impact: ArrayLike<number>;
}

/** What a shock does by way of the sales it forces. */
export interface FireSale {
  /** phi = M' B a M f: net amount traded per instrument, negative when sold. */
  traded: Float64Array;
  /** L phi: return per instrument. */
  priceReturn: Float64Array;
  /** AV: sum of the losses by the sales over the system's equity. */
  aggregateVulnerability: number;
  /** S: part of AV that each holder's sales make. */
  systemicness: Float64Array;
  /** IV: loss by all sales over each holder's own equity. */
  indirectVulnerability: Float64Array;
}

/**
 * Returns one round of sales after returns f of the instruments, each holder selling in proportion
 * to its weights to get its leverage back. O(holders x instruments). Signs are those
 * of returns: losses are negative.
 */
export function fireSale(portfolios: LeveragedPortfolios, shock: ArrayLike<number>): FireSale {
  const { holders, instruments, assets, leverage, weight, impact } = portfolios;
  assert(weight.length === holders * instruments, `${weight.length} weights`);
  assert(shock.length === instruments && impact.length === instruments, 'one shock an instrument');
  let equity = 0;
  for (let n = 0; n < holders; n++) equity += assets[n] / (1 + leverage[n]);
  const sale = new Float64Array(holders);
  const traded = new Float64Array(instruments);
  for (let n = 0; n < holders; n++) {
    let sum = 0;
    for (let k = 0; k < instruments; k++) sum += weight[n * instruments + k] * shock[k];
    sale[n] = leverage[n] * assets[n] * sum;
    for (let k = 0; k < instruments; k++) traded[k] += weight[n * instruments + k] * sale[n];
  }
  const priceReturn = traded.map((amount, k) => impact[k] * amount);
  // What all holders lose per unit of each instrument traded.
  const loss = new Float64Array(instruments);
  const indirectVulnerability = new Float64Array(holders);
  for (let n = 0; n < holders; n++) {
    let own = 0;
    for (let k = 0; k < instruments; k++) {
      const held = weight[n * instruments + k];
      own += held * priceReturn[k];
      loss[k] += assets[n] * held * impact[k];
    }
    indirectVulnerability[n] = (1 + leverage[n]) * own;
  }
  const systemicness = new Float64Array(holders);
  let aggregateVulnerability = 0;
  for (let n = 0; n < holders; n++) {
    for (let k = 0; k < instruments; k++) {
      systemicness[n] += (loss[k] * weight[n * instruments + k] * sale[n]) / equity;
    }
    aggregateVulnerability += systemicness[n];
  }
  return { traded, priceReturn, aggregateVulnerability, systemicness, indirectVulnerability };
}

const common = {
  group: 'systemic',
  over: 'world',
  unit: 'fraction of equity',
  estimator: 'one round of sales, linear impact',
  interval: 'none within a state; bootstrap over runs',
  source: 'Greenwood, Landier & Thesmar 2015',
  test: 'R12',
} as const;

export const fireSaleMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'fireSale.vulnerability',
    doc: 'Equity the system loses to the sales that a shock forces, beyond the shock itself.',
    formula: 'AV = 1\' A M L M\' B A M f / E; A assets, M weights, L impact, B leverage, f shock, E equity',
  },
  {
    ...common,
    name: 'fireSale.systemicness',
    doc: 'Part of that loss which one cohort\'s sales make.',
    formula: 'S_n = 1\' A M L M\' e_n e_n\' B A M f / E; they sum to AV',
  },
  {
    ...common,
    name: 'fireSale.indirectVulnerability',
    doc: 'Part of its own equity that a cohort loses to everybody\'s sales.',
    formula: 'IV_n = (1 + B_n) e_n\' M L M\' B A M f',
  },
];
