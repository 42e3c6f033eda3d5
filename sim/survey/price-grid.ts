/** Buckets of distance from the mark, in ticks. */
import { assert } from '../kernel/index.js';

/** Which way a price moves: -1 down, 1 up. */
export type MoveSign = -1 | 1;

/** Buckets of one width on either side of a price; bucket k holds distances in [k w, (k + 1) w). */
export class PriceGrid {
  readonly buckets: number;
  /** Width of a bucket, fraction of the mark. */
  readonly widthFraction: number;

  constructor(buckets: number, widthFraction: number) {
    assert(buckets >= 1 && widthFraction > 0, 'a grid has buckets of some width');
    this.buckets = buckets;
    this.widthFraction = widthFraction;
  }

  /**
   * Returns the ticks the buckets end at, `buckets` + 1 of them going outward from the mark:
   * bucket k holds (edges[k + 1], edges[k]] below it and [edges[k], edges[k + 1]) above it.
   */
  edges(markTicks: number, sign: MoveSign): Int32Array {
    const edges = new Int32Array(this.buckets + 1);
    // Whole numbers where the width is a fraction of one: an edge that is a tick is that tick.
    const steps = Math.round(1 / this.widthFraction);
    const isWhole = Math.abs(steps * this.widthFraction - 1) < 1e-9;
    for (let k = 0; k <= this.buckets; k++) {
      const edge = isWhole
        ? (markTicks * (steps + sign * k)) / steps
        : markTicks * (1 + sign * k * this.widthFraction);
      edges[k] = Math.max(0, sign > 0 ? Math.ceil(edge) : Math.floor(edge));
    }
    return edges;
  }

  /**
   * Returns the bucket of a tick among edges, or -1 beyond the last; the mark's side is bucket 0.
   */
  bucketOf(edges: Int32Array, sign: MoveSign, tick: number): number {
    for (let k = 0; k < this.buckets; k++) if (sign * tick < sign * edges[k + 1]) return k;
    return -1;
  }
}
