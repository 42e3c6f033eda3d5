/** What one chunk of a replay covers. */

/** A stretch of time and rows [from, end) of each kind of event. */
export interface ReplaySpan {
  fromMicros: number;
  untilMicros: number;
  fromSample: number;
  liquidations: number;
  liquidationsEnd: number;
  /** Liquidations that began before; a liquidation's later steps share its id. */
  liquidationIdsBefore: number;
  deleverages: number;
  deleveragesEnd: number;
  markers: number;
  markersEnd: number;
}

/** Returns the place of the span that holds a row. O(log spans). */
export function spanAtRow(
  spans: readonly ReplaySpan[],
  kind: 'liquidations' | 'deleverages',
  row: number,
): number {
  let low = 0;
  let high = spans.length;
  // Spans without rows start where the next one does, so the last of several holds the row.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (spans[middle][kind] <= row) low = middle;
    else high = middle;
  }
  return low;
}
