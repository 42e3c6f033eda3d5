/** The deciding side: the agents of one shard, their clocks, alerts and mail. */
import type { Memory } from '../kernel/index.js';
import { assert, Calendar, TickIndex, TimingWheel } from '../kernel/index.js';
import { OrderFlag } from '../book/index.js';
import { ReportKind } from '../venue/index.js';
import {
  AgentField,
  AgentStatus,
  BATCH_MAX,
  MARKET_FIELDS,
  MarketField,
  SlotState,
  targetToLots,
  Urgency,
  WakeReason,
} from '../strategy/index.js';
import type { DecisionBatch } from '../strategy/index.js';
import type { CrowdBoard } from './crowd-board.js';
import type { DecideScratch } from './decide-scratch.js';
import { DESK_COUNTERS, DeskCounter } from './intent-desk.js';
import type { IntentDesk } from './intent-desk.js';
import type { Population } from './layout.js';
import {
  ALERT_FIELDS,
  AlertField,
  INTENT_FIELDS,
  REPORT_FIELDS,
  ReportField,
  SLOT_FIELDS,
  SLOT_IMMEDIATE,
  SLOT_STATE_MASK,
  SlotField,
} from './layout.js';
import type { MapBoard } from './map-board.js';
import type { MarketBoard } from './market-board.js';
import { sendMarket } from './market-order.js';
import { EXECUTION_WAKE } from './parent-orders.js';
import type { ParentOrders } from './parent-orders.js';
import type { WakeQueue } from './wake-queue.js';
import type { WorldSpec } from './world-spec.js';

/** Most records of one calendar: 16 million, a gibibyte or so if ever used. */
const RECORDS_MAX = 1 << 24;

/** Times are whole microseconds below 2^53; a later wake never comes. */
const WAKE_MAX = Number.MAX_SAFE_INTEGER;

/** What all shards have in common. */
export interface ShardSides {
  readonly spec: WorldSpec;
  readonly population: Population;
  readonly board: MarketBoard;
  readonly crowd: CrowdBoard | null;
  readonly maps: MapBoard | null;
}

/**
 * One shard. All its state lives in `Memory`, so the market thread may decide a small window for it
 * while the shard's own thread is parked; the fields below are views and scratch.
 */
export class Shard {
  readonly number: number;
  readonly wheel: TimingWheel;
  /** Price alerts by instrument. */
  readonly #alertsBelow: TickIndex[] = [];
  readonly #alertsAbove: TickIndex[] = [];
  /** Alerts that have fired, on their way to their agents. */
  readonly alerts: Calendar;
  /** Written by the market thread, read here. */
  readonly reports: Calendar;
  /** Written here, read by the market thread. */
  readonly intents: Calendar;
  readonly counters: Float64Array;
  readonly #spec: WorldSpec;
  readonly #population: Population;
  readonly #board: MarketBoard;
  readonly #crowd: CrowdBoard | null;
  readonly #maps: MapBoard | null;
  readonly #batches: readonly DecisionBatch[];
  readonly #parents: readonly (ParentOrders | null)[];
  readonly #parentBatches: readonly (DecisionBatch | null)[];
  readonly #desks: readonly IntentDesk[];
  readonly #queue: WakeQueue;
  #timers = new Int32Array(1024);
  #published = 0;

  constructor(memory: Memory, sides: ShardSides, scratch: DecideScratch, number: number) {
    const { spec, population } = sides;
    this.number = number;
    this.#spec = spec;
    this.#population = population;
    this.#board = sides.board;
    this.#crowd = sides.crowd;
    this.#maps = sides.maps;
    this.#batches = scratch.batches;
    this.#parents = scratch.parents;
    this.#parentBatches = scratch.parentBatches;
    this.#desks = scratch.desks;
    this.#queue = scratch.queue;
    const n = population.count;
    const horizonWindows = Math.ceil(spec.latencyMicrosMax / spec.windowMicros) + 4;
    const name = `shard.${number}`;
    this.wheel = new TimingWheel(memory, `${name}.wheel`, n, spec.windowMicros);
    for (let i = 0; i < spec.venue.instruments.length; i++) {
      this.#alertsBelow.push(new TickIndex(memory, `${name}.below.${i}`, n, spec.ticksMax));
      this.#alertsAbove.push(new TickIndex(memory, `${name}.above.${i}`, n, spec.ticksMax));
    }
    // Sized for the whole population, so that what a run can hold does not depend on its shards; a
    // record costs memory only once it is used.
    const calendar = (mail: string, fields: number, records: number): Calendar => {
      const capacity = Math.min(records, RECORDS_MAX);
      return new Calendar(memory, `${name}.${mail}`, { fields, capacity, horizonWindows });
    };
    this.alerts = calendar('alerts', ALERT_FIELDS, 4 * n + 1024);
    this.reports = calendar('reports', REPORT_FIELDS, 16 * n + 262_144);
    // A slot has at most a submit, a cancel and a replace under way.
    this.intents = calendar('intents', INTENT_FIELDS, 3 * population.slotCount + 1024);
    this.counters = memory.float64(`${name}.counters`, DESK_COUNTERS);
  }

  /** Lets every agent of this shard set its state and first wake, at time 0. */
  start(): void {
    const { cohorts, base, shardOf } = this.#population;
    this.#published = this.#board.published;
    this.#takeDesks();
    for (let c = 0; c < cohorts.length; c++) {
      const batch = this.#batches[c];
      const { rowLength } = cohorts[c].strategy;
      batch.count = 0;
      for (let k = 0; k < cohorts[c].count; k++) {
        const agent = base[c] + k;
        if (shardOf[agent] !== this.number) continue;
        const i = batch.count++;
        batch.agent[i] = agent;
        batch.row[i] = k * rowLength;
        batch.time[i] = 0;
        batch.reason[i] = 0;
        if (batch.count === BATCH_MAX) this.#flush(c, true);
      }
      if (batch.count > 0) this.#flush(c, true);
    }
  }

  /** Earliest window in which something reaches this shard; Infinity when nothing ever will. */
  nextWindow(): number {
    let next = this.wheel.nextWindow();
    const report = this.reports.nextWindow();
    if (report < next) next = report;
    const alert = this.alerts.nextWindow();
    return alert < next ? alert : next;
  }

  /** About how many agents are due in a window. */
  dueCount(window: number): number {
    return (
      this.wheel.dueCount(window) + this.reports.count(window) + this.alerts.count(window)
    );
  }

  /**
   * Decides one window: each due agent acts at its due times in order, reading only what has reached
   * it by then. Cost follows the messages and wake-ups of the window.
   */
  decide(window: number, published: number): void {
    this.#published = published;
    this.#takeDesks();
    const queue = this.#queue;
    queue.begin();
    this.#collectTimers(window);
    this.#deliverAlerts(window);
    this.#deliverReports(window);
    do {
      this.#runRound();
      this.#collectTimers(window);
    } while (queue.waiting > 0);
  }

  /** Frees what was exchanged up to and including `window`; only while the shard is parked. */
  release(window: number): void {
    this.reports.release(window);
    this.alerts.release(window);
    this.intents.release(window);
  }

  /** The desks serve one shard of this thread at a time. */
  #takeDesks(): void {
    for (let c = 0; c < this.#desks.length; c++) this.#desks[c].serve(this.intents, this.counters);
  }

  /** Tick of an agent's alert below the mark, or -1. */
  alertBelowOf(agent: number): number {
    return this.#alertsBelow[this.#population.instrumentOf(agent)].tickOf(agent);
  }

  /** Tick of an agent's alert above the mark, or -1. */
  alertAboveOf(agent: number): number {
    return this.#alertsAbove[this.#population.instrumentOf(agent)].tickOf(agent);
  }

  /** Sets an agent's alerts; -1 clears one. */
  setAlerts(agent: number, belowTicks: number, aboveTicks: number): void {
    const instrument = this.#population.instrumentOf(agent);
    this.#alertsBelow[instrument].remove(agent);
    this.#alertsAbove[instrument].remove(agent);
    if (belowTicks >= 0) this.#alertsBelow[instrument].insert(agent, belowTicks);
    if (aboveTicks >= 0) this.#alertsAbove[instrument].insert(agent, aboveTicks);
  }

  /** Files the alerts that a published window's high and low of an instrument have crossed. */
  scanAlerts(instrument: number, highTicks: number, lowTicks: number, endMicros: number): void {
    const alertsBelow = this.#alertsBelow[instrument];
    const alertsAbove = this.#alertsAbove[instrument];
    for (let tick = alertsBelow.highest(); tick >= lowTicks && tick >= 0; ) {
      this.#fireAlerts(alertsBelow, tick, endMicros);
      tick = alertsBelow.highest();
    }
    for (let tick = alertsAbove.lowest(); tick >= 0 && tick <= highTicks; ) {
      this.#fireAlerts(alertsAbove, tick, endMicros);
      tick = alertsAbove.lowest();
    }
  }

  #fireAlerts(index: TickIndex, tick: number, endMicros: number): void {
    const { alerts } = this;
    for (let agent = index.first(tick); agent >= 0; agent = index.first(tick)) {
      index.remove(agent);
      const c = this.#population.cohortOf[agent];
      const row = this.#population.rowOf(agent);
      const latency = this.#population.rows[c][row + AgentField.feedLatencyMicros];
      const time = endMicros + latency;
      const r = alerts.push(Math.floor(time / this.#spec.windowMicros));
      alerts.records[r + AlertField.time] = time;
      alerts.records[r + AlertField.agent] = agent;
    }
  }

  #collectTimers(window: number): void {
    const { wheel } = this;
    const { cohortOf } = this.#population;
    // Again while an agent's timer makes way for its other one in the same window.
    for (let due = wheel.dueCount(window); due > 0; due = wheel.dueCount(window)) {
      if (due > this.#timers.length) this.#timers = new Int32Array(2 * due);
      const n = wheel.collect(window, this.#timers);
      for (let k = 0; k < n; k++) {
        const agent = this.#timers[k];
        const time = wheel.lastTimeOf(agent);
        const parents = this.#parents[cohortOf[agent]];
        if (parents === null) {
          this.#queue.add(agent, time, WakeReason.timer);
          continue;
        }
        const reason = parents.fire(agent, time, WakeReason.timer);
        if (reason !== 0) this.#queue.add(agent, time, reason);
        wheel.schedule(agent, parents.nextWake(agent));
      }
    }
  }

  #deliverAlerts(window: number): void {
    const { alerts } = this;
    const { records } = alerts;
    for (let r = alerts.first(window); r >= 0; r = alerts.next(r)) {
      this.#queue.add(records[r + AlertField.agent], records[r + AlertField.time], WakeReason.alert);
    }
  }

  #deliverReports(window: number): void {
    const { reports } = this;
    const { records } = reports;
    const queue = this.#queue;
    const { cohortOf, cohorts } = this.#population;
    for (let r = reports.first(window); r >= 0; r = reports.next(r)) {
      const agent = records[r + ReportField.agent];
      const time = records[r + ReportField.time];
      // What it decided before this report must be decided before it learns of it.
      while (queue.timeOf(agent) < time) {
        this.#runOne(agent);
        // It may have asked to be woken again before this report.
        this.#collectTimers(window);
      }
      const c = cohortOf[agent];
      const reason = this.#apply(c, agent, r);
      if (reason & cohorts[c].strategy.wakeOn) queue.add(agent, time, reason);
      if (reason === WakeReason.liquidated) this.#interrupt(c, agent, time);
    }
  }

  /** The venue changed a position: a parent order that led elsewhere ends. */
  #interrupt(c: number, agent: number, time: number): void {
    const parents = this.#parents[c];
    if (parents === null || !parents.interrupt(agent, time)) return;
    this.#queue.add(agent, time, EXECUTION_WAKE);
    this.wheel.schedule(agent, parents.nextWake(agent));
  }

  /** Brings a report to an agent's row and slots; returns the wake reason it stands for. */
  #apply(c: number, agent: number, r: number): number {
    const { records } = this.reports;
    const population = this.#population;
    const rows = population.rows[c];
    const row = population.rowOf(agent);
    rows[row + AgentField.position] = records[r + ReportField.position];
    rows[row + AgentField.cost] = records[r + ReportField.cost];
    rows[row + AgentField.wallet] = records[r + ReportField.wallet];
    const slot = records[r + ReportField.slot];
    const kind = records[r + ReportField.kind];
    switch (kind) {
      case ReportKind.filled:
      case ReportKind.fillMaker:
        this.#fillSlot(c, agent, row, slot, records[r + ReportField.leavesLots]);
        return WakeReason.fill;
      case ReportKind.accepted:
        this.#restSlot(c, agent, slot, records[r + ReportField.leavesLots]);
        return 0;
      case ReportKind.cancelled:
        this.#endSlot(c, agent, row, slot);
        return 0;
      case ReportKind.rejected:
        this.#endSlot(c, agent, row, slot);
        return WakeReason.rejected;
      case ReportKind.cancelRejected:
        this.#reviveSlot(c, agent, slot);
        return 0;
      case ReportKind.liquidated:
        if (records[r + ReportField.leavesLots] === 0) {
          rows[row + AgentField.status] |= AgentStatus.liquidated;
        }
        return WakeReason.liquidated;
      case ReportKind.deleveraged:
        return WakeReason.liquidated;
      case ReportKind.funding:
        return WakeReason.funding;
      case ReportKind.halted:
        rows[row + AgentField.status] |= AgentStatus.halted;
        return WakeReason.halt;
      case ReportKind.resumed:
        rows[row + AgentField.status] &= ~AgentStatus.halted;
        return WakeReason.halt;
      default:
        return 0;
    }
  }

  #slotAt(c: number, agent: number, slot: number): number {
    const population = this.#population;
    const { orderSlots } = population.cohorts[c].strategy;
    return ((agent - population.base[c]) * orderSlots + slot) * SLOT_FIELDS;
  }

  #fillSlot(c: number, agent: number, row: number, slot: number, leaves: number): void {
    if (slot < 0) return;
    const slots = this.#population.slots[c];
    const at = this.#slotAt(c, agent, slot);
    if (leaves <= 0 || slots[at] & SLOT_IMMEDIATE) this.#endSlot(c, agent, row, slot);
    else slots[at + SlotField.leavesLots] = leaves;
  }

  /** An order rests with what its owner's other orders have left of it. */
  #restSlot(c: number, agent: number, slot: number, leaves: number): void {
    if (slot < 0) return;
    this.#population.slots[c][this.#slotAt(c, agent, slot) + SlotField.leavesLots] = leaves;
  }

  #endSlot(c: number, agent: number, row: number, slot: number): void {
    if (slot < 0) return;
    const slots = this.#population.slots[c];
    const at = this.#slotAt(c, agent, slot);
    if ((slots[at] & SLOT_STATE_MASK) === SlotState.free) return;
    const rows = this.#population.rows[c];
    rows[row + AgentField.pending] -= slots[at + SlotField.signedPending];
    rows[row + AgentField.openOrders]--;
    slots[at] = SlotState.free;
    slots[at + SlotField.signedPending] = 0;
    slots[at + SlotField.leavesLots] = 0;
  }

  /** A refused cancel (the venue was halted, or the order is gone and its end is on its way). */
  #reviveSlot(c: number, agent: number, slot: number): void {
    const slots = this.#population.slots[c];
    const at = this.#slotAt(c, agent, slot);
    if ((slots[at] & SLOT_STATE_MASK) === SlotState.cancelSent) {
      slots[at] = (slots[at] & ~SLOT_STATE_MASK) | SlotState.live;
    }
  }

  /** Runs the earliest wake of every waiting agent, cohort by cohort. */
  #runRound(): void {
    const queue = this.#queue;
    const { cohortOf } = this.#population;
    const n = queue.startRound();
    for (let k = 0; k < n; k++) {
      const agent = queue.agentInRound(k);
      if (!queue.isWaiting(agent)) continue;
      const c = cohortOf[agent];
      this.#enqueue(c, agent);
      if (this.#batches[c].count === BATCH_MAX) this.#flush(c, false);
      if (this.#parentBatches[c]?.count === BATCH_MAX) this.#serveParents(c);
    }
    this.#flushAll();
    queue.endRound();
  }

  #flushAll(): void {
    for (let c = 0; c < this.#batches.length; c++) {
      if (this.#batches[c].count > 0) this.#flush(c, false);
      this.#serveParents(c);
    }
  }

  #runOne(agent: number): void {
    const c = this.#population.cohortOf[agent];
    assert(this.#batches[c].count === 0, 'shard: a batch was open while mail was delivered');
    this.#enqueue(c, agent);
    if (this.#batches[c].count > 0) this.#flush(c, false);
    this.#serveParents(c);
  }

  #enqueue(c: number, agent: number): void {
    const reason = this.#queue.reasonOf(agent);
    const batch = (reason === EXECUTION_WAKE ? this.#parentBatches[c] : null) ?? this.#batches[c];
    const i = batch.count++;
    batch.agent[i] = agent;
    batch.row[i] = this.#population.rowOf(agent);
    batch.time[i] = this.#queue.timeOf(agent);
    batch.reason[i] = reason & ~EXECUTION_WAKE;
    this.#queue.pop(agent);
  }

  /** Serves the parent orders of agents that were woken for nothing else. */
  #serveParents(c: number): void {
    const batch = this.#parentBatches[c];
    if (batch === null || batch.count === 0) return;
    const { instrument } = this.#population.cohorts[c];
    this.#observe(batch, instrument);
    batch.clearOutputs();
    this.#desks[c].begin(batch);
    this.#parents[c]?.serve(batch);
    this.counters[DeskCounter.executions] += batch.count;
    this.#settleOutputs(c, batch, instrument);
    batch.count = 0;
  }

  #flush(c: number, starting: boolean): void {
    const batch = this.#batches[c];
    const { strategy, instrument } = this.#population.cohorts[c];
    this.#observe(batch, instrument);
    batch.clearOutputs();
    const crowd = strategy.publishesAt >= 0 ? this.#crowd : null;
    if (crowd !== null) this.#observeCrowd(crowd, c, batch);
    if (strategy.seesLiquidationMap) this.#observeMap(batch, instrument);
    this.#desks[c].begin(batch);
    crowd?.add(this.number, c, batch, -1);
    if (starting) strategy.start(batch);
    else strategy.decide(batch);
    crowd?.add(this.number, c, batch, 1);
    if (!starting) {
      this.counters[DeskCounter.wakes] += batch.count - batch.continued;
      const parents = this.#parents[c];
      if (parents !== null) parents.take(batch);
      else if (strategy.style === 'sizing') this.#trade(batch);
    }
    this.#settleOutputs(c, batch, instrument);
    batch.count = 0;
  }

  /** Fills what each agent sees: its snapshot, and its own account at that mark. */
  #observe(batch: DecisionBatch, instrument: number): void {
    const { count, rows, row, time, market, marketAt, price, equity, exposure } = batch;
    const { economics } = batch;
    const board = this.#board;
    const published = this.#published;
    const offset = instrument * MARKET_FIELDS;
    for (let i = 0; i < count; i++) {
      const o = row[i];
      const seen = time[i] - rows[o + AgentField.feedLatencyMicros];
      const at = board.visibleOffset(seen, published) + offset;
      marketAt[i] = at;
      const mark = market[at + MarketField.mark];
      const position = rows[o + AgentField.position];
      price[i] = mark * economics.quotePerTick;
      exposure[i] = economics.exposureQuote(position, mark);
      equity[i] = economics.equityQuote(
        rows[o + AgentField.wallet],
        position,
        rows[o + AgentField.cost],
        mark,
      );
    }
  }

  /** Fills the sum over the cohort that each agent sees, with the snapshot it sees. */
  #observeCrowd(crowd: CrowdBoard, c: number, batch: DecisionBatch): void {
    const { count, marketAt, crowdSum } = batch;
    const { stride } = this.#board;
    const column = crowd.columnOf(c);
    for (let i = 0; i < count; i++) {
      crowdSum[i] = crowd.sumAt(Math.floor(marketAt[i] / stride), column);
    }
  }

  /** Fills which liquidation map each agent sees. */
  #observeMap(batch: DecisionBatch, instrument: number): void {
    const maps = this.#maps;
    if (maps === null) return;
    const { count, rows, row, time, mapAt } = batch;
    for (let i = 0; i < count; i++) {
      const seen = time[i] - rows[row[i] + AgentField.feedLatencyMicros];
      mapAt[i] = maps.visibleOffset(seen, instrument);
    }
  }

  /** Sends what the shared wrapper makes of the sizing targets. */
  #trade(batch: DecisionBatch): void {
    const { count, target, urgency } = batch;
    for (let i = 0; i < count; i++) {
      // NaN: hold.
      if (target[i] !== target[i]) continue;
      const lots = targetToLots(batch, i);
      if (lots === 0) continue;
      const isReducing = (urgency[i] & Urgency.reduceOnly) !== 0;
      sendMarket(batch, i, lots, isReducing ? OrderFlag.reduceOnly : 0);
    }
  }

  #settleOutputs(c: number, batch: DecisionBatch, instrument: number): void {
    const { count, agent, time, wakeAt, alertBelow, alertAbove } = batch;
    const { wheel } = this;
    const parents = this.#parents[c];
    const alertsBelow = this.#alertsBelow[instrument];
    const alertsAbove = this.#alertsAbove[instrument];
    for (let i = 0; i < count; i++) {
      const a = agent[i];
      const wake = wakeAt[i];
      // Whole microseconds, and never the moment it is awake.
      const later = wake > time[i] ? Math.ceil(wake) : time[i] + 1;
      const due = later <= WAKE_MAX ? later : Infinity;
      if (parents !== null) {
        if (wake === wake) parents.setOwnWake(a, due);
        wheel.schedule(a, parents.nextWake(a));
      } else if (wake === wake) wheel.schedule(a, due);
      const below = alertBelow[i];
      if (below === below) {
        alertsBelow.remove(a);
        if (below >= 0) alertsBelow.insert(a, Math.floor(below));
      }
      const above = alertAbove[i];
      if (above === above) {
        alertsAbove.remove(a);
        if (above >= 0) alertsAbove.insert(a, Math.ceil(above));
      }
    }
  }

  /** Checks the structures of this shard. */
  check(): void {
    this.wheel.check();
    for (const index of this.#alertsBelow) index.check();
    for (const index of this.#alertsAbove) index.check();
    this.alerts.check();
    this.reports.check();
    this.intents.check();
  }
}
