/** Closed-form market-maker quotes: Avellaneda-Stoikov and its stationary successor, GLFT. */
import { exp, log1p, pow } from '../../sim/kernel/index.js';

/** gamma/k below which 1 + gamma/k has lost too many digits of it. */
const RATIO_SMALL = 1e-3;

/**
 * Half of the fill-risk part of the spread: (1/gamma) log(1 + gamma/k), price units.
 *
 * @param riskAversion gamma > 0, per quote unit.
 * @param depthDecay k > 0: fills arrive at rate A exp(-k distance), 1/price.
 * Source: Avellaneda & Stoikov 2008, eq. 30; tends to 1/k as gamma tends to 0.
 */
export function glftHalfSpread(riskAversion: number, depthDecay: number): number {
  return log1p(riskAversion / depthDecay) / riskAversion;
}

/**
 * Shift of the quotes per unit of inventory, price units:
 * sqrt(sigma^2 gamma / (2 k A) (1 + gamma/k)^(1 + k/gamma)).
 *
 * Bid distance at inventory q = half spread + (2 q + 1)/2 x slope; ask distance the same at -q.
 * Source: Gueant, Lehalle & Fernandez-Tapia 2013, asymptotic quotes.
 */
export function glftSlope(
  volatility: number,
  riskAversion: number,
  depthDecay: number,
  fillRate: number,
): number {
  return volatility * glftSlopePerVolatility(riskAversion, depthDecay, fillRate);
}

/** Returns the slope at unit volatility: what does not change during a run. */
export function glftSlopePerVolatility(
  riskAversion: number,
  depthDecay: number,
  fillRate: number,
): number {
  const ratio = riskAversion / depthDecay;
  // Adding a small ratio to 1 rounds it, and the power makes much of that.
  const power =
    ratio < RATIO_SMALL
      ? exp((1 + 1 / ratio) * log1p(ratio))
      : pow(1 + ratio, 1 + depthDecay / riskAversion);
  return Math.sqrt((riskAversion / (2 * depthDecay * fillRate)) * power);
}

/** Returns the reservation price s - q gamma sigma^2 tau (Avellaneda & Stoikov 2008, eq. 29). */
export function reservationPrice(
  mid: number,
  inventory: number,
  riskAversion: number,
  varianceLeft: number,
): number {
  return mid - inventory * riskAversion * varianceLeft;
}

/**
 * Returns the total spread gamma sigma^2 tau + (2/gamma) log(1 + gamma/k) around the reservation
 * price (Avellaneda & Stoikov 2008, eq. 30); `varianceLeft` is sigma^2 tau.
 */
export function finiteHorizonSpread(
  riskAversion: number,
  depthDecay: number,
  varianceLeft: number,
): number {
  return riskAversion * varianceLeft + 2 * glftHalfSpread(riskAversion, depthDecay);
}
