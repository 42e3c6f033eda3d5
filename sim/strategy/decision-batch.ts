/** The due agents of one cohort, what each of them knows, and what they decide. */
import { normalCdf, type RandomStream } from '../kernel/index.js';
import { AgentField } from './agent-row.js';
import type { Economics } from './economics.js';
import type { OrderDesk } from './order-desk.js';

/** Agents handed to `decide` at once, at most. */
export const BATCH_MAX = 1024;

/**
 * One call of a strategy: inputs are columns indexed by i in 0..count-1, each agent seeing only what
 * had reached it by `time[i]`. Outputs are preset to "no change" (NaN) before the call.
 */
export class DecisionBatch {
  /** Agents in this call. */
  count = 0;
  /** Rows of the cohort and the offset of each agent's row in it. */
  rows: Float64Array;
  readonly row = new Int32Array(BATCH_MAX);
  /** Global agent numbers (for the order desk; never a source of behaviour). */
  readonly agent = new Int32Array(BATCH_MAX);
  /** Decision times, microseconds. */
  readonly time = new Float64Array(BATCH_MAX);
  /** Bits of `WakeReason`. */
  readonly reason = new Int32Array(BATCH_MAX);
  /** Published snapshots, and the offset of the one each agent sees (see `MarketField`). */
  market: Float64Array;
  readonly marketAt = new Int32Array(BATCH_MAX);
  /** Mark seen, quote units; own equity and signed exposure at it, quote units. Sizing and quoting. */
  readonly price = new Float64Array(BATCH_MAX);
  readonly equity = new Float64Array(BATCH_MAX);
  readonly exposure = new Float64Array(BATCH_MAX);

  /** Sum over the cohort of what it publishes, as it had reached the agent. Publishing ones only. */
  readonly crowdSum = new Float64Array(BATCH_MAX);
  /** Agents in the cohort. */
  cohortCount = 1;
  /** Most the wrapper trades per decision, fraction of the average daily volume; Infinity for all. */
  speedLimit = Infinity;
  /** Liquidation maps and the offset of the one each agent sees (see `LiquidationMap`). */
  map: Float64Array;
  readonly mapAt = new Int32Array(BATCH_MAX);

  /** Target exposure, signed, quote units; NaN = hold. Sizing strategies only. */
  readonly target = new Float64Array(BATCH_MAX);
  /** Bit 0: forced (skips the band). Bit 1: reduce-only. */
  readonly urgency = new Int32Array(BATCH_MAX);
  /** Next timer, microseconds: NaN keeps the present one, Infinity clears it. */
  readonly wakeAt = new Float64Array(BATCH_MAX);
  /**
   * How many of these decisions complete an earlier wake (a query's reply, the second step of one
   * decision): they are not counted as wakes. The strategy adds them up, the engine resets it.
   */
  continued = 0;
  /** Price alerts on the mark, ticks: NaN keeps, -1 clears. Fires once, then must be set again. */
  readonly alertBelow = new Float64Array(BATCH_MAX);
  readonly alertAbove = new Float64Array(BATCH_MAX);

  /** Contract terms, random stream of the cohort, and the desk for strategies that quote. */
  readonly economics: Economics;
  readonly random: RandomStream;
  readonly orders: OrderDesk;
  /** Noise of the cohort's signals, and how much of it is common: 0 none, 1 all. */
  readonly signals: RandomStream;
  readonly crowding: number;

  constructor(options: {
    rows: Float64Array;
    market: Float64Array;
    map?: Float64Array;
    economics: Economics;
    random: RandomStream;
    orders: OrderDesk;
    /** The stream of `random` when left out, which a strategy must then not use for both. */
    signals?: RandomStream;
    crowding?: number;
    cohortCount?: number;
  }) {
    this.rows = options.rows;
    this.market = options.market;
    this.economics = options.economics;
    this.random = options.random;
    this.orders = options.orders;
    this.map = options.map ?? new Float64Array(0);
    this.signals = options.signals ?? options.random;
    this.crowding = options.crowding ?? 0;
    this.cohortCount = options.cohortCount ?? 1;
  }

  /**
   * Draws the standard normal noise of agent i's signal `lane` in turn `turn` (its bar number, say).
   *
   * With crowding c it is sqrt(c) Z + sqrt(1 - c) e: Z is the cohort's in that lane and turn, e the
   * agent's own, so the distribution stays and the correlation of two agents is c.
   */
  noise(i: number, lane: number, turn: number): number {
    const { crowding, signals } = this;
    const common = crowding > 0 ? Math.sqrt(crowding) * signals.normal(0, lane, turn) : 0;
    if (crowding >= 1) return common;
    const keyLow = this.rows[this.row[i] + AgentField.keyLow];
    return common + Math.sqrt(1 - crowding) * signals.normal(lane + 1, keyLow, turn);
  }

  /** The same noise as a uniform in (0, 1). */
  uniformNoise(i: number, lane: number, turn: number): number {
    return normalCdf(this.noise(i, lane, turn));
  }

  /** Sets the outputs of the first `count` agents to "no change". */
  clearOutputs(): void {
    const { count, target, urgency, wakeAt, alertBelow, alertAbove } = this;
    this.continued = 0;
    for (let i = 0; i < count; i++) {
      target[i] = NaN;
      urgency[i] = 0;
      wakeAt[i] = NaN;
      alertBelow[i] = NaN;
      alertAbove[i] = NaN;
    }
  }
}
