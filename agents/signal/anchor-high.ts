/** The anchor of a trader: the highest price of the last windows, kept in its row. */
import type { StateSpec } from '../../sim/strategy/index.js';

/** Windows an anchor looks back on: "52-week high". */
export const ANCHOR_WINDOWS = 52;

/** The state a strategy with such an anchor declares, contiguous and in this order. */
export const anchorState = {
  anchor: { doc: 'Highest price of the last 52 windows', unit: 'price', initial: 0 },
  anchorBar: { doc: 'Bars of the open window', unit: 'bars', initial: 0 },
  anchorSlot: { doc: 'Place of the open window in the ring', unit: '1', initial: 0 },
  anchorHighs: {
    doc: 'Highs of the windows', unit: 'price', initial: 0, count: ANCHOR_WINDOWS,
  },
} satisfies Record<string, StateSpec>;

/**
 * Notes a bar's price; `a` is the offset of `anchor` in `rows`. O(1), and O(windows) when the
 * highest window leaves.
 */
export function noteHigh(rows: Float64Array, a: number, windowBars: number, price: number): void {
  const highs = a + 3;
  let slot = rows[a + 2] | 0;
  rows[a + 1]++;
  if (rows[a + 1] > windowBars) {
    slot = slot + 1 === ANCHOR_WINDOWS ? 0 : slot + 1;
    const leaving = rows[highs + slot];
    rows[a + 1] = 1;
    rows[a + 2] = slot;
    rows[highs + slot] = price;
    if (leaving === rows[a]) {
      let top = 0;
      for (let k = 0; k < ANCHOR_WINDOWS; k++) top = Math.max(top, rows[highs + k]);
      rows[a] = top;
    }
  } else {
    rows[highs + slot] = Math.max(rows[highs + slot], price);
  }
  rows[a] = Math.max(rows[a], price);
}
