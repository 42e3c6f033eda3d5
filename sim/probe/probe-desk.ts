/** The order desk of a probe: keeps what a quoting rule sends, and says what a price fills. */
import { type OrderDesk, OrderKind, SlotState, TriggerSource } from '../strategy/index.js';

/** An order a probed rule has sent. */
export interface DeskOrder {
  kind: 'limit' | 'immediate' | 'market' | 'stop' | 'take-profit';
  /** 0 buy, 1 sell. */
  side: number;
  /** Limit or trigger price, ticks; -1 for none. */
  priceTicks: number;
  sizeLots: number;
  /** Never adds to the position and never turns it over. */
  reduceOnly: boolean;
  /** Watches the index, not the mark. */
  onIndex: boolean;
}

interface Slot extends DeskOrder {
  state: number;
}

/** Bits of an order's flags, as the venue takes them. */
const POST_ONLY = 1;
const REDUCE_ONLY = 2;

const FREE: Slot = Object.freeze({
  kind: 'limit',
  side: 0,
  priceTicks: 0,
  sizeLots: 0,
  reduceOnly: false,
  onIndex: false,
  state: SlotState.free,
});

/**
 * Client orders of the agents of a probe. The end of an order (cancelled, filled at once, refused)
 * is reported before its agent's next decision: until then its slot is not free.
 */
export class ProbeDesk implements OrderDesk {
  /** Quotes that incoming orders meet, ticks. */
  bestBid = 0;
  bestAsk = 0;
  /** Called with each action where somebody listens: op, agent, side, price, size. */
  onAction: ((op: string, agent: number, order: DeskOrder) => void) | null = null;
  /** Global agent numbers of the present batch, by column. */
  readonly #agents: Int32Array;
  readonly #slots: Slot[][];
  /** Orders of the present decision that take at once, by agent. */
  #taken: DeskOrder[][];

  constructor(agents: Int32Array, count: number, orderSlots: number) {
    this.#agents = agents;
    this.#slots = Array.from({ length: count }, () => Array.from({ length: orderSlots }, () => FREE));
    this.#taken = Array.from({ length: count }, () => []);
  }

  limit(i: number, side: number, priceTicks: number, sizeLots: number, flags = 0): number {
    const order = orderOf('limit', side, priceTicks, sizeLots, flags);
    if (!this.#crosses(order)) return this.#enter(i, order, SlotState.live);
    const slot = this.#enter(i, order, SlotState.cancelSent);
    if (slot >= 0 && (flags & POST_ONLY) === 0) this.#taken[this.#agents[i]].push(order);
    return slot;
  }

  immediate(i: number, side: number, priceTicks: number, sizeLots: number, flags = 0): number {
    return this.#take(i, orderOf('immediate', side, priceTicks, sizeLots, flags));
  }

  market(i: number, side: number, sizeLots: number, protectionTicks = -1, flags = 0): number {
    const bound = protectionTicks > 0 ? protectionTicks : -1;
    return this.#take(i, orderOf('market', side, bound, sizeLots, flags));
  }

  stop(
    i: number,
    side: number,
    kind: number,
    triggerTicks: number,
    sizeLots: number,
    source = 0,
    flags = 0,
  ): number {
    const name = kind === OrderKind.takeProfitMarket ? 'take-profit' : 'stop';
    const order = orderOf(name, side, triggerTicks, sizeLots, flags);
    order.onIndex = source === TriggerSource.index;
    return this.#enter(i, order, SlotState.live);
  }

  cancel(i: number, slot: number): void {
    const agent = this.#agents[i];
    const order = this.#slots[agent][slot];
    if (order.state !== SlotState.live) return;
    this.#slots[agent][slot] = { ...order, state: SlotState.cancelSent };
    this.onAction?.('cancel', agent, order);
  }

  cancelAll(i: number): number {
    const slots = this.#slots[this.#agents[i]];
    let sent = 0;
    for (let slot = 0; slot < slots.length; slot++) {
      if (slots[slot].state !== SlotState.live) continue;
      this.cancel(i, slot);
      sent++;
    }
    return sent;
  }

  slotState(i: number, slot: number): number {
    return this.#slots[this.#agents[i]][slot].state;
  }

  slotSide(i: number, slot: number): number {
    return this.#slots[this.#agents[i]][slot].side;
  }

  slotPrice(i: number, slot: number): number {
    return this.#slots[this.#agents[i]][slot].priceTicks;
  }

  slotLeaves(i: number, slot: number): number {
    return this.#slots[this.#agents[i]][slot].sizeLots;
  }

  /** Slots of an agent that are not free. */
  occupied(agent: number): number {
    let count = 0;
    for (const slot of this.#slots[agent]) if (slot.state !== SlotState.free) count++;
    return count;
  }

  /** Frees the slots of orders of an agent that have ended. */
  reportEnds(agent: number): void {
    const slots = this.#slots[agent];
    for (let slot = 0; slot < slots.length; slot++) {
      if (slots[slot].state === SlotState.cancelSent) slots[slot] = FREE;
    }
  }

  /** Returns and forgets the orders of an agent that take at once. */
  takeImmediate(agent: number): DeskOrder[] {
    const taken = this.#taken[agent];
    this.#taken[agent] = [];
    return taken;
  }

  /**
   * Removes and returns the live orders of an agent that a move to a price reaches. Prices move
   * straight from one to the next, so only where they arrive counts.
   */
  takeTouched(agent: number, markTicks: number, indexTicks: number): DeskOrder[] {
    const touched: DeskOrder[] = [];
    const slots = this.#slots[agent];
    for (let slot = 0; slot < slots.length; slot++) {
      const order = slots[slot];
      if (order.state !== SlotState.live) continue;
      const isBuy = order.side === 0;
      const waitsForFall = order.kind === 'stop' ? !isBuy : isBuy;
      const at = order.onIndex ? indexTicks : markTicks;
      if (waitsForFall ? at > order.priceTicks : at < order.priceTicks) continue;
      touched.push(order);
      slots[slot] = FREE;
    }
    return touched;
  }

  /** Returns the live orders of an agent, buys first, best first. */
  live(agent: number): DeskOrder[] {
    const better = (a: DeskOrder, b: DeskOrder) =>
      a.side - b.side || (a.side === 0 ? -1 : 1) * (a.priceTicks - b.priceTicks);
    return this.#slots[agent].filter((order) => order.state === SlotState.live).sort(better);
  }

  /** Returns what puts the desk back as it is now. */
  save(): () => void {
    const slots = this.#slots.map((own) => [...own]);
    const taken = this.#taken.map((own) => [...own]);
    return () => {
      slots.forEach((own, agent) => {
        this.#slots[agent] = own;
      });
      this.#taken = taken;
    };
  }

  #crosses({ side, priceTicks }: DeskOrder): boolean {
    if (priceTicks < 0) return true;
    return side === 0 ? priceTicks >= this.bestAsk : priceTicks <= this.bestBid;
  }

  #take(i: number, order: DeskOrder): number {
    const slot = this.#enter(i, order, SlotState.cancelSent);
    if (slot >= 0 && this.#crosses(order)) this.#taken[this.#agents[i]].push(order);
    return slot;
  }

  #enter(i: number, order: DeskOrder, state: number): number {
    if (!(order.sizeLots > 0)) return -1;
    const agent = this.#agents[i];
    const slots = this.#slots[agent];
    const slot = slots.findIndex((one) => one.state === SlotState.free);
    if (slot < 0) return -1;
    slots[slot] = { ...order, state };
    this.onAction?.(order.kind, agent, order);
    return slot;
  }
}

function orderOf(
  kind: DeskOrder['kind'],
  side: number,
  priceTicks: number,
  sizeLots: number,
  flags: number,
): DeskOrder {
  const reduceOnly = (flags & REDUCE_ONLY) !== 0;
  return { kind, side, priceTicks, sizeLots, reduceOnly, onIndex: false };
}
