/** The deciding side: the agents of one shard, their clocks, alerts and mail. */
import type { Memory } from '../kernel/index.js';
import { assert, Calendar, mix32, RandomSource, TickIndex, TimingWheel } from '../kernel/index.js';
import { ReportKind } from '../venue/index.js';
import {
  AgentField,
  AgentStatus,
  BATCH_MAX,
  DecisionBatch,
  Economics,
  MARKET_FIELDS,
  MarketField,
  SlotState,
  targetToLots,
  WakeReason,
} from '../strategy/index.js';
import { DESK_COUNTERS, DeskCounter, IntentDesk } from './intent-desk.js';
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
import type { MarketBoard } from './market-board.js';
import { WakeQueue } from './wake-queue.js';
import type { WorldSpec } from './world-spec.js';

/** A sizing agent's market order goes no further than this fraction beyond the mark it saw. */
export const PROTECTION_FRACTION = 0.05;

/**
 * One shard. All its state lives in `Memory`, so the market thread may decide a small window for it
 * while the shard's own thread is parked; the fields below are views and scratch.
 */
export class Shard {
  readonly number: number;
  readonly wheel: TimingWheel;
  readonly alertsBelow: TickIndex;
  readonly alertsAbove: TickIndex;
  readonly alerts: Calendar;
  /** Written by the market thread, read here. */
  readonly reports: Calendar;
  /** Written here, read by the market thread. */
  readonly intents: Calendar;
  readonly counters: Float64Array;
  readonly #spec: WorldSpec;
  readonly #population: Population;
  readonly #board: MarketBoard;
  readonly #batches: DecisionBatch[] = [];
  readonly #desks: IntentDesk[] = [];
  readonly #queue: WakeQueue;
  #timers = new Int32Array(1024);
  #published = 0;

  constructor(
    memory: Memory,
    spec: WorldSpec,
    population: Population,
    board: MarketBoard,
    number: number,
  ) {
    this.number = number;
    this.#spec = spec;
    this.#population = population;
    this.#board = board;
    const n = population.count;
    const horizonWindows = Math.ceil(spec.latencyMicrosMax / spec.windowMicros) + 4;
    const name = `shard.${number}`;
    const share = Math.ceil(n / population.shards);
    this.wheel = new TimingWheel(memory, `${name}.wheel`, n, spec.windowMicros);
    this.alertsBelow = new TickIndex(memory, `${name}.below`, n, spec.ticksMax);
    this.alertsAbove = new TickIndex(memory, `${name}.above`, n, spec.ticksMax);
    const capacity = Math.ceil(1.25 * share) + 65_536;
    this.alerts = new Calendar(memory, `${name}.alerts`, {
      fields: ALERT_FIELDS,
      capacity,
      horizonWindows,
    });
    this.reports = new Calendar(memory, `${name}.reports`, {
      fields: REPORT_FIELDS,
      capacity: capacity + 262_144,
      horizonWindows,
    });
    this.intents = new Calendar(memory, `${name}.intents`, {
      fields: INTENT_FIELDS,
      capacity: 2 * share + 65_536,
      horizonWindows,
    });
    this.counters = memory.float64(`${name}.counters`, DESK_COUNTERS);
    this.#queue = new WakeQueue(n);
    this.#createDesks();
  }

  #createDesks(): void {
    const { cohorts, rows, slots, base } = this.#population;
    const source = new RandomSource(this.#spec.seed);
    cohorts.forEach((cohort, c) => {
      const desk = new IntentDesk({
        intents: this.intents,
        slots: slots[c],
        slotCount: cohort.strategy.orderSlots,
        base: base[c],
        seedKey: mix32(this.#spec.seed, Math.floor(this.#spec.seed / 4294967296), 0x7469),
        windowMicros: this.#spec.windowMicros,
        counters: this.counters,
        ticksMax: this.#spec.ticksMax,
        batchMax: BATCH_MAX,
      });
      this.#desks.push(desk);
      this.#batches.push(
        new DecisionBatch({
          rows: rows[c],
          market: this.#board.values,
          economics: new Economics(this.#spec.venue.instruments[cohort.instrument].contract),
          random: source.stream(`decide/${cohort.name}`),
          orders: desk,
        }),
      );
    });
  }

  /** Lets every agent of this shard set its state and first wake, at time 0. */
  start(): void {
    const { cohorts, base, shardOf } = this.#population;
    this.#published = this.#board.published;
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

  /** Files the alerts that a published window's high and low have crossed. */
  scanAlerts(highTicks: number, lowTicks: number, endMicros: number): void {
    const { alertsBelow, alertsAbove } = this;
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
    const due = this.wheel.dueCount(window);
    if (due === 0) return;
    if (due > this.#timers.length) this.#timers = new Int32Array(2 * due);
    const n = this.wheel.collect(window, this.#timers);
    for (let k = 0; k < n; k++) {
      const agent = this.#timers[k];
      this.#queue.add(agent, this.wheel.lastTimeOf(agent), WakeReason.timer);
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
      while (queue.timeOf(agent) < time) this.#runOne(agent);
      const c = cohortOf[agent];
      const reason = this.#apply(c, agent, r);
      if (reason & cohorts[c].strategy.wakeOn) queue.add(agent, time, reason);
    }
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

  #endSlot(c: number, agent: number, row: number, slot: number): void {
    if (slot < 0) return;
    const slots = this.#population.slots[c];
    const at = this.#slotAt(c, agent, slot);
    this.#population.rows[c][row + AgentField.pending] -= slots[at + SlotField.signedPending];
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
    }
    for (let c = 0; c < this.#batches.length; c++) {
      if (this.#batches[c].count > 0) this.#flush(c, false);
    }
    queue.endRound();
  }

  #runOne(agent: number): void {
    const c = this.#population.cohortOf[agent];
    assert(this.#batches[c].count === 0, 'shard: a batch was open while mail was delivered');
    this.#enqueue(c, agent);
    this.#flush(c, false);
  }

  #enqueue(c: number, agent: number): void {
    const batch = this.#batches[c];
    const i = batch.count++;
    batch.agent[i] = agent;
    batch.row[i] = this.#population.rowOf(agent);
    batch.time[i] = this.#queue.timeOf(agent);
    batch.reason[i] = this.#queue.reasonOf(agent);
    this.#queue.pop(agent);
  }

  #flush(c: number, starting: boolean): void {
    const batch = this.#batches[c];
    const { strategy, instrument } = this.#population.cohorts[c];
    this.#observe(batch, instrument);
    batch.clearOutputs();
    this.#desks[c].begin(batch);
    if (starting) strategy.start(batch);
    else {
      strategy.decide(batch);
      this.counters[DeskCounter.wakes] += batch.count - batch.continued;
      if (strategy.style === 'sizing') this.#trade(batch);
    }
    this.#settleOutputs(batch);
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

  /** Sends what the shared wrapper makes of the sizing targets. */
  #trade(batch: DecisionBatch): void {
    const { count, market, marketAt, target, orders } = batch;
    for (let i = 0; i < count; i++) {
      // NaN: hold.
      if (target[i] !== target[i]) continue;
      const lots = targetToLots(batch, i);
      if (lots === 0) continue;
      const mark = market[marketAt[i] + MarketField.mark];
      const reduceOnly = batch.urgency[i] & 2 ? 2 : 0;
      if (lots > 0) {
        orders.market(i, 0, lots, Math.ceil(mark * (1 + PROTECTION_FRACTION)), reduceOnly);
      } else {
        const protection = Math.floor(mark * (1 - PROTECTION_FRACTION));
        orders.market(i, 1, -lots, protection > 1 ? protection : 1, reduceOnly);
      }
    }
  }

  #settleOutputs(batch: DecisionBatch): void {
    const { count, agent, time, wakeAt, alertBelow, alertAbove } = batch;
    const { wheel, alertsBelow, alertsAbove } = this;
    for (let i = 0; i < count; i++) {
      const a = agent[i];
      const wake = wakeAt[i];
      if (wake === wake) wheel.schedule(a, wake > time[i] ? wake : time[i] + 1);
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
    this.alertsBelow.check();
    this.alertsAbove.check();
    this.alerts.check();
    this.reports.check();
    this.intents.check();
  }
}
