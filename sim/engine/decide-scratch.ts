/** What a thread needs to decide, whichever shard it is deciding: batches, desks, the wake queue. */
import { mix32, RandomSource } from '../kernel/index.js';
import { BATCH_MAX, DecisionBatch, Economics } from '../strategy/index.js';
import type { OrderDesk } from '../strategy/index.js';
import { IntentDesk } from './intent-desk.js';
import type { Population } from './layout.js';
import type { MapBoard } from './map-board.js';
import type { MarketBoard } from './market-board.js';
import { ParentOrders } from './parent-orders.js';
import { WakeQueue } from './wake-queue.js';
import type { WorldSpec } from './world-spec.js';

/** Domain of the tie keys among the hashes of a seed. */
const TIE_DOMAIN = 0x7469;
const TWO_POW_32 = 4294967296;

/** Scratch of one thread; it holds nothing from one window to the next. */
export class DecideScratch {
  /** One per cohort. */
  readonly batches: DecisionBatch[] = [];
  readonly desks: IntentDesk[] = [];
  /** Of the cohorts that work their orders: the parents, and a batch for wakes that are theirs alone. */
  readonly parents: (ParentOrders | null)[] = [];
  readonly parentBatches: (DecisionBatch | null)[] = [];
  readonly queue: WakeQueue;

  constructor(spec: WorldSpec, population: Population, board: MarketBoard, maps: MapBoard | null) {
    const { cohorts, rows, slots, base, execution } = population;
    const seedKey = mix32(spec.seed, Math.floor(spec.seed / TWO_POW_32), TIE_DOMAIN);
    this.queue = new WakeQueue(population.count);
    for (let c = 0; c < cohorts.length; c++) {
      const { strategy } = cohorts[c];
      const terms = cohorts[c].execution;
      const desk = new IntentDesk({
        slots: slots[c],
        slotCount: strategy.orderSlots,
        base: base[c],
        seedKey,
        windowMicros: spec.windowMicros,
        ticksMax: spec.ticksMax,
        batchMax: BATCH_MAX,
      });
      this.desks.push(desk);
      const batch = (): DecisionBatch =>
        batchOf(spec, c, { rows: rows[c], market: board.values, map: maps?.values, orders: desk });
      this.batches.push(batch());
      this.parents.push(
        terms === undefined ? null : new ParentOrders(execution[c], base[c], terms),
      );
      this.parentBatches.push(terms === undefined ? null : batch());
    }
  }
}

/** Returns a batch for a cohort's decisions on given rows, market and maps, with its own draws. */
export function batchOf(
  spec: WorldSpec,
  cohort: number,
  sides: { rows: Float64Array; market: Float64Array; map?: Float64Array | undefined; orders: OrderDesk },
): DecisionBatch {
  const { instrument, name, count, crowding, speedLimit } = spec.cohorts[cohort];
  const source = new RandomSource(spec.seed);
  const batch = new DecisionBatch({
    rows: sides.rows,
    market: sides.market,
    map: sides.map,
    economics: new Economics(spec.venue.instruments[instrument].contract),
    random: source.stream(`decide/${name}`),
    signals: source.stream(`signals/${name}`),
    crowding,
    orders: sides.orders,
    cohortCount: count,
  });
  batch.speedLimit = speedLimit ?? Infinity;
  return batch;
}
