/**
 * Auto-deleveraging: who gives up profit when the insurance fund cannot carry a bankrupt position.
 */

/**
 * Returns BitMEX's ranking score, profit x leverage, from signed values of a position.
 *
 * pnl% = (mark - entry) / |entry|; effective leverage = |mark| / (mark - bankrupt);
 * score = pnl% x leverage in profit, pnl% / leverage in loss. Source: BitMEX ADL documentation.
 */
export function bitmexScore(markValue: number, entryValue: number, bankruptValue: number): number {
  const profit = (markValue - entryValue) / Math.abs(entryValue);
  const leverage = Math.abs(markValue) / (markValue - bankruptValue);
  return profit > 0 ? profit * leverage : profit / leverage;
}
