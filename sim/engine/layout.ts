/** Fixed-size records exchanged between the deciding side and the market, and where agents live. */
import type { Memory } from '../kernel/index.js';
import type { CohortSpec } from './world-spec.js';

/** Fields of an intent: an order, cancel or replace on its way to the venue (Float64). */
export const IntentField = {
  /** Arrival time, microseconds. */
  time: 0,
  /** uint32 tie-break of its decision. */
  tie: 1,
  agent: 2,
  /** Number of the intent within its decision. */
  number: 3,
  /** `IntentOp`. */
  op: 4,
  slot: 5,
  /** side | kind << 1 | timeInForce << 4 | flags << 6 | trigger source << 10. */
  packed: 6,
  priceTicks: 7,
  sizeLots: 8,
  triggerTicks: 9,
} as const;
export const INTENT_FIELDS = 10;

/** What an intent asks for. */
export const IntentOp = { submit: 0, cancel: 1, replace: 2 } as const;

/** Fields of a report on its way to an agent (Float64): the account's state is absolute. */
export const ReportField = {
  /** Arrival time, microseconds. */
  time: 0,
  agent: 1,
  kind: 2,
  slot: 3,
  filledLots: 4,
  leavesLots: 5,
  position: 6,
  cost: 7,
  wallet: 8,
} as const;
export const REPORT_FIELDS = 9;

/** Fields of a price alert on its way to an agent (Float64). */
export const AlertField = { time: 0, agent: 1 } as const;
export const ALERT_FIELDS = 2;

/** Int32 values of a client order slot: state and flags, price, leaves. */
export const SLOT_FIELDS = 4;
export const SlotField = { state: 0, priceTicks: 1, leavesLots: 2, signedPending: 3 } as const;

/** Bits of a slot's state word above the two bits of `SlotState`. */
export const SLOT_STATE_MASK = 3;
export const SLOT_IMMEDIATE = 4;
export const SLOT_ASK = 8;

/** Fields of an agent's parent order (Float64); only cohorts that work their orders have them. */
export const ExecutionField = {
  /** The strategy's own timer and the parent's, microseconds; Infinity for none. */
  ownWake: 0,
  childWake: 1,
  /** When the parent is due, also after its timer was taken: other wakes of it are stale. */
  childDue: 2,
  /** `ParentState`. */
  state: 3,
  /** Position aimed at, and position held (lots pending included) when the parent began, lots. */
  targetLots: 4,
  fromLots: 5,
  startMicros: 6,
  /** Slices sent (twap, almgren-chriss). */
  step: 7,
  /** kappa T (almgren-chriss). */
  urgency: 8,
  /** Cumulative volume when the parent began and at its last look, lots (pov). */
  volumeStart: 9,
  volumeSeen: 10,
  /** Slot of the resting child; -1 for none (limit-join). */
  slot: 11,
  /** Drawn per agent: see `ExecutionDraws`. */
  horizonMicros: 12,
  intervalMicros: 13,
  rate: 14,
} as const;
export const EXECUTION_FIELDS = 15;

/** No parent; under way; under way and reduce-only; given up, but something may still rest. */
export const ParentState = { none: 0, working: 1, reducing: 2, ending: 3 } as const;

/** Where each cohort's agents live: global numbers are cohort base + ordinal. */
export class Population {
  readonly cohorts: readonly CohortSpec[];
  /** First global agent number per cohort, and the total at the end. */
  readonly base: Int32Array;
  /** Rows and client order slots per cohort. */
  readonly rows: Float64Array[] = [];
  readonly slots: Int32Array[] = [];
  /** Parent orders per cohort (`ExecutionField`); empty where orders go to the market at once. */
  readonly execution: Float64Array[] = [];
  readonly cohortOf: Uint16Array;
  readonly shardOf: Uint8Array;
  readonly count: number;
  /** Order slots of all agents. */
  readonly slotCount: number;
  readonly shards: number;
  readonly #instruments: Uint8Array;

  constructor(memory: Memory, cohorts: readonly CohortSpec[], shards: number) {
    this.cohorts = cohorts;
    this.shards = shards;
    this.base = new Int32Array(cohorts.length + 1);
    this.#instruments = Uint8Array.from(cohorts, (cohort) => cohort.instrument);
    let count = 0;
    let slotCount = 0;
    cohorts.forEach((cohort, c) => {
      this.base[c] = count;
      count += cohort.count;
      slotCount += cohort.count * cohort.strategy.orderSlots;
      const { rowLength, orderSlots } = cohort.strategy;
      this.rows.push(memory.float64(`rows.${c}`, cohort.count * rowLength));
      this.slots.push(memory.int32(`slots.${c}`, cohort.count * orderSlots * SLOT_FIELDS));
      this.execution.push(
        cohort.execution === undefined
          ? new Float64Array(0)
          : memory.float64(`execution.${c}`, cohort.count * EXECUTION_FIELDS),
      );
    });
    this.base[cohorts.length] = count;
    this.count = count;
    this.slotCount = slotCount;
    this.cohortOf = new Uint16Array(count);
    this.shardOf = new Uint8Array(count);
    cohorts.forEach((cohort, c) => {
      const from = this.base[c];
      this.cohortOf.fill(c, from, from + cohort.count);
      for (let s = 1; s < shards; s++) {
        const first = from + Math.floor((cohort.count * s) / shards);
        this.shardOf.fill(s, first, from + cohort.count);
      }
    });
  }

  /** Instrument an agent trades. */
  instrumentOf(agent: number): number {
    return this.#instruments[this.cohortOf[agent]];
  }

  /** Offset of an agent's row in its cohort's rows. */
  rowOf(agent: number): number {
    const c = this.cohortOf[agent];
    return (agent - this.base[c]) * this.cohorts[c].strategy.rowLength;
  }
}
