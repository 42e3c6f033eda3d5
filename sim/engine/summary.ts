/** The figures of a finished run, in quote units, from the live world. */
import { Economics } from '../strategy/index.js';
import { DeskCounter } from './intent-desk.js';
import type { LoopResult } from './run-loop.js';
import type { World } from './world.js';

/** Figures of the forest of liquidations. */
export interface ContagionFigures {
  /** Liquidations caused by each on average: ratio of sums; null without liquidations. */
  reproductionNumber: number | null;
  /** Trees, and liquidations that no other caused. */
  episodes: number;
  roots: number;
  /** Liquidations in the largest tree, and generations of the deepest. */
  largestTree: number;
  generations: number;
}

/** Headline figures; money in quote units, prices in quote units of the first instrument. */
export interface RunFigures {
  hash: string;
  windows: number;
  parallelWindows: number;
  simulatedSeconds: number;
  partial: boolean;
  traders: number;
  wakes: number;
  orderActions: number;
  limitOrders: number;
  marketOrders: number;
  cancels: number;
  trades: number;
  liquidations: { count: number; notionalQuote: number; largestCascade: number };
  /** The forest of liquidations (scope L1); null where no causal ledger was kept. */
  contagion: ContagionFigures | null;
  price: { startQuote: number; minQuote: number; endQuote: number; maxDrawdownFraction: number };
  index: { minQuote: number; maxDrawdownFraction: number };
  /** Each at the mark of its own time; an inverse contract's minimum is over the ends of windows. */
  insuranceFund: { startQuote: number; minQuote: number; endQuote: number };
  /** Fund in its own settlement units (base units for an inverse contract, else quote units). */
  insuranceFundSettlement: { start: number; min: number; end: number };
  autoDeleveraging: { count: number; notionalQuote: number };
  badDebtQuote: number;
  /** Lowest (venue last / index - 1) seen at a window's end. */
  discountMinFraction: number;
  /** Largest absolute loss not yet realised on positions the liquidation desk holds, quote. */
  openInterest: { startQuote: number; endQuote: number };
}

/** Adds up a world after its loop. */
export function summarise(world: World, loop: LoopResult): RunFigures {
  const { venue, market, spec, population, shards } = world;
  const economics = new Economics(spec.venue.instruments[0].contract);
  const price = market.lastPrice[0];
  const index = market.indexPrice[0];
  const quote = (ticks: number): number => ticks * economics.quotePerTick;
  const mark = venue.markTicks(0);
  const startMark = index.start;
  const totals = [0, 0, 0, 0, 0, 0, 0, 0];
  for (const shard of shards) for (let k = 0; k < 8; k++) totals[k] += shard.counters[k];
  const settlement = economics.inverse
    ? economics.quotePerQuantum / economics.quotePerTick
    : economics.quotePerQuantum;
  const fundStart = spec.venue.insuranceFundQuanta;
  const exposure = (lots: number, ticks: number): number => economics.exposureQuote(lots, ticks);
  return {
    hash: world.stateHash(),
    windows: loop.windows,
    parallelWindows: loop.parallelWindows,
    simulatedSeconds: loop.micros / 1e6,
    partial: loop.partial,
    traders: population.count,
    wakes: totals[DeskCounter.wakes],
    orderActions: market.orderActions,
    limitOrders: totals[DeskCounter.limits],
    marketOrders: totals[DeskCounter.markets],
    cancels: totals[DeskCounter.cancels],
    trades: venue.tradeCount,
    liquidations: {
      count: venue.liquidationCount,
      notionalQuote: venue.liquidatedNotionalQuote,
      largestCascade: venue.largestCascade,
    },
    contagion: contagionFigures(world),
    price: {
      startQuote: quote(price.start),
      minQuote: quote(price.low === Infinity ? price.start : price.low),
      endQuote: quote(price.end),
      maxDrawdownFraction: price.maxDrawdownFraction,
    },
    index: { minQuote: quote(index.low), maxDrawdownFraction: index.maxDrawdownFraction },
    insuranceFund: {
      startQuote: economics.quantaToQuote(fundStart, startMark),
      minQuote: economics.inverse
        ? market.fundMinQuote
        : economics.quantaToQuote(venue.fundMin, mark),
      endQuote: economics.quantaToQuote(venue.fund(), mark),
    },
    insuranceFundSettlement: {
      start: fundStart * settlement,
      min: venue.fundMin * settlement,
      end: venue.fund() * settlement,
    },
    autoDeleveraging: { count: venue.adlCount, notionalQuote: venue.adlNotionalQuote },
    badDebtQuote: economics.quantaToQuote(venue.badDebt(), mark),
    discountMinFraction: market.discountMinFraction,
    openInterest: {
      startQuote: exposure(market.openInterestStartLots, startMark),
      endQuote: exposure(venue.openInterestLots(0), mark),
    },
  };
}

function contagionFigures({ venue }: World): ContagionFigures | null {
  const counts = venue.causality?.counts;
  if (counts === undefined) return null;
  return {
    reproductionNumber: counts.nodes === 0 ? null : counts.reproductionNumber,
    episodes: counts.episodes,
    roots: counts.roots,
    largestTree: counts.largestTree,
    generations: counts.widths.length,
  };
}
