/** Turns decisions into intents on their way to the venue, and keeps the agents' own order slots. */
import type { Calendar } from '../kernel/index.js';
import { mix32 } from '../kernel/index.js';
import { AgentField, OrderKind, SlotState } from '../strategy/index.js';
import type { DecisionBatch, OrderDesk } from '../strategy/index.js';
import { Side, TimeInForce } from '../book/index.js';
import {
  IntentField,
  IntentOp,
  SLOT_ASK,
  SLOT_FIELDS,
  SLOT_IMMEDIATE,
  SLOT_STATE_MASK,
  SlotField,
} from './layout.js';

/** Largest size of one order, lots. */
export const ORDER_LOTS_MAX = 1_000_000_000;

/** Counters of one shard, kept in shared memory. */
export const DeskCounter = {
  wakes: 0, limits: 1, markets: 2, cancels: 3, stops: 4,
  /** Wakes that served nothing but parent orders. */
  executions: 5,
} as const;
export const DESK_COUNTERS = 8;

/**
 * The order desk of one cohort on one thread. An intent decided at t arrives at t + order latency; its
 * tie key is a hash of (seed, agent key, decision number), so nobody is favoured and an agent's own
 * intents keep their order.
 */
export class IntentDesk implements OrderDesk {
  #intents!: Calendar;
  #counters!: Float64Array;
  readonly #slots: Int32Array;
  readonly #slotCount: number;
  readonly #base: number;
  #seedKey: number;
  readonly #windowMicros: number;
  readonly #ticksMax: number;
  #batch!: DecisionBatch;
  /** Intents sent per batch member in the present decision. */
  readonly #numbers: Int32Array;

  constructor(options: {
    slots: Int32Array;
    slotCount: number;
    base: number;
    seedKey: number;
    windowMicros: number;
    ticksMax: number;
    batchMax: number;
  }) {
    this.#slots = options.slots;
    this.#slotCount = options.slotCount;
    this.#base = options.base;
    this.#seedKey = options.seedKey;
    this.#windowMicros = options.windowMicros;
    this.#ticksMax = options.ticksMax;
    this.#numbers = new Int32Array(options.batchMax);
  }

  /** Breaks ties by another key from now on. */
  rekey(seedKey: number): void {
    this.#seedKey = seedKey;
  }

  /** Sends what follows to a shard's calendar, counted in its counters. */
  serve(intents: Calendar, counters: Float64Array): void {
    this.#intents = intents;
    this.#counters = counters;
  }

  /** Starts a batch: every member begins a new decision. */
  begin(batch: DecisionBatch): void {
    this.#batch = batch;
    const { rows, row, count } = batch;
    for (let i = 0; i < count; i++) {
      rows[row[i] + AgentField.decisions]++;
      this.#numbers[i] = 0;
    }
  }

  limit(i: number, side: number, priceTicks: number, sizeLots: number, flags: number): number {
    this.#counters[DeskCounter.limits]++;
    return this.#submit(i, side, OrderKind.limit, TimeInForce.gtc, priceTicks, sizeLots, flags, 0);
  }

  immediate(i: number, side: number, priceTicks: number, sizeLots: number, flags: number): number {
    this.#counters[DeskCounter.limits]++;
    return this.#submit(i, side, OrderKind.limit, TimeInForce.ioc, priceTicks, sizeLots, flags, 0);
  }

  market(i: number, side: number, sizeLots: number, protectionTicks: number, flags: number): number {
    this.#counters[DeskCounter.markets]++;
    const price = protectionTicks > 0 ? protectionTicks : 0;
    return this.#submit(i, side, OrderKind.market, TimeInForce.ioc, price, sizeLots, flags, 0);
  }

  stop(
    i: number,
    side: number,
    kind: number,
    triggerTicks: number,
    sizeLots: number,
    source: number,
    flags: number,
  ): number {
    this.#counters[DeskCounter.stops]++;
    const slot = this.#submit(
      i, side, kind, TimeInForce.ioc, 0, sizeLots, flags | (source << 4), triggerTicks,
    );
    return slot;
  }

  cancel(i: number, slot: number): void {
    const at = this.#slotAt(i, slot);
    if ((this.#slots[at] & SLOT_STATE_MASK) !== SlotState.live) return;
    this.#slots[at] = (this.#slots[at] & ~SLOT_STATE_MASK) | SlotState.cancelSent;
    this.#counters[DeskCounter.cancels]++;
    const { records } = this.#intents;
    const r = this.#push(i, slot, IntentOp.cancel);
    records[r + IntentField.packed] = 0;
    records[r + IntentField.priceTicks] = 0;
    records[r + IntentField.sizeLots] = 0;
    records[r + IntentField.triggerTicks] = 0;
  }

  cancelAll(i: number): number {
    const batch = this.#batch;
    if (batch.rows[batch.row[i] + AgentField.openOrders] === 0) return 0;
    let sent = 0;
    const from = this.#slotAt(i, 0);
    for (let slot = 0; slot < this.#slotCount; slot++) {
      if ((this.#slots[from + slot * SLOT_FIELDS] & SLOT_STATE_MASK) !== SlotState.live) continue;
      this.cancel(i, slot);
      sent++;
    }
    return sent;
  }

  slotState(i: number, slot: number): number {
    return this.#slots[this.#slotAt(i, slot)] & SLOT_STATE_MASK;
  }

  slotSide(i: number, slot: number): number {
    return this.#slots[this.#slotAt(i, slot)] & SLOT_ASK ? Side.ask : Side.bid;
  }

  slotPrice(i: number, slot: number): number {
    return this.#slots[this.#slotAt(i, slot) + SlotField.priceTicks];
  }

  slotLeaves(i: number, slot: number): number {
    return this.#slots[this.#slotAt(i, slot) + SlotField.leavesLots];
  }

  #slotAt(i: number, slot: number): number {
    return ((this.#batch.agent[i] - this.#base) * this.#slotCount + slot) * SLOT_FIELDS;
  }

  #submit(
    i: number,
    side: number,
    kind: number,
    timeInForce: number,
    priceTicks: number,
    sizeLots: number,
    flags: number,
    triggerTicks: number,
  ): number {
    const slots = this.#slots;
    const from = this.#slotAt(i, 0);
    let slot = 0;
    let at = from;
    while (slot < this.#slotCount && (slots[at] & SLOT_STATE_MASK) !== SlotState.free) {
      slot++;
      at += SLOT_FIELDS;
    }
    if (slot === this.#slotCount || !(sizeLots >= 1)) return -1;
    const size = sizeLots > ORDER_LOTS_MAX ? ORDER_LOTS_MAX : Math.floor(sizeLots);
    let price = Math.floor(priceTicks);
    if (kind === OrderKind.limit) {
      if (!(price >= 1)) price = 1;
      if (price >= this.#ticksMax) price = this.#ticksMax - 1;
    }
    const immediate = timeInForce === TimeInForce.gtc ? 0 : SLOT_IMMEDIATE;
    slots[at] = SlotState.live | immediate | (side === Side.ask ? SLOT_ASK : 0);
    slots[at + SlotField.priceTicks] = price;
    slots[at + SlotField.leavesLots] = size;
    const pending = triggerTicks === 0 && immediate ? (side === Side.ask ? -size : size) : 0;
    slots[at + SlotField.signedPending] = pending;
    const batch = this.#batch;
    batch.rows[batch.row[i] + AgentField.pending] += pending;
    batch.rows[batch.row[i] + AgentField.openOrders]++;
    const { records } = this.#intents;
    const r = this.#push(i, slot, IntentOp.submit);
    records[r + IntentField.packed] = side | (kind << 1) | (timeInForce << 4) | (flags << 6);
    records[r + IntentField.priceTicks] = price;
    records[r + IntentField.sizeLots] = size;
    records[r + IntentField.triggerTicks] = triggerTicks;
    return slot;
  }

  /** Files an empty intent record for batch member i; returns its offset. */
  #push(i: number, slot: number, op: number): number {
    const batch = this.#batch;
    const row = batch.row[i];
    const { rows } = batch;
    const time = batch.time[i] + rows[row + AgentField.orderLatencyMicros];
    const { records } = this.#intents;
    const r = this.#intents.push(Math.floor(time / this.#windowMicros));
    records[r + IntentField.time] = time;
    records[r + IntentField.tie] = mix32(
      this.#seedKey ^ rows[row + AgentField.keyHigh],
      rows[row + AgentField.keyLow],
      rows[row + AgentField.decisions],
    );
    records[r + IntentField.agent] = batch.agent[i];
    records[r + IntentField.number] = this.#numbers[i]++;
    records[r + IntentField.op] = op;
    records[r + IntentField.slot] = slot;
    return r;
  }
}
