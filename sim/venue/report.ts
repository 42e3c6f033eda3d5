/** What a venue tells the owner of an order or a position, and why it refuses one. */
import { BookCode } from '../book/index.js';

/** Kinds of reports. */
export const ReportKind = {
  /** An order rests or a trigger waits; `leavesLots` open. */
  accepted: 1,
  /** An incoming order traded: one report with the total; `priceTicks` of its last fill. */
  filled: 2,
  /** A resting order traded. */
  fillMaker: 3,
  /**
   * An order, or what was left of it, is gone: `leavesLots` cancelled. An order that loses lots to
   * one of its own account and still rests is told so by the `leavesLots` of `accepted`.
   */
  cancelled: 4,
  /** A command was refused: `leavesLots` is the `Reject` code. */
  rejected: 5,
  /**
   * Part (or all) of a position was liquidated: `filledLots` signed part, `leavesLots` the position
   * left.
   */
  liquidated: 6,
  /** A position was auto-deleveraged: `filledLots` signed change. */
  deleveraged: 7,
  /** Funding was settled for the account. */
  funding: 8,
  /** The venue halted (account -1). */
  halted: 9,
  /** The venue resumed (account -1). */
  resumed: 10,
  /** A trigger fired and its order is being placed. */
  triggered: 11,
  /** A cancel was refused (`leavesLots` is the `Reject` code); an order it named is as it was. */
  cancelRejected: 12,
  /** Money from outside was paid into the account. */
  deposited: 13,
} as const;
export type ReportKind = (typeof ReportKind)[keyof typeof ReportKind];

/** Why a command is refused; includes the refusals of the book. */
export const Reject = {
  PostOnly: BookCode.rejectPostOnly,
  FillOrKill: BookCode.rejectFillOrKill,
  Price: BookCode.rejectPrice,
  Size: BookCode.rejectSize,
  Unknown: BookCode.rejectUnknown,
  PriceBand: BookCode.rejectPriceBand,
  ReduceOnly: BookCode.rejectReduceOnly,
  Halted: -30,
  InsufficientMargin: -31,
  SlotTaken: -32,
  /** The trigger's condition holds already. */
  WouldTrigger: -33,
  /** Open interest, or the account's orders, would pass what the venue's integers can hold. */
  OpenInterest: -34,
  /** A counterfactual keeps the account from the market. */
  Muted: -35,
} as const;
export type Reject = (typeof Reject)[keyof typeof Reject];

/** Receives the reports of a venue, in causal order; latency is the receiver's. */
export interface ReportSink {
  report(
    kind: number,
    time: number,
    account: number,
    instrument: number,
    slot: number,
    filledLots: number,
    leavesLots: number,
    priceTicks: number,
  ): void;
}

/** Kinds of orders a venue takes. */
export const OrderKind = {
  limit: 0,
  market: 1,
  stopMarket: 2,
  stopLimit: 3,
  takeProfitMarket: 4,
} as const;
export type OrderKind = (typeof OrderKind)[keyof typeof OrderKind];
