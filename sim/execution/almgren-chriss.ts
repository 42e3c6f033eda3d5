/**
 * Optimal execution of a large order: Almgren & Chriss, "Optimal Execution of Portfolio
 * Transactions", Journal of Risk 3 (2001).
 *
 * Selling X units in n slices of length tau against linear permanent impact gamma and temporary
 * impact eta, at volatility sigma and risk aversion lambda, the holdings that minimise
 * E + lambda V are x_j = X sinh(kappa (T - t_j)) / sinh(kappa T).
 */
import { exp, expm1, log1p } from '../kernel/index.js';

/** Terms of an execution; any units of money, size and time, the same throughout. */
export interface AlmgrenChrissTerms {
  /** X: units to sell. */
  units: number;
  /** T: time allowed. */
  horizon: number;
  /** n: slices of equal length. */
  slices: number;
  /** sigma: money per unit and square root of time. */
  volatility: number;
  /** gamma: money per unit, for each unit sold. */
  permanentImpact: number;
  /** eta: money per unit, for each unit sold per unit of time. */
  temporaryImpact: number;
  /** epsilon: fixed cost, money per unit. */
  fixedCost: number;
  /** lambda: 1 / money. */
  riskAversion: number;
}

/** Below this the holdings are straight to the last bit. */
const URGENCY_MIN = 1e-9;

/**
 * Returns kappa from cosh(kappa tau) = 1 + (tau kappa~)^2 / 2, given kappa~^2 = lambda sigma^2 /
 * eta~ with eta~ = eta - gamma tau / 2 (Almgren & Chriss 2001, section 2.2); Infinity when eta~ is
 * not positive, as then nothing speaks against selling at once.
 */
export function tradeOffRate(kappaTildeSquared: number, tau: number): number {
  if (!(kappaTildeSquared >= 0) || kappaTildeSquared === Infinity) return Infinity;
  const y = 0.5 * kappaTildeSquared * tau * tau;
  // acosh(1 + y), without losing the digits of a small y.
  return log1p(y + Math.sqrt(y * (2 + y))) / tau;
}

/** Returns kappa of an execution, 1 / time. */
export function almgrenChrissRate(terms: AlmgrenChrissTerms): number {
  const tau = terms.horizon / terms.slices;
  const eta = terms.temporaryImpact - 0.5 * terms.permanentImpact * tau;
  if (!(eta > 0)) return Infinity;
  const { volatility, riskAversion } = terms;
  return tradeOffRate((riskAversion * volatility * volatility) / eta, tau);
}

/**
 * Returns sinh(kappa (T - t_k)) / sinh(kappa T) at t_k = k T / n: the fraction still held after k
 * of n slices, for `urgency` = kappa T. 1 - k / n without urgency.
 */
export function remainingFraction(urgency: number, k: number, n: number): number {
  if (k <= 0) return 1;
  if (k >= n) return 0;
  if (!(urgency > URGENCY_MIN)) return 1 - k / n;
  if (urgency === Infinity) return 0;
  const left = urgency * (1 - k / n);
  // sinh a / sinh b as a ratio that neither overflows nor cancels.
  return exp(left - urgency) * (expm1(-2 * left) / expm1(-2 * urgency));
}

/** Returns the holdings x_0 = X, ..., x_n = 0 that minimise E + lambda V, not rounded. */
export function almgrenChrissHoldings(terms: AlmgrenChrissTerms): Float64Array {
  const { units, horizon, slices } = terms;
  const urgency = almgrenChrissRate(terms) * horizon;
  const holdings = new Float64Array(slices + 1);
  for (let k = 0; k <= slices; k++) holdings[k] = units * remainingFraction(urgency, k, slices);
  return holdings;
}

/** Returns the expected cost of holdings x_0, ..., x_n, money (section 1.3). */
export function executionCost(holdings: ArrayLike<number>, terms: AlmgrenChrissTerms): number {
  const { units, horizon, slices, permanentImpact, temporaryImpact, fixedCost } = terms;
  const tau = horizon / slices;
  const eta = temporaryImpact - 0.5 * permanentImpact * tau;
  let fixed = 0;
  let squares = 0;
  for (let k = 1; k < holdings.length; k++) {
    const sold = holdings[k - 1] - holdings[k];
    fixed += Math.abs(sold);
    squares += sold * sold;
  }
  return 0.5 * permanentImpact * units * units + fixedCost * fixed + (eta / tau) * squares;
}

/** Returns the variance of that cost, money squared (section 1.3). */
export function executionVariance(holdings: ArrayLike<number>, terms: AlmgrenChrissTerms): number {
  const { horizon, slices, volatility } = terms;
  let squares = 0;
  for (let k = 1; k < holdings.length; k++) squares += holdings[k] * holdings[k];
  return volatility * volatility * (horizon / slices) * squares;
}
