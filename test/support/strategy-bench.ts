/** A bench for strategies: a batch of agents, a snapshot to look at, a desk that records. */
import { RandomSource } from '../../sim/kernel/index.js';
import {
  AgentField,
  DecisionBatch,
  Economics,
  MARKET_FIELDS,
  MarketField,
  SlotState,
  WakeReason,
  targetToLots,
  type ContractTerms,
  type OrderDesk,
  type Strategy,
} from '../../sim/strategy/index.js';

/** A linear contract whose lots are fine enough to be ignored: 1 tick = 0.01, 1 lot = 1e-6. */
export const FINE_LINEAR: ContractTerms = {
  kind: 'linear',
  multiplier: 1,
  quotePerTick: 0.01,
  quotePerLot: 1e-6,
};

/** One action that reached the desk. */
export interface DeskAction {
  op: 'limit' | 'immediate' | 'market' | 'stop' | 'cancel';
  agent: number;
  side: number;
  priceTicks: number;
  sizeLots: number;
  slot: number;
}

interface Slot {
  state: number;
  side: number;
  priceTicks: number;
  leavesLots: number;
}

/** Keeps client orders as the engine would, acknowledges nothing by itself. */
export class RecordingDesk implements OrderDesk {
  actions: DeskAction[] = [];
  /** Agents of the present batch, by column. */
  agents: number[] = [];
  readonly slots: Slot[][];

  constructor(count: number, orderSlots: number) {
    this.slots = Array.from({ length: count }, () =>
      Array.from({ length: orderSlots }, () => ({
        state: SlotState.free, side: 0, priceTicks: 0, leavesLots: 0,
      })),
    );
  }

  #send(
    op: DeskAction['op'], agent: number, side: number, priceTicks: number, sizeLots: number,
  ): number {
    const slot = this.slots[agent].findIndex((s) => s.state === SlotState.free);
    if (slot < 0) return -1;
    const state = op === 'market' || op === 'immediate' ? SlotState.free : SlotState.live;
    this.slots[agent][slot] = { state, side, priceTicks, leavesLots: sizeLots };
    this.actions.push({ op, agent, side, priceTicks, sizeLots, slot });
    return slot;
  }

  limit(i: number, side: number, priceTicks: number, sizeLots: number): number {
    return this.#send('limit', this.agents[i], side, priceTicks, sizeLots);
  }
  immediate(i: number, side: number, priceTicks: number, sizeLots: number): number {
    return this.#send('immediate', this.agents[i], side, priceTicks, sizeLots);
  }
  market(i: number, side: number, sizeLots: number): number {
    return this.#send('market', this.agents[i], side, -1, sizeLots);
  }
  stop(i: number, side: number, _kind: number, triggerTicks: number, sizeLots: number): number {
    return this.#send('stop', this.agents[i], side, triggerTicks, sizeLots);
  }
  cancel(i: number, slot: number): void {
    const agent = this.agents[i];
    const order = this.slots[agent][slot];
    if (order.state !== SlotState.live) return;
    order.state = SlotState.cancelSent;
    const { side, priceTicks, leavesLots } = order;
    this.actions.push({ op: 'cancel', agent, side, priceTicks, sizeLots: leavesLots, slot });
  }
  cancelAll(i: number): number {
    let sent = 0;
    this.slots[this.agents[i]].forEach((order, slot) => {
      if (order.state !== SlotState.live) return;
      this.cancel(i, slot);
      sent++;
    });
    return sent;
  }
  slotState(i: number, slot: number): number {
    return this.slots[this.agents[i]][slot].state;
  }
  slotSide(i: number, slot: number): number {
    return this.slots[this.agents[i]][slot].side;
  }
  slotPrice(i: number, slot: number): number {
    return this.slots[this.agents[i]][slot].priceTicks;
  }
  slotLeaves(i: number, slot: number): number {
    return this.slots[this.agents[i]][slot].leavesLots;
  }

  /** The venue confirms every cancel, of all agents unless one is given. */
  confirmCancels(agent = -1): void {
    for (const slots of agent < 0 ? this.slots : [this.slots[agent]]) {
      for (const order of slots) {
        if (order.state === SlotState.cancelSent) order.state = SlotState.free;
      }
    }
  }

  /** Live orders of an agent on a side, best first. */
  live(agent: number, side: number): Slot[] {
    const sign = side === 0 ? -1 : 1;
    return this.slots[agent]
      .filter((order) => order.state === SlotState.live && order.side === side)
      .sort((a, b) => sign * (a.priceTicks - b.priceTicks));
  }

  /** Takes the actions recorded since the last call. */
  take(): DeskAction[] {
    const taken = this.actions;
    this.actions = [];
    return taken;
  }
}

export interface BenchOptions {
  count?: number;
  /** Values of parameters, the same for all agents or by agent. */
  params?: Record<string, number | ((agent: number) => number)>;
  terms?: ContractTerms;
  seed?: number;
  equityQuote?: number;
  periodMicros?: number;
  leverageMax?: number;
  band?: number;
  latencyMicros?: number;
}

/** Agents of one strategy on a bench, all looking at one snapshot. */
export class StrategyBench {
  readonly strategy: Strategy;
  readonly batch: DecisionBatch;
  readonly desk: RecordingDesk;
  readonly economics: Economics;
  readonly rows: Float64Array;
  readonly market: Float64Array;
  readonly count: number;
  /** Next timer of each agent, as its decisions set it. */
  readonly timers: Float64Array;
  readonly alertBelow: Float64Array;
  readonly alertAbove: Float64Array;

  constructor(strategy: Strategy, options: BenchOptions = {}) {
    const count = options.count ?? 1;
    this.strategy = strategy;
    this.count = count;
    this.rows = new Float64Array(count * strategy.rowLength);
    this.market = new Float64Array(MARKET_FIELDS);
    this.desk = new RecordingDesk(count, strategy.orderSlots);
    this.economics = new Economics(options.terms ?? FINE_LINEAR);
    this.timers = new Float64Array(count).fill(Infinity);
    this.alertBelow = new Float64Array(count).fill(-1);
    this.alertAbove = new Float64Array(count).fill(-1);
    this.batch = new DecisionBatch({
      rows: this.rows,
      market: this.market,
      economics: this.economics,
      random: new RandomSource(options.seed ?? 1).stream('bench'),
      orders: this.desk,
    });
    for (let i = 0; i < count; i++) {
      const r = i * strategy.rowLength;
      const equity = options.equityQuote ?? 100;
      this.rows[r + AgentField.initialEquityQuote] = equity;
      this.rows[r + AgentField.leverageMax] = options.leverageMax ?? 1000;
      this.rows[r + AgentField.band] = options.band ?? 0;
      this.rows[r + AgentField.periodMicros] = options.periodMicros ?? 86400e6;
      this.rows[r + AgentField.feedLatencyMicros] = options.latencyMicros ?? 1000;
      this.rows[r + AgentField.orderLatencyMicros] = options.latencyMicros ?? 1000;
      this.rows[r + AgentField.keyHigh] = 77;
      this.rows[r + AgentField.keyLow] = i;
      for (const name of strategy.paramNames) {
        const given = options.params?.[name];
        const value = typeof given === 'function' ? given(i) : given;
        this.rows[r + strategy.at[name]] = value ?? strategy.params[name].default;
      }
      const state = r + strategy.rowLength - strategy.initialState.length;
      this.rows.set(strategy.initialState, state);
    }
  }

  /** Reads or writes a parameter or state variable. */
  get(name: string, agent = 0): number {
    return this.rows[agent * this.strategy.rowLength + this.strategy.at[name]];
  }
  set(name: string, value: number, agent = 0): void {
    this.rows[agent * this.strategy.rowLength + this.strategy.at[name]] = value;
  }
  field(field: number, agent = 0): number {
    return this.rows[agent * this.strategy.rowLength + field];
  }
  setField(field: number, value: number, agent = 0): void {
    this.rows[agent * this.strategy.rowLength + field] = value;
  }

  /** Sets wallets so that equity at a mark is as given, keeping the position. */
  setEquity(equityQuote: number, markTicks: number, agent = 0): void {
    const now = this.equityAt(markTicks, agent);
    const quanta = this.economics.quoteToQuanta(equityQuote - now, markTicks);
    this.setField(AgentField.wallet, this.field(AgentField.wallet, agent) + quanta, agent);
  }

  equityAt(markTicks: number, agent = 0): number {
    return this.economics.equityQuote(
      this.field(AgentField.wallet, agent),
      this.field(AgentField.position, agent),
      this.field(AgentField.cost, agent),
      markTicks,
    );
  }

  /** Shows a market around a mark, every price the mark's unless given. */
  show(markTicks: number, fields: Partial<Record<keyof typeof MarketField, number>> = {}): void {
    const m = this.market;
    m[MarketField.mark] = markTicks;
    m[MarketField.index] = markTicks;
    m[MarketField.last] = markTicks;
    m[MarketField.mid] = markTicks;
    m[MarketField.bestBid] = markTicks - 1;
    m[MarketField.bestAsk] = markTicks + 1;
    m[MarketField.bestBidLots] = 1e6;
    m[MarketField.bestAskLots] = 1e6;
    m[MarketField.high] = markTicks;
    m[MarketField.low] = markTicks;
    for (const [name, value] of Object.entries(fields)) {
      m[MarketField[name as keyof typeof MarketField]] = value as number;
    }
  }

  #observe(agents: number[], timeMicros: number, reason: number): void {
    const { batch, economics } = this;
    const mark = this.market[MarketField.mark];
    batch.count = agents.length;
    this.desk.agents = agents;
    agents.forEach((agent, i) => {
      batch.row[i] = agent * this.strategy.rowLength;
      batch.agent[i] = agent;
      batch.time[i] = timeMicros;
      batch.reason[i] = reason;
      batch.marketAt[i] = 0;
      batch.price[i] = mark * economics.quotePerTick;
      batch.equity[i] = this.equityAt(mark, agent);
      batch.exposure[i] = economics.exposureQuote(this.field(AgentField.position, agent), mark);
    });
    batch.clearOutputs();
  }

  #settleOutputs(agents: number[]): void {
    const { batch } = this;
    agents.forEach((agent, i) => {
      if (batch.wakeAt[i] === batch.wakeAt[i]) this.timers[agent] = batch.wakeAt[i];
      if (batch.alertBelow[i] === batch.alertBelow[i]) this.alertBelow[agent] = batch.alertBelow[i];
      if (batch.alertAbove[i] === batch.alertAbove[i]) this.alertAbove[agent] = batch.alertAbove[i];
    });
  }

  get everyone(): number[] {
    return Array.from({ length: this.count }, (_, i) => i);
  }

  start(): void {
    this.#observe(this.everyone, 0, 0);
    this.strategy.start(this.batch);
    this.#settleOutputs(this.everyone);
  }

  /** Lets agents decide, all of them unless given; column i of the batch is the i-th of them. */
  decide(timeMicros: number, reason: number = WakeReason.timer, agents = this.everyone): void {
    this.#observe(agents, timeMicros, reason);
    this.strategy.decide(this.batch);
    this.#settleOutputs(agents);
  }

  /** Lots the shared wrapper makes of column i's target. */
  lots(i = 0): number {
    return targetToLots(this.batch, i);
  }

  /** Trades lots (fractions allowed) at the mark, without fees. */
  fill(lots: number, agent = 0, priceTicks = this.market[MarketField.mark]): void {
    const value = this.economics.inverse
      ? (-lots * this.economics.multiplier) / priceTicks
      : lots * priceTicks * this.economics.multiplier;
    const position = this.field(AgentField.position, agent) + lots;
    // Cost at average entry is not needed here: profit is realised by marking the rest to market.
    const cost = this.economics.inverse
      ? (-position * this.economics.multiplier) / priceTicks
      : position * priceTicks * this.economics.multiplier;
    const change = cost - this.field(AgentField.cost, agent) - value;
    this.setField(AgentField.wallet, this.field(AgentField.wallet, agent) + change, agent);
    this.setField(AgentField.position, position, agent);
    this.setField(AgentField.cost, cost, agent);
  }

  /** Fills column i's target exactly, without bands, caps or lots. */
  fillTarget(i = 0, agent = i): number {
    const target = this.batch.target[i];
    if (target !== target) return 0;
    const mark = this.market[MarketField.mark];
    const lots = this.economics.lotsOf(target, mark) - this.field(AgentField.position, agent);
    this.fill(lots, agent);
    return this.economics.exposureQuote(lots, mark);
  }
}

/** The reference path of the sizing tests, in quote units. */
export const GOLDEN_PATH = [100, 101, 103, 102, 99, 97, 98, 101, 104, 103];
