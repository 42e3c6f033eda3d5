/** Parent orders of a cohort that works its orders: from a new target to child orders over time. */
import { OrderFlag, Side } from '../book/index.js';
import type { ExecutionDraws, ExecutionSpec } from '../execution/index.js';
import {
  almgrenChrissLots,
  childLots,
  participationLots,
  tradeOffRate,
  twapLots,
  withinCap,
} from '../execution/index.js';
import {
  AgentField,
  AgentStatus,
  dailyVolumeLots,
  FORCED_OUT,
  leverageCapLots,
  MarketField,
  SlotState,
  targetToLots,
  Urgency,
} from '../strategy/index.js';
import type { DecisionBatch } from '../strategy/index.js';
import { EXECUTION_FIELDS, ExecutionField as X, ParentState } from './layout.js';
import { sendMarket } from './market-order.js';

/** Reason of a wake that serves a parent order; strategies never see it. */
export const EXECUTION_WAKE = 1 << 16;
const DAY_MICROS = 86_400e6;

/** Fills the rows of a cohort before the run starts. */
export function openExecution(rows: Float64Array, draws: ExecutionDraws): void {
  for (let k = 0, x = 0; x < rows.length; k++, x += EXECUTION_FIELDS) {
    rows[x + X.ownWake] = Infinity;
    rows[x + X.childWake] = Infinity;
    rows[x + X.childDue] = Infinity;
    rows[x + X.slot] = -1;
    rows[x + X.horizonMicros] = Math.ceil(draws.horizonMicros[k]);
    rows[x + X.intervalMicros] = Math.ceil(draws.intervalMicros[k]);
    rows[x + X.rate] = draws.rate[k];
  }
}

/**
 * Works the parent orders of one cohort on one thread. All state is in `rows` (`ExecutionField`), one
 * row per agent: at most one parent each, beside the strategy's own timer, which the parent's wakes
 * must not touch. What is left of a parent is its target less the position, lots pending included, so
 * nothing that fills while plans change is traded twice.
 */
export class ParentOrders {
  readonly #rows: Float64Array;
  readonly #base: number;
  readonly #spec: ExecutionSpec;

  constructor(rows: Float64Array, base: number, spec: ExecutionSpec) {
    this.#rows = rows;
    this.#base = base;
    this.#spec = spec;
  }

  /** Says what an agent's timer stands for at a time, and takes it: bits of a wake's reason. */
  fire(agent: number, time: number, timerReason: number): number {
    const rows = this.#rows;
    const x = this.#at(agent);
    let reason = 0;
    if (rows[x + X.ownWake] === time) {
      rows[x + X.ownWake] = Infinity;
      reason = timerReason;
    }
    if (rows[x + X.childWake] === time) {
      rows[x + X.childWake] = Infinity;
      reason |= EXECUTION_WAKE;
    }
    return reason;
  }

  /** Sets the strategy's own timer; Infinity clears it. */
  setOwnWake(agent: number, time: number): void {
    this.#rows[this.#at(agent) + X.ownWake] = time;
  }

  /** When the agent is to be woken next, by its strategy or its parent order. */
  nextWake(agent: number): number {
    const x = this.#at(agent);
    const own = this.#rows[x + X.ownWake];
    const child = this.#rows[x + X.childWake];
    return own < child ? own : child;
  }

  /**
   * Ends a parent order under way because the venue changed the position (liquidation,
   * deleveraging); true when the agent must be woken at `time` to withdraw what rests.
   */
  interrupt(agent: number, time: number): boolean {
    const rows = this.#rows;
    const x = this.#at(agent);
    if (rows[x + X.state] === ParentState.none) return false;
    rows[x + X.state] = ParentState.ending;
    rows[x + X.childWake] = Infinity;
    rows[x + X.childDue] = time;
    return true;
  }

  /** Takes the targets of a batch: each that differs replaces the parent under way. */
  take(batch: DecisionBatch): void {
    const { count, agent, target, urgency } = batch;
    const rows = this.#rows;
    for (let i = 0; i < count; i++) {
      const x = this.#at(agent[i]);
      const wanted = target[i];
      if (wanted !== wanted || this.#isHalted(batch, i)) {
        this.#serve(batch, i, x);
        continue;
      }
      const lots = targetToLots(batch, i);
      const reduceOnly = (urgency[i] & Urgency.reduceOnly) !== 0;
      if (lots === 0) {
        this.#end(batch, i, x);
      } else if (urgency[i] === FORCED_OUT) {
        this.#end(batch, i, x);
        sendMarket(batch, i, lots, OrderFlag.reduceOnly);
      } else {
        const state = reduceOnly ? ParentState.reducing : ParentState.working;
        const aim = this.#heldLots(batch, i) + lots;
        if (rows[x + X.state] === state && rows[x + X.targetLots] === aim) this.#serve(batch, i, x);
        else this.#begin(batch, i, x, state, aim);
      }
    }
  }

  /** Serves the parents of a batch that was woken for nothing else. */
  serve(batch: DecisionBatch): void {
    for (let i = 0; i < batch.count; i++) this.#serve(batch, i, this.#at(batch.agent[i]));
  }

  #at(agent: number): number {
    return (agent - this.#base) * EXECUTION_FIELDS;
  }

  #heldLots(batch: DecisionBatch, i: number): number {
    const r = batch.row[i];
    return batch.rows[r + AgentField.position] + batch.rows[r + AgentField.pending];
  }

  #isHalted(batch: DecisionBatch, i: number): boolean {
    return (batch.rows[batch.row[i] + AgentField.status] & AgentStatus.halted) !== 0;
  }

  /** From a decision to the agent's knowledge of what came of it, microseconds. */
  #roundTrip(batch: DecisionBatch, i: number): number {
    const r = batch.row[i];
    const { rows } = batch;
    return rows[r + AgentField.orderLatencyMicros] + rows[r + AgentField.feedLatencyMicros];
  }

  #wakeAt(batch: DecisionBatch, i: number, x: number, time: number): void {
    const due = time > batch.time[i] ? Math.ceil(time) : batch.time[i] + 1;
    this.#rows[x + X.childWake] = due;
    this.#rows[x + X.childDue] = due;
  }

  #finish(x: number): void {
    const rows = this.#rows;
    rows[x + X.state] = ParentState.none;
    rows[x + X.childWake] = Infinity;
    rows[x + X.childDue] = Infinity;
    rows[x + X.slot] = -1;
  }

  /** Gives up the parent under way and withdraws what rests of it. */
  #end(batch: DecisionBatch, i: number, x: number): void {
    if (this.#rows[x + X.state] === ParentState.none) return;
    this.#rows[x + X.state] = ParentState.ending;
    this.#withdraw(batch, i, x);
  }

  #begin(batch: DecisionBatch, i: number, x: number, state: number, aim: number): void {
    const rows = this.#rows;
    const volume = batch.market[batch.marketAt[i] + MarketField.volume];
    rows[x + X.state] = state;
    rows[x + X.targetLots] = aim;
    rows[x + X.fromLots] = this.#heldLots(batch, i);
    rows[x + X.startMicros] = batch.time[i];
    rows[x + X.step] = 0;
    rows[x + X.volumeStart] = volume;
    rows[x + X.volumeSeen] = volume;
    rows[x + X.urgency] =
      this.#spec.policy === 'almgren-chriss' ? this.#urgencyOf(batch, i, x) : 0;
    if (rows[x + X.slot] >= 0) this.#withdraw(batch, i, x);
    else this.#step(batch, i, x);
  }

  /** kappa T of a parent that starts now: the cost of trading follows the daily turnover seen. */
  #urgencyOf(batch: DecisionBatch, i: number, x: number): number {
    const { slices, volatility, temporaryImpact, permanentImpact } = this.#spec;
    const { economics } = batch;
    const priceTicks = batch.price[i] / economics.quotePerTick;
    const turnoverQuote = economics.exposureQuote(dailyVolumeLots(batch, i), priceTicks);
    const days = this.#rows[x + X.horizonMicros] / DAY_MICROS;
    const eta = temporaryImpact - 0.5 * permanentImpact * (days / slices);
    if (!(eta > 0)) return Infinity;
    const risk = this.#rows[x + X.rate] * volatility * volatility * turnoverQuote;
    return days * tradeOffRate(risk / eta, days / slices);
  }

  /** Cancels what rests and comes back when its end is known; ends the parent when nothing rests. */
  #withdraw(batch: DecisionBatch, i: number, x: number): void {
    const rows = this.#rows;
    const slot = rows[x + X.slot];
    if (slot >= 0 && batch.orders.slotState(i, slot) !== SlotState.free) {
      batch.orders.cancel(i, slot);
      this.#wakeAt(batch, i, x, batch.time[i] + this.#roundTrip(batch, i));
      return;
    }
    rows[x + X.slot] = -1;
    if (rows[x + X.state] === ParentState.ending) this.#finish(x);
    else this.#step(batch, i, x);
  }

  /** Serves a parent whose wake this is; others were superseded. */
  #serve(batch: DecisionBatch, i: number, x: number): void {
    const state = this.#rows[x + X.state];
    if (state === ParentState.none || this.#rows[x + X.childDue] !== batch.time[i]) return;
    if (state === ParentState.ending) this.#withdraw(batch, i, x);
    else this.#step(batch, i, x);
  }

  #step(batch: DecisionBatch, i: number, x: number): void {
    switch (this.#spec.policy) {
      case 'limit-join':
        this.#join(batch, i, x);
        break;
      case 'pov':
        this.#participate(batch, i, x);
        break;
      default:
        this.#slice(batch, i, x);
    }
  }

  /** The part of a child order that the agent may send now: none in a halt, and never past its cap. */
  #allowed(batch: DecisionBatch, i: number, lots: number): number {
    if (lots === 0 || this.#isHalted(batch, i)) return 0;
    return withinCap(this.#heldLots(batch, i), lots, leverageCapLots(batch, i));
  }

  /** Sends a child order at market, if there is anything to send and a slot for it. */
  #sendChild(batch: DecisionBatch, i: number, x: number, lots: number): void {
    if (lots === 0) return;
    const reducing = this.#rows[x + X.state] === ParentState.reducing;
    sendMarket(batch, i, lots, reducing ? OrderFlag.reduceOnly : 0);
  }

  /** Nothing pends that may come back unfilled. */
  #isSettled(batch: DecisionBatch, i: number): boolean {
    return batch.rows[batch.row[i] + AgentField.pending] === 0;
  }

  /**
   * One of n slices: equal ones, or those of Almgren and Chriss. What a slice missed the next makes
   * up, and what all have missed at most n more of them.
   */
  #slice(batch: DecisionBatch, i: number, x: number): void {
    const rows = this.#rows;
    const { policy, slices } = this.#spec;
    const parent = rows[x + X.targetLots] - rows[x + X.fromLots];
    const done = this.#heldLots(batch, i) - rows[x + X.fromLots];
    const left = childLots(parent, parent, done);
    if (left === 0 && this.#isSettled(batch, i)) {
      this.#finish(x);
      return;
    }
    const k = rows[x + X.step] + 1;
    const scheduled =
      policy === 'twap'
        ? twapLots(parent, k, slices)
        : almgrenChrissLots(parent, k, slices, rows[x + X.urgency]);
    this.#sendChild(batch, i, x, this.#allowed(batch, i, childLots(parent, scheduled, done)));
    const horizon = rows[x + X.horizonMicros];
    if (k >= slices && this.#isHalted(batch, i)) {
      this.#wakeAt(batch, i, x, batch.time[i] + horizon / slices);
    } else if (k < 2 * slices) {
      rows[x + X.step] = k;
      this.#wakeAt(batch, i, x, rows[x + X.startMicros] + Math.floor((horizon * k) / slices));
    } else this.#finish(x);
  }

  /** A share of what was traded since the last look. */
  #participate(batch: DecisionBatch, i: number, x: number): void {
    const rows = this.#rows;
    const rate = rows[x + X.rate];
    const start = rows[x + X.volumeStart];
    const volume = batch.market[batch.marketAt[i] + MarketField.volume];
    const before = participationLots(rate, rows[x + X.volumeSeen] - start);
    const share = participationLots(rate, volume - start) - before;
    rows[x + X.volumeSeen] = volume;
    const parent = rows[x + X.targetLots] - rows[x + X.fromLots];
    const done = this.#heldLots(batch, i) - rows[x + X.fromLots];
    const scheduled = done + (parent < 0 ? -share : share);
    const lots = childLots(parent, scheduled, done);
    if (childLots(parent, parent, done) === 0 && this.#isSettled(batch, i)) {
      this.#finish(x);
      return;
    }
    this.#sendChild(batch, i, x, this.#allowed(batch, i, lots));
    this.#wakeAt(batch, i, x, batch.time[i] + rows[x + X.intervalMicros]);
  }

  /**
   * Rests at the best quote of its side; moves with it; takes what is left when patience ends, for as
   * long again while that is not filled.
   */
  #join(batch: DecisionBatch, i: number, x: number): void {
    const rows = this.#rows;
    const { orders, market, marketAt, time } = batch;
    const slot = rows[x + X.slot];
    const rests = slot >= 0 && orders.slotState(i, slot) !== SlotState.free;
    const parent = rows[x + X.targetLots] - rows[x + X.fromLots];
    const done = this.#heldLots(batch, i) - rows[x + X.fromLots];
    const left = childLots(parent, parent, done);
    const lots = this.#allowed(batch, i, left);
    const deadline = rows[x + X.startMicros] + rows[x + X.horizonMicros];
    const later = time[i] + rows[x + X.intervalMicros];
    // In a halt the deadline may have passed.
    const next = time[i] < deadline && deadline < later ? deadline : later;
    const side = parent > 0 ? Side.bid : Side.ask;
    const at = marketAt[i] + (side === Side.bid ? MarketField.bestBid : MarketField.bestAsk);
    const best = market[at];
    if (rests) {
      const stays =
        this.#isHalted(batch, i) ||
        (time[i] < deadline &&
          best === orders.slotPrice(i, slot) &&
          side === orders.slotSide(i, slot) &&
          orders.slotLeaves(i, slot) <= Math.abs(lots));
      if (stays) this.#wakeAt(batch, i, x, next);
      else this.#withdraw(batch, i, x);
      return;
    }
    rows[x + X.slot] = -1;
    if (left === 0 && this.#isSettled(batch, i)) this.#finish(x);
    else if (time[i] >= deadline) {
      this.#sendChild(batch, i, x, lots);
      const isLast = time[i] >= deadline + rows[x + X.horizonMicros] && !this.#isHalted(batch, i);
      if (isLast) this.#finish(x);
      else this.#wakeAt(batch, i, x, later);
    } else {
      if (lots !== 0 && best > 0) {
        const reducing = rows[x + X.state] === ParentState.reducing;
        const flags = OrderFlag.postOnly | (reducing ? OrderFlag.reduceOnly : 0);
        rows[x + X.slot] = orders.limit(i, side, best, Math.abs(lots), flags);
      }
      this.#wakeAt(batch, i, x, next);
    }
  }
}
