/** How far exits coincide: one's exit would move the price to the other's. */

/** Exits of one direction, and the price move that executing a notional makes. */
export interface Exits {
  exitPrice: Float64Array;
  exitNotional: Float64Array;
  /** Move of the price, quote units a unit, of executing a notional in quote units. */
  moveOf: (notionalQuote: number) => number;
}

/**
 * Returns the exit-convergence index: sum over pairs of w_i w_j 1{|p_i - p_j| <= h_ij} over the
 * sum of w_i w_j, w the exit notional, h_ij the move of the smaller of the two; NaN for fewer
 * than two exits. O(exits^2).
 */
export function exitConvergence({ exitPrice, exitNotional, moveOf }: Exits): number {
  const moves = Float64Array.from(exitNotional, (notional) => moveOf(notional));
  let met = 0;
  let all = 0;
  for (let i = 0; i < exitPrice.length; i++) {
    for (let j = 0; j < i; j++) {
      const weight = exitNotional[i] * exitNotional[j];
      all += weight;
      const reach = exitNotional[i] < exitNotional[j] ? moves[i] : moves[j];
      if (Math.abs(exitPrice[i] - exitPrice[j]) <= reach) met += weight;
    }
  }
  return all === 0 ? NaN : met / all;
}
