/** Strategies as a user writes them, and a scenario that runs one. */

/** A strategy file: `body` runs for each agent at each bar, from the second minute on. */
export function strategyFile(body: string, { name = 'mine', head = '', from = 60 } = {}): string {
  return `import { AgentField, defineStrategy, MarketField, standsDown, startClock, WakeOn } from 'stampede-sim';
${head}
export default defineStrategy({
  name: '${name}', family: 'scaling', doc: 'A rule for tests.', source: 'a test', gainSign: 1, exitTrigger: 'none',
  params: {
    leverage: { doc: 'Leverage', unit: 'leverage', min: 0, max: 100, default: 2, source: 'assumption' },
  },
  state: { seen: { doc: 'Last marks', unit: 'ticks', initial: 0, count: 4 } },
  style: 'sizing', orderSlots: 2, wakeOn: WakeOn.none,
  start(batch) { startClock(batch); },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, wakeAt, market, marketAt } = batch;
    for (let i = 0; i < count; i++) {
      if (standsDown(batch, i)) continue;
      const r = row[i];
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      const mark: number = market[marketAt[i] + MarketField.mark];
      if (time[i] < ${from}e6) continue;
      ${body}
    }
  },
});
`;
}

/** A rule that trades: it leans with the last moves, through arithmetic that engines differ in. */
export const TRADING_BODY = `
      const k = rows[r + AgentField.decisions] % 4;
      const last = rows[r + at.seen + k];
      rows[r + at.seen + k] = mark;
      if (last === 0) continue;
      const lean = Math.exp(Math.log(mark / last) * 50) ** 1.5;
      target[i] = equity[i] * Math.min(rows[r + at.leverage] * lean, 5);`;

/** A small market with a cohort that names it. */
export const USER_SCENARIO = `name: own
time: { duration: 4m, window: 100ms }
venue:
  name: test
  insuranceFund: 100000
  instruments:
    - name: BTCUSD
      contract: { kind: linear, tick: 0.5, lot: 0.001 }
      margin: { leverageMax: 100, tiers: [{ floor: 0, maintenance: 0.005, initial: 0.01 }] }
      mark: { kind: medianOfThree }
      fees: { maker: -0.0001, taker: 0.0005 }
      index: { kind: gbm, price: 8000, volatility: 3 }
      book: { levels: 50, size: 1000 }
population:
  - { name: makers, strategy: market-maker, count: 5, equity: 1000000, period: 1s, balances: true }
  - { name: noise, strategy: zero-intelligence, count: 100, equity: 100000, params: { ratePerSecond: 0.2 } }
  - { name: crowd, strategy: mine, count: 60, equity: 20000, period: 5s, leverageMax: 10 }
`;
