/** Concordance of decisions: do agents move their targets together, more than by chance? */
import { assert, exp, log } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import type { RowMatrix } from './row-matrix.js';

export const concordanceInfo: MetricInfo = {
  name: 'concordance.correlation',
  group: 'crowding',
  over: 'trace',
  doc: 'Mean correlation, over pairs of agents, of the changes of their target positions.',
  formula: 'mean over i<j of corr(dq*_i, dq*_j); dq* = change of target per decision time',
  unit: '1 (-1/(n-1)..1)',
  estimator: 'Pearson; agents that never change are left out',
  interval: 'cluster bootstrap by run',
  source: 'mean pairwise correlation',
  test: 'differential with every pair; two blocks of opposite agents',
};

export const effectiveAgentsInfo: MetricInfo = {
  name: 'effectiveAgents',
  group: 'crowding',
  over: 'trace',
  doc: 'Independent agents that would be as diverse as the crowd, from correlations of order flow.',
  formula: 'N_eff = (sum of l)^2 / sum of l^2; l = eigenvalues of the correlation matrix',
  unit: 'agents',
  estimator: 'trace and Frobenius norm; agents without variation are left out',
  interval: 'cluster bootstrap by run',
  source: 'participation ratio of eigenvalues',
  test: 'n orthogonal agents: n; n equal agents: 1',
};

export const decisionKappaInfo: MetricInfo = {
  name: 'concordance.kappa',
  group: 'crowding',
  over: 'trace',
  doc: 'Agreement of agents on buy, hold or sell beyond what their frequencies bring about.',
  formula:
    '(P - Pe) / (1 - Pe); P = mean share of agreeing pairs per time,' +
    ' Pe = sum of squared frequencies of buy, hold and sell',
  unit: '1 (at most 1)',
  estimator: "Fleiss' kappa",
  interval: 'cluster bootstrap by run',
  source: 'Fleiss 1971 (Psychological Bulletin 76)',
  test: '10 subjects, 14 raters, 5 categories: .210',
};

export const herdingInfo: MetricInfo = {
  name: 'concordance.herding',
  group: 'crowding',
  over: 'trace',
  doc: 'Imbalance between buyers and sellers in excess of what independent agents would show.',
  formula:
    'mean of |p - E p| - AF; p = buyers / active agents, AF = E|Binomial(n, E p) / n - E p|',
  unit: '1',
  estimator: 'adjustment factor exact from the binomial',
  interval: 'cluster bootstrap by run',
  source: 'Lakonishok, Shleifer & Vishny 1992 (JFE 32)',
  test: 'binomial sample: 0; adjustment factor against the summed law',
};

/**
 * Returns the mean correlation over pairs of rows (agents) of their columns (times): the squared
 * length of the summed unit rows holds all pairs, so O(agents x times). Rows without variation are
 * left out; NaN with fewer than two others.
 */
export function concordance(changes: RowMatrix): number {
  const { rows, columns } = changes;
  const unit = standardised(changes);
  const sum = new Float64Array(columns);
  let active = 0;
  for (let i = 0; i < rows; i++) {
    if (!unit.active[i]) continue;
    active++;
    for (let t = 0; t < columns; t++) sum[t] += unit.values[i * columns + t];
  }
  if (active < 2) return NaN;
  let squares = 0;
  for (const one of sum) squares += one * one;
  return (squares - active) / (active * (active - 1));
}

/**
 * Returns N_eff of rows (agents) over columns (times), 1..agents: n^2 over the sum of squared
 * correlations. Rows without variation are left out; NaN without any other. O(rows x columns x the
 * smaller).
 */
export function effectiveAgents(flow: RowMatrix): number {
  const { rows, columns } = flow;
  const { values, active } = standardised(flow);
  let count = 0;
  for (let i = 0; i < rows; i++) count += active[i];
  if (count === 0) return NaN;
  // ZZ' and Z'Z have the same Frobenius norm; the smaller one is summed.
  const byRows = rows <= columns;
  const n = byRows ? rows : columns;
  const length = byRows ? columns : rows;
  const [outer, inner] = byRows ? [columns, 1] : [1, columns];
  let squares = 0;
  for (let a = 0; a < n; a++) {
    for (let b = a; b < n; b++) {
      let dot = 0;
      for (let t = 0; t < length; t++) {
        dot += values[a * outer + t * inner] * values[b * outer + t * inner];
      }
      squares += (a === b ? 1 : 2) * dot * dot;
    }
  }
  return (count * count) / squares;
}

/** Rows less their mean at length 1; rows without variation are 0 and not active. */
function standardised(matrix: RowMatrix): { values: Float64Array; active: Uint8Array } {
  const { rows, columns } = matrix;
  const values = Float64Array.from(matrix.values);
  const active = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * columns, (i + 1) * columns);
    let sum = 0;
    let largest = 0;
    for (const one of row) {
      sum += one;
      if (Math.abs(one) > largest) largest = Math.abs(one);
    }
    const mean = sum / columns;
    let squares = 0;
    for (let t = 0; t < columns; t++) {
      row[t] -= mean;
      squares += row[t] * row[t];
    }
    // What is left of a constant row is rounding of its mean.
    const length = Math.sqrt(squares);
    active[i] = length > 1e-12 * largest * Math.sqrt(columns) ? 1 : 0;
    for (let t = 0; t < columns; t++) row[t] = active[i] === 1 ? row[t] / length : 0;
  }
  return { values, active };
}

/**
 * Returns Fleiss' kappa of a table of counts: rows are subjects (times), columns categories; all
 * rows must have the same number of raters, at least 2. 1 when everybody always agrees, NaN when
 * only one category is ever used.
 */
export function fleissKappa(counts: RowMatrix): number {
  const { rows, columns, values } = counts;
  const used = new Float64Array(columns);
  let raters = 0;
  let agreeing = 0;
  for (let i = 0; i < rows; i++) {
    let total = 0;
    for (let c = 0; c < columns; c++) {
      const n = values[i * columns + c];
      total += n;
      used[c] += n;
      agreeing += n * (n - 1);
    }
    if (i === 0) raters = total;
    assert(total === raters, `subject ${i} has ${total} raters, not ${raters}`);
  }
  const observed = agreeing / (rows * raters * (raters - 1));
  let expected = 0;
  for (const n of used) expected += (n / (rows * raters)) * (n / (rows * raters));
  return expected === 1 ? NaN : (observed - expected) / (1 - expected);
}

/** Returns kappa of decisions: agents by rows, times by columns, > 0 buys, < 0 sells, 0 holds. */
export function decisionKappa(decisions: RowMatrix): number {
  const { rows, columns, values } = decisions;
  const counts = new Float64Array(columns * 3);
  for (let i = 0; i < rows; i++) {
    for (let t = 0; t < columns; t++) {
      const decision = values[i * columns + t];
      counts[t * 3 + (decision > 0 ? 2 : decision < 0 ? 0 : 1)]++;
    }
  }
  return fleissKappa({ rows: columns, columns: 3, values: counts });
}

/**
 * Returns the herding measure H over instrument-periods with numbers of buyers and sellers; E p is
 * the share of buyers over all of them. Periods without trade are left out; NaN without any.
 */
export function herding(buyers: ArrayLike<number>, sellers: ArrayLike<number>): number {
  assert(buyers.length === sellers.length, 'as many counts of buyers as of sellers');
  let buys = 0;
  let all = 0;
  for (let i = 0; i < buyers.length; i++) {
    buys += buyers[i];
    all += buyers[i] + sellers[i];
  }
  const expected = buys / all;
  let sum = 0;
  let periods = 0;
  for (let i = 0; i < buyers.length; i++) {
    const active = buyers[i] + sellers[i];
    if (active === 0) continue;
    periods++;
    sum += Math.abs(buyers[i] / active - expected) - herdingAdjustment(active, expected);
  }
  return sum / periods;
}

/**
 * Returns E|X / n - p| for X ~ Binomial(n, p), the adjustment factor of the herding measure. By De
 * Moivre's identity it is 2 v (1 - p) P(X = v) / n with v = floor(n p) + 1 (Diaconis & Zabell
 * 1991). O(n).
 */
export function herdingAdjustment(n: number, p: number): number {
  if (!(n > 0) || !(p > 0) || !(p < 1)) return 0;
  const v = Math.floor(n * p) + 1;
  let chance = v * log(p) + (n - v) * log(1 - p);
  const fewer = v < n - v ? v : n - v;
  for (let k = 1; k <= fewer; k++) chance += log((n - fewer + k) / k);
  return (2 * v * (1 - p) * exp(chance)) / n;
}
