/** A hunter's own model of a cascade: a push runs through a noisy map of liquidations. */
import { exp } from '../../sim/kernel/index.js';
import { LiquidationMap, type DecisionBatch } from '../../sim/strategy/index.js';

const { buckets: BUCKETS, width: WIDTH } = LiquidationMap;
/** Buckets that share an error of the estimate. */
const GROUP = 8;
/** Groups of one side. */
const GROUPS = BUCKETS / GROUP;
/** Errors an agent keeps: of the groups below the mark, then of those above. */
export const MAP_ERRORS = 2 * GROUPS;

/** Offsets the model reads and keeps; `errors` holds `MAP_ERRORS` values. */
export type ModelOffsets = Readonly<
  Record<'mapError' | 'errorMicros' | 'errorTurn' | 'errors' | 'believedImpact', number>
>;

/**
 * Draws agent i's lognormal errors of mean 1 anew where those it has are over: what each group of 8
 * buckets is multiplied with. An error lasts, so that looking often does not find a lucky one.
 */
export function renewErrors(batch: DecisionBatch, i: number, at: ModelOffsets): void {
  const { rows, map } = batch;
  const r = batch.row[i];
  const deviation = rows[r + at.mapError];
  const m = batch.mapAt[i];
  if (!(deviation > 0) || !(map[m + LiquidationMap.mark] > 0)) return;
  const turn = Math.floor(map[m + LiquidationMap.time] / rows[r + at.errorMicros]);
  if (rows[r + at.errorTurn] === turn) return;
  rows[r + at.errorTurn] = turn;
  for (let group = 0; group < MAP_ERRORS; group++) {
    const z = batch.noise(i, group, turn);
    rows[r + at.errors + group] = exp(deviation * (z - 0.5 * deviation));
  }
}

/**
 * Returns the distance from the price of agent i to the far edge of the last bucket with anything in
 * it on a side (0 below the mark, 1 above), price units; 0 when nothing lies ahead.
 */
export function farEdge(batch: DecisionBatch, i: number, side: number): number {
  const { map } = batch;
  const m = batch.mapAt[i];
  if (!(map[m + LiquidationMap.mark] > 0)) return 0;
  const from = m + (side === 0 ? LiquidationMap.below : LiquidationMap.above);
  let last = BUCKETS - 1;
  while (last >= 0 && !(map[from + last] > 0)) last--;
  if (last < 0) return 0;
  const mark = map[m + LiquidationMap.mark] * batch.economics.quotePerTick;
  const past = side === 0 ? mark - batch.price[i] : batch.price[i] - mark;
  return Math.max((last + 1) * WIDTH * mark - past, 0);
}

/**
 * Returns the lots closed by force once `pushLots` have moved the price towards a side by the
 * believed impact each. Within a bucket the liquidations lie evenly, so a push that enters one by e
 * goes on by e / (1 - R) there, R = impact x lots / width; from R = 1 the whole bucket goes.
 */
export function followers(
  batch: DecisionBatch,
  i: number,
  side: number,
  pushLots: number,
  at: ModelOffsets,
): number {
  const { map, rows, economics } = batch;
  const r = batch.row[i];
  const m = batch.mapAt[i];
  const from = m + (side === 0 ? LiquidationMap.below : LiquidationMap.above);
  const errors = r + at.errors + side * GROUPS;
  const mark = map[m + LiquidationMap.mark] * economics.quotePerTick;
  const price = batch.price[i];
  const width = WIDTH * mark;
  // Way the price has gone towards this side since the map was drawn.
  const past = side === 0 ? mark - price : price - mark;
  const impact = rows[r + at.believedImpact];
  const density = economics.lotsOf(1, price / economics.quotePerTick) / width;
  let moved = impact * pushLots;
  let follow = 0;
  for (let b = 0; b < BUCKETS; b++) {
    const far = (b + 1) * width - past;
    if (far <= 0) continue;
    const near = Math.max(b * width - past, 0);
    const entered = moved - near;
    if (!(entered > 0)) break;
    const lotsPerPrice = map[from + b] * rows[errors + ((b / GROUP) | 0)] * density;
    const slowing = 1 - impact * lotsPerPrice;
    const ahead = far - near;
    if (entered < slowing * ahead) {
      follow += (entered * lotsPerPrice) / slowing;
      break;
    }
    follow += lotsPerPrice * ahead;
    moved += impact * lotsPerPrice * ahead;
  }
  return follow;
}
