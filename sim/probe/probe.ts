/** Runs one rule on a path of prices without a market, filling at the path's prices. */
import { assert, RandomSource, UserError } from '../kernel/index.js';
import {
  AgentField,
  DecisionBatch,
  type Economics,
  LiquidationMap,
  MARKET_FIELDS,
  MarketField,
  type Strategy,
  WakeReason,
} from '../strategy/index.js';
import { accountEquity, fillAccount, openAccount } from './account.js';
import { type DeskOrder, ProbeDesk } from './probe-desk.js';
import { probeEconomics, showMarket } from './probe-market.js';
import type { ProbeOptions, ProbeOrder, ProbeSight, ProbeStep } from './probe-types.js';
import { cappedTarget, reducing, wantedUnits } from './probe-wrapper.js';
import { checkOptions, checkPrice, readSettings } from './settings.js';

const DAY_MICROS = 86_400e6;
/** Decisions an agent may take within one bar. */
const DECISIONS_MAX = 200_000;
const LEVERAGE_MAX = 1e9;

/** A rule on its path; each `step` shows the next price. Cost O(agents) a step. */
export class Probe {
  readonly strategy: Strategy;
  readonly economics: Economics;
  readonly rows: Float64Array;
  readonly market = new Float64Array(MARKET_FIELDS);
  readonly batch: DecisionBatch;
  readonly count: number;
  readonly #desk: ProbeDesk;
  readonly #options: ProbeOptions;
  readonly #barMicros: number;
  readonly #agents = new Int32Array(1);
  readonly #timers: Float64Array;
  readonly #alertBelow: Float64Array;
  readonly #alertAbove: Float64Array;
  /** Units traded in the present step, their value in quote units, and the target, by agent. */
  readonly #ordered: Float64Array;
  readonly #traded: Float64Array;
  readonly #target: Float64Array;
  /** Orders of the first agent that took at once in the present step. */
  #taken: ProbeOrder[] = [];
  #steps = 0;
  #ticks = 0;
  /** Index price last shown. */
  #index = 0;
  /** What the cohort published before the present step, summed. */
  #crowd = 0;

  /** @throws UserError `probe/...` for what is out of range. */
  constructor(options: ProbeOptions) {
    const { strategy } = options;
    checkOptions(options);
    readSettings(strategy, options.params ?? {});
    const count = options.agents ?? 1;
    this.strategy = strategy;
    this.count = count;
    this.#options = options;
    this.#barMicros = options.barMicros ?? DAY_MICROS;
    this.economics = probeEconomics(Math.max(options.priceMax, options.startPrice));
    this.rows = new Float64Array(count * strategy.rowLength);
    this.#timers = new Float64Array(count).fill(Infinity);
    this.#alertBelow = new Float64Array(count).fill(-1);
    this.#alertAbove = new Float64Array(count).fill(-1);
    this.#ordered = new Float64Array(count);
    this.#traded = new Float64Array(count);
    this.#target = new Float64Array(count);
    const source = new RandomSource(options.seed ?? 0);
    this.#desk = new ProbeDesk(this.#agents, count, strategy.orderSlots);
    this.batch = new DecisionBatch({
      rows: this.rows,
      market: this.market,
      map: options.map ?? new Float64Array(LiquidationMap.length),
      economics: this.economics,
      random: source.stream(`probe/${strategy.name}`),
      signals: source.stream(`probe/signals/${strategy.name}`),
      orders: this.#desk,
      crowding: options.crowding ?? 0,
      cohortCount: count,
    });
    for (let agent = 0; agent < count; agent++) this.#openRow(agent);
  }

  /**
   * Shows the next price; returns what the first agent made of it.
   *
   * @throws UserError `probe/price`, and `probe/busy` for a rule that never rests.
   */
  step(price: number, sight: ProbeSight = {}): ProbeStep {
    checkPrice('price', price);
    const ticks = price / this.economics.quotePerTick;
    const before = this.#steps === 0 ? ticks : this.#ticks;
    this.#index = sight.index ?? price;
    checkPrice('index', this.#index);
    this.#show(ticks, before, sight);
    this.#ordered.fill(0);
    this.#traded.fill(0);
    this.#taken = [];
    this.#crowd = this.#published();
    if (this.#steps === 0) {
      for (let agent = 0; agent < this.count; agent++) this.#start(agent);
      this.#crowd = this.#published();
    }
    for (let agent = 0; agent < this.count; agent++) this.#runBar(agent, ticks);
    this.#ticks = ticks;
    this.#steps++;
    return this.#tell(price);
  }

  /** Value of an agent's parameter or state variable (of its k-th value). */
  valueOf(name: string, agent = 0, k = 0): number {
    return this.rows[agent * this.strategy.rowLength + this.strategy.at[name] + k];
  }

  /** Equity of an agent at the last price, quote units. */
  equityOf(agent = 0, price = this.#ticks * this.economics.quotePerTick): number {
    const row = agent * this.strategy.rowLength;
    return accountEquity(this.rows, row, this.economics, price / this.economics.quotePerTick);
  }

  /** Signed exposure of an agent at the last price, quote units. */
  exposureOf(agent = 0): number {
    const row = agent * this.strategy.rowLength;
    return this.economics.exposureQuote(this.rows[row + AgentField.position], this.#ticks);
  }

  /**
   * Returns the quote amount the first agent would trade in the next bar if its price were `price`,
   * the index staying where it is; the probe is left as it was.
   */
  wouldTrade(price: number, sight: ProbeSight = {}): number {
    assert(this.#steps > 0, 'a step was shown');
    const restore = this.#save();
    try {
      this.step(price, { index: this.#index, ...sight });
      return this.#traded[0];
    } finally {
      restore();
    }
  }

  #save(): () => void {
    const arrays = [
      this.rows, this.market, this.#timers, this.#alertBelow, this.#alertAbove, this.#ordered,
      this.#traded, this.#target,
    ].map((array) => [array, array.slice()] as const);
    const [steps, ticks, index, crowd] = [this.#steps, this.#ticks, this.#index, this.#crowd];
    const taken = this.#taken;
    const restoreDesk = this.#desk.save();
    return () => {
      for (const [array, kept] of arrays) array.set(kept);
      [this.#steps, this.#ticks, this.#index, this.#crowd] = [steps, ticks, index, crowd];
      this.#taken = taken;
      restoreDesk();
    };
  }

  #openRow(agent: number): void {
    const { strategy, rows, economics } = this;
    const options = this.#options;
    const row = agent * strategy.rowLength;
    const equity = options.equity ?? 100_000;
    rows[row + AgentField.feedLatencyMicros] = 1;
    rows[row + AgentField.orderLatencyMicros] = 1;
    rows[row + AgentField.keyLow] = agent;
    rows[row + AgentField.band] = options.band ?? 0;
    rows[row + AgentField.leverageMax] = options.leverageMax ?? LEVERAGE_MAX;
    rows[row + AgentField.initialEquityQuote] = equity;
    rows[row + AgentField.periodMicros] = this.#barMicros;
    for (const name of strategy.paramNames) {
      rows[row + strategy.at[name]] = options.params?.[name] ?? strategy.params[name].default;
    }
    rows.set(strategy.initialState, row + strategy.rowLength - strategy.initialState.length);
    const { startPrice } = options;
    openAccount(rows, row, economics, {
      equityQuote: equity,
      positionLots: options.position ?? 0,
      entryTicks: (options.entry ?? startPrice) / economics.quotePerTick,
      priceTicks: startPrice / economics.quotePerTick,
    });
  }

  #show(ticks: number, before: number, sight: ProbeSight): void {
    const indexTicks = this.#index / this.economics.quotePerTick;
    showMarket(this.market, { window: this.#steps, ticks, before, indexTicks }, sight.fields);
    this.#desk.bestBid = this.market[MarketField.bestBid];
    this.#desk.bestAsk = this.market[MarketField.bestAsk];
  }

  #start(agent: number): void {
    this.#observe(agent, 0, 0);
    this.strategy.start(this.batch);
    if (this.batch.wakeAt[0] === this.batch.wakeAt[0]) this.#timers[agent] = this.batch.wakeAt[0];
    this.#keepAlerts(agent);
  }

  /** An agent's bar: orders that rest, alerts and its clock at the new price, then what is due. */
  #runBar(agent: number, ticks: number): void {
    const { market } = this;
    const time = this.#steps * this.#barMicros;
    this.#target[agent] = this.rows[agent * this.strategy.rowLength + AgentField.position];
    let reason = this.#fillResting(agent) ? this.strategy.wakeOn & WakeReason.fill : 0;
    // A level and a price that lie in the same tick have met.
    if (this.#meets(agent, Math.floor(ticks), Math.ceil(ticks))) reason |= WakeReason.alert;
    if (this.#timers[agent] <= time) {
      this.#timers[agent] = Infinity;
      reason |= WakeReason.timer;
    }
    let traded = reason !== 0 && this.#decide(agent, time, reason);
    const { high, low } = MarketField;
    const [highShown, lowShown] = [market[high], market[low]];
    market[high] = ticks;
    market[low] = ticks;
    const end = time + this.#barMicros;
    let now = time;
    for (let k = 0; ; k++) {
      if (k === DECISIONS_MAX) this.#complain(k);
      if (traded && this.#meets(agent, ticks, ticks)) {
        // What it has just set is met already: a market would tell it at once.
        now = Math.min(now + 1, end - 1);
        traded = this.#decide(agent, now, WakeReason.alert);
      } else if (this.#timers[agent] < end) {
        now = this.#timers[agent];
        this.#timers[agent] = Infinity;
        traded = this.#decide(agent, now, WakeReason.timer);
      } else break;
    }
    market[high] = highShown;
    market[low] = lowShown;
  }

  /** Says whether an alert is met, which clears it. */
  #meets(agent: number, lowTicks: number, highTicks: number): boolean {
    const below = this.#alertBelow[agent] >= 0 && lowTicks <= this.#alertBelow[agent];
    const above = this.#alertAbove[agent] >= 0 && highTicks >= this.#alertAbove[agent];
    if (below) this.#alertBelow[agent] = -1;
    if (above) this.#alertAbove[agent] = -1;
    return below || above;
  }

  #observe(agent: number, time: number, reason: number): void {
    const { batch, economics, market, rows } = this;
    const row = agent * this.strategy.rowLength;
    const mark = market[MarketField.mark];
    this.#agents[0] = agent;
    rows[row + AgentField.openOrders] = this.#desk.occupied(agent);
    batch.count = 1;
    batch.row[0] = row;
    batch.agent[0] = agent;
    batch.time[0] = time;
    batch.reason[0] = reason;
    batch.price[0] = mark * economics.quotePerTick;
    batch.equity[0] = accountEquity(rows, row, economics, mark);
    batch.exposure[0] = economics.exposureQuote(rows[row + AgentField.position], mark);
    batch.crowdSum[0] = this.#crowd;
    batch.clearOutputs();
  }

  #published(): number {
    const { publishesAt, rowLength } = this.strategy;
    if (publishesAt < 0) return 0;
    let sum = 0;
    for (let agent = 0; agent < this.count; agent++) sum += this.rows[agent * rowLength + publishesAt];
    return sum;
  }

  /** Lets an agent decide, fills what it wants, and again where its fills wake it. */
  #decide(agent: number, time: number, reason: number): boolean {
    const wakes = this.strategy.wakeOn & WakeReason.fill;
    let traded = false;
    let why = reason;
    for (let k = 0; why !== 0; k++) {
      if (k === DECISIONS_MAX) this.#complain(k);
      this.#desk.reportEnds(agent);
      this.#observe(agent, time, why);
      this.strategy.decide(this.batch);
      this.rows[agent * this.strategy.rowLength + AgentField.decisions]++;
      this.#keepTimer(agent, time);
      this.#keepAlerts(agent);
      const filled = this.#trade(agent);
      traded ||= filled;
      why = filled ? wakes : 0;
    }
    return traded;
  }

  #complain(decisions: number): never {
    throw new UserError(
      'probe/busy',
      `${this.strategy.name} decided ${decisions} times within one bar; give it shorter bars ` +
        'with --set period=...',
    );
  }

  #keepTimer(agent: number, time: number): void {
    const wakeAt = this.batch.wakeAt[0];
    if (wakeAt === wakeAt) this.#timers[agent] = wakeAt > time ? wakeAt : time + 1;
  }

  #keepAlerts(agent: number): void {
    const { alertBelow, alertAbove } = this.batch;
    if (alertBelow[0] === alertBelow[0]) this.#alertBelow[agent] = Math.floor(alertBelow[0]);
    if (alertAbove[0] === alertAbove[0]) this.#alertAbove[agent] = Math.ceil(alertAbove[0]);
  }

  /** Fills the target, or the orders that take at once; says whether anything was traded. */
  #trade(agent: number): boolean {
    const mark = this.market[MarketField.mark];
    if (this.strategy.style === 'sizing') {
      const units = wantedUnits(this.batch, this.#options.lot ?? 0);
      const target = cappedTarget(this.batch);
      const held = this.rows[agent * this.strategy.rowLength + AgentField.position];
      this.#target[agent] = target === target ? target : held;
      if (units !== 0) this.#fill(agent, units, mark);
      return units !== 0;
    }
    let traded = false;
    for (const order of this.#desk.takeImmediate(agent)) {
      traded = this.#fillOrder(agent, order, mark) || traded;
      if (agent === 0) this.#taken.push(this.#orderOf(order));
    }
    return traded;
  }

  #fillResting(agent: number): boolean {
    if (this.strategy.style === 'sizing') return false;
    const mark = this.market[MarketField.mark];
    let traded = false;
    for (const order of this.#desk.takeTouched(agent, mark, this.market[MarketField.index])) {
      const price = order.kind === 'limit' ? order.priceTicks : mark;
      traded = this.#fillOrder(agent, order, price) || traded;
    }
    return traded;
  }

  #fillOrder(agent: number, order: DeskOrder, priceTicks: number): boolean {
    const held = this.rows[agent * this.strategy.rowLength + AgentField.position];
    const whole = order.side === 0 ? order.sizeLots : -order.sizeLots;
    const units = order.reduceOnly ? reducing(whole, held) : whole;
    if (units === 0) return false;
    this.#fill(agent, units, priceTicks);
    this.#target[agent] = held + units;
    return true;
  }

  #fill(agent: number, units: number, priceTicks: number): void {
    const row = agent * this.strategy.rowLength;
    fillAccount(this.rows, row, this.economics, { lots: units, priceTicks });
    this.#ordered[agent] += units;
    this.#traded[agent] += this.economics.exposureQuote(units, priceTicks);
  }

  #tell(price: number): ProbeStep {
    const { strategy, rows } = this;
    const equityQuote = this.equityOf(0, price);
    const units = this.#target[0];
    const state: Record<string, number | number[]> = {};
    for (const name of strategy.stateNames) {
      const { count } = strategy.state[name];
      const from = strategy.at[name];
      state[name] = count === undefined ? rows[from] : [...rows.subarray(from, from + count)];
    }
    const notional = units * price;
    const told: ProbeStep = {
      step: this.#steps - 1,
      price,
      equityQuote,
      targetPositionUnits: units,
      targetNotionalQuote: notional,
      targetLeverage: equityQuote === 0 ? 0 : notional / equityQuote,
      orderUnits: this.#ordered[0],
      state,
    };
    if (strategy.style === 'quoting') {
      told.orders = [...this.#taken, ...this.#desk.live(0).map((order) => this.#orderOf(order))];
    }
    return told;
  }

  #orderOf(order: DeskOrder): ProbeOrder {
    return {
      kind: order.kind,
      side: order.side === 0 ? 'buy' : 'sell',
      priceQuote: order.priceTicks < 0 ? null : order.priceTicks * this.economics.quotePerTick,
      sizeUnits: order.sizeLots,
    };
  }
}
