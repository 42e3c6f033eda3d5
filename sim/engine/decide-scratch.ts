/** What a thread needs to decide, whichever shard it is deciding: batches, desks, the wake queue. */
import { mix32, RandomSource } from '../kernel/index.js';
import { BATCH_MAX, DecisionBatch, Economics } from '../strategy/index.js';
import { IntentDesk } from './intent-desk.js';
import type { Population } from './layout.js';
import type { MarketBoard } from './market-board.js';
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
  readonly queue: WakeQueue;

  constructor(spec: WorldSpec, population: Population, board: MarketBoard) {
    const { cohorts, rows, slots, base } = population;
    const source = new RandomSource(spec.seed);
    const seedKey = mix32(spec.seed, Math.floor(spec.seed / TWO_POW_32), TIE_DOMAIN);
    this.queue = new WakeQueue(population.count);
    for (let c = 0; c < cohorts.length; c++) {
      const { strategy, instrument, name, crowding } = cohorts[c];
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
      this.batches.push(
        new DecisionBatch({
          rows: rows[c],
          market: board.values,
          economics: new Economics(spec.venue.instruments[instrument].contract),
          random: source.stream(`decide/${name}`),
          signals: source.stream(`signals/${name}`),
          crowding,
          orders: desk,
        }),
      );
    }
  }
}
