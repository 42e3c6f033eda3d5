/** Losses beyond what accounts had: how large, and who bore them. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

export const badDebtInfo: MetricInfo = {
  name: 'badDebtQuote',
  group: 'solvency',
  over: 'trace',
  doc: 'What liquidated accounts owe beyond what they had, before the insurance fund pays.',
  formula: 'sum of max(0, -equity after liquidation)',
  unit: 'quote',
  estimator: 'exact over one run',
  interval: 'cluster bootstrap by run',
  source: 'standard',
  test: 'R19: 60 units filled 2 below bankruptcy: 120',
};

export const uncoveredInfo: MetricInfo = {
  ...badDebtInfo,
  name: 'uncoveredQuote',
  doc: 'Bad debt that the insurance fund could not pay, left to winners or the venue.',
  formula: 'bad debt - paid by the fund',
  test: 'R19: fund 100: uncovered 20',
};

export const socialisedLossInfo: MetricInfo = {
  ...badDebtInfo,
  name: 'socialisedLoss',
  doc: 'Uncovered loss that each quote unit of solvent notional bears.',
  formula: 'uncovered / sum of notional of solvent accounts',
  unit: '1',
  test: '20 over 4,000: .005',
};

export const lossGivenDefaultInfo: MetricInfo = {
  ...badDebtInfo,
  name: 'lossGivenDefault',
  doc: 'Bad debt for each quote unit of notional of the accounts that defaulted.',
  formula: 'bad debt / sum of notional at breach of accounts with bad debt',
  unit: '1',
  test: '120 over 5,400',
};

export const badDebtRatioInfo: MetricInfo = {
  ...badDebtInfo,
  name: 'badDebtOverExogenousLoss',
  doc: 'Bad debt for each quote unit of loss that the shock alone would have made.',
  formula: 'bad debt / loss of the same positions on the exogenous price path',
  unit: '1',
  test: '120 over 480: .25',
};

/** Returns the sum of negative equities, as a positive amount; NaN entries are refused. */
export function badDebt(equityAfterQuote: ArrayLike<number>): number {
  let debt = 0;
  for (let i = 0; i < equityAfterQuote.length; i++) {
    const equity = equityAfterQuote[i];
    assert(equity === equity, `equity ${i} is not a number`);
    if (equity < 0) debt -= equity;
  }
  return debt;
}

/** What a fund is left with after losses, and what it could not pay. */
export interface FundCover {
  fundQuote: number;
  paidQuote: number;
  uncoveredQuote: number;
}

/** Returns how a fund covers losses (>= 0) one after the other; gains in between are not known. */
export function coverLosses(fundQuote: number, lossQuote: ArrayLike<number>): FundCover {
  let [fund, uncovered] = [fundQuote, 0];
  for (let i = 0; i < lossQuote.length; i++) {
    const paid = Math.min(lossQuote[i], fund);
    fund -= paid;
    uncovered += lossQuote[i] - paid;
  }
  return { fundQuote: fund, paidQuote: fundQuote - fund, uncoveredQuote: uncovered };
}

/** Amounts of a run, in quote, all >= 0. */
export interface LossAmounts {
  badDebtQuote: number;
  fundPaidQuote: number;
  /** Notional of the accounts that stayed solvent. */
  solventNotionalQuote: number;
  /** Notional, at the breach, of the accounts that ended with bad debt. */
  defaultedNotionalQuote: number;
  /** Loss of the same positions on the price path without anybody's reaction. */
  exogenousLossQuote: number;
}

/** Losses by what bears or makes them; NaN where the base is 0. */
export interface LossRatios {
  uncoveredQuote: number;
  socialisedLoss: number;
  lossGivenDefault: number;
  badDebtOverExogenousLoss: number;
}

/** Returns the loss ratios of a run. @throws Error when the fund paid more than the bad debt. */
export function lossRatios(amounts: LossAmounts): LossRatios {
  const { badDebtQuote, fundPaidQuote } = amounts;
  assert(fundPaidQuote <= badDebtQuote, `the fund paid ${fundPaidQuote} of ${badDebtQuote}`);
  const uncoveredQuote = badDebtQuote - fundPaidQuote;
  return {
    uncoveredQuote,
    socialisedLoss: over(uncoveredQuote, amounts.solventNotionalQuote),
    lossGivenDefault: over(badDebtQuote, amounts.defaultedNotionalQuote),
    badDebtOverExogenousLoss: over(badDebtQuote, amounts.exogenousLossQuote),
  };
}

const over = (amount: number, base: number): number => (base > 0 ? amount / base : NaN);
