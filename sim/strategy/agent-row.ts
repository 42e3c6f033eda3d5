/** Layout of an agent's Float64 row: this header, then its parameters, then its state. */

/** Header fields; account fields hold what has been REPORTED to the agent, not the venue's truth. */
export const AgentField = {
  /** Signed position, lots, as last reported. */
  position: 0,
  /** Signed cost of the position, quanta, as last reported. */
  cost: 1,
  /** Wallet, quanta, as last reported. */
  wallet: 2,
  /** Signed lots sent in immediate orders and not yet reported. */
  pending: 3,
  /** Microseconds from an event to the agent's knowledge of it. */
  feedLatencyMicros: 4,
  /** Microseconds from a decision to its arrival at the venue. */
  orderLatencyMicros: 5,
  /** Decisions taken so far: keys the tie-break of its orders. */
  decisions: 6,
  /** Random draws used so far. */
  draws: 7,
  /** Agent key: hash of the cohort's name (uint32). */
  keyHigh: 8,
  /** Agent key: ordinal within the cohort. */
  keyLow: 9,
  /** Bits of `AgentStatus`. */
  status: 10,
  /** No-trade band of the shared wrapper, fraction of the present exposure. */
  band: 11,
  /** Leverage cap of the shared wrapper. */
  leverageMax: 12,
  /** Equity at the start, quote units. */
  initialEquityQuote: 13,
  /** Microseconds between the agent's own rebalances (its clock). */
  periodMicros: 14,
  /** Offset of its clock, microseconds in [0, period). */
  phaseMicros: 15,
  /** Occupied order slots: live, or their end not yet reported. */
  openOrders: 16,
} as const;

/** Float64 values in the header. */
export const ROW_HEADER = 17;

/** Bits of the status field. */
export const AgentStatus = {
  /** Its account was liquidated at least once, as reported. */
  liquidated: 1,
  /** The venue is halted, as reported. */
  halted: 2,
} as const;

/** Why an agent is awake. */
export const WakeReason = { timer: 1, alert: 2, fill: 4, rejected: 8, liquidated: 16, funding: 32, halt: 64 } as const;

/** Reports that may wake an agent (`wakeOn` bit mask of a strategy). */
export const WakeOn = { none: 0, fill: 4, rejected: 8, liquidated: 16, funding: 32, halt: 64 } as const;
