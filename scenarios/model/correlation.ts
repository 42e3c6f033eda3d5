/** Correlated draws: which fields of a cohort depend on each other, and by what factor matrix. */
import type { Cohort } from './schema.js';

/** Fields that are drawn in every cohort. */
const DRAWN = [
  'equity', 'leverageMax', 'venueLeverage', 'band', 'feedLatency', 'orderLatency', 'period', 'phase',
  'start',
];
/** Fields that are drawn where there is an opening. */
const OPENING = ['opening.longShare', 'opening.leverage', 'opening.entry'];
/** The side of an opening, drawn under another name: a low draw is long, hence the sign. */
const SIDE = 'opening.longShare';
const SIDE_DRAW = 'opening.side';
/** A pivot below this is rounding: the matrix is singular. */
const PIVOT_MIN = 1e-12;

/** Fields that are drawn together, and the lower triangular root L of their correlation matrix. */
export interface Correlated {
  /** Names of the draws. */
  names: string[];
  /** Row k holds the weights of the factors 0..k in draw k. */
  root: Float64Array[];
}

/** Lists the fields of a cohort that may be correlated, as they are written. */
export function correlatedNames(cohort: Cohort, paramNames: readonly string[]): string[] {
  const params = paramNames.map((key) => `params.${key}`);
  return [...params, ...DRAWN, ...(cohort.opening === undefined ? [] : OPENING)];
}

/** No population can have this pair beside the others. */
export interface Impossible {
  /** Its number in the list. */
  pair: number;
}

/**
 * Returns what a cohort's fields are drawn together by; null when none is correlated, and a pair
 * to change when the matrix is not positive definite.
 *
 * Pairs that are not written have correlation 0.
 */
export function correlationOf(cohort: Cohort): Correlated | null | Impossible {
  const { correlations } = cohort;
  if (correlations.length === 0) return null;
  const names = [...new Set(correlations.flatMap((one) => one.between))];
  const matrix = names.map((_, j) => names.map((__, k): number => (j === k ? 1 : 0)));
  for (const { between, rho } of correlations) {
    const [a, b] = between.map((name) => names.indexOf(name));
    const signed = between.includes(SIDE) ? 0 - rho : rho;
    matrix[a][b] = signed;
    matrix[b][a] = signed;
  }
  const root = cholesky(matrix);
  if (typeof root !== 'number') {
    return { names: names.map((name) => (name === SIDE ? SIDE_DRAW : name)), root };
  }
  // The field the factorisation stops at is too close to earlier ones: its strongest tie to them.
  let pair = 0;
  let strongest = -1;
  correlations.forEach(({ between, rho }, i) => {
    const [a, b] = between.map((name) => names.indexOf(name));
    if (Math.max(a, b) !== root || Math.abs(rho) <= strongest) return;
    strongest = Math.abs(rho);
    pair = i;
  });
  return { pair };
}

/**
 * Returns the lower triangular root of a symmetric matrix with a unit diagonal, or the first row at
 * which it is not positive definite. O(n^3).
 */
export function cholesky(matrix: readonly (readonly number[])[]): Float64Array[] | number {
  const root: Float64Array[] = [];
  for (let j = 0; j < matrix.length; j++) {
    const row = new Float64Array(j + 1);
    for (let k = 0; k <= j; k++) {
      let rest = matrix[j][k];
      for (let m = 0; m < k; m++) rest -= row[m] * (k === j ? row[m] : root[k][m]);
      if (k < j) row[k] = rest / root[k][k];
      else if (!(rest > PIVOT_MIN)) return j;
      else row[k] = Math.sqrt(rest);
    }
    root.push(row);
  }
  return root;
}
