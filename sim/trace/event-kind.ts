/** The kinds of rows in the event log and the layout of a row. */

/** What a row of the event log tells; 0 is no event. New kinds are appended, never renumbered. */
export const EventKind = {
  trade: 1,
  mark: 2,
  index: 3,
  funding: 4,
  liquidation: 5,
  takeover: 6,
  autoDeleverage: 7,
  fund: 8,
  badDebt: 9,
  halt: 10,
  resume: 11,
  fault: 12,
  deposit: 13,
  opening: 14,
  account: 15,
  series: 16,
  cohort: 17,
  seriesMore: 18,
  insolvency: 19,
  cancelAll: 20,
  /** Why something happened; left out of the hash, like the next four. */
  cause: 21,
  share: 22,
  triggered: 23,
  impact: 24,
  withdrawal: 25,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

/** Whether a kind only explains: rows that the hash of a log leaves out. */
export function isUnhashed(kind: number): boolean {
  return kind >= EventKind.cause && kind <= EventKind.withdrawal;
}

/** Name of each kind, by its number; index 0 is the empty name. */
export const eventKindNames: readonly string[] = namesByNumber();

/** Kinds are below this number. */
export const eventKindsMax = 32;

/** The kind word of a row about `instrument`, 0 <= instrument < 2^16. */
export function kindOfInstrument(kind: EventKind, instrument: number): number {
  return kind | (instrument << 8);
}

/** Bytes of a row: 8 Float64 over 16 Int32, little endian. */
export const rowBytes = 64;

/** How a liquidation proceeds; the `other` field of a liquidation row. */
export const LiquidationStage = { stepDown: 1, takeover: 2, wholeAtMarket: 3 } as const;
export type LiquidationStage = (typeof LiquidationStage)[keyof typeof LiquidationStage];

/** Why the insurance fund moved, and who paid what it lacked; the `other` field of fund rows. */
export const FundReason = {
  /** Paid in from outside before the start. */
  endowment: 0,
  /** Profit or loss of the liquidation desk, which the row names. */
  desk: 1,
  /** Remainder of a funding settlement. */
  funding: 2,
  /** Liquidation fee, moved out of the fees. */
  liquidationFee: 3,
  /** Debt of an account that the fund pays; the row names the account. */
  insolvency: 4,
} as const;
export type FundReason = (typeof FundReason)[keyof typeof FundReason];

function namesByNumber(): string[] {
  const names: string[] = [''];
  for (const [name, number] of Object.entries(EventKind)) names[number] = name;
  return names;
}
