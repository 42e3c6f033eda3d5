/** Hedge breaking: the directional risk left on those whose hedge was closed for them. */
import { assert } from '../../kernel/index.js';
import type { RowMatrix } from '../crowding/index.js';
import type { MetricInfo } from '../metric.js';

export const hedgeBreakingInfo: MetricInfo = {
  name: 'adl.hedgeBreakingQuote',
  group: 'solvency',
  over: 'trace',
  doc: 'Directional exposure that deleveraging added to accounts by closing one leg of a hedge.',
  formula:
    'sum over accounts of max(0, |after| - |before|) of sum over k of beta_k x_k;' +
    ' x = signed notional, beta = response to the common factor',
  unit: 'quote per unit of factor return',
  estimator: 'exact over one deleveraging',
  interval: 'cluster bootstrap by run',
  source: 'new here',
  test: 'a hedged pair that loses a leg; a naked account',
};

export const hedgeBreakingLossInfo: MetricInfo = {
  ...hedgeBreakingInfo,
  name: 'adl.hedgeBreakingLossQuote',
  doc: 'What that added exposure then lost on the move of the market.',
  formula: 'sum over those accounts of max(0, -(after - before) * factor return)',
  unit: 'quote',
};

/** Exposures around a deleveraging. */
export interface HedgeBreakingInput {
  /** Signed notional in quote, accounts by rows, instruments by columns. */
  before: RowMatrix;
  after: RowMatrix;
  /** Response of each instrument to the common factor; 1 for legs of one underlying. */
  beta: ArrayLike<number>;
  /** Return of the factor afterwards. */
  factorReturn: number;
}

/** What deleveraging did to hedges. */
export interface HedgeBreaking {
  /** Accounts with more directional exposure than before. */
  accounts: number;
  exposureQuote: number;
  lossQuote: number;
}

/** Returns the exposure added and the loss it made; an exposure that fell counts for nothing. */
export function hedgeBreaking(input: HedgeBreakingInput): HedgeBreaking {
  const { before, after, beta, factorReturn } = input;
  const { rows, columns } = before;
  assert(after.rows === rows && after.columns === columns, 'both exposures have one shape');
  assert(beta.length === columns, `${beta.length} betas for ${columns} instruments`);
  const broken = { accounts: 0, exposureQuote: 0, lossQuote: 0 };
  for (let i = 0; i < rows; i++) {
    let [netBefore, netAfter] = [0, 0];
    for (let k = 0; k < columns; k++) {
      netBefore += beta[k] * before.values[i * columns + k];
      netAfter += beta[k] * after.values[i * columns + k];
    }
    const added = Math.abs(netAfter) - Math.abs(netBefore);
    if (!(added > 0)) continue;
    broken.accounts++;
    broken.exposureQuote += added;
    broken.lossQuote += Math.max(0, -(netAfter - netBefore) * factorReturn);
  }
  return broken;
}
