/** How fast strategies decide: sizing decisions a second in `decide` alone. */
import { registry } from '../../agents/index.js';
import { Hash64, RandomSource } from '../../sim/kernel/index.js';
import {
  AgentField,
  DecisionBatch,
  Economics,
  MARKET_FIELDS,
  MarketField,
  WakeReason,
  type OrderDesk,
  type Strategy,
} from '../../sim/strategy/index.js';
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
  /** Of every target decided, warm-up included; the same on every machine. */
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

/** Sizing strategies send nothing themselves. */
const noDesk: OrderDesk = {
  limit: () => -1,
  immediate: () => -1,
  market: () => -1,
  stop: () => -1,
  cancel: () => {},
  cancelAll: () => 0,
  slotState: () => 0,
  slotSide: () => 0,
  slotPrice: () => 0,
  slotLeaves: () => 0,
};

/** Batches of one strategy, all looking at the same snapshots. */
interface Cohort {
  strategy: Strategy;
  market: Float64Array;
  batches: DecisionBatch[];
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
    market[at + MarketField.index] = now + ((step + s) % 16) - 8;
    market[at + MarketField.high] = now;
    market[at + MarketField.low] = now;
  }
}

function makeCohort(strategy: Strategy, count: number): Cohort {
  const rows = new Float64Array(count * strategy.rowLength);
  const stream = new RandomSource(1).stream(`bench/${strategy.name}`);
  const economics = new Economics({
    kind: 'linear', multiplier: 1, quotePerTick: 0.5, quotePerLot: 0.001,
  });
  const market = new Float64Array(SNAPSHOTS * MARKET_FIELDS);
  const batches: DecisionBatch[] = [];
  for (let from = 0; from < count; from += CHUNK) {
    const batch = new DecisionBatch({
      rows, market, economics, random: stream, orders: noDesk,
    });
    batch.count = Math.min(CHUNK, count - from);
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
  return { strategy, market, batches };
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

/** Fills every target whole at the price seen, so that the next decision meets its own trades. */
function trade(cohorts: Cohort[], hash: Hash64): void {
  for (const { batches } of cohorts) {
    for (const batch of batches) {
      const { count, rows, row, target, exposure, price, economics } = batch;
      for (let i = 0; i < count; i++) {
        if (target[i] === target[i]) {
          exposure[i] = target[i];
          const priceTicks = price[i] / economics.quotePerTick;
          rows[row[i] + AgentField.position] = economics.lotsOf(target[i], priceTicks);
        }
        hash.float(target[i]);
      }
      batch.clearOutputs();
    }
  }
}

function measure(
  name: string,
  strategies: readonly Strategy[],
  agents: number,
  rounds: number,
  repeats: number,
): DecideResult {
  const marks = drawMarks();
  const each = Math.floor(agents / strategies.length);
  const cohorts = strategies.map((strategy) => makeCohort(strategy, each));
  const decisions = each * strategies.length * rounds;
  const hash = new Hash64();
  const speeds: number[] = [];
  let step = 0;
  // The first repeat warms up and is dropped.
  for (let repeat = 0; repeat <= repeats; repeat++) {
    let micros = 0;
    for (let k = 0; k < rounds; k++) {
      observe(cohorts, marks, step++ % MARKETS);
      const before = process.cpuUsage();
      decide(cohorts);
      const used = process.cpuUsage(before);
      micros += used.user + used.system;
      trade(cohorts, hash);
    }
    if (repeat > 0) speeds.push((decisions / Math.max(micros, 1)) * 1e6);
  }
  speeds.sort((a, b) => a - b);
  const quantile = (q: number): number => speeds[Math.floor(q * (speeds.length - 1))];
  const median = quantile(0.5);
  return {
    case: name,
    agents: each * strategies.length,
    decisions: decisions * repeats,
    decisionsPerCpuSecond: median,
    nanosecondsPerDecision: 1e9 / median,
    spread: (quantile(0.75) - quantile(0.25)) / median,
    hash: hash.hex(),
  };
}

/**
 * Measures drawless sizing decisions: eight strategies mixed, 10,000 agents, one loop a strategy
 * over its own rows; then each strategy on its own rows alone. Prices are shown and
 * trades booked between the rounds, and not counted.
 */
export async function decideBench(options: { tiny?: boolean } = {}): Promise<DecideBench> {
  const sizing = registry.filter((strategy) => strategy.style === 'sizing');
  const agents = options.tiny ? 80 : AGENTS;
  const rounds = options.tiny ? 20 : 1000;
  const repeats = options.tiny ? 1 : 7;
  const results = [measure(`mixed-${sizing.length}`, sizing, agents, rounds, repeats)];
  for (const strategy of sizing) {
    results.push(
      measure(strategy.name, [strategy], agents / sizing.length, rounds, repeats),
    );
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
