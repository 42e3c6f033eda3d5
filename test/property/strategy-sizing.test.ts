/** What every position-scaling strategy in the registry obeys, whatever its rule. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registry, strategyNamed as named } from '../../agents/index.js';
import { Hash64, RandomSource } from '../../sim/kernel/index.js';
import {
  AgentField,
  AgentStatus,
  Urgency,
  WakeReason,
  type ContractTerms,
  type Strategy,
} from '../../sim/strategy/index.js';
import { StrategyBench } from '../support/strategy-bench.js';

const AGENTS = 6;
const STEPS = 60;
const BAR = 60e6;

/** A world to walk a strategy through: a path of marks, one a bar, and who the agents are. */
interface Walk {
  seed: number;
  startTicks: number;
  volatility: number;
  inverse: boolean;
  equityQuote: number;
  leverageMax: number;
  band: number;
  /** Where in its declared range (about the default) each parameter lies. */
  taste: number;
}

const walks: fc.Arbitrary<Walk> = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  startTicks: fc.integer({ min: 2000, max: 200_000 }),
  volatility: fc.constantFrom(0.001, 0.01, 0.05),
  inverse: fc.boolean(),
  equityQuote: fc.constantFrom(50, 1000, 12_345.67),
  leverageMax: fc.constantFrom(0.5, 1, 3, 25),
  band: fc.constantFrom(0, 0.1, 0.5),
  taste: fc.integer({ min: 0, max: 1e6 }),
});

const terms = (walk: Walk): ContractTerms =>
  walk.inverse
    ? { kind: 'inverse', multiplier: 1e8, quotePerTick: 1, quotePerLot: 1 }
    : { kind: 'linear', multiplier: 1, quotePerTick: 0.01, quotePerLot: 1e-4 };

/** Marks and index of the walk, one a bar. */
function path(walk: Walk, seed = walk.seed): { marks: number[]; index: number[] } {
  const stream = new RandomSource(seed).stream('path');
  const marks: number[] = [];
  const index: number[] = [];
  let mark = walk.startTicks;
  for (let k = 0; k < STEPS; k++) {
    marks.push(mark);
    index.push(Math.max(Math.round(mark * (1 + walk.volatility * stream.normal(1, 0, k))), 2));
    mark = Math.max(Math.round(mark * Math.exp(walk.volatility * stream.normal(0, 0, k))), 2);
  }
  return { marks, index };
}

interface Step {
  agent: number;
  step: number;
  target: number;
  urgency: number;
  lots: number;
  heldLots: number;
  equity: number;
  price: number;
  wakeAt: number;
  alertBelow: number;
  alertAbove: number;
}

interface Variation {
  scale?: number;
  marks?: number[];
  index?: number[];
  /** Agents decide one by one instead of in one batch. */
  alone?: boolean;
  /** Equity of every agent from a step on. */
  ruin?: { from: number; equityQuote: number; liquidated: boolean };
  reduceOnly?: boolean;
}

function makeBench(strategy: Strategy, walk: Walk, scale: number): StrategyBench {
  const tastes = new RandomSource(walk.taste).stream('taste');
  // Figures in money, and their inverses, grow and shrink with it.
  const inverse = 1 / scale;
  const money = new Map([['quote', scale], ['price', scale], ['1/quote', inverse], ['1/price', inverse]]);
  const contract = terms(walk);
  const bench = new StrategyBench(strategy, {
    count: AGENTS,
    // The currency's unit shrinks by `scale`: every price and amount in it grows.
    terms: walk.inverse
      ? { ...contract, quotePerTick: contract.quotePerTick * scale, quotePerLot: scale }
      : { ...contract, quotePerTick: contract.quotePerTick * scale },
    equityQuote: walk.equityQuote * scale,
    leverageMax: walk.leverageMax,
    band: walk.band,
    periodMicros: BAR,
    seed: walk.seed,
  });
  for (let agent = 0; agent < AGENTS; agent++) {
    strategy.paramNames.forEach((name, k) => {
      const spec = strategy.params[name];
      if (spec.unit === 'microseconds') return;
      const low = Math.max(spec.min, spec.default - Math.abs(spec.default) * 0.7);
      const high = Math.min(spec.max, spec.default + Math.abs(spec.default) * 0.7);
      const drawn = low + tastes.uniform(agent, k, 0) * (high - low);
      const factor = money.get(spec.unit) ?? 1;
      bench.set(name, spec.integer ? Math.round(drawn) : drawn * factor, agent);
    });
  }
  return bench;
}

/** Walks the agents along the path: alerts first, then clocks; orders fill whole at the mark. */
function run(strategy: Strategy, walk: Walk, variation: Variation = {}): Step[] {
  const bench = makeBench(strategy, walk, variation.scale ?? 1);
  const own = path(walk);
  const marks = variation.marks ?? own.marks;
  const index = variation.index ?? own.index;
  const scale = variation.scale ?? 1;
  bench.show(marks[0], { index: index[0] });
  for (let agent = 0; agent < AGENTS; agent++) {
    bench.setEquity(walk.equityQuote * scale, marks[0], agent);
    // Half of them start with a position.
    if (agent % 2 === 1) {
      const lots = bench.economics.lotsOf(walk.equityQuote * scale * 0.4, marks[0]);
      bench.fill(Math.floor(lots) * (agent === 3 ? -1 : 1), agent);
    }
  }
  bench.start();
  const steps: Step[] = [];

  function decide(agents: number[], step: number, time: number, reason: number): void {
    bench.decide(time, reason, agents);
    const { batch } = bench;
    if (variation.reduceOnly) {
      for (let i = 0; i < agents.length; i++) batch.urgency[i] |= Urgency.reduceOnly;
    }
    agents.forEach((agent, i) => {
      const lots = bench.lots(i);
      steps.push({
        agent,
        step,
        target: batch.target[i],
        urgency: batch.urgency[i],
        lots,
        heldLots: bench.field(AgentField.position, agent),
        equity: batch.equity[i],
        price: batch.price[i],
        wakeAt: batch.wakeAt[i],
        alertBelow: bench.alertBelow[agent],
        alertAbove: bench.alertAbove[agent],
      });
    });
    for (const [i, agent] of agents.entries()) bench.fill(bench.lots(i), agent);
  }

  function wake(agents: number[], step: number, time: number, reason: number): void {
    if (agents.length === 0) return;
    if (variation.alone) for (const a of agents.reverse()) decide([a], step, time, reason);
    else decide(agents, step, time, reason);
  }

  for (let step = 0; step < STEPS; step++) {
    const time = step * BAR;
    const mark = marks[step];
    const before = marks[Math.max(step - 1, 0)];
    bench.show(mark, {
      index: index[step], high: Math.max(mark, before), low: Math.min(mark, before),
    });
    const { ruin } = variation;
    if (ruin && step >= ruin.from) {
      for (let agent = 0; agent < AGENTS; agent++) {
        bench.setEquity(ruin.equityQuote, mark, agent);
        if (ruin.liquidated) bench.setField(AgentField.status, AgentStatus.liquidated, agent);
      }
    }
    const alerted = bench.everyone.filter((agent) => {
      const below = bench.alertBelow[agent] >= 0 && mark <= bench.alertBelow[agent];
      const above = bench.alertAbove[agent] >= 0 && mark >= bench.alertAbove[agent];
      if (below) bench.alertBelow[agent] = -1;
      if (above) bench.alertAbove[agent] = -1;
      return below || above;
    });
    wake(alerted, step, time, WakeReason.alert);
    const due = bench.everyone.filter((agent) => bench.timers[agent] <= time);
    for (const agent of due) bench.timers[agent] = Infinity;
    wake(due, step, time, WakeReason.timer);
  }
  return steps;
}

const exposureOf = (walk: Walk, lots: number, price: number): number =>
  walk.inverse ? lots : lots * price * 1e-4;

/** Cheaper than `expect` in loops of a million turns. */
function hold(ok: boolean, what: string, step: Step): void {
  if (!ok) throw new Error(`${what}: ${JSON.stringify(step)}`);
}

/** Everything decided, in order of (step, agent). */
function digest(steps: Step[]): string {
  const hash = new Hash64();
  const sorted = [...steps].sort((a, b) => a.step - b.step || a.agent - b.agent);
  for (const s of sorted) {
    const { target, urgency, lots, heldLots, equity, wakeAt, alertBelow, alertAbove } = s;
    for (const x of [target, urgency, lots, heldLots, equity, wakeAt, alertBelow, alertAbove]) {
      hash.float(x);
    }
  }
  return hash.hex();
}

const sizing = registry.filter((strategy) => strategy.style === 'sizing');
const check = <T>(property: fc.IProperty<T>): void =>
  fc.assert(property, { seed: 20200312, numRuns: 40 });

const cases = sizing.map((strategy) => [strategy.name, strategy] as const);

describe.each(cases)('%s', (_name, strategy) => {
  it('trades at all, sets sane targets, timers and alerts', () => {
    let traded = 0;
    check(
      fc.property(walks, (walk) => {
        for (const s of run(strategy, walk)) {
          if (s.lots !== 0) traded++;
          hold(Number.isNaN(s.target) || Number.isFinite(s.target), 'a finite target', s);
          hold(Number.isInteger(s.lots), 'whole lots', s);
          hold(!(s.wakeAt <= s.step * BAR), 'a timer in the future', s);
          for (const alert of [s.alertBelow, s.alertAbove]) {
            hold(alert === -1 || (Number.isInteger(alert) && alert >= 0), 'alerts on ticks', s);
          }
        }
      }),
    );
    expect(traded).toBeGreaterThan(0);
  });

  it('never trades beyond its leverage cap', () => {
    check(
      fc.property(walks, (walk) => {
        for (const s of run(strategy, walk)) {
          if (s.lots === 0) continue;
          const after = Math.abs(exposureOf(walk, s.heldLots + s.lots, s.price));
          const cap = walk.leverageMax * Math.max(s.equity, 0) * (1 + 1e-9);
          const left = s.heldLots + s.lots;
          const reduces = Math.abs(left) < Math.abs(s.heldLots) && s.heldLots * left >= 0;
          const asked = (s.urgency & Urgency.reduceOnly) !== 0;
          hold(after <= cap || (asked && reduces), 'within the cap', s);
        }
      }),
    );
  });

  it('never adds or turns over when reduce-only', () => {
    check(
      fc.property(walks, (walk) => {
        for (const s of run(strategy, walk, { reduceOnly: true })) {
          const after = s.heldLots + s.lots;
          hold(after * s.heldLots >= 0, 'the same side', s);
          hold(Math.abs(after) <= Math.abs(s.heldLots), 'no more than before', s);
        }
      }),
    );
  });

  it('decides the same again, and the same in a batch as alone', () => {
    check(
      fc.property(walks, (walk) => {
        const once = digest(run(strategy, walk));
        expect(digest(run(strategy, walk))).toBe(once);
        expect(digest(run(strategy, walk, { alone: true }))).toBe(once);
      }),
    );
  });

  it('only reduces without equity, and leaves for good after a liquidation', () => {
    check(
      fc.property(walks, (walk) => {
        const from = 20;
        for (const equityQuote of [0, -5]) {
          const ruined = run(strategy, walk, { ruin: { from, equityQuote, liquidated: false } });
          for (const s of ruined.filter((x) => x.step >= from)) {
            hold(s.lots === 0 || s.lots === -s.heldLots, 'closes or holds', s);
          }
        }
        const gone = run(strategy, walk, { ruin: { from, equityQuote: 0, liquidated: true } });
        for (let agent = 0; agent < AGENTS; agent++) {
          const after = gone.filter((s) => s.step >= from && s.agent === agent);
          expect(after.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('does not care about the unit of account', () => {
    check(
      fc.property(walks, fc.constantFrom(0.25, 64, 1024), (walk, scale) => {
        // Powers of two: not even the last bit may differ, so neither may the lots.
        const plain = run(strategy, walk);
        const scaled = run(strategy, walk, { scale });
        expect(scaled.length).toBe(plain.length);
        plain.forEach((s, k) => {
          const other = scaled[k];
          hold(other.lots === s.lots, 'the same lots', s);
          hold(other.alertBelow === s.alertBelow, 'the same alert below', s);
          hold(other.alertAbove === s.alertAbove, 'the same alert above', s);
          const leverage = s.equity > 0 ? s.target / s.equity : 0;
          if (!Number.isNaN(leverage) && leverage !== 0) {
            hold(other.target / other.equity === leverage, 'the same leverage', s);
          }
        });
      }),
    );
  });

  it('does not look ahead', () => {
    check(
      fc.property(walks, (walk) => {
        const cut = 30;
        const own = path(walk);
        const other = path(walk, walk.seed + 1);
        const marks = own.marks.map((mark, k) => (k < cut ? mark : other.marks[k]));
        const index = own.index.map((mark, k) => (k < cut ? mark : other.index[k]));
        const past = (steps: Step[]): string => digest(steps.filter((s) => s.step < cut));
        expect(past(run(strategy, walk, { marks, index }))).toBe(past(run(strategy, walk)));
      }),
    );
  });
});

/** Signed quote traded per unit return, by central difference, bands and lots aside. */
function gain(strategy: Strategy, params: Record<string, number>, warmUp: number[]): number {
  const traded = [1e-4, -1e-4].map((r) => {
    const bench = new StrategyBench(strategy, {
      params,
      terms: { kind: 'linear', multiplier: 1, quotePerTick: 1e-6, quotePerLot: 1e-9 },
      periodMicros: BAR,
    });
    bench.show(warmUp[0]);
    bench.setEquity(100, warmUp[0]);
    bench.start();
    let time = 0;
    for (const mark of warmUp) {
      bench.show(mark, { index: warmUp[0] });
      bench.decide(time);
      bench.fillTarget();
      time = bench.timers[0];
    }
    const mark = warmUp[warmUp.length - 1] * (1 + r);
    bench.show(mark, { index: warmUp[0] });
    bench.decide(time);
    return bench.fillTarget();
  });
  return (traded[0] - traded[1]) / 2e-4;
}

describe('feedback gain, by finite difference', () => {
  const base = 100e6;
  const rising = Array.from({ length: 30 }, (_, k) => base * (1 + 0.001 * k));

  it.each([2, 3, -1, -2])('is beta (beta - 1) A for a leverage target of %d', (beta) => {
    const g = gain(named('leverage-target'), { leverage: beta, slices: 1 }, [base]);
    expect(g).toBeCloseTo(beta * (beta - 1) * 100, 3);
  });

  it('is L (L - 1) W with the volatility channel off', () => {
    // A decay of all but one keeps measured volatility where it was.
    const volatilityTarget = 0.01 * Math.sqrt(365) * 1.5;
    const params = { decayDaily: 0.9999999, volatilityInitial: 0.01, volatilityTarget };
    expect(gain(named('volatility-target'), params, [base])).toBeCloseTo(1.5 * 0.5 * 100, 2);
  });

  it('is positive for the trend follower, negative for the value trader below its cap', () => {
    // Leverage x steepness x weight x sech^2, plus the wealth effect of what it holds.
    expect(gain(named('momentum'), { leverage: 1 }, [base])).toBeCloseTo(100 * 0.1 * 50, 1);
    expect(gain(named('value'), { aggressiveness: 10 }, [base])).toBeCloseTo(-1000, 1);
    expect(gain(named('value'), { aggressiveness: 10 }, rising)).toBeLessThan(0);
  });

  it('turns positive at the cap of the value trader: l (l - 1) W', () => {
    const g = gain(named('value'), { aggressiveness: 1000, leverage: 3 }, [base, base * 0.95]);
    expect(g).toBeCloseTo(600, 0);
  });

  const smooth = ['leverage-target', 'volatility-target', 'momentum'];
  it.each(smooth)('agrees in sign with what %s declares', (name) => {
    const g = gain(named(name), { leverageScale: 10, slices: 1 }, rising);
    expect(Math.sign(g)).toBe(named(name).gainSign);
  });
});
