/** A small market that its own noise moves, the index hardly: whom it liquidates is open to the end. */
export const NOISY_SCENARIO = `name: noisy
title: A thin book moved by noise
time: { duration: 15s, window: 100ms }
venue:
  name: test
  insuranceFund: 100000
  instruments:
    - name: BTCUSD
      contract: { kind: linear, tick: 1, lot: 0.01 }
      margin:
        leverageMax: 100
        tiers: [{ floor: 0, maintenance: 0.005, initial: 0.01 }]
      mark: { kind: last }
      fees: { maker: 0, taker: 0 }
      index: { kind: gbm, price: 8000, volatility: 0.01 }
      book: { levels: 150, size: 8 }
population:
  - name: noise
    strategy: zero-intelligence
    count: 40
    equity: 1000000
    balances: true
    params: { ratePerSecond: 0.5, marketShare: 0.4, sizeMax: 10, sizeScale: 10 }
  - name: retail
    strategy: buy-and-hold-levered
    count: 30
    equity: 10
    opening: { longShare: 1, leverage: { dist: uniform, min: 15, max: 90 } }
`;
