/** The sequential auction equilibrium of an informed trader among noise traders. */

/** Halvings of the interval of the root: to the last bit. */
const HALVINGS = 60;

/** Where `solveKyle` writes, one value an auction each. */
export interface KyleOffsets {
  /** Units of asset the insider trades per unit of mispricing: beta x length of the auction. */
  intensity: number;
  /** Change of price per unit of asset traded: lambda. */
  impact: number;
  /** Variance of the value that is left after the auction: Sigma. */
  variance: number;
}

/**
 * Writes the linear equilibrium of `auctions` auctions into `out`.
 *
 * With a_n = alpha_n sqrt(Sigma_n / noise variance) the difference equations lose their scale: the
 * share l_n = lambda_n sqrt(noise variance / Sigma_n) is the root of 2 l^2 (1 - a l) = 1 - 2 a l in
 * (0, 1/sqrt 2], Sigma_{n-1} = Sigma_n / (1 - l^2), and a_{n-1} follows from a_N = 0.
 *
 * @param market `noise`: standard deviation of the noise traders' flow over all auctions, units of
 *   asset; `deviation`: standard deviation of the value before the first, price units.
 * Source: Kyle 1985, theorem 2. Cost O(auctions).
 */
export function solveKyle(
  out: Float64Array,
  at: KyleOffsets,
  auctions: number,
  market: { noise: number; deviation: number },
): void {
  let a = 0;
  for (let n = auctions - 1; n >= 0; n--) {
    const share = shareOf(a);
    out[at.impact + n] = share;
    a = 1 / (Math.sqrt(1 - share * share) * 4 * share * (1 - a * share));
  }
  const noise = market.noise / Math.sqrt(auctions);
  let variance = market.deviation * market.deviation;
  for (let n = 0; n < auctions; n++) {
    const share = out[at.impact + n];
    variance *= 1 - share * share;
    const deviation = Math.sqrt(variance);
    out[at.variance + n] = variance;
    out[at.impact + n] = (share * deviation) / noise;
    out[at.intensity + n] = (share * noise) / deviation;
  }
}

/** The one root of 2 l^2 (1 - a l) = 1 - 2 a l in (0, 1/sqrt 2]: the left is below it before. */
function shareOf(a: number): number {
  let low = 0;
  let high = Math.SQRT1_2;
  for (let k = 0; k < HALVINGS; k++) {
    const middle = 0.5 * (low + high);
    if (2 * middle * middle * (1 - a * middle) < 1 - 2 * a * middle) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}
