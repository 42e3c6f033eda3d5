/** Auto-deleveraging: who gives up profit when the insurance fund cannot carry a bankrupt position. */

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

/**
 * Allocates a size over a queue that is already in rank order: fills `closed[i]` with what the i-th
 * counterparty gives up, the last one partially, and returns what is left uncovered.
 */
export function allocateQueue(available: ArrayLike<number>, size: number, closed: number[]): number {
  let left = size;
  closed.length = 0;
  for (let i = 0; i < available.length && left > 0; i++) {
    const part = available[i] < left ? available[i] : left;
    closed.push(part);
    left -= part;
  }
  return left;
}
