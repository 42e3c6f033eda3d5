/** How a strategy's decisions become orders; implemented by the engine, or by a recorder in tests. */

/** Order kinds, as the venue takes them. */
export const OrderKind = { limit: 0, market: 1, stopMarket: 2, stopLimit: 3, takeProfitMarket: 4 } as const;

/** What may watch a trigger. */
export const TriggerSource = { last: 0, mark: 1, index: 2 } as const;

/** States of a client order slot as the agent knows it. */
export const SlotState = { free: 0, live: 1, cancelSent: 2 } as const;

/**
 * Client orders of the batch's agents. `i` is the index in the batch. Slots 0..orderSlots-1 are the
 * agent's own names for its orders; a slot is free again only when its end has been reported.
 */
export interface OrderDesk {
  /** Sends a limit order; returns its slot, or -1 when no slot is free. `flags`: OrderFlag bits. */
  limit(i: number, side: number, priceTicks: number, sizeLots: number, flags: number): number;
  /** Sends an immediate-or-cancel limit order; its lots count as pending until reported. */
  immediate(i: number, side: number, priceTicks: number, sizeLots: number, flags: number): number;
  /** Sends a market order, bounded by a protection price (-1: none). */
  market(i: number, side: number, sizeLots: number, protectionTicks: number, flags: number): number;
  /** Sends a stop or take-profit market order on a trigger source. */
  stop(
    i: number,
    side: number,
    kind: number,
    triggerTicks: number,
    sizeLots: number,
    source: number,
    flags: number,
  ): number;
  /** Asks to cancel the order in a slot; no-op unless it is live. */
  cancel(i: number, slot: number): void;
  /** Asks to cancel every live order; returns how many. */
  cancelAll(i: number): number;
  /** What the agent knows of a slot. */
  slotState(i: number, slot: number): number;
  slotSide(i: number, slot: number): number;
  slotPrice(i: number, slot: number): number;
  slotLeaves(i: number, slot: number): number;
}
