/** Small scenarios for tests of the command line and the threads. */

/** A few hundred agents of several families, liquidations within minutes. */
export const SMALL_SCENARIO = `name: small
title: A small market for tests
time: { duration: 5m, window: 100ms }
venue:
  name: test
  insuranceFund: 100000
  instruments:
    - name: BTCUSD
      contract: { kind: linear, tick: 0.5, lot: 0.001 }
      margin:
        leverageMax: 100
        tiers: [{ floor: 0, maintenance: 0.005, initial: 0.01 }]
      mark: { kind: medianOfThree }
      fees: { maker: -0.0001, taker: 0.0005 }
      index: { kind: gbm, price: 8000, volatility: 3 }
      book: { levels: 50, size: 1000 }
population:
  - name: makers
    strategy: market-maker
    count: 5
    equity: 1000000
    period: 1s
    balances: true
  - name: noise
    strategy: zero-intelligence
    count: 300
    equity: 100000
    params: { ratePerSecond: 0.2 }
  - name: targets
    strategy: leverage-target
    count: 50
    equity: 20000
    period: 20s
  - name: retail
    strategy: buy-and-hold-levered
    count: 200
    equity: { dist: lognormal, median: 1000, sigma: 1 }
    opening: { longShare: 0.9, leverage: { dist: uniform, min: 5, max: 60 } }
`;

/** The same, long enough to be interrupted. */
export const LONG_SCENARIO = SMALL_SCENARIO.replace('name: small', 'name: long').replace(
  'duration: 5m',
  'duration: 30d',
);

/** Ten traders for five seconds: a run of a few milliseconds, for what needs hundreds of them. */
export const TINY_SCENARIO = `name: tiny
time: { duration: 5s, window: 1s }
venue:
  name: test
  insuranceFund: 1000
  instruments:
    - name: BTCUSD
      contract: { kind: linear, tick: 0.5, lot: 0.001 }
      margin:
        leverageMax: 100
        tiers: [{ floor: 0, maintenance: 0.005, initial: 0.01 }]
      mark: { kind: last }
      fees: { maker: 0, taker: 0.0005 }
      index: { kind: gbm, price: 8000, volatility: 30, step: 1s }
      book: { levels: 10, size: 1000 }
population:
  - { name: makers, strategy: market-maker, count: 1, equity: 1000000, period: 1s, balances: true }
  - { name: noise, strategy: zero-intelligence, count: 10, equity: 100000, params: { ratePerSecond: 1 } }
`;
