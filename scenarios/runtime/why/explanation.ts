/** What `stampede why` finds out, as data: prices in quote units, sizes in lots, times in microseconds. */

/** An account, and what it belongs to. */
export interface Party {
  account: number;
  /** Null outside the population. */
  cohort: string | null;
  strategy: string | null;
}

/** A move of a price. */
export interface Move {
  fromQuote: number;
  toQuote: number;
}

/** An event that moved a price: what a chain goes back to. */
export interface PushEvent {
  /** Number of the event, -1 when it is not known. */
  event: number;
  /** What it was: index, clock, funding, shock, flow, liquidity, rule, stop, liquidation, ... */
  kind: string;
  timeMicros: number | null;
  party: Party | null;
  /** Id of the liquidation it was, null for others. */
  liquidation: number | null;
  /** What the order traded, signed lots, + bought; and the last price before and after it. */
  tradedLots: number;
  last: Move | null;
  /** How the index moved, where it was an update of it. */
  index: Move | null;
}

/** A part of the move that used up a buffer. */
export interface SharePart extends Pick<PushEvent, 'event' | 'kind' | 'liquidation'> {
  party: Party | null;
  weight: number;
}

/** One liquidation and what it did. */
export interface LiquidationStory {
  liquidation: number;
  party: Party;
  /** Instrument of its first order, which lots and prices are of; a cross account may have others. */
  instrument: string;
  side: 'long' | 'short';
  timeMicros: number;
  /** Instrument in which the breach was found, and the account's side there; null where it is not known. */
  breachInstrument: string;
  breachSide: 'long' | 'short' | null;
  /** First mark at which the account was in breach; null where it held nothing in that instrument. */
  levelQuote: number | null;
  /** How the mark moved through the level; null where the level moved instead. */
  tippingMark: Move | null;
  closedLots: number;
  notionalQuote: number;
  takenOverLots: number;
  /** Lots its orders traded at once, their mean price, and how mark and last price moved meanwhile. */
  filledLots: number;
  meanFillQuote: number | null;
  mark: Move | null;
  last: Move | null;
  bankruptcyQuote: number;
  generation: number;
  /** Generations when stops, and trades of sizing rules, are nodes as well. */
  generationL2: number;
  generationL3: number;
  ordinal: number;
  tippedBy: PushEvent;
  shares: SharePart[];
  /**
   * How far its orders moved the price in the book, quote units: by their size alone, and further because
   * of quotes withdrawn since the cascade began; the rest is due to trades of others.
   */
  impact: {
    movedQuote: number;
    flowQuote: number;
    withdrawnQuote: number;
    withdrawnBy: { cohort: string | null; quote: number }[];
  };
}

/** A link of a chain, told shortly. */
export type ChainLink = Pick<
  LiquidationStory,
  'liquidation' | 'instrument' | 'party' | 'side' | 'timeMicros' | 'closedLots' | 'notionalQuote' | 'mark' | 'last' | 'generation'
>;

/** A tree of liquidations. */
export interface CascadeStory {
  /** Rank by size, 1 the largest; and how many trees there are. */
  rank: number;
  cascades: number;
  liquidations: number;
  /** Accounts among them. */
  traders: number;
  notionalQuote: number;
  fromMicros: number;
  untilMicros: number;
  /** Liquidations per generation, the first first. */
  generations: number[];
  /** Liquidations caused by each, on average. */
  reproductionNumber: number;
  cohorts: { cohort: string | null; liquidations: number; notionalQuote: number }[];
  /** The last traded price from its first fill to its last, in one instrument: the first one's. */
  instrument: string;
  last: Move | null;
  largest: ChainLink[];
}

/** The answer. */
export interface Explanation {
  scenario: string;
  seed: number;
  hash: string;
  startEpochMillis: number;
  /** False when the run was interrupted: what came later is not known. */
  complete: boolean;
  /** Kind of mark price per instrument name: what can push a mark at all. */
  marks: Record<string, string>;
  question: 'liquidation' | 'cascade';
  /** The liquidation asked about, or the last one of the cascade's deepest chain. */
  liquidation: LiquidationStory;
  /** From the root's first victim to the liquidation itself. */
  chain: ChainLink[];
  root: PushEvent;
  pushed: { directly: number; inAll: number; notionalQuote: number; liquidations: number[] };
  cascade: CascadeStory;
}
