/** Exit points, ratios and impact on a book and a population whose answers are known. */
import { beforeAll, describe, expect, it } from 'vitest';
import { log, pow } from '../../sim/kernel/index.js';
import { WindowLoop, type World } from '../../sim/engine/index.js';
import {
  bookMove, cumulative, exAnteByPrice, exAntePeak, ExitCause, peakOf, Survey,
  type SurveyReading,
} from '../../sim/survey/index.js';
import { Economics } from '../../sim/strategy/index.js';
import { worldOf } from '../support/world-of.js';

const PRICE = 100_000;
const LEVEL_LOTS = 100;
const EQUITY = 1e6;
const VARIANCE_DECAY = 0.94;

/** One agent a cohort, who has its position from the start; bars of ten seconds. */
function cohort(name: string, strategy: string, leverage: number, params: object, more = ''): string {
  return `
  - name: ${name}
    strategy: ${strategy}
    count: 1
    params: ${JSON.stringify(params)}
    equity: ${EQUITY}
    leverageMax: 100
    band: 0
    period: 10s
    ${more}
    opening: { longShare: ${leverage > 0 ? 1 : 0}, leverage: ${Math.abs(leverage)} }`;
}

const ladder = { stop1: 0.05, stop2: 0, stop3: 0, share1: 0.6, profit1: 0, profit2: 0, profit3: 0 };
const SCENARIO = `name: known
title: Agents whose exits are known
time: { duration: 10m, window: 100ms }
venue:
  name: static
  instruments:
    - name: COIN-PERP
      contract: { kind: linear, tick: 1, lot: 0.001, quantum: 0.001 }
      margin: { leverageMax: 100, tiers: [{ floor: 0, maintenance: 0.005, initial: 0.01 }] }
      mark: { kind: last }
      index: { kind: constant, price: ${PRICE} }
      book: { levels: 9000, size: ${LEVEL_LOTS} }
population:${[
  cohort('fund', 'leverage-target', 3, { leverage: 3, slices: 1 }),
  cohort('insured', 'cppi', 0.8, { multiplier: 4, floorShare: 0.8, leverageCap: 100, tolerance: 0 }),
  cohort('ladder', 'stop-ladder', 2, ladder),
  cohort('short', 'stop-ladder', -2, ladder),
  cohort('holder', 'buy-and-hold-levered', 10, {}),
  cohort('target', 'volatility-target', 1, {
    volatilityInitial: 0.01, volatilityTarget: 0.01 * Math.sqrt(365), decayDaily: VARIANCE_DECAY,
  }),
  cohort('worked', 'leverage-target', 3, { leverage: 3, slices: 1 },
    'execution: { policy: twap, duration: 8s, slices: 4 }'),
].join('')}
  - { name: others, strategy: buy-and-hold-levered, count: 1, balances: true, equity: 1e9, params: { leverage: 0 } }
`;

let world: World;
let reading: SurveyReading;

beforeAll(() => {
  world = worldOf(SCENARIO);
  new WindowLoop(world, { parallel: false, untilMicros: 35e6 }).run();
  reading = new Survey(world).take();
});

const agentOf = (name: string): number =>
  world.population.base[world.spec.cohorts.findIndex((one) => one.name === name)];

function exitOf(name: string, from: SurveyReading = reading, way: 'down' | 'up' = 'down') {
  for (const list of [from[way].exits, from[way].leaning]) {
    const i = list.agent.indexOf(agentOf(name));
    if (i < 0) continue;
    const { ticks, lots, cause, exitNotional } = list;
    return { ticks: ticks[i], lots: lots[i], cause: cause[i], notional: exitNotional[i] };
  }
  return null;
}

/** Price at which a falling function of it reaches a value. */
function solve(f: (r: number) => number, value: number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (f(middle) > value) low = middle;
    else high = middle;
  }
  return PRICE * (1 + low);
}

/** Lots are whole and the first rebalance leaves the mark a tick beside the start. */
const near = (ticks: number | undefined, price: number): void =>
  expect(Math.abs((ticks ?? NaN) - price)).toBeLessThan(0.0002 * PRICE);

describe('exit points', () => {
  it('of a fund of three times: (1 + 3r) / (1 + r) = 1/2 at -20 %', () => {
    near(exitOf('fund')?.ticks, 80_000);
    expect(exitOf('fund')?.cause).toBe(ExitCause.rule);
    near(exitOf('worked')?.ticks, 80_000);
  });

  it('of an insured portfolio: (1 + 4r) / (1 + r) = 1/2 at -1/7, farther in two bars', () => {
    near(exitOf('insured')?.ticks, PRICE * (1 - 1 / 7));
    const two = new Survey(world, { bars: 2 }).take();
    const lots = (r: number): number => {
      const [a, b] = [r / 2, (1 + r) / (1 + r / 2) - 1];
      return ((1 + 4 * a) * (1 + 4 * b)) / (1 + r);
    };
    const price = solve(lots, 0.5, 0, -0.24);
    expect(price).toBeLessThan(PRICE * (1 - 1 / 7) - 500);
    near(exitOf('insured', two)?.ticks, price);
  });

  it('of a third of a position and of nearly all of it', () => {
    near(exitOf('fund', new Survey(world, { cutFraction: 1 / 3 }).take())?.ticks, PRICE * (1 - 1 / 7));
    near(exitOf('fund', new Survey(world, { cutFraction: 0.75 }).take())?.ticks, PRICE * (1 - 3 / 11));
  });

  it('of ladders: their first stop, on their side only', () => {
    near(exitOf('ladder')?.ticks, 95_000);
    near(exitOf('short', reading, 'up')?.ticks, 105_000);
    expect(exitOf('ladder', reading, 'up')).toBeNull();
    const lots = (2 * EQUITY) / (PRICE * 0.001);
    expect(exitOf('ladder')?.lots).toBeCloseTo(0.6 * lots, -1);
    expect((exitOf('ladder')?.notional ?? 0) / (0.6 * lots * 95)).toBeCloseTo(1, 3);
    // All of it only the margin engine closes: 1 - 2r = .01 (1 + r), farther than is looked by default.
    expect(exitOf('short', new Survey(world, { cutFraction: 0.99 }).take(), 'up')).toBeNull();
    const far = new Survey(world, { cutFraction: 0.99, buckets: 240 }).take();
    near(exitOf('short', far, 'up')?.ticks, PRICE * (1 + 0.99 / 2.01));
    expect(exitOf('short', far, 'up')?.cause).toBe(ExitCause.margin);
  });

  it('of a holder: the margin engine\'s, to the tick', () => {
    const exit = exitOf('holder');
    // 1/10 + r = .005 (1 + r)
    near(exit?.ticks, PRICE * (1 - 0.095 / 0.995));
    expect(exit?.cause).toBe(ExitCause.margin);
    const { breaches } = world.venue;
    const ticks = exit?.ticks ?? 0;
    expect(breaches.slackAt(agentOf('holder'), 0, ticks)).toBeLessThan(0);
    expect(breaches.slackAt(agentOf('holder'), 0, ticks + 1)).toBeGreaterThanOrEqual(0);
    expect(exit?.lots).toBe(world.venue.positionOf(agentOf('holder'), 0));
  });

  it('of a volatility target: on both sides, with its estimate following the path', () => {
    const bar = 10 / 86_400;
    const decay = pow(VARIANCE_DECAY, bar);
    const cohortAt = world.spec.cohorts.findIndex((one) => one.name === 'target');
    const variance = world.population.rows[cohortAt][world.spec.cohorts[cohortAt].strategy.at.variance];
    expect(variance / (0.0001 * bar)).toBeCloseTo(1, 2);
    // At leverage 1 the lots stay when the estimate does; it doubles where its square is fourfold.
    const shrink = (r: number): number => {
      const move = log(1 + r);
      return 1 / Math.sqrt(decay + ((1 - decay) * move * move) / variance);
    };
    near(exitOf('target')?.ticks, solve(shrink, 0.5, 0, -0.3));
    near(exitOf('target', reading, 'up')?.ticks, solve(shrink, 0.5, 0, 0.3));
  });

  it('in time: whoever leaves whatever the price does', () => {
    const times = reading.timeExitMicros;
    expect([...times].every((time) => time === Infinity)).toBe(true);
    const set = { multiplier: 4, floorShare: 0.8, leverageCap: 100, tolerance: 0, riskFree: 1 };
    // The floor grows by 1e6 percent a year: the cushion of a fifth is gone within seconds.
    const fast = SCENARIO.replace(/params: (\{[^}]*"floorShare"[^}]*\})/, () =>
      `params: ${JSON.stringify({ ...set, daysPerYear: 1 })}`).replace('strategy: cppi\n    count: 1',
      'strategy: cppi\n    count: 1\n    phase: 0');
    const later = worldOf(fast);
    new WindowLoop(later, { parallel: false, untilMicros: 5e6 }).run();
    const survey = new Survey(later, { bars: 4000 });
    const time = survey.take().timeExitMicros[agentOf('insured')];
    // 4 (1 - .8 e^x) = .4: the floor has risen by 12.5 %, at a rate of 1 a day.
    expect(time / (log(1.125) * 86_400e6)).toBeCloseTo(1, 2);
  });
});

describe('ratios by price', () => {
  it('divide what leaves in a bucket by what rests there', () => {
    const { down } = reading;
    const held = world.venue.positionOf(agentOf('holder'), 0);
    const bucket = down.forcedLots.findIndex((lots) => lots > 0);
    expect(bucket).toBe(Math.floor(0.095 / 0.995 / 0.0025));
    expect(down.forcedLots[bucket]).toBe(held);
    expect(Math.abs(down.restingLots[10] - 250 * LEVEL_LOTS)).toBeLessThanOrEqual(LEVEL_LOTS);
    // The book ends at 9 %: beyond it nothing rests, but what follows the price.
    expect(exAnteByPrice(down)[bucket]).toBe(Infinity);
    expect(down.nearLotsPerTick / LEVEL_LOTS).toBeCloseTo(1, 1);
    expect(exAnteByPrice(down, 1, 'following')[bucket]).toBeCloseTo(held / (250 * LEVEL_LOTS), 0);
    expect(exAntePeak(reading)).toBe(Infinity);
    const pressure = exAnteByPrice(down, 3);
    const stop = Math.floor(0.05 / 0.0025);
    expect(pressure[stop]).toBeCloseTo((0.6 * 20 * EQUITY) / 1e3 / (250 * LEVEL_LOTS), 2);
    expect(peakOf(Float64Array.from([0, 2, 5, 5]))).toEqual({ ratio: 5, bucket: 2 });
    expect(peakOf(new Float64Array(3))).toEqual({ ratio: 0, bucket: -1 });
    expect([...cumulative(Float64Array.from([1, 2, 0, 4]))]).toEqual([1, 3, 3, 7]);
  });

  it('know the impact of a quote unit on a flat book', () => {
    const perQuote = 1 / (LEVEL_LOTS * 0.001 * PRICE * PRICE);
    expect(reading.down.impactPerQuote / perQuote).toBeCloseTo(1, 1);
    const economics = new Economics(world.spec.venue.instruments[0].contract);
    const quote = 500 * LEVEL_LOTS * 0.001 * PRICE;
    const move = bookMove(world, 0, { sign: -1, quote, economics });
    expect(move).toBeCloseTo(0.005, 4);
    expect(bookMove(world, 0, { sign: 1, quote: 1e15, economics })).toBe(Infinity);
  });
});
