/** A growing queue of fired triggers: rows of `FIRED`, in the order in which they fired. */
import { FIRED } from './layout.js';

/** Holds fired triggers until their orders are sent; the reader walks `rows` and then clears it. */
export class TriggerQueue {
  /** Rows laid out as `FIRED`; replaced by a longer array when it grows. */
  rows: Int32Array = new Int32Array(32 * FIRED.stride);
  /** Rows in use. */
  count = 0;

  /** Appends a blank row and returns its offset. Amortised O(1). */
  push(): number {
    const offset = this.count * FIRED.stride;
    if (offset === this.rows.length) {
      const longer = new Int32Array(this.rows.length * 2);
      longer.set(this.rows);
      this.rows = longer;
    }
    this.count += 1;
    return offset;
  }

  /** Empties the queue and keeps its memory. */
  clear(): void {
    this.count = 0;
  }
}
