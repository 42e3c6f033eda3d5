/** Layout of one instrument in a published market snapshot (Float64). */
export const MarketField = {
  /** Window whose end this snapshot shows. */
  window: 0,
  /** Best bid and ask, ticks; -1 when that side is empty. */
  bestBid: 1,
  bestAsk: 2,
  bestBidLots: 3,
  bestAskLots: 4,
  /** Last trade, mark and index, ticks. */
  last: 5,
  mark: 6,
  index: 7,
  /** Current funding rate (fraction per interval) and the next settlement, microseconds. */
  fundingRate: 8,
  nextFunding: 9,
  /** Highest and lowest mark of the window, ticks. */
  high: 10,
  low: 11,
  /** Cumulative traded lots and open interest, lots. */
  volume: 12,
  openInterest: 13,
  /** 1 while the venue is halted. */
  halted: 14,
  /** Mid price in ticks (may be half a tick); the last known one when a side is empty. */
  mid: 15,
} as const;

/** Float64 values per instrument in a snapshot. */
export const MARKET_FIELDS = 16;
