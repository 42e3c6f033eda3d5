/** A hunter's own model of a cascade: a push runs through a noisy map of liquidations. */
import { exp } from '../../sim/kernel/index.js';
import { LiquidationMap, type DecisionBatch } from '../../sim/strategy/index.js';

const { buckets: BUCKETS, width: WIDTH } = LiquidationMap;
/** Buckets that share an error of the estimate. */
const GROUP = 8;
const GROUPS = BUCKETS / GROUP;

/** Standard deviation of the log of an error of the map, and how long an error lasts. */
export type ErrorOffsets = Readonly<Record<'mapError' | 'errorMicros', number>>;

/** One side of a map as an agent reads it; rewritten for every agent and side. */
export class CascadeModel {
  /** Lots closed by force in each bucket, with the error of the estimate. */
  private readonly lots = new Float64Array(BUCKETS);
  private count = 0;
  private bucketPrice = 0;
  private past = 0;

  /**
   * Reads one side (0 below the mark, 1 above) as agent i sees it at the price of its batch.
   *
   * Each group of 8 buckets is multiplied by a lognormal error of mean 1. Returns the distance from
   * the price to the far edge of the last bucket with anything in it, price units; 0 when nothing
   * lies ahead.
   */
  read(batch: DecisionBatch, i: number, side: number, at: ErrorOffsets): number {
    const { map, economics } = batch;
    const m = batch.mapAt[i];
    const from = m + (side === 0 ? LiquidationMap.below : LiquidationMap.above);
    const markTicks = map[m + LiquidationMap.mark];
    this.count = 0;
    if (!(markTicks > 0)) return 0;
    let last = BUCKETS - 1;
    while (last >= 0 && !(map[from + last] > 0)) last--;
    if (last < 0) return 0;
    const mark = markTicks * economics.quotePerTick;
    const price = batch.price[i];
    this.bucketPrice = WIDTH * mark;
    // Way the price has gone towards this side since the map was drawn.
    this.past = side === 0 ? mark - price : price - mark;
    this.count = last + 1;
    const ticks = price / economics.quotePerTick;
    for (let group = 0; group * GROUP <= last; group++) {
      let factor = 0;
      for (let b = group * GROUP; b < Math.min((group + 1) * GROUP, last + 1); b++) {
        const notional = map[from + b];
        if (!(notional > 0)) {
          this.lots[b] = 0;
          continue;
        }
        if (factor === 0) factor = errorFactor(batch, i, side * GROUPS + group, at);
        this.lots[b] = economics.lotsOf(notional * factor, ticks);
      }
    }
    return Math.max((last + 1) * this.bucketPrice - this.past, 0);
  }

  /**
   * Returns the lots closed by force once `pushLots` have moved the price towards this side by
   * `impact` each. Within a bucket the liquidations lie evenly, so a push that enters one by e goes on
   * by e / (1 - R) there, R = impact x lots / width; from R = 1 the whole bucket goes.
   */
  followers(pushLots: number, impact: number): number {
    const { lots, bucketPrice, past, count } = this;
    let moved = impact * pushLots;
    let follow = 0;
    for (let b = 0; b < count; b++) {
      const far = (b + 1) * bucketPrice - past;
      if (far <= 0) continue;
      const near = Math.max(b * bucketPrice - past, 0);
      const entered = moved - near;
      if (!(entered > 0)) break;
      const density = lots[b] / bucketPrice;
      const ahead = far - near;
      const slowing = 1 - impact * density;
      if (entered < slowing * ahead) return follow + (entered * density) / slowing;
      follow += density * ahead;
      moved += impact * density * ahead;
    }
    return follow;
  }
}

function errorFactor(batch: DecisionBatch, i: number, lane: number, at: ErrorOffsets): number {
  const rows = batch.rows;
  const r = batch.row[i];
  const deviation = rows[r + at.mapError];
  if (!(deviation > 0)) return 1;
  const turn = Math.floor(batch.map[batch.mapAt[i] + LiquidationMap.time] / rows[r + at.errorMicros]);
  return exp(deviation * (batch.noise(i, lane, turn) - 0.5 * deviation));
}
