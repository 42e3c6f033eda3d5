/** The order desk of a probe: keeps what a quoting rule sends; immediate orders fill at the price. */
import { type OrderDesk, SlotState } from '../strategy/index.js';

/** An order a probed rule has sent. */
export interface DeskOrder {
  kind: 'limit' | 'immediate' | 'market' | 'stop';
  /** 0 buy, 1 sell. */
  side: number;
  /** Limit or trigger price, ticks; -1 for none. */
  priceTicks: number;
  sizeLots: number;
}

interface Slot extends DeskOrder {
  state: number;
}

const FREE: Slot = { kind: 'limit', side: 0, priceTicks: 0, sizeLots: 0, state: SlotState.free };

/** Client orders of the agents of a probe; cancels are confirmed before the next decision. */
export class ProbeDesk implements OrderDesk {
  /** Global agent numbers of the present batch, by column. */
  readonly #agents: Int32Array;
  readonly #slots: Slot[][];
  /** Immediate and market orders of the present decision, by agent. */
  readonly #taken: DeskOrder[][];

  constructor(agents: Int32Array, count: number, orderSlots: number) {
    this.#agents = agents;
    this.#slots = Array.from({ length: count }, () => Array.from({ length: orderSlots }, () => FREE));
    this.#taken = Array.from({ length: count }, () => []);
  }

  limit(i: number, side: number, priceTicks: number, sizeLots: number): number {
    return this.#rest(i, { kind: 'limit', side, priceTicks, sizeLots });
  }

  immediate(i: number, side: number, priceTicks: number, sizeLots: number): number {
    return this.#take(i, { kind: 'immediate', side, priceTicks, sizeLots });
  }

  market(i: number, side: number, sizeLots: number): number {
    return this.#take(i, { kind: 'market', side, priceTicks: -1, sizeLots });
  }

  stop(i: number, side: number, _kind: number, triggerTicks: number, sizeLots: number): number {
    return this.#rest(i, { kind: 'stop', side, priceTicks: triggerTicks, sizeLots });
  }

  cancel(i: number, slot: number): void {
    const slots = this.#slots[this.#agents[i]];
    if (slots[slot].state === SlotState.live) {
      slots[slot] = { ...slots[slot], state: SlotState.cancelSent };
    }
  }

  cancelAll(i: number): number {
    const slots = this.#slots[this.#agents[i]];
    let sent = 0;
    slots.forEach((order, slot) => {
      if (order.state !== SlotState.live) return;
      this.cancel(i, slot);
      sent++;
    });
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

  /** Frees the slots of an agent's cancelled orders. */
  confirmCancels(agent: number): void {
    this.#slots[agent] = this.#slots[agent].map((order) =>
      order.state === SlotState.cancelSent ? FREE : order,
    );
  }

  /** Returns and forgets the orders of an agent that take at once. */
  takeImmediate(agent: number): DeskOrder[] {
    const taken = this.#taken[agent];
    this.#taken[agent] = [];
    return taken;
  }

  /** Removes and returns the resting orders of an agent that a move between two prices passes. */
  takeTouched(agent: number, fromTicks: number, toTicks: number): DeskOrder[] {
    const low = Math.min(fromTicks, toTicks);
    const high = Math.max(fromTicks, toTicks);
    const touched: DeskOrder[] = [];
    this.#slots[agent] = this.#slots[agent].map((order) => {
      if (order.state === SlotState.free) return order;
      const buys = order.side === 0;
      const falls = order.kind === 'stop' ? !buys : buys;
      if (falls ? low > order.priceTicks : high < order.priceTicks) return order;
      touched.push(order);
      return FREE;
    });
    return touched;
  }

  /** Returns the live orders of an agent, buys first, best first. */
  live(agent: number): DeskOrder[] {
    const better = (a: DeskOrder, b: DeskOrder) =>
      a.side - b.side || (a.side === 0 ? -1 : 1) * (a.priceTicks - b.priceTicks);
    return this.#slots[agent].filter((order) => order.state === SlotState.live).sort(better);
  }

  #take(i: number, order: DeskOrder): number {
    if (!(order.sizeLots > 0)) return -1;
    this.#taken[this.#agents[i]].push(order);
    return 0;
  }

  #rest(i: number, order: DeskOrder): number {
    if (!(order.sizeLots > 0)) return -1;
    const slots = this.#slots[this.#agents[i]];
    const slot = slots.findIndex((one) => one.state === SlotState.free);
    if (slot >= 0) slots[slot] = { ...order, state: SlotState.live };
    return slot;
  }
}
