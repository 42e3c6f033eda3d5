/** Runs one seed in memory and keeps what a suite needs: the one place where validation simulates. */
import { UserError, LocalMemory } from '../../../sim/kernel/index.js';
import { type RunFigures, summarise, WindowLoop, World } from '../../../sim/engine/index.js';
import type { MarketRecord } from '../../../sim/stylised-facts/index.js';
import { EventLog } from '../../../sim/trace/index.js';
import { buildWorld, type Scenario } from '../../model/index.js';
import { MarketRecorder } from './market-recorder.js';
import { OrderTap } from './order-tap.js';
import { type HistoryFigures, HistoryRecorder } from './history-recorder.js';

/** Bins of one minute; the first is left out, in which the book fills. */
export const BIN_MICROS = 60e6;
/** Fewest bins that a scorecard is made of. */
export const BINS_MIN = 30;

/** One run, as a suite sees it. */
export interface RecordedRun<T> {
  seed: number;
  hash: string;
  wallSeconds: number;
  kept: T;
}

/** Runs a seed and keeps its market. @throws UserError `validate/quotes` */
export function recordMarket(scenario: Scenario, seed: number): RecordedRun<MarketRecord> {
  const recorder = new MarketRecorder(BIN_MICROS, BIN_MICROS);
  let tap: OrderTap | undefined;
  const done = runSeed(scenario, seed, {
    isBinned: true,
    take: (bytes) => recorder.take(bytes),
    open: (world) => {
      tap = new OrderTap(world.market, BIN_MICROS);
    },
  });
  const record = recorder.record();
  if (record === undefined) {
    const must = 'must quote both sides at the end of some minute';
    throw new UserError('validate/quotes', `${scenario.name}, seed ${seed}: the market ${must}`);
  }
  const { hash, wallSeconds } = done;
  return { seed, hash, wallSeconds, kept: { ...record, orders: tap?.orders() } };
}

/** Runs a seed and keeps the figures that history is compared with. */
export function recordHistory(scenario: Scenario, seed: number): RecordedRun<HistoryFigures> {
  const recorder = new HistoryRecorder();
  const done = runSeed(scenario, seed, { isBinned: false, take: (bytes) => recorder.take(bytes) });
  const { hash, wallSeconds } = done;
  return { seed, hash, wallSeconds, kept: recorder.figures(done.figures) };
}

interface RunTerms {
  /** Samples must fall on the ends of bins: a coarser or odd interval is replaced. */
  isBinned: boolean;
  take: (bytes: Uint8Array) => void;
  open?: (world: World) => void;
}

function runSeed(
  scenario: Scenario,
  seed: number,
  { isBinned, take, open }: RunTerms,
): { figures: RunFigures; hash: string; wallSeconds: number } {
  const begun = performance.now();
  const built = buildWorld(scenario, { seed });
  const isOdd = isBinned && BIN_MICROS % built.seriesMicros !== 0;
  const spec = isOdd ? { ...built, seriesMicros: BIN_MICROS } : built;
  const world = new World(new LocalMemory(), spec, 1, new EventLog(take), { causality: false });
  open?.(world);
  world.open();
  const result = new WindowLoop(world, { parallel: false }).run();
  world.close(result.micros);
  const figures = summarise(world, result);
  return { figures, hash: figures.hash, wallSeconds: (performance.now() - begun) / 1000 };
}
