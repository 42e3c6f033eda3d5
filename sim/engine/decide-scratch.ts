/** What a thread needs to decide, whichever shard it is deciding: batches, desks, the wake queue. */
import { mix32, RandomSource } from '../kernel/index.js';
import { BATCH_MAX, DecisionBatch, Economics } from '../strategy/index.js';
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
  readonly #names: readonly string[];

  constructor(spec: WorldSpec, population: Population, board: MarketBoard, maps: MapBoard | null) {
    const { cohorts, rows, slots, base, execution } = population;
    const source = new RandomSource(spec.seed);
    const seedKey = tieKeyOf(spec.seed);
    this.queue = new WakeQueue(population.count);
    this.#names = cohorts.map((cohort) => cohort.name);
    for (let c = 0; c < cohorts.length; c++) {
      const { strategy, instrument, name, count, crowding, speedLimit } = cohorts[c];
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
      const batch = (): DecisionBatch => {
        const one = new DecisionBatch({
          rows: rows[c],
          market: board.values,
          map: maps?.values,
          economics: new Economics(spec.venue.instruments[instrument].contract),
          random: source.stream(decideStream(name)),
          signals: source.stream(signalStream(name)),
          crowding,
          orders: desk,
          cohortCount: count,
        });
        one.speedLimit = speedLimit ?? Infinity;
        return one;
      };
      this.batches.push(batch());
      this.parents.push(
        terms === undefined ? null : new ParentOrders(execution[c], base[c], terms),
      );
      this.parentBatches.push(terms === undefined ? null : batch());
    }
  }

  /** Draws and breaks ties by another seed from now on. */
  reseed(seed: number): void {
    const source = new RandomSource(seed);
    this.#names.forEach((name, c) => {
      this.desks[c].rekey(tieKeyOf(seed));
      for (const batch of [this.batches[c], this.parentBatches[c]]) {
        batch?.random.rekey(source.stream(decideStream(name)));
        batch?.signals.rekey(source.stream(signalStream(name)));
      }
    });
  }
}

const decideStream = (cohort: string): string => `decide/${cohort}`;
const signalStream = (cohort: string): string => `signals/${cohort}`;

function tieKeyOf(seed: number): number {
  return mix32(seed, Math.floor(seed / TWO_POW_32), TIE_DOMAIN);
}
