/** What an agent would decide on an imagined path of its price: on copies, leaving no trace. */
import { ExecutionField, EXECUTION_FIELDS } from '../engine/index.js';
import type { World } from '../engine/index.js';
import { accountEquity, fillAccount } from '../probe/index.js';
import {
  AgentField,
  AgentStatus,
  DecisionBatch,
  LiquidationMap,
  MARKET_FIELDS,
  MarketField,
  type OrderDesk,
  type Strategy,
  targetToLots,
  Urgency,
  WakeReason,
} from '../strategy/index.js';

/** Decisions an agent may take within one bar; what it does beyond is left out. */
const DECISIONS_MAX = 128;
/** A bar of agents without a clock, microseconds. */
const BAR_MICROS = 60e6;

/** An imagined path: straight from the mark to a price, in so many bars of the agent's clock. */
export interface ImaginedPath {
  endTicks: number;
  bars: number;
  /** Leaves out the no-trade band and the rounding to lots. */
  exact?: boolean;
  /** Part of the position whose end is looked for: above 1, as by default, none. */
  cutFraction?: number;
}

/** What came of it. */
export interface RehearsedEnd {
  /** Position at the end, lots. */
  positionLots: number;
  /** Bought less sold, quote units at the prices of the path. */
  tradedQuote: number;
  /**
   * When so much of the position was cut, microseconds, and lots cut by then; Infinity, 0: never.
   */
  cutMicros: number;
  cutLots: number;
}

/**
 * Decisions of the agents of one cohort, one agent at a time. Its row, snapshot and account are
 * copies; mark, last, mid, best quotes and index move in proportion, everything else stays. It
 * sees prices without delay; its orders fill at the price of the path, at once, those under way
 * at the mark.
 *
 * Within a bar the price stands at the bar's end: alerts crossed on the way come first, then
 * timers. Differs: an execution policy is left out, and so is what others would do on the way.
 */
export class Rehearsal {
  readonly strategy: Strategy;
  readonly batch: DecisionBatch;
  /** Position of the agent taken, with orders under way, lots. */
  heldLots = 0;
  readonly #world: World;
  readonly #cohort: number;
  readonly #instrument: number;
  readonly #row: Float64Array;
  readonly #kept: Float64Array;
  readonly #market = new Float64Array(MARKET_FIELDS);
  readonly #shown = new Float64Array(MARKET_FIELDS);
  readonly #end: RehearsedEnd = {
    positionLots: 0, tradedQuote: 0, cutMicros: Infinity, cutLots: 0,
  };
  #nowMicros = 0;
  #markTicks = 0;
  #barMicros = 0;
  #crowdSum = 0;
  #timer = Infinity;
  #below = -1;
  #above = -1;
  #keptTimer = Infinity;
  #keptBelow = -1;
  #keptAbove = -1;

  constructor(world: World, cohort: number) {
    const { spec } = world;
    const { strategy, instrument } = spec.cohorts[cohort];
    this.strategy = strategy;
    this.#world = world;
    this.#cohort = cohort;
    this.#instrument = instrument;
    this.#row = new Float64Array(strategy.rowLength);
    this.#kept = new Float64Array(strategy.rowLength);
    // Its streams are the cohort's own: draws are numbered, so a copy of the counter draws the same.
    const { economics, random, signals, crowding, cohortCount, speedLimit } =
      world.scratch.batches[cohort];
    this.batch = new DecisionBatch({
      rows: this.#row,
      market: this.#market,
      map: new Float64Array(strategy.seesLiquidationMap ? LiquidationMap.length : 0),
      orders: NO_DESK,
      economics, random, signals, crowding, cohortCount,
    });
    this.batch.speedLimit = speedLimit;
  }

  /** Looks at the world as it is now; before the first `take`, and again once it has gone on. */
  look(): void {
    const { board, venue, crowd, maps, nextWindow, spec } = this.#world;
    const newest = board.newestOffset();
    const from = newest + this.#instrument * MARKET_FIELDS;
    this.#shown.set(board.values.subarray(from, from + MARKET_FIELDS));
    this.#nowMicros = nextWindow * spec.windowMicros;
    this.#markTicks = venue.markTicks(this.#instrument);
    const column = crowd?.columnOf(this.#cohort) ?? -1;
    this.#crowdSum = column < 0 || crowd === null ? 0 : crowd.sumAt(newest / board.stride, column);
    if (this.strategy.seesLiquidationMap && maps !== null) {
      const at = maps.visibleOffset(this.#nowMicros, this.#instrument);
      this.batch.map.set(maps.values.subarray(at, at + LiquidationMap.length));
    }
  }

  /** Takes an agent of the cohort, with its clock and alerts as they stand. */
  take(agent: number): void {
    const { population, shards } = this.#world;
    const kept = this.#kept;
    const from = population.rowOf(agent);
    kept.set(population.rows[this.#cohort].subarray(from, from + kept.length));
    const pending = kept[AgentField.pending];
    kept[AgentField.pending] = 0;
    kept[AgentField.openOrders] = 0;
    const { economics } = this.batch;
    const order = { lots: pending, priceTicks: this.#markTicks };
    if (pending !== 0) fillAccount(kept, 0, economics, order);
    this.heldLots = kept[AgentField.position];
    this.batch.agent[0] = agent;
    const shard = shards[population.shardOf[agent]];
    const execution = population.execution[this.#cohort];
    const ordinal = agent - population.base[this.#cohort];
    this.#keptTimer =
      execution.length === 0
        ? shard.wheel.timeOf(agent)
        : execution[ordinal * EXECUTION_FIELDS + ExecutionField.ownWake];
    this.#keptBelow = shard.alertBelowOf(agent);
    this.#keptAbove = shard.alertAboveOf(agent);
    const period = kept[AgentField.periodMicros];
    this.#barMicros = period > 0 ? period : BAR_MICROS;
  }

  /** Whether the agent taken could act within so many bars: a timer that is due, or an alert. */
  mayAct(bars: number): boolean {
    const isDue = this.#keptTimer <= this.#nowMicros + bars * this.#barMicros;
    return isDue || this.#keptBelow >= 0 || this.#keptAbove >= 0;
  }

  /** Equity of the agent taken at the mark, and its exposure, quote units. */
  equityQuote(): number {
    return accountEquity(this.#kept, 0, this.batch.economics, this.#markTicks);
  }

  exposureQuote(): number {
    return this.batch.economics.exposureQuote(this.heldLots, this.#markTicks);
  }

  /** Value k of the row of the agent taken. */
  valueAt(k: number): number {
    return this.#kept[k];
  }

  /** Walks a path; the result is overwritten by the next. O(bars x the rule's own cost). */
  walk(path: ImaginedPath): Readonly<RehearsedEnd> {
    const { endTicks, bars } = path;
    const end = this.#end;
    this.#row.set(this.#kept);
    if (path.exact === true) this.#row[AgentField.band] = 0;
    this.#timer = this.#keptTimer;
    this.#below = this.#keptBelow;
    this.#above = this.#keptAbove;
    end.tradedQuote = 0;
    end.cutMicros = Infinity;
    end.cutLots = 0;
    let before = this.#markTicks;
    for (let k = 1; k <= bars; k++) {
      const straight = this.#markTicks + ((endTicks - this.#markTicks) * k) / bars;
      const ticks = k === bars ? endTicks : Math.round(straight);
      this.#runBar(k, before, ticks, path);
      before = ticks;
    }
    end.positionLots = this.#row[AgentField.position];
    return end;
  }

  #runBar(bar: number, before: number, ticks: number, path: ImaginedPath): void {
    const start = this.#nowMicros + (bar - 1) * this.#barMicros;
    const end = start + this.#barMicros;
    let low = Math.min(before, ticks);
    let high = Math.max(before, ticks);
    this.#show(ticks, low, high, end);
    let now = start;
    let filled = false;
    for (let n = 0; n < DECISIONS_MAX; n++) {
      let reason = 0;
      if (filled) reason = this.strategy.wakeOn & WakeReason.fill;
      if (reason === 0 && this.#meets(low, high)) {
        reason = WakeReason.alert;
        now = Math.min(now + 1, end);
      } else if (reason === 0 && this.#timer <= end) {
        reason = WakeReason.timer;
        now = Math.max(now, this.#timer);
        this.#timer = Infinity;
      }
      if (reason === 0) return;
      filled = this.#decide(now, reason, ticks, path);
      // From now on the price stands where the bar ends.
      low = ticks;
      high = ticks;
      if (reason === WakeReason.alert) {
        this.#market[MarketField.low] = ticks;
        this.#market[MarketField.high] = ticks;
      }
    }
  }

  #show(ticks: number, low: number, high: number, endMicros: number): void {
    const market = this.#market;
    market.set(this.#shown);
    const factor = ticks / this.#markTicks;
    market[MarketField.window] = Math.floor(endMicros / this.#world.spec.windowMicros) - 1;
    market[MarketField.mark] = ticks;
    market[MarketField.low] = low;
    market[MarketField.high] = high;
    market[MarketField.last] = Math.round(market[MarketField.last] * factor);
    market[MarketField.index] = Math.round(market[MarketField.index] * factor);
    market[MarketField.mid] *= factor;
    if (market[MarketField.bestBid] > 0) {
      market[MarketField.bestBid] = Math.floor(market[MarketField.bestBid] * factor);
    }
    if (market[MarketField.bestAsk] > 0) {
      market[MarketField.bestAsk] = Math.ceil(market[MarketField.bestAsk] * factor);
    }
  }

  /** Says whether an alert is met, which clears it. */
  #meets(low: number, high: number): boolean {
    const below = this.#below >= 0 && low <= this.#below;
    const above = this.#above >= 0 && high >= this.#above;
    if (below) this.#below = -1;
    if (above) this.#above = -1;
    return below || above;
  }

  /** Lets the agent decide and fills what it wants; says whether it traded. */
  #decide(now: number, reason: number, ticks: number, path: ImaginedPath): boolean {
    const { batch } = this;
    const { economics } = batch;
    const row = this.#row;
    batch.count = 1;
    batch.row[0] = 0;
    batch.time[0] = now;
    batch.reason[0] = reason;
    batch.marketAt[0] = 0;
    batch.mapAt[0] = 0;
    batch.price[0] = ticks * economics.quotePerTick;
    batch.equity[0] = accountEquity(row, 0, economics, ticks);
    batch.exposure[0] = economics.exposureQuote(row[AgentField.position], ticks);
    batch.crowdSum[0] = this.#crowdSum;
    batch.clearOutputs();
    this.strategy.decide(batch);
    row[AgentField.decisions]++;
    const wake = batch.wakeAt[0];
    if (wake === wake) this.#timer = wake > now ? Math.ceil(wake) : now + 1;
    if (batch.alertBelow[0] === batch.alertBelow[0]) this.#below = Math.floor(batch.alertBelow[0]);
    if (batch.alertAbove[0] === batch.alertAbove[0]) this.#above = Math.ceil(batch.alertAbove[0]);
    const lots = path.exact === true ? exactLots(batch) : targetToLots(batch, 0);
    if (lots === 0) return false;
    fillAccount(row, 0, economics, { lots, priceTicks: ticks });
    const end = this.#end;
    end.tradedQuote += economics.exposureQuote(lots, ticks);
    const cut = this.heldLots - row[AgentField.position];
    const cutPart = cut / this.heldLots;
    if (end.cutMicros === Infinity && cutPart >= (path.cutFraction ?? Infinity)) {
      end.cutMicros = now;
      // A position that turns over leaves whole; what it opens anew is no exit.
      end.cutLots = Math.min(Math.abs(cut), Math.abs(this.heldLots));
    }
    return true;
  }
}

/** What `targetToLots` gives, before the speed limit and the rounding to lots. */
function exactLots(batch: DecisionBatch): number {
  const { rows, economics } = batch;
  const wanted = batch.target[0];
  if (wanted !== wanted || (rows[AgentField.status] & AgentStatus.halted) !== 0) return 0;
  const cap = rows[AgentField.leverageMax] * Math.max(batch.equity[0], 0);
  const ticks = batch.price[0] / economics.quotePerTick;
  const held = rows[AgentField.position];
  const lots = economics.lotsOf(Math.min(Math.max(wanted, -cap), cap), ticks) - held;
  if ((batch.urgency[0] & Urgency.reduceOnly) === 0) return lots;
  return Math.min(Math.max(lots, Math.min(-held, 0)), Math.max(-held, 0));
}

/** Sizing rules send no orders of their own. */
const NO_DESK: OrderDesk = {
  limit: () => -1,
  immediate: () => -1,
  market: () => -1,
  stop: () => -1,
  cancel: () => undefined,
  cancelAll: () => 0,
  slotState: () => 0,
  slotSide: () => 0,
  slotPrice: () => 0,
  slotLeaves: () => 0,
};
