/** How fast strategies decide: nanoseconds a decision of every one, in `decide` alone. */
import { registry, strategyNamed } from '../../agents/index.js';
import { Hash64, RandomSource, type RandomStream } from '../../sim/kernel/index.js';
import {
  AgentField,
  DecisionBatch,
  Economics,
  LiquidationMap,
  MARKET_FIELDS,
  MarketField,
  WakeReason,
  type Strategy,
} from '../../sim/strategy/index.js';
import { CheapDesk } from './cheap-desk.js';
import { wholeWay } from './whole-way.js';

/** One measured case. */
export interface DecideResult {
  case: string;
  agents: number;
  decisions: number;
  /** Median over the repeats. */
  decisionsPerCpuSecond: number;
  nanosecondsPerDecision: number;
  /** Interquartile range of the repeats, as a fraction of the median. */
  spread: number;
  /**
   * Of the targets decided and orders sent, warm-up included (of strategies alone, in the first 20
   * rounds); the same on every machine.
   */
  hash: string;
}

export interface DecideBench {
  bench: 'decide';
  results: DecideResult[];
}

const AGENTS = 10_000;
/** Agents in one call. */
const CHUNK = 625;
/** Snapshots agents look at, by their feed latency. */
const SNAPSHOTS = 4;
/** Steps of the market's walk, round again at its end. */
const MARKETS = 4096;
const BAR_MICROS = 60e6;
const START_TICKS = 16_000;

/** The mix that is compared from version to version. */
const MIXED = [
  'anti-martingale',
  'buy-and-hold-levered',
  'leverage-target',
  'momentum',
  'pyramiding',
  'stop-ladder',
  'value',
  'volatility-target',
];

/** Batches of one strategy, all looking at the same snapshots. */
interface Cohort {
  strategy: Strategy;
  market: Float64Array;
  batches: DecisionBatch[];
  /** One a batch. */
  desks: CheapDesk[];
}

/** Marks of a walk that moves half a percent a step and reverts to its start. */
function drawMarks(): Float64Array {
  const stream = new RandomSource(1).stream('bench/marks');
  const marks = new Float64Array(MARKETS + SNAPSHOTS);
  let mark = START_TICKS;
  for (let k = 0; k < marks.length; k++) {
    marks[k] = mark;
    const pull = 0.001 * (START_TICKS - mark);
    mark = Math.round(mark * (1 + 0.005 * stream.normal(0, 0, k)) + pull);
  }
  return marks;
}

/** Shows the snapshots of a step: the newest marks, and an index a few ticks away. */
function show(market: Float64Array, marks: Float64Array, step: number): void {
  for (let s = 0; s < SNAPSHOTS; s++) {
    const now = marks[step + s];
    const at = s * MARKET_FIELDS;
    market[at + MarketField.mark] = now;
    market[at + MarketField.last] = now;
    market[at + MarketField.mid] = now;
    market[at + MarketField.bestBid] = now - 1;
    market[at + MarketField.bestAsk] = now + 1;
    market[at + MarketField.bestBidLots] = 1000;
    market[at + MarketField.bestAskLots] = 1000;
    market[at + MarketField.volume] = 10_000 * (step + s);
    market[at + MarketField.openInterest] = 1e6;
    market[at + MarketField.index] = now + ((step + s) % 16) - 8;
    market[at + MarketField.high] = now;
    market[at + MarketField.low] = now;
  }
}

/** A map with a crowd in every eighth bucket. */
function drawMap(stream: RandomStream): Float64Array {
  const map = new Float64Array(LiquidationMap.length);
  map[LiquidationMap.mark] = START_TICKS;
  for (let k = LiquidationMap.below; k < LiquidationMap.length; k += 8) {
    map[k] = 1e6 * stream.exponential(1, k, 2);
  }
  return map;
}

function makeCohort(strategy: Strategy, count: number): Cohort {
  const rows = new Float64Array(count * strategy.rowLength);
  const stream = new RandomSource(1).stream(`bench/${strategy.name}`);
  const economics = new Economics({
    kind: 'linear', multiplier: 1, quotePerTick: 0.5, quotePerLot: 0.001,
  });
  const market = new Float64Array(SNAPSHOTS * MARKET_FIELDS);
  const map = drawMap(stream);
  const signals = new RandomSource(1).stream(`bench/signals/${strategy.name}`);
  const batches: DecisionBatch[] = [];
  const desks: CheapDesk[] = [];
  for (let from = 0; from < count; from += CHUNK) {
    const orders = new CheapDesk(CHUNK, strategy.orderSlots);
    const batch = new DecisionBatch({
      rows, market, map, economics, random: stream, signals, orders, crowding: 0.5, cohortCount: count,
    });
    batch.count = Math.min(CHUNK, count - from);
    desks.push(orders);
    for (let i = 0; i < batch.count; i++) {
      const agent = from + i;
      const r = agent * strategy.rowLength;
      const equity = 1000 * (1 + 9 * stream.uniform(agent, 0, 0));
      rows[r + AgentField.leverageMax] = 10;
      rows[r + AgentField.initialEquityQuote] = equity;
      rows[r + AgentField.periodMicros] = BAR_MICROS;
      rows[r + AgentField.phaseMicros] = Math.floor(BAR_MICROS * stream.uniform(agent, 1, 0));
      rows[r + AgentField.position] = agent % 2 === 0 ? 100 : -100;
      strategy.paramNames.forEach((name, k) => {
        const spec = strategy.params[name];
        // Agents differ: within a fifth of the default.
        const drawn = spec.default * (0.8 + 0.4 * stream.uniform(agent, 2 + k, 0));
        const value = Math.min(Math.max(drawn, spec.min), spec.max);
        rows[r + strategy.at[name]] = spec.integer ? Math.round(value) : value;
      });
      rows.set(strategy.initialState, r + strategy.rowLength - strategy.initialState.length);
      batch.row[i] = r;
      batch.agent[i] = agent;
      batch.time[i] = 0;
      batch.reason[i] = WakeReason.timer;
      batch.marketAt[i] =
        Math.floor(SNAPSHOTS * stream.uniform(agent, 1, 1)) * MARKET_FIELDS;
      batch.equity[i] = equity;
      batch.exposure[i] =
        economics.exposureQuote(rows[r + AgentField.position], START_TICKS);
      batch.price[i] = START_TICKS * economics.quotePerTick;
    }
    batch.clearOutputs();
    strategy.start(batch);
    batches.push(batch);
  }
  return { strategy, market, batches, desks };
}

/** Every agent sees its snapshot's mark. */
function observe(cohorts: Cohort[], marks: Float64Array, step: number): void {
  for (const { market, batches } of cohorts) {
    show(market, marks, step);
    for (let b = 0; b < batches.length; b++) {
      const batch = batches[b];
      const { count, price, marketAt } = batch;
      const { quotePerTick } = batch.economics;
      for (let i = 0; i < count; i++) {
        price[i] = market[marketAt[i] + MarketField.mark] * quotePerTick;
      }
    }
  }
}

/** Every agent decides once: what is measured. */
function decide(cohorts: Cohort[]): void {
  for (const { strategy, batches } of cohorts) {
    for (let b = 0; b < batches.length; b++) strategy.decide(batches[b]);
  }
}

/**
 * Fills every target and immediate order whole at the price seen, so that the next decision meets
 * its own trades, and moves each clock to where the agent has set it.
 */
function trade(cohorts: Cohort[], hash: Hash64): void {
  for (const { strategy, batches, desks } of cohorts) {
    const isSizing = strategy.style === 'sizing';
    batches.forEach((batch, b) => {
      const { count, rows, row, target, exposure, price, economics, time, wakeAt } = batch;
      const desk = desks[b];
      for (let i = 0; i < count; i++) {
        if (target[i] === target[i]) {
          exposure[i] = target[i];
          const priceTicks = price[i] / economics.quotePerTick;
          rows[row[i] + AgentField.position] = economics.lotsOf(target[i], priceTicks);
        }
        if (isSizing) {
          hash.float(target[i]);
        } else {
          rows[row[i] + AgentField.openOrders] = desk.occupied(i);
          rows[row[i] + AgentField.position] += desk.taken[i];
          exposure[i] += economics.exposureQuote(desk.taken[i], price[i] / economics.quotePerTick);
          desk.taken[i] = 0;
        }
        const isSet = wakeAt[i] > time[i] && wakeAt[i] < Infinity;
        time[i] = isSet ? wakeAt[i] : time[i] + BAR_MICROS;
      }
      if (!isSizing) hash.float(desk.checksum);
      batch.clearOutputs();
    });
  }
}

interface MeasureOptions {
  rounds: number;
  repeats: number;
  /** Rounds whose decisions are hashed, all when left out. */
  hashed?: number;
  /** A repeat that has taken this long ends early, after the hashed rounds. */
  microsMax?: number;
}

function measure(
  name: string,
  strategies: readonly Strategy[],
  agents: number,
  { rounds, repeats, hashed = Infinity, microsMax = Infinity }: MeasureOptions,
): DecideResult {
  const marks = drawMarks();
  const each = Math.floor(agents / strategies.length);
  const cohorts = strategies.map((strategy) => makeCohort(strategy, each));
  const hash = new Hash64();
  const speeds: number[] = [];
  let step = 0;
  let decisions = 0;
  // The first repeat warms up and is dropped.
  for (let repeat = 0; repeat <= repeats; repeat++) {
    let micros = 0;
    let done = 0;
    while (done < rounds && (micros < microsMax || step < hashed)) {
      observe(cohorts, marks, step % MARKETS);
      const before = process.cpuUsage();
      decide(cohorts);
      const used = process.cpuUsage(before);
      micros += used.user + used.system;
      trade(cohorts, step < hashed ? hash : new Hash64());
      step++;
      done++;
    }
    const decided = each * strategies.length * done;
    if (repeat === 0) continue;
    speeds.push((decided / Math.max(micros, 1)) * 1e6);
    decisions += decided;
  }
  speeds.sort((a, b) => a - b);
  const quantile = (q: number): number => speeds[Math.floor(q * (speeds.length - 1))];
  const median = quantile(0.5);
  return {
    case: name,
    agents: each * strategies.length,
    decisions,
    decisionsPerCpuSecond: median,
    nanosecondsPerDecision: 1e9 / median,
    spread: (quantile(0.75) - quantile(0.25)) / median,
    hash: hash.hex(),
  };
}

/**
 * Measures decisions: eight sizing strategies mixed, 10,000 agents, one loop a strategy over its own
 * rows; then every strategy that ships on its own rows alone, quoting ones with a desk that costs
 * little. Prices are shown and trades booked between the rounds, and not counted.
 */
export async function decideBench(options: { tiny?: boolean } = {}): Promise<DecideBench> {
  const mixed = MIXED.map(strategyNamed);
  const agents = options.tiny ? 80 : AGENTS;
  const repeats = options.tiny ? 1 : 7;
  const results = [
    measure(`mixed-${mixed.length}`, mixed, agents, { rounds: options.tiny ? 20 : 1000, repeats }),
  ];
  const each = agents / mixed.length;
  const alone = { rounds: options.tiny ? 20 : 300, repeats, hashed: 20, microsMax: 200_000 };
  for (const strategy of registry) {
    results.push(measure(strategy.name, [strategy], each, alone));
  }
  results.push(throughTheEngine(agents, options.tiny ? 2 : 20));
  return { bench: 'decide', results };
}

/** The same agents in a running world: clock, mail, snapshot, wrapper and intents included. */
function throughTheEngine(agents: number, seconds: number): DecideResult {
  const { decisions, nanosecondsPerDecision, hash } = wholeWay(agents, seconds);
  return {
    case: 'the whole way',
    agents,
    decisions,
    decisionsPerCpuSecond: 1e9 / nanosecondsPerDecision,
    nanosecondsPerDecision,
    spread: 0,
    hash,
  };
}
