/** Layout of a published liquidation map: what would be closed by force, by distance of the mark. */
export const LiquidationMap = {
  /** Buckets on each side of the mark. */
  buckets: 64,
  /** Width of a bucket, fraction of the mark. */
  width: 0.0025,
  /** Mark the map was drawn at, ticks; 0 before the first. */
  mark: 0,
  /** Time it was drawn, microseconds. */
  time: 1,
  /** First of the buckets below the mark: notional of longs closed in [k w, (k + 1) w), quote. */
  below: 2,
  /** First of the buckets above the mark: notional of shorts closed there, quote units. */
  above: 66,
  /** Values in a map. */
  length: 130,
} as const;
