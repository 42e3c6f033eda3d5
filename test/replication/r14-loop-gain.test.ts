/**
 * R14 through the engine: the loop gain that a survey reads off a live world predicts how far a
 * static book amplifies a one-shot shock, 1 / (1 - G), within 5 %.
 */
import { describe, expect, it } from 'vitest';
import { parseScenario, resolveScenario, buildWorld } from '../../scenarios/model/index.js';
import { WindowLoop, World } from '../../sim/engine/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { Survey } from '../../sim/survey/index.js';
import { EventLog } from '../../sim/trace/index.js';

const SHOCK_SECONDS = 100;
const PRICE = 100_000;
const LEVEL_LOTS = 200;
/** Quote units that move the price by its whole, at constant depth: lots a tick x ticks x price. */
const QUOTE_PER_FRACTION = LEVEL_LOTS * 0.001 * PRICE * PRICE;
/** A little less than .5 %: the first rebalances leave the mark a tick or two beside the middle. */
const SHOCK = 0.0049;

interface Crowd {
  strategy: string;
  params: Record<string, number>;
  /** Position at the start over equity. */
  leverage: number;
  /** Gain over equity. */
  gain: number;
}

const funds = (leverage: number): Crowd => ({
  strategy: 'leverage-target',
  params: { leverage, slices: 1 },
  leverage,
  gain: leverage * (leverage - 1),
});

/** Floor at 80 % of equity: a cushion of .2. */
const insured = (multiplier: number): Crowd => ({
  strategy: 'cppi',
  params: { multiplier, floorShare: 0.8, leverageCap: 100, tolerance: 0 },
  leverage: 0.2 * multiplier,
  gain: 0.2 * multiplier * (multiplier - 1),
});

/** An estimate that keeps nearly all its weight does not move. */
const targets = (leverage: number, direction: number): Crowd => ({
  strategy: 'volatility-target',
  params: {
    volatilityInitial: 0.01, volatilityTarget: leverage * 0.01 * Math.sqrt(365),
    decayDaily: 0.9999999, direction,
  },
  leverage: direction * leverage,
  gain: direction * leverage * (direction * leverage - 1),
});

/** A crowd of a wanted loop gain on a static book; one more trader sends one market order. */
function scenario(crowd: Crowd, loopGain: number, sign: number): string {
  const count = 40;
  const equity = (loopGain * QUOTE_PER_FRACTION) / (crowd.gain * count);
  const shock = SHOCK * QUOTE_PER_FRACTION;
  return `name: loop
title: A crowd on a static book
time: { duration: 900s, window: 100ms }
venue:
  name: static
  instruments:
    - name: COIN-PERP
      contract: { kind: linear, tick: 1, lot: 0.001, quantum: 0.001 }
      margin: { leverageMax: 100, tiers: [{ floor: 0, maintenance: 0.005, initial: 0.01 }] }
      mark: { kind: last }
      index: { kind: constant, price: ${PRICE} }
      book: { levels: 2000, size: ${LEVEL_LOTS} }
population:
  - name: crowd
    strategy: ${crowd.strategy}
    count: ${count}
    params: ${JSON.stringify(crowd.params)}
    equity: ${equity}
    leverageMax: 100
    band: 0
    period: 10s
    opening: { longShare: ${crowd.leverage > 0 ? 1 : 0}, leverage: ${Math.abs(crowd.leverage)} }
  - name: others
    strategy: buy-and-hold-levered
    count: 1
    balances: true
    equity: ${10 * equity * count}
    leverageMax: 10
    params: { leverage: 0 }
  - name: shock
    strategy: buy-and-hold-levered
    count: 1
    equity: ${10 * shock}
    leverageMax: 10
    params: { leverage: 0.1, direction: ${sign}, entryMicros: ${SHOCK_SECONDS * 1e6} }
`;
}

/** Runs until a time, seconds. */
function runUntil(world: World, seconds: number): void {
  new WindowLoop(world, { parallel: false, untilMicros: seconds * 1e6 }).run();
}

interface Outcome {
  loopGain: number;
  first: number;
  amplification: number;
  liquidations: number;
}

function shock(crowd: Crowd, loopGain: number, sign: number): Outcome {
  const text = scenario(crowd, loopGain, sign);
  const spec = buildWorld(resolveScenario(parseScenario(text, 'loop')), { seed: 14 });
  const world = new World(new LocalMemory(), spec, 1, new EventLog(() => {}));
  world.open();
  const quiet = (): number => world.venue.tradeCount;
  runUntil(world, SHOCK_SECONDS - 20);
  const trades = quiet();
  runUntil(world, SHOCK_SECONDS);
  expect(quiet(), 'nobody trades before the shock').toBe(trades);
  const start = world.venue.markTicks(0);
  const gain = new Survey(world, { nearFraction: 0.01 }).loopGain();
  // The order arrives within a second; whoever acts on it needs as long again to be heard.
  let mark = start;
  for (let windows = 1; mark === start; windows++) {
    runUntil(world, SHOCK_SECONDS + windows * 0.1);
    mark = world.venue.markTicks(0);
  }
  const first = mark / start - 1;
  runUntil(world, 880);
  const settled = quiet();
  runUntil(world, 900);
  expect(quiet(), 'iterated until nobody trades').toBe(settled);
  return {
    loopGain: sign < 0 ? gain.down : gain.up,
    first,
    amplification: (world.venue.markTicks(0) / start - 1) / first,
    liquidations: world.venue.liquidationCount,
  };
}

const crowds: [string, Crowd][] = [
  ['funds of three times', funds(3)],
  ['funds of twice', funds(2)],
  ['inverse funds', funds(-1)],
  ['insured portfolios, m = 5', insured(5)],
  ['insured portfolios, m = 3', insured(3)],
  ['volatility targets', targets(2.5, 1)],
  ['volatility targets, short', targets(1, -1)],
];
const gains = [0.1, 0.2, 0.3, 0.4, 0.5];
const cases = crowds.flatMap(([name, crowd]) =>
  gains.flatMap((gain) => [-1, 1].map((sign) => [name, gain, sign, crowd] as const)),
);

describe('the loop gain of a live world', () => {
  it.each(cases)('predicts what %s make of a shock: G = %f, side %d', (_name, gain, sign, crowd) => {
    const outcome = shock(crowd, gain, sign);
    expect(outcome.liquidations).toBe(0);
    expect(Math.abs(outcome.first)).toBeLessThanOrEqual(0.005);
    expect(outcome.loopGain).toBeCloseTo(gain, 2);
    const predicted = 1 / (1 - outcome.loopGain);
    expect(Math.abs(outcome.amplification / predicted - 1)).toBeLessThan(0.05);
  });
});
