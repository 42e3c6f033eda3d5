/** The samples of one instrument, as columns. */

/** One entry per series row, in order of time; grown while the log is read. */
export interface SeriesColumns {
  timeMicros: number[];
  bidTicks: number[];
  askTicks: number[];
  lastTicks: number[];
  /** Resting within 1 % of the mark, both sides. */
  depthLots: number[];
  /** Traded so far: lots, and quote units at the price of each trade. */
  volumeLots: number[];
  volumeQuote: number[];
}

/** Returns columns without rows. */
export function emptyColumns(): SeriesColumns {
  return {
    timeMicros: [],
    bidTicks: [],
    askTicks: [],
    lastTicks: [],
    depthLots: [],
    volumeLots: [],
    volumeQuote: [],
  };
}

/** Returns the change from each sample to the next: one entry less. */
export function changes(values: ArrayLike<number>): Float64Array {
  const length = Math.max(0, values.length - 1);
  return Float64Array.from({ length }, (_, i) => values[i + 1] - values[i]);
}
