/** Walks quoting strategies along a path: orders fill at once, or when the mark meets them. */
import { RandomSource } from '../../sim/kernel/index.js';
import { AgentField, LiquidationMap, SlotState, type Strategy } from '../../sim/strategy/index.js';
import { StrategyBench, type DeskAction } from './strategy-bench.js';

export interface QuoteWalk {
  seed: number;
  /** Where in its declared range (about the default) each parameter lies. */
  taste: number;
  volatility: number;
  equityQuote: number;
}

export interface QuoteVariation {
  /** Multiplies every price and amount of the currency. */
  scale?: number;
  /** Agents decide one by one, backwards, instead of in one batch. */
  alone?: boolean;
  /** Seed of the path from a step on. */
  future?: { from: number; seed: number };
  /** Equity of every agent, each step. */
  equityQuote?: number;
  steps?: number;
}

/** What one agent sent at one step, with what it knew. */
export interface QuoteStep {
  agent: number;
  step: number;
  actions: DeskAction[];
  /** Position before its orders were filled, lots. */
  held: number;
  equity: number;
  price: number;
}

export const WALK_AGENTS = 4;
export const WALK_STEPS = 60;
export const WALK_BAR = 1e6;
const START = 100_000;
const TICK = 0.01;
const LOT = 1e-3;
const MONEY: Record<string, number> = { price: 1, quote: 1, '1/price': -1, '1/quote': -1 };

/** Opens a bench with agents of different tastes. */
export function openQuoteBench(
  strategy: Strategy,
  walk: QuoteWalk,
  variation: QuoteVariation = {},
): StrategyBench {
  const scale = variation.scale ?? 1;
  const bench = new StrategyBench(strategy, {
    count: WALK_AGENTS,
    terms: { kind: 'linear', multiplier: 1, quotePerTick: TICK * scale, quotePerLot: LOT },
    equityQuote: walk.equityQuote * scale,
    leverageMax: 5,
    periodMicros: WALK_BAR,
    seed: walk.seed,
  });
  const tastes = new RandomSource(walk.taste).stream('taste');
  for (let agent = 0; agent < WALK_AGENTS; agent++) {
    strategy.paramNames.forEach((name, k) => {
      const spec = strategy.params[name];
      const low = Math.max(spec.min, spec.default * 0.3);
      const high = Math.min(spec.max, spec.default * 1.7);
      const drawn = low + tastes.uniform(agent, k, 0) * (high - low);
      const power = MONEY[spec.unit] ?? 0;
      const whole = spec.integer || spec.unit === 'microseconds';
      // Times short enough for a walk to meet them.
      const value = spec.unit === 'microseconds' ? Math.min(drawn, 20e6) : drawn;
      const money = power === 0 ? 1 : power > 0 ? scale : 1 / scale;
      bench.set(name, (whole ? Math.round(value) : value) * money, agent);
    });
  }
  return bench;
}

function makeMap(seed: number, scale: number): Float64Array {
  const map = new Float64Array(LiquidationMap.length);
  const stream = new RandomSource(seed).stream('map');
  map[LiquidationMap.mark] = START;
  for (let b = 0; b < 2 * LiquidationMap.buckets; b++) {
    const u = stream.uniform(0, 0, b);
    map[LiquidationMap.below + b] = u < 0.5 ? 0 : 300_000 * u * scale;
  }
  return map;
}

/** Walks the strategy; returns what was sent, by step and agent. */
export function walkQuotes(
  strategy: Strategy,
  walk: QuoteWalk,
  variation: QuoteVariation = {},
): QuoteStep[] {
  const scale = variation.scale ?? 1;
  const bench = openQuoteBench(strategy, walk, variation);
  bench.batch.map = makeMap(walk.seed, scale);
  const own = new RandomSource(walk.seed).stream('marks');
  const other = new RandomSource(variation.future?.seed ?? 0).stream('marks');
  const told: QuoteStep[] = [];
  let mark = START;
  bench.show(mark);
  for (const agent of bench.everyone) {
    bench.setEquity(variation.equityQuote ?? walk.equityQuote * scale, mark, agent);
  }
  bench.start();
  for (let step = 0; step < (variation.steps ?? WALK_STEPS); step++) {
    const time = step * WALK_BAR;
    const drawn = variation.future && step >= variation.future.from ? other : own;
    const before = mark;
    if (step > 0) mark = Math.round(mark * (1 + walk.volatility * drawn.normal(0, 0, step)));
    const half = 1 + Math.floor(3 * drawn.uniform(2, 0, step));
    bench.show(mark, {
      index: Math.round(mark * (1 + 2 * walk.volatility * drawn.normal(1, 0, step))),
      bestBid: mark - half,
      bestAsk: mark + half,
      bestBidLots: 1 + Math.floor(5000 * drawn.uniform(3, 0, step)),
      bestAskLots: 1 + Math.floor(5000 * drawn.uniform(4, 0, step)),
      high: Math.max(mark, before),
      low: Math.min(mark, before),
      fundingRate: 0.001 * drawn.normal(5, 0, step),
      openInterest: 100_000_000,
    });
    for (const agent of bench.everyone) {
      fillTouched(bench, agent, mark);
      if (variation.equityQuote !== undefined) bench.setEquity(variation.equityQuote, mark, agent);
    }
    const due = bench.everyone.filter((agent) => {
      const below = bench.alertBelow[agent] >= 0 && mark <= bench.alertBelow[agent];
      const above = bench.alertAbove[agent] >= 0 && mark >= bench.alertAbove[agent];
      if (below) bench.alertBelow[agent] = -1;
      if (above) bench.alertAbove[agent] = -1;
      return below || above || bench.timers[agent] <= time;
    });
    const groups = variation.alone ? due.reverse().map((agent) => [agent]) : [due];
    for (const agents of groups) decideAndFill(bench, agents, step, told);
  }
  return told.sort((a, b) => a.step - b.step || a.agent - b.agent);
}

function decideAndFill(
  bench: StrategyBench,
  agents: number[],
  step: number,
  told: QuoteStep[],
): void {
  if (agents.length === 0) return;
  bench.decide(step * WALK_BAR, 1, agents);
  const actions = bench.desk.take();
  agents.forEach((agent, i) => {
    told.push({
      agent,
      step,
      actions: actions.filter((action) => action.agent === agent),
      held: bench.field(AgentField.position, agent),
      equity: bench.batch.equity[i],
      price: bench.batch.price[i],
    });
  });
  for (const { op, agent, side, sizeLots } of actions) {
    if (op === 'market' || op === 'immediate') bench.fill(side === 0 ? sizeLots : -sizeLots, agent);
  }
  for (const agent of agents) bench.desk.confirmCancels(agent);
}

/** Fills the resting orders of an agent that the mark has reached. */
function fillTouched(bench: StrategyBench, agent: number, mark: number): void {
  for (const slot of bench.desk.slots[agent]) {
    if (slot.state !== SlotState.live) continue;
    const touched = slot.side === 0 ? mark <= slot.priceTicks : mark >= slot.priceTicks;
    if (!touched) continue;
    bench.fill(slot.side === 0 ? slot.leavesLots : -slot.leavesLots, agent, slot.priceTicks);
    slot.state = SlotState.free;
  }
}
