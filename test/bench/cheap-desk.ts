/** An order desk that costs little: slots in arrays, cancels confirmed at once. */
import { type OrderDesk, SlotState } from '../../sim/strategy/index.js';

/** Client orders of the agents of one batch, by their column. */
export class CheapDesk implements OrderDesk {
  /** Actions so far, and a checksum of their sides, prices and sizes. */
  actions = 0;
  checksum = 0;
  /** Signed lots of immediate orders since they were last filled, by column. */
  readonly taken: Float64Array;
  readonly #slots: number;
  /** Free slots of each agent, a stack; how many there are. */
  readonly #free: Int32Array;
  readonly #freeCount: Int32Array;
  readonly #state: Uint8Array;
  readonly #side: Uint8Array;
  readonly #price: Float64Array;
  readonly #leaves: Float64Array;

  constructor(count: number, slots: number) {
    this.#slots = slots;
    this.taken = new Float64Array(count);
    this.#free = new Int32Array(count * slots).map((_, k) => slots - 1 - (k % slots));
    this.#freeCount = new Int32Array(count).fill(slots);
    this.#state = new Uint8Array(count * slots);
    this.#side = new Uint8Array(count * slots);
    this.#price = new Float64Array(count * slots);
    this.#leaves = new Float64Array(count * slots);
  }

  limit(i: number, side: number, priceTicks: number, sizeLots: number): number {
    this.#note(side, priceTicks, sizeLots);
    const left = this.#freeCount[i];
    if (left === 0 || !(sizeLots >= 1)) return -1;
    const slot = this.#free[i * this.#slots + left - 1];
    this.#freeCount[i] = left - 1;
    const at = i * this.#slots + slot;
    this.#state[at] = SlotState.live;
    this.#side[at] = side;
    this.#price[at] = priceTicks;
    this.#leaves[at] = sizeLots;
    return slot;
  }

  immediate(i: number, side: number, priceTicks: number, sizeLots: number): number {
    this.#note(side, priceTicks, sizeLots);
    this.taken[i] += side === 0 ? sizeLots : -sizeLots;
    return 0;
  }

  market(i: number, side: number, sizeLots: number): number {
    return this.immediate(i, side, 0, sizeLots);
  }

  stop(i: number, side: number, _kind: number, triggerTicks: number, sizeLots: number): number {
    return this.limit(i, side, triggerTicks, sizeLots);
  }

  cancel(i: number, slot: number): void {
    const at = i * this.#slots + slot;
    if (this.#state[at] !== SlotState.live) return;
    this.#state[at] = SlotState.free;
    this.#free[i * this.#slots + this.#freeCount[i]++] = slot;
    this.actions++;
  }

  cancelAll(i: number): number {
    const before = this.#freeCount[i];
    if (before === this.#slots) return 0;
    for (let slot = 0; slot < this.#slots; slot++) this.cancel(i, slot);
    return this.#freeCount[i] - before;
  }

  slotState(i: number, slot: number): number {
    return this.#state[i * this.#slots + slot];
  }

  slotSide(i: number, slot: number): number {
    return this.#side[i * this.#slots + slot];
  }

  slotPrice(i: number, slot: number): number {
    return this.#price[i * this.#slots + slot];
  }

  slotLeaves(i: number, slot: number): number {
    return this.#leaves[i * this.#slots + slot];
  }

  /** Slots an agent occupies. */
  occupied(i: number): number {
    return this.#slots - this.#freeCount[i];
  }

  #note(side: number, priceTicks: number, sizeLots: number): void {
    this.actions++;
    this.checksum += (1 - 2 * side) * (priceTicks + sizeLots);
  }
}
