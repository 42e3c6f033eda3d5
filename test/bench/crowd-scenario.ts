/** Scenarios that benchmarks make: a crowd that decides, and flows over any number of traders. */
import { parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import type { Scenario } from '../../scenarios/model/index.js';

const VENUE = `
  insuranceFund: 100000000
  instruments:
    - name: BTCUSD
      contract: { kind: linear, tick: 0.5, lot: 0.001, quantum: 0.0001 }
      margin:
        leverageMax: 100
        tiers: [{ floor: 0, maintenance: 0.005, initial: 0.01 }]
      fees: { maker: -0.0001, taker: 0.0005 }`;

/** Makers deep enough that the traders' orders are filled. */
const MAKERS = `
  - name: makers
    strategy: market-maker
    count: 20
    equity: 10000000000
    period: 1s
    balances: true
    params: { sizeLots: 1000000 }`;

/** Strategies of the crowd: the eight that size positions. */
const SIZING = [
  'anti-martingale',
  'buy-and-hold-levered',
  'leverage-target',
  'momentum',
  'pyramiding',
  'stop-ladder',
  'value',
  'volatility-target',
];

/** Strategies that trade once a session: their clock is ten times as long. */
const SESSIONS = new Set(['leverage-target']);

/**
 * Agents that size positions, each on a clock of `periodSeconds`, and makers that trade with them: about
 * agents / periodSeconds / 10 of them are due in a window of 100 ms.
 */
export function crowdScenario(agents: number, periodSeconds: number, seconds: number): Scenario {
  const each = Math.floor(agents / SIZING.length);
  const cohorts = SIZING.map(
    (strategy) => `
  - name: ${strategy}
    strategy: ${strategy}
    count: ${each}
    equity: { dist: lognormal, median: 10000, sigma: 1 }
    period: ${(SESSIONS.has(strategy) ? 10 : 1) * periodSeconds}s
    opening: { longShare: 0.5, leverage: { dist: uniform, min: 0.5, max: 3 } }`,
  );
  return resolved(`name: crowd
time: { duration: ${seconds}s, window: 100ms }
venue:
  name: bench${VENUE}
      mark: { kind: medianOfThree }
      index: { kind: gbm, price: 8000, volatility: 3 }
population:${MAKERS}${cohorts.join('')}
`);
}

/**
 * Traders that hold levered positions and send market orders: `actionsPerSecond` of them all together,
 * whatever their number. With resting orders a larger crowd would cancel less, and cost per action could
 * not be compared across sizes.
 */
export function flowScenario(traders: number, actionsPerSecond: number, seconds: number): Scenario {
  const rate = actionsPerSecond / traders;
  return resolved(`name: flow
time: { duration: ${seconds}s, window: 100ms }
venue:
  name: bench${VENUE}
      mark: { kind: index }
      index: { kind: gbm, price: 8000, volatility: 1 }
      book: { levels: 100, size: 1000000 }
population:${MAKERS}
  - name: traders
    strategy: zero-intelligence
    count: ${traders}
    equity: { dist: lognormal, median: 500, sigma: 1 }
    params: { ratePerSecond: ${rate}, marketShare: 1 }
    opening: { longShare: 0.5, leverage: { dist: uniform, min: 1, max: 20 } }
`);
}

function resolved(text: string): Scenario {
  return resolveScenario(parseScenario(text, 'bench'));
}
