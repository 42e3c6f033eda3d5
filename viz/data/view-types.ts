/** What a lane draws: plain columns in quote units, computed for one view of a film. */
import type { CauseKind } from '../../sim/trace/index.js';

/** A stretch of simulated time shown on a number of pixels. */
export interface TimeView {
  fromMicros: number;
  toMicros: number;
  /** Width in CSS pixels. */
  pixels: number;
}

/**
 * Market and cohort series decimated to at most one point per pixel, plus one neighbour on each
 * side. All arrays have at least `count` entries; NaN = not known at this point.
 */
export interface ViewPoints {
  count: number;
  /** Position in CSS pixels; may lie outside the view by its neighbours. */
  x: Float64Array;
  timeMicros: Float64Array;
  markLow: Float64Array;
  markHigh: Float64Array;
  mark: Float64Array;
  indexLow: Float64Array;
  indexHigh: Float64Array;
  index: Float64Array;
  lastLow: Float64Array;
  lastHigh: Float64Array;
  last: Float64Array;
  /** Insurance fund in money units. */
  fund: Float64Array;
  /** Lots resting within 1 % of the mark. */
  bidDepthLots: Float64Array;
  askDepthLots: Float64Array;
  /** Net exposure in quote units, one array per cohort. */
  exposureQuote: Float64Array[];
}

/** Liquidated notional per bar of round duration; longs and shorts apart. */
export interface NotionalBars {
  barMicros: number;
  /** Start of the first bar, a multiple of `barMicros`. */
  fromMicros: number;
  count: number;
  longsQuote: Float64Array;
  shortsQuote: Float64Array;
  /** The same by step of generation (`generationStep`), one array per step. */
  longsByGeneration: Float64Array[];
  shortsByGeneration: Float64Array[];
  /** Known only as a sum so far: the chunk that tells the sides is not loaded. */
  unsplitQuote: Float64Array;
}

/** One step of a liquidation as a film tells it; most have one step. */
export interface Liquidation {
  /** Place among all steps of the film, 0 first. */
  ordinal: number;
  /** Number of the liquidation, 1 first; its steps share it. */
  id: number;
  timeMicros: number;
  account: number;
  cohort: string;
  /** What was closed by force. */
  side: 'long' | 'short';
  /** Mean fill of its own orders, or the mark when it was taken over. */
  price: number;
  filled: boolean;
  markAtBreach: number;
  bankruptcyPrice: number;
  sizeLots: number;
  notionalQuote: number;
  /** Equity left at the breach, in money units. */
  equity: number;
  maintenanceMargin: number;
  stage: 'reduced' | 'taken over' | 'closed at market';
  /** Null where the film tells no causes. */
  cause: LiquidationCause | null;
}

/** An owner of a part of the move that forced a trade. */
export interface CausePart {
  kind: CauseKind;
  account: number;
  /** Empty outside the population. */
  cohort: string;
  /** Number of the liquidation it was, 0 for none. */
  liquidation: number;
  /** 0 to 1. */
  weight: number;
}

/** Why a liquidation happened. */
export interface LiquidationCause {
  /** What tipped it. */
  parent: CausePart;
  /** Whether that was a forced trade, to which one can walk. */
  hasParent: boolean;
  /** 1 where no other forced trade tipped it. */
  generation: number;
  /** The level of the mark that was crossed; 0 for none. */
  levelPrice: number;
  /** Heaviest first; with `untold` they sum to 1. */
  parts: CausePart[];
  untold: number;
}

/** A forced trade in a tree. */
export interface CascadeNode {
  event: number;
  /** False for an auto-deleveraging. */
  isLiquidation: boolean;
  /** Its first row among liquidations, or among deleveragings. */
  row: number;
  /** Number of the liquidation, 0 for none. */
  liquidation: number;
  account: number;
  cohort: string;
  side: 'long' | 'short';
  notionalQuote: number;
  /** The parent's part of its cause, 0 to 1. */
  weight: number;
  /** Forced trades of its subtree, itself included. */
  nodes: number;
  generation: number;
}

/** A tree in figures. */
export interface CascadeSummary {
  /** The event it goes back to. */
  root: Omit<CausePart, 'weight'>;
  fromMicros: number;
  nodes: number;
  /** Forced trades that the root event tipped itself. */
  roots: number;
  liquidations: number;
  generations: number;
  notionalQuote: number;
}

/** A node as shown, with as much of its subtree as is shown. */
export interface CascadeBranch {
  node: CascadeNode;
  /** Whether the selected one descends from it or is it. */
  onPath: boolean;
  isSelected: boolean;
  children: CascadeBranch[];
  /** Children that are not shown one by one. */
  hidden: { count: number; notionalQuote: number } | null;
  /** Nodes below it none of which is shown. */
  folded: number;
}

/** The tree of a liquidation, as much of it as is shown. */
export interface CascadeTree {
  summary: CascadeSummary;
  /** Generations between the root event and the first branches that are left out. */
  generationsAbove: number;
  branches: CascadeBranch[];
  hidden: CascadeBranch['hidden'];
}

/** Liquidations merged per cell of pixels: one disc each. */
export interface Bubble {
  x: number;
  y: number;
  notionalQuote: number;
  count: number;
  longsQuote: number;
  shortsQuote: number;
  /** Generation of the largest one in it, 0 where it is not known. */
  generation: number;
  /** Whether generations of several steps are merged in it. */
  isMixed: boolean;
  /** The largest liquidation in it, or -1 while its chunk is not loaded. */
  ordinal: number;
  timeMicros: number;
  price: number;
}

/** A stretch during which the venue stood still. */
export interface HaltSpan {
  fromMicros: number;
  toMicros: number;
}

/** A forced closing of a winner against a bankrupt position. */
export interface Deleveraging {
  timeMicros: number;
  account: number;
  notionalQuote: number;
}

/** The market at one instant. */
export interface MarketState {
  timeMicros: number;
  /** Time of the latest sample; only liquidations are known between samples. */
  sampleMicros: number;
  /** False while the figures come from the coarse overview. */
  exact: boolean;
  mark: number;
  index: number;
  last: number;
  /** NaN while a side is empty. */
  bid: number;
  ask: number;
  /** Mark over index, minus one, in basis points. */
  basisBps: number;
  fund: number;
  badDebt: number;
  openInterestQuote: number;
  trades: number;
  liveOrders: number;
  liquidations: number;
  liquidatedQuote: number;
  deleveragings: number;
  fundingRate: number;
  bidDepthQuote: number;
  askDepthQuote: number;
  halted: boolean;
}
