/** One agent's decision on a copy of everything it may see and write. */
import { AgentField, DecisionBatch, LiquidationMap, MARKET_FIELDS, ROW_HEADER } from '../strategy/index.js';
import type { OrderDesk, Strategy } from '../strategy/index.js';

/** Values on either side of the row that must stay as they are. */
export const MARGIN = 256;

/**
 * Two quiet NaNs that no arithmetic makes: one stands around the row, so that a value read there spreads,
 * one in outputs that were not written. They are told apart by their upper words.
 */
const CANARY_HIGH = 0x7ff8c0de;
const UNWRITTEN_HIGH = 0x7ff8beef;
const LOW = 0x13579bdf;

/** Word of a Float64 that holds its sign and exponent. */
const HIGH = new Uint32Array(new Float64Array([1]).buffer)[0] === 0 ? 1 : 0;

/** A batch of one. The rule sees `seen`; `from` fills it, `restore` sets it back to that. */
export class PrivateBatch {
  readonly seen: DecisionBatch;
  /** The row as it was, and as a call left it. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly #strategy: Strategy;
  readonly #real: DecisionBatch;
  readonly #words: Uint32Array;
  readonly #afterWords: Uint32Array;
  readonly #beforeWords: Uint32Array;
  readonly #outputWords: readonly Uint32Array[];
  #i = 0;

  constructor(strategy: Strategy, real: DecisionBatch, orders: OrderDesk) {
    const { rowLength } = strategy;
    const rows = new Float64Array(MARGIN + rowLength + MARGIN);
    this.#strategy = strategy;
    this.#real = real;
    this.before = new Float64Array(rowLength);
    this.after = new Float64Array(rowLength);
    this.#words = new Uint32Array(rows.buffer);
    this.#afterWords = new Uint32Array(this.after.buffer);
    this.#beforeWords = new Uint32Array(this.before.buffer);
    this.seen = new DecisionBatch({
      rows,
      market: new Float64Array(MARKET_FIELDS),
      map: new Float64Array(strategy.seesLiquidationMap ? LiquidationMap.length : 0),
      economics: real.economics,
      random: real.random,
      signals: real.signals,
      crowding: real.crowding,
      orders,
    });
    const { target, wakeAt, alertBelow, alertAbove } = this.seen;
    const outputs = [target, wakeAt, alertBelow, alertAbove];
    this.#outputWords = outputs.map((column) => new Uint32Array(column.buffer));
    // Set once: a run in which one changes has no next decision.
    for (let k = 0; k < MARGIN; k++) {
      setNaN(this.#words, k, CANARY_HIGH);
      setNaN(this.#words, MARGIN + rowLength + k, CANARY_HIGH);
    }
  }

  /** Takes member i of the real batch. */
  from(i: number): void {
    this.#i = i;
    const { rows, row } = this.#real;
    this.before.set(rows.subarray(row[i], row[i] + this.#strategy.rowLength));
    this.restore();
  }

  /** Sets everything the rule sees to what it was before the decision. */
  restore(): void {
    const { seen } = this;
    const real = this.#real;
    const i = this.#i;
    seen.rows.set(this.before, MARGIN);
    seen.count = 1;
    seen.row[0] = MARGIN;
    seen.agent[0] = real.agent[i];
    seen.time[0] = real.time[i];
    seen.reason[0] = real.reason[i];
    const market = real.marketAt[i];
    for (let k = 0; k < MARKET_FIELDS; k++) seen.market[k] = real.market[market + k];
    seen.marketAt[0] = 0;
    const map = real.mapAt[i];
    for (let k = 0; k < seen.map.length; k++) seen.map[k] = real.map[map + k];
    seen.mapAt[0] = 0;
    seen.price[0] = real.price[i];
    seen.equity[0] = real.equity[i];
    seen.exposure[0] = real.exposure[i];
    seen.crowdSum[0] = real.crowdSum[i];
    seen.cohortCount = real.cohortCount;
    seen.continued = 0;
    seen.urgency[0] = real.urgency[i];
    for (const column of this.#outputWords) setNaN(column, 0, UNWRITTEN_HIGH);
  }

  /** Copies a header field from the real row, which the desk writes. */
  follow(field: number): void {
    const { rows, row } = this.#real;
    this.seen.rows[MARGIN + field] = rows[row[this.#i] + field];
  }

  /** Keeps the row as the rule left it. */
  keep(): void {
    this.after.set(this.seen.rows.subarray(MARGIN, MARGIN + this.#strategy.rowLength));
  }

  /** Tells whether an output was written: 0 target, 1 wakeAt, 2 alertBelow, 3 alertAbove. */
  wrote(output: number): boolean {
    const words = this.#outputWords[output];
    return words[HIGH] !== UNWRITTEN_HIGH || words[1 - HIGH] !== LOW;
  }

  /** Tells whether anything beside the row was written. */
  strayed(): boolean {
    const words = this.#words;
    const end = MARGIN + this.#strategy.rowLength;
    for (let k = 0; k < MARGIN; k++) {
      if (!holdsNaN(words, k, CANARY_HIGH) || !holdsNaN(words, end + k, CANARY_HIGH)) return true;
    }
    return false;
  }

  /** Tells whether value k of the row has the bits it had before. */
  isUnchanged(k: number): boolean {
    const was = this.#beforeWords;
    const is = this.#words;
    const at = 2 * (MARGIN + k);
    return is[at] === was[2 * k] && is[at + 1] === was[2 * k + 1];
  }

  /** First value of the row that differs in any bit from the kept one; -1 for none. */
  differsAt(): number {
    const kept = this.#afterWords;
    const is = this.#words;
    for (let k = 0; k < kept.length; k++) {
      if (is[2 * MARGIN + k] !== kept[k]) return k >> 1;
    }
    return -1;
  }

  /** Copies what the rule decided to the real batch: state, draw counter, the outputs it wrote. */
  handBack(): void {
    const real = this.#real;
    const i = this.#i;
    const stateAt = ROW_HEADER + this.#strategy.paramNames.length;
    real.rows.set(this.after.subarray(stateAt), real.row[i] + stateAt);
    real.rows[real.row[i] + AgentField.draws] = this.after[AgentField.draws];
    const { target, wakeAt, alertBelow, alertAbove, urgency, continued } = this.seen;
    if (this.wrote(0)) real.target[i] = target[0];
    if (this.wrote(1)) real.wakeAt[i] = wakeAt[0];
    if (this.wrote(2)) real.alertBelow[i] = alertBelow[0];
    if (this.wrote(3)) real.alertAbove[i] = alertAbove[0];
    real.urgency[i] = urgency[0];
    real.continued += continued;
  }
}

function setNaN(words: Uint32Array, k: number, high: number): void {
  words[2 * k + HIGH] = high;
  words[2 * k + 1 - HIGH] = LOW;
}

function holdsNaN(words: Uint32Array, k: number, high: number): boolean {
  return words[2 * k + HIGH] === high && words[2 * k + 1 - HIGH] === LOW;
}
