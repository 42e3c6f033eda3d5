/** Walks six agents of a rule along a drawn path of prices, and notes all they decide. */
import { RandomSource, type RandomStream } from '../kernel/index.js';
import {
  AgentField,
  AgentStatus,
  BATCH_MAX,
  DecisionBatch,
  Economics,
  LiquidationMap,
  MARKET_FIELDS,
  MarketField,
  ROW_HEADER,
  type Strategy,
  targetToLots,
  Urgency,
  WakeReason,
} from '../strategy/index.js';
import { WALK_BAR_MICROS, WALK_STEPS, walkPath, type WalkPath, type WalkTerms } from './invariant-path.js';
import { moneyDimension } from './money-dimension.js';
import { type DeskOrder, ProbeDesk } from './probe-desk.js';

export const WALK_AGENTS = 6;

/** What is changed in a walk. */
export interface WalkVariation {
  /** Factor on every price and amount of money. */
  scale?: number;
  /** From this step on another path is shown. */
  otherFrom?: number;
  /** Agents decide one by one and in the other order, not in one batch. */
  alone?: boolean;
  /** Equity of every agent from a step on. */
  ruin?: { from: number; equityQuote: number; liquidated: boolean };
  /** Every decision of a sizing rule is made reduce-only. */
  reduceOnly?: boolean;
}

/** A decision: outputs as the rule left them, and what came of them. */
export interface WalkDecision {
  agent: number;
  step: number;
  target: number;
  urgency: number;
  /** Lots the wrapper trades; 0 for a quoting rule. */
  lots: number;
  heldLots: number;
  equity: number;
  price: number;
  wakeAt: number;
  alertBelow: number;
  alertAbove: number;
  /** Orders sent and cancelled: op, side, price, size of each. */
  actions: (string | number)[];
  /** Header field or parameter that the rule has changed; '' for none. */
  trespass: string;
}

/** Runs a walk; decisions in the order they were taken. */
export function walkAgents(
  strategy: Strategy,
  terms: WalkTerms,
  variation: WalkVariation = {},
): WalkDecision[] {
  return new Walk(strategy, terms, variation).run();
}

class Walk {
  readonly #strategy: Strategy;
  readonly #terms: WalkTerms;
  readonly #variation: WalkVariation;
  readonly #scale: number;
  readonly #path: WalkPath;
  readonly #economics: Economics;
  readonly #rows: Float64Array;
  /** Snapshots of all steps side by side: a rule that reads beyond its own sees the future. */
  readonly #market = new Float64Array(WALK_STEPS * MARKET_FIELDS);
  readonly #batch: DecisionBatch;
  readonly #agents = new Int32Array(BATCH_MAX);
  readonly #desk: ProbeDesk;
  readonly #timers = new Float64Array(WALK_AGENTS).fill(Infinity);
  readonly #alertBelow = new Float64Array(WALK_AGENTS).fill(-1);
  readonly #alertAbove = new Float64Array(WALK_AGENTS).fill(-1);
  readonly #actions: (string | number)[][] = Array.from({ length: WALK_AGENTS }, () => []);
  readonly #decisions: WalkDecision[] = [];

  constructor(strategy: Strategy, terms: WalkTerms, variation: WalkVariation) {
    this.#strategy = strategy;
    this.#terms = terms;
    this.#variation = variation;
    const scale = variation.scale ?? 1;
    this.#scale = scale;
    this.#path = walkPath(terms, strategy.seesLiquidationMap, variation.otherFrom);
    // The currency's unit shrinks by `scale`: every price and amount in it grows.
    this.#economics = new Economics(
      terms.inverse
        ? { kind: 'inverse', multiplier: 1e8, quotePerTick: scale, quotePerLot: scale }
        : { kind: 'linear', multiplier: 1, quotePerTick: 0.01 * scale, quotePerLot: 1e-4 },
    );
    this.#rows = new Float64Array(WALK_AGENTS * strategy.rowLength);
    this.#desk = new ProbeDesk(this.#agents, WALK_AGENTS, strategy.orderSlots);
    this.#desk.onAction = (op: string, agent: number, order: DeskOrder) => {
      this.#actions[agent].push(op, order.side, order.priceTicks, order.sizeLots);
    };
    const source = new RandomSource(terms.seed);
    this.#batch = new DecisionBatch({
      rows: this.#rows,
      market: this.#market,
      map: this.#path.maps.map((value, k) =>
        k % LiquidationMap.length >= LiquidationMap.below ? value * scale : value,
      ),
      economics: this.#economics,
      random: source.stream('walk'),
      signals: source.stream('walk/signals'),
      orders: this.#desk,
      crowding: terms.crowding,
      cohortCount: WALK_AGENTS,
    });
    for (let step = 0; step < WALK_STEPS; step++) this.#show(step);
    const tastes = source.stream('walk/tastes');
    for (let agent = 0; agent < WALK_AGENTS; agent++) this.#open(agent, tastes);
  }

  run(): WalkDecision[] {
    const everyone = Array.from({ length: WALK_AGENTS }, (_, agent) => agent);
    this.#observe(everyone, 0, 0, 0);
    this.#strategy.start(this.#batch);
    this.#keep(everyone);
    for (let step = 0; step < WALK_STEPS; step++) {
      const mark = this.#path.marks[step];
      this.#desk.bestBid = mark - 1;
      this.#desk.bestAsk = mark + 1;
      this.#publish();
      this.#ruin(step, mark);
      for (const agent of everyone) this.#fillResting(agent, step);
      this.#wake(everyone.filter((agent) => this.#isAlerted(agent, mark)), step, WakeReason.alert);
      const time = step * WALK_BAR_MICROS;
      const due = everyone.filter((agent) => this.#timers[agent] <= time);
      for (const agent of due) this.#timers[agent] = Infinity;
      this.#wake(due, step, WakeReason.timer);
    }
    return this.#decisions;
  }

  #show(step: number): void {
    const at = step * MARKET_FIELDS;
    const m = this.#market;
    const mark = this.#path.marks[step];
    const before = this.#path.marks[Math.max(step - 1, 0)];
    m[at + MarketField.window] = step;
    m[at + MarketField.mark] = mark;
    m[at + MarketField.last] = mark;
    m[at + MarketField.mid] = mark;
    m[at + MarketField.index] = this.#path.index[step];
    m[at + MarketField.bestBid] = mark - 1;
    m[at + MarketField.bestAsk] = mark + 1;
    m[at + MarketField.bestBidLots] = 1e6;
    m[at + MarketField.bestAskLots] = 1e6;
    m[at + MarketField.high] = Math.max(mark, before);
    m[at + MarketField.low] = Math.min(mark, before);
    m[at + MarketField.volume] = 1000 * step;
    m[at + MarketField.openInterest] = 1e6;
  }

  /** Agents differ: in parameters about their defaults, and half of them hold a position. */
  #open(agent: number, tastes: RandomStream): void {
    const strategy = this.#strategy;
    const terms = this.#terms;
    const rows = this.#rows;
    const r = agent * strategy.rowLength;
    const equity = terms.equityQuote * this.#scale;
    rows[r + AgentField.initialEquityQuote] = equity;
    rows[r + AgentField.leverageMax] = terms.leverageMax;
    rows[r + AgentField.band] = terms.band;
    rows[r + AgentField.periodMicros] = WALK_BAR_MICROS;
    rows[r + AgentField.feedLatencyMicros] = 1000;
    rows[r + AgentField.orderLatencyMicros] = 1000;
    rows[r + AgentField.keyHigh] = 77;
    rows[r + AgentField.keyLow] = agent;
    strategy.paramNames.forEach((name, k) => {
      const spec = strategy.params[name];
      const reach = spec.unit === 'microseconds' ? 0 : 0.7 * Math.abs(spec.default);
      const low = Math.max(spec.min, spec.default - reach);
      const high = Math.min(spec.max, spec.default + reach);
      const drawn = low + tastes.uniform(agent, k, 0) * (high - low);
      const value = spec.integer ? Math.round(drawn) : drawn;
      rows[r + strategy.at[name]] = value * powerOf(this.#scale, moneyDimension(spec.unit));
    });
    rows.set(strategy.initialState, r + strategy.rowLength - strategy.initialState.length);
    const [mark] = this.#path.marks;
    this.#setEquity(agent, equity, mark);
    if (agent % 2 === 1) {
      const lots = Math.floor(this.#economics.lotsOf(equity * 0.4, mark));
      this.#fill(agent, agent === 3 ? -lots : lots, mark);
    }
  }

  #equity(agent: number, mark: number): number {
    const r = agent * this.#strategy.rowLength;
    const { wallet, position, cost } = AgentField;
    const rows = this.#rows;
    return this.#economics.equityQuote(rows[r + wallet], rows[r + position], rows[r + cost], mark);
  }

  #setEquity(agent: number, equityQuote: number, mark: number): void {
    const missing = equityQuote - this.#equity(agent, mark);
    const r = agent * this.#strategy.rowLength;
    this.#rows[r + AgentField.wallet] += this.#economics.quoteToQuanta(missing, mark);
  }

  /** Trades lots at a mark; the whole position is then carried at that mark. */
  #fill(agent: number, lots: number, mark: number): void {
    const r = agent * this.#strategy.rowLength;
    const rows = this.#rows;
    const { inverse, multiplier } = this.#economics;
    const worth = (position: number) =>
      inverse ? (-position * multiplier) / mark : position * mark * multiplier;
    const position = rows[r + AgentField.position] + lots;
    const cost = worth(position);
    rows[r + AgentField.wallet] += cost - rows[r + AgentField.cost] - worth(lots);
    rows[r + AgentField.position] = position;
    rows[r + AgentField.cost] = cost;
  }

  #fillOrder(agent: number, order: DeskOrder, mark: number): void {
    const held = this.#rows[agent * this.#strategy.rowLength + AgentField.position];
    const whole = Math.floor(order.sizeLots) * (order.side === 0 ? 1 : -1);
    const most = Math.max(-held, 0);
    const lots = order.reduceOnly ? Math.min(Math.max(whole, Math.min(-held, 0)), most) : whole;
    this.#fill(agent, lots, mark);
  }

  #fillResting(agent: number, step: number): void {
    const { marks, index } = this.#path;
    for (const order of this.#desk.takeTouched(agent, marks[step], index[step])) {
      this.#fillOrder(agent, order, marks[step]);
    }
  }

  #publish(): void {
    const { publishesAt, rowLength } = this.#strategy;
    let sum = 0;
    for (let agent = 0; publishesAt >= 0 && agent < WALK_AGENTS; agent++) {
      sum += this.#rows[agent * rowLength + publishesAt];
    }
    this.#batch.crowdSum.fill(sum);
  }

  #ruin(step: number, mark: number): void {
    const { ruin } = this.#variation;
    if (ruin === undefined || step < ruin.from) return;
    for (let agent = 0; agent < WALK_AGENTS; agent++) {
      this.#setEquity(agent, ruin.equityQuote * this.#scale, mark);
      const r = agent * this.#strategy.rowLength;
      if (ruin.liquidated) this.#rows[r + AgentField.status] = AgentStatus.liquidated;
    }
  }

  #isAlerted(agent: number, mark: number): boolean {
    const below = this.#alertBelow[agent] >= 0 && mark <= this.#alertBelow[agent];
    const above = this.#alertAbove[agent] >= 0 && mark >= this.#alertAbove[agent];
    if (below) this.#alertBelow[agent] = -1;
    if (above) this.#alertAbove[agent] = -1;
    return below || above;
  }

  #wake(agents: number[], step: number, reason: number): void {
    if (agents.length === 0) return;
    if (!this.#variation.alone) this.#decide(agents, step, reason);
    else for (const agent of agents.reverse()) this.#decide([agent], step, reason);
  }

  #observe(agents: readonly number[], step: number, time: number, reason: number): void {
    const batch = this.#batch;
    const mark = this.#path.marks[step];
    batch.count = agents.length;
    agents.forEach((agent, i) => {
      const r = agent * this.#strategy.rowLength;
      this.#agents[i] = agent;
      this.#desk.reportEnds(agent);
      this.#rows[r + AgentField.openOrders] = this.#desk.occupied(agent);
      batch.row[i] = r;
      batch.agent[i] = agent;
      batch.time[i] = time;
      batch.reason[i] = reason;
      batch.marketAt[i] = step * MARKET_FIELDS;
      batch.mapAt[i] = step * LiquidationMap.length;
      batch.price[i] = mark * this.#economics.quotePerTick;
      batch.equity[i] = this.#equity(agent, mark);
      batch.exposure[i] = this.#economics.exposureQuote(this.#rows[r + AgentField.position], mark);
    });
    batch.clearOutputs();
  }

  #decide(agents: readonly number[], step: number, reason: number): void {
    const batch = this.#batch;
    const mark = this.#path.marks[step];
    const rows = this.#rows;
    this.#observe(agents, step, step * WALK_BAR_MICROS, reason);
    const before = rows.slice();
    const equity = batch.equity.slice(0, agents.length);
    for (const agent of agents) this.#actions[agent].length = 0;
    this.#strategy.decide(batch);
    this.#keep(agents);
    const isSizing = this.#strategy.style === 'sizing';
    const trades: number[] = [];
    agents.forEach((agent, i) => {
      if (this.#variation.reduceOnly) batch.urgency[i] |= Urgency.reduceOnly;
      const r = agent * this.#strategy.rowLength;
      trades.push(isSizing ? targetToLots(batch, i) : 0);
      this.#decisions.push({
        agent,
        step,
        target: batch.target[i],
        urgency: batch.urgency[i],
        lots: trades[i],
        heldLots: before[r + AgentField.position],
        equity: equity[i],
        price: mark * this.#economics.quotePerTick,
        wakeAt: batch.wakeAt[i],
        alertBelow: this.#alertBelow[agent],
        alertAbove: this.#alertAbove[agent],
        actions: [...this.#actions[agent]],
        trespass: this.#trespass(before, r),
      });
    });
    agents.forEach((agent, i) => {
      if (isSizing) this.#fill(agent, trades[i], mark);
      else for (const order of this.#desk.takeImmediate(agent)) this.#fillOrder(agent, order, mark);
      rows[agent * this.#strategy.rowLength + AgentField.decisions]++;
    });
  }

  #keep(agents: readonly number[]): void {
    const { wakeAt, alertBelow, alertAbove } = this.#batch;
    agents.forEach((agent, i) => {
      if (wakeAt[i] === wakeAt[i]) this.#timers[agent] = wakeAt[i];
      if (alertBelow[i] === alertBelow[i]) this.#alertBelow[agent] = alertBelow[i];
      if (alertAbove[i] === alertAbove[i]) this.#alertAbove[agent] = alertAbove[i];
    });
  }

  /** Names what a rule has changed that is not its own: the header, and its parameters. */
  #trespass(before: Float64Array, r: number): string {
    const end = ROW_HEADER + this.#strategy.paramNames.length;
    for (let k = 0; k < end; k++) {
      if (k === AgentField.draws || Object.is(this.#rows[r + k], before[r + k])) continue;
      const field = Object.entries(AgentField).find(([, at]) => at === k);
      return field?.[0] ?? this.#strategy.paramNames[k - ROW_HEADER];
    }
    return '';
  }
}

/** Returns a whole power, exact for powers of two. */
function powerOf(base: number, exponent: number): number {
  let power = 1;
  for (let k = 0; k < Math.abs(exponent); k++) power *= base;
  return exponent < 0 ? 1 / power : power;
}
