/**
 * Names and memory layouts of the order book.
 *
 * Everything here is a constant: the vocabulary callers use (sides, flags, result codes), the row
 * of the trade tape, and the generation stamp shared by orders and triggers.
 */

/** The two sides of a book: a bid buys, an ask sells. */
export const Side = { bid: 0, ask: 1 } as const;
export type Side = (typeof Side)[keyof typeof Side];

/**
 * How long the unfilled part of a limit order lives: until cancelled, not at all, or all or
 * nothing.
 */
export const TimeInForce = { gtc: 0, ioc: 1, fok: 2 } as const;
export type TimeInForce = (typeof TimeInForce)[keyof typeof TimeInForce];

/** Bit mask of order conditions. */
export const OrderFlag = { postOnly: 1, reduceOnly: 2 } as const;

/**
 * What happens when an order meets a resting order of its own account: nothing special, the
 * incoming remainder is cancelled, the resting order is cancelled, or both shrink by the smaller
 * without a trade.
 */
export const SelfTrade = { none: 0, cancelNewest: 1, cancelOldest: 2, decrement: 3 } as const;
export type SelfTrade = (typeof SelfTrade)[keyof typeof SelfTrade];

/** Results of book commands that are not the id of a resting order; refusals are -10 and below. */
export const BookCode = {
  /** Nothing rests: the order was filled, or its remainder was cancelled. */
  done: -1,
  /** A post-only order would have traded. */
  rejectPostOnly: -10,
  /** A fill-or-kill order could not trade whole. */
  rejectFillOrKill: -11,
  /** The price is not an integer in 1..ticksLimit-1. */
  rejectPrice: -12,
  /** The size is not an integer in 1..2^31-1. */
  rejectSize: -13,
  /** The id names no live order. */
  rejectUnknown: -14,
  /** The price lies outside the price band. */
  rejectPriceBand: -15,
  /** A reduce-only order was about to trade and its account has nothing to reduce. */
  rejectReduceOnly: -16,
} as const;
export type BookCode = (typeof BookCode)[keyof typeof BookCode];

/** Kinds of tape rows. */
export const TapeKind = {
  /** A trade of `sizeLots` at `priceTicks`. */
  fill: 1,
  /**
   * Self-trade prevention cancelled `sizeLots`: of the maker if it leaves 0, else of the aggressor.
   */
  selfTradeCancel: 2,
  /** Self-trade prevention took `sizeLots` off both orders. */
  selfTradeDecrement: 3,
  /**
   * A reduce-only order lost `sizeLots` it may not trade; maker id -1 means the aggressor itself.
   */
  reduceOnlyTrim: 4,
} as const;
export type TapeKind = (typeof TapeKind)[keyof typeof TapeKind];

/**
 * Row of the tape: offsets of its int32 fields, and the stride between rows.
 *
 * `nextPriceTicks` is the best price on the maker's side once the row has happened, -1 if none is
 * left.
 */
export const TAPE = {
  stride: 8,
  kind: 0,
  makerId: 1,
  makerAccount: 2,
  makerTag: 3,
  priceTicks: 4,
  sizeLots: 5,
  makerLeavesLots: 6,
  nextPriceTicks: 7,
} as const;

/** What a trigger watches. */
export const TriggerSource = { last: 0, mark: 1, index: 2 } as const;
export type TriggerSource = (typeof TriggerSource)[keyof typeof TriggerSource];

/** What a trigger sends when it fires. */
export const TriggerOrder = { market: 0, limit: 1 } as const;
export type TriggerOrder = (typeof TriggerOrder)[keyof typeof TriggerOrder];

/** Row of a queue of fired triggers: offsets of its int32 fields, and the stride between rows. */
export const FIRED = {
  stride: 12,
  id: 0,
  source: 1,
  direction: 2,
  triggerTicks: 3,
  orderKind: 4,
  side: 5,
  limitTicks: 6,
  sizeLots: 7,
  flags: 8,
  account: 9,
  tag: 10,
} as const;

/**
 * Ids are `generation << SLOT_BITS | slot`, positive int32. A freed slot keeps the complement of
 * the id it will carry next, so ids of live rows are >= 0 and no stale id ever equals a row's. A
 * slot whose generations are spent is retired, never reused: one slot in 256 allocations.
 */
export const SLOT_BITS = 23;
export const SLOT_MASK = (1 << SLOT_BITS) - 1;
export const SLOTS_MAX = 1 << SLOT_BITS;
export const GENERATION_STEP = 1 << SLOT_BITS;

/** Stands for "no ask": above every price, and a small integer in every engine. */
export const NO_ASK = 0x3fffffff;
/** Stands for "no bid": below every price. */
export const NO_BID = -1;

/**
 * Row of an order, int32: next | previous | leaves | price | account | tag | side and flags | id.
 * Rows are named by their offset; offset 0 is nobody's and stands for "none".
 */
export const NEXT = 0;
export const PREVIOUS = 1;
export const LEAVES = 2;
export const PRICE = 3;
export const ACCOUNT = 4;
export const TAG = 5;
export const META = 6;
export const ID = 7;
export const ROW = 8;

/** Bit 0 of META is the side, the order flags lie above it. */
export const META_REDUCE_ONLY = OrderFlag.reduceOnly << 1;
export const FLAGS_MASK = OrderFlag.postOnly | OrderFlag.reduceOnly;

/** Id of a slot that is never handed out again. */
export const RETIRED = -1;

/** Stands for the tick of level 0 before the first order: every index comes out negative. */
export const UNANCHORED = 0x3fffffff;

/** Row of a level, int32: first order | last order | its lots modulo 2^32 | unused. */
export const LEVEL = 4;
export const FIRST = 0;
export const LAST = 1;
export const LOTS = 2;
