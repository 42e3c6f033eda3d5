/** Runs one rule on a path of prices without a market, filling at the path's prices. */
import { assert, RandomSource, UserError } from '../kernel/index.js';
import {
  AgentField,
  AgentStatus,
  DecisionBatch,
  Economics,
  LiquidationMap,
  MARKET_FIELDS,
  MarketField,
  type Strategy,
  Urgency,
  WakeReason,
} from '../strategy/index.js';
import { accountEquity, fillAccount, openAccount } from './account.js';
import { ProbeDesk } from './probe-desk.js';
import type { ProbeOptions, ProbeOrder, ProbeSight, ProbeStep } from './probe-types.js';

const DAY_MICROS = 86_400e6;
/** Decisions an agent may take within one bar. */
const DECISIONS_MAX = 10_000;
/** A price has this many ticks at most: half of a 32-bit integer's range. */
const TICKS_MAX = 1_073_741_824;
/** Slack of lot rounding: a target computed from whole lots keeps them. */
const LOT_SLACK = 1 + 1e-12;
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
  readonly #timers: Float64Array;
  readonly #alertBelow: Float64Array;
  readonly #alertAbove: Float64Array;
  /** Units ordered in the present step, and the last target, by agent. */
  readonly #ordered: Float64Array;
  readonly #target: Float64Array;
  #taken: ProbeOrder[] = [];
  #steps = 0;
  #ticks = 0;
  /** Index price last shown. */
  #index = 0;

  constructor(options: ProbeOptions) {
    const { strategy } = options;
    const count = options.agents ?? 1;
    this.strategy = strategy;
    this.count = count;
    this.#options = options;
    this.#barMicros = options.barMicros ?? DAY_MICROS;
    let quotePerTick = 1;
    while (options.priceMax / quotePerTick > TICKS_MAX) quotePerTick *= 2;
    while (options.priceMax / quotePerTick < TICKS_MAX / 2) quotePerTick /= 2;
    this.economics = new Economics({
      kind: 'linear', multiplier: quotePerTick, quotePerTick, quotePerLot: 1,
    });
    this.rows = new Float64Array(count * strategy.rowLength);
    this.#timers = new Float64Array(count).fill(Infinity);
    this.#alertBelow = new Float64Array(count).fill(-1);
    this.#alertAbove = new Float64Array(count).fill(-1);
    this.#ordered = new Float64Array(count);
    this.#target = new Float64Array(count);
    const source = new RandomSource(options.seed ?? 0);
    const agents = new Int32Array(1);
    this.#desk = new ProbeDesk(agents, count, strategy.orderSlots);
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
    this.#agents = agents;
    for (let agent = 0; agent < count; agent++) this.#openRow(agent);
  }

  readonly #agents: Int32Array;

  /** Shows the next price; returns what the first agent made of it. */
  step(price: number, sight: ProbeSight = {}): ProbeStep {
    const { market } = this;
    const ticks = price / this.economics.quotePerTick;
    const before = this.#steps === 0 ? ticks : this.#ticks;
    const time = this.#steps * this.#barMicros;
    this.#index = sight.index ?? price;
    this.#show(ticks, before, sight);
    this.#ordered.fill(0);
    this.#taken = [];
    for (let agent = 0; agent < this.count; agent++) {
      this.#target[agent] = this.rows[agent * this.strategy.rowLength + AgentField.position];
      if (this.#steps === 0) this.#start(agent);
      this.#fillResting(agent, before, ticks);
      const alerted = this.#alerted(agent, ticks);
      const due = this.#timers[agent] <= time;
      if (alerted || due) {
        if (due) this.#timers[agent] = Infinity;
        const reason = (due ? WakeReason.timer : 0) | (alerted ? WakeReason.alert : 0);
        this.#decide(agent, time, reason);
      }
      market[MarketField.high] = ticks;
      market[MarketField.low] = ticks;
      this.#decideWithin(agent, time + this.#barMicros);
      market[MarketField.high] = Math.max(ticks, before);
      market[MarketField.low] = Math.min(ticks, before);
    }
    this.#ticks = ticks;
    this.#steps++;
    return this.#tell(price);
  }

  /** Value of an agent's parameter or state variable. */
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
   * Returns the quote amount the first agent would trade if the next bar's price were `price`, the
   * index staying where it is; the probe is left as it was.
   */
  wouldTrade(price: number, sight: ProbeSight = {}): number {
    const rows = this.rows.slice();
    const market = this.market.slice();
    const [timer, below, above] = [this.#timers[0], this.#alertBelow[0], this.#alertAbove[0]];
    const ticks = price / this.economics.quotePerTick;
    const time = this.#steps * this.#barMicros;
    this.#show(ticks, this.#ticks, { index: this.#index, ...sight });
    const alerted = this.#alerted(0, ticks);
    const reason = (timer <= time ? WakeReason.timer : 0) | (alerted ? WakeReason.alert : 0);
    let traded = 0;
    if (reason !== 0) {
      this.#observe(0, time, reason);
      this.strategy.decide(this.batch);
      traded = this.economics.exposureQuote(this.#wantedLots(0), ticks);
    }
    this.rows.set(rows);
    market.forEach((value, k) => {
      this.market[k] = value;
    });
    this.#timers[0] = timer;
    this.#alertBelow[0] = below;
    this.#alertAbove[0] = above;
    return traded;
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
    const m = this.market;
    m[MarketField.window] = this.#steps;
    m[MarketField.mark] = ticks;
    m[MarketField.index] =
      sight.index === undefined ? ticks : sight.index / this.economics.quotePerTick;
    m[MarketField.last] = ticks;
    m[MarketField.mid] = ticks;
    m[MarketField.bestBid] = Math.ceil(ticks) - 1;
    m[MarketField.bestAsk] = Math.floor(ticks) + 1;
    m[MarketField.bestBidLots] = 1e6;
    m[MarketField.bestAskLots] = 1e6;
    m[MarketField.high] = Math.max(ticks, before);
    m[MarketField.low] = Math.min(ticks, before);
    for (const [name, value] of Object.entries(sight.fields ?? {})) {
      m[MarketField[name as keyof typeof MarketField]] = value as number;
    }
  }

  #alerted(agent: number, ticks: number): boolean {
    const below = this.#alertBelow[agent] >= 0 && ticks <= this.#alertBelow[agent];
    const above = this.#alertAbove[agent] >= 0 && ticks >= this.#alertAbove[agent];
    if (below) this.#alertBelow[agent] = -1;
    if (above) this.#alertAbove[agent] = -1;
    return below || above;
  }

  #observe(agent: number, time: number, reason: number): void {
    const { batch, economics, market } = this;
    const row = agent * this.strategy.rowLength;
    const mark = market[MarketField.mark];
    this.#agents[0] = agent;
    batch.count = 1;
    batch.row[0] = row;
    batch.agent[0] = agent;
    batch.time[0] = time;
    batch.reason[0] = reason;
    batch.price[0] = mark * economics.quotePerTick;
    batch.equity[0] = accountEquity(this.rows, row, economics, mark);
    batch.exposure[0] = economics.exposureQuote(this.rows[row + AgentField.position], mark);
    batch.crowdSum[0] = this.#crowdSum();
    batch.clearOutputs();
  }

  #crowdSum(): number {
    const { publishesAt, rowLength } = this.strategy;
    if (publishesAt < 0) return 0;
    let sum = 0;
    for (let agent = 0; agent < this.count; agent++) sum += this.rows[agent * rowLength + publishesAt];
    return sum;
  }

  #start(agent: number): void {
    this.#observe(agent, 0, 0);
    this.strategy.start(this.batch);
    this.#settle(agent, 0);
  }

  /** Lets an agent decide, fills what it wants, and again where its fills wake it. */
  #decide(agent: number, time: number, reason: number): void {
    let why = reason;
    for (let k = 0; k < DECISIONS_MAX && why !== 0; k++) {
      this.#desk.confirmCancels(agent);
      this.#observe(agent, time, why);
      this.strategy.decide(this.batch);
      this.rows[agent * this.strategy.rowLength + AgentField.decisions]++;
      const filled = this.#trade(agent);
      this.#settle(agent, time);
      why = filled && (this.strategy.wakeOn & WakeReason.fill) !== 0 ? WakeReason.fill : 0;
    }
  }

  /** Runs the timers that are due before the next bar. */
  #decideWithin(agent: number, end: number): void {
    for (let k = 0; this.#timers[agent] < end; k++) {
      if (k === DECISIONS_MAX) {
        const { name } = this.strategy;
        throw new UserError(
          'probe/busy',
          `${name} decided ${k} times within one bar; make the bar shorter with --set period=...`,
        );
      }
      const time = this.#timers[agent];
      this.#timers[agent] = Infinity;
      this.#decide(agent, time, WakeReason.timer);
    }
  }

  #settle(agent: number, time: number): void {
    const { wakeAt, alertBelow, alertAbove } = this.batch;
    if (wakeAt[0] === wakeAt[0]) {
      this.#timers[agent] = wakeAt[0] > time || this.#steps === 0 ? wakeAt[0] : time + 1;
    }
    if (alertBelow[0] === alertBelow[0]) this.#alertBelow[agent] = Math.floor(alertBelow[0]);
    if (alertAbove[0] === alertAbove[0]) this.#alertAbove[agent] = Math.ceil(alertAbove[0]);
  }

  /** Fills the target, or the orders that take at once; says whether anything was traded. */
  #trade(agent: number): boolean {
    if (this.strategy.style === 'sizing') {
      const lots = this.#wantedLots(agent);
      const { target, price } = this.batch;
      const row = agent * this.strategy.rowLength;
      this.#target[agent] =
        target[0] === target[0] ? target[0] / price[0] : this.rows[row + AgentField.position];
      if (lots !== 0) this.#fill(agent, lots, this.market[MarketField.mark]);
      return lots !== 0;
    }
    const taken = this.#desk.takeImmediate(agent);
    for (const order of taken) {
      const lots = order.side === 0 ? order.sizeLots : -order.sizeLots;
      this.#fill(agent, lots, this.market[MarketField.mark]);
      if (agent === 0) this.#taken.push(this.#orderOf(order));
    }
    return taken.length > 0;
  }

  /** Lots the wrapper would trade, with fractions unless a lot was asked for. */
  #wantedLots(agent: number): number {
    const { batch, economics } = this;
    const wanted = batch.target[0];
    const row = agent * this.strategy.rowLength;
    if (wanted !== wanted || (this.rows[row + AgentField.status] & AgentStatus.halted) !== 0) return 0;
    const held = this.rows[row + AgentField.position];
    const urgency = batch.urgency[0];
    const exposure = economics.exposureQuote(held, this.market[MarketField.mark]);
    const band = this.rows[row + AgentField.band];
    if (band > 0 && (urgency & Urgency.forced) === 0) {
      if (!(Math.abs(wanted - exposure) > band * Math.abs(exposure))) return 0;
    }
    const cap = this.rows[row + AgentField.leverageMax] * Math.max(batch.equity[0], 0);
    const target = Math.min(Math.max(wanted, -cap), cap) / batch.price[0];
    const lot = this.#options.lot ?? 0;
    const rounded = lot > 0 ? Math.trunc((target / lot) * LOT_SLACK) * lot : target;
    let lots = rounded - held;
    if ((urgency & Urgency.reduceOnly) !== 0) {
      lots = Math.min(Math.max(lots, Math.min(-held, 0)), Math.max(-held, 0));
    }
    return lots;
  }

  #fillResting(agent: number, before: number, ticks: number): void {
    if (this.strategy.style === 'sizing') return;
    for (const order of this.#desk.takeTouched(agent, before, ticks)) {
      const lots = order.side === 0 ? order.sizeLots : -order.sizeLots;
      this.#fill(agent, lots, order.kind === 'stop' ? ticks : order.priceTicks);
    }
  }

  #fill(agent: number, lots: number, priceTicks: number): void {
    const row = agent * this.strategy.rowLength;
    fillAccount(this.rows, row, this.economics, { lots, priceTicks });
    this.#ordered[agent] += lots;
    this.#target[agent] = this.strategy.style === 'sizing' ? this.#target[agent] : this.#target[agent] + lots;
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
    assert(this.#steps > 0, 'a step was shown');
    return told;
  }

  #orderOf(order: { kind: string; side: number; priceTicks: number; sizeLots: number }): ProbeOrder {
    return {
      kind: order.kind,
      side: order.side === 0 ? 'buy' : 'sell',
      priceQuote: order.priceTicks < 0 ? null : order.priceTicks * this.economics.quotePerTick,
      sizeUnits: order.sizeLots,
    };
  }
}
