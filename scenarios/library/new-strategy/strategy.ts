/**
 * my-strategy: a trading rule of your own, as an example to change.
 *
 * The rule: hold `leverage` times the equity while the price is above its average of the last bars, else
 * hold nothing; leave at once when the price falls through a stop.
 *
 *   stampede strategies test my-strategy/my-strategy.ts                  checks everything below
 *   stampede probe ./my-strategy/my-strategy.ts --prices 100,101,103,99  its decisions on a path of prices
 *   stampede run my-strategy/my-strategy.yaml --strategy my-strategy/my-strategy.ts
 *
 * A strategy is one file that default-exports defineStrategy({...}). It may import "stampede-sim" and its
 * own files ("./parts.ts"), nothing else.
 */
import {
  AgentField, // the fields every agent's row begins with: position, periodMicros, leverageMax, ...
  defineStrategy,
  MarketField, // what an agent sees of the market: mark, index, bestBid, bestAsk, fundingRate, high, low, ...
  standsDown, // what every shipped rule does without equity, or after a liquidation
  startClock, // first tick of the bar clock
  Urgency, // forced: trade even inside the no-trade band. reduceOnly: never add, never turn over
  WakeOn, // reports that wake the agent beside its timer and alerts: fill, rejected, liquidated, ...
  WakeReason, // why it is awake: timer, alert, fill, ...
} from 'stampede-sim';

/** Longest average, bars: the length of the array in the agent's row. */
const BARS_MAX = 64;

export default defineStrategy({
  // --- What it is. Scenarios use the name; the rest is what `stampede strategies` prints. -----------------
  name: 'my-strategy', // kebab-case; must not be the name of a shipped strategy
  family: 'scaling', // scaling, liquidity, flow, signal, arbitrage, keeper or adversary
  doc: 'Holds leverage times its equity while the price is above its moving average, else nothing.',
  source: 'my own', // a paper, an exchange rule, a practice
  gainSign: 1, // sign of d(traded quote)/d(return): 1 sells into falls, -1 buys them, 0 neither
  exitTrigger: 'a close below the average, or a fall through the stop',

  // --- Parameters: drawn for each agent from what the scenario says, then constant. ------------------------
  // unit: 'leverage' is turned by dials.leverage; amounts of money are in 'quote', prices in 'price' (quote
  // per unit); other units are only printed: 'fraction', 'bars', 'microseconds', '1'.
  // source: a citation, 'practice: ...' or 'assumption'.
  params: {
    leverage: {
      doc: 'Leverage held above the average', unit: 'leverage', min: 0, max: 100, default: 2, source: 'assumption',
    },
    bars: {
      doc: 'Bars averaged', unit: 'bars', min: 2, max: BARS_MAX, default: 3, integer: true, source: 'assumption',
    },
    stopFraction: {
      doc: 'Fall from the last bar that closes the position',
      unit: 'fraction', min: 0, max: 1, default: 0.02, source: 'assumption',
    },
  },

  // --- State: all the memory an agent has. It lies in the agent's row and is part of the run's hash. --------
  // Variables of this file would be shared by all agents and all threads: the run refuses rules that use them.
  state: {
    barCount: { doc: 'Bars seen', unit: 'bars', initial: 0 },
    stopTicks: { doc: 'Mark at which it leaves before the next bar; -1 for none', unit: 'ticks', initial: -1 },
    // count makes it an array: values at offsets closes, closes + 1, ..., closes + count - 1.
    closes: { doc: 'Last marks, a ring', unit: 'ticks', initial: 0, count: BARS_MAX },
  },

  // 'sizing': says what it wants to hold (batch.target), and a shared wrapper trades: no-trade band, leverage
  // cap, rounding to lots. 'quoting': sends its own orders through batch.orders.
  style: 'sizing',
  orderSlots: 2, // orders it may have under way at once; sizing rules need 2
  wakeOn: WakeOn.none,

  // --- Worked examples: a path of prices and the numbers it must give. `stampede strategies test` runs them. -
  // Fields: targetLeverage, targetPositionUnits, orderUnits, equityQuote, state.<name>, state.<array>.<k>.
  examples: [
    {
      doc: 'Enters above the average of three bars, leaves below it',
      prices: [100, 101, 103, 104, 103, 102, 102],
      equity: 1000,
      expect: [
        { field: 'targetLeverage', values: [0, 0, 2, 2, 0, 0, 0] },
        { field: 'state.barCount', values: [1, 2, 3, 4, 5, 6, 7] },
      ],
    },
  ],

  /** Called once for each agent at time 0: sets state and the first wake-up. `at` has the offsets. */
  start(batch) {
    startClock(batch);
  },

  /**
   * Called with all agents that are awake: loops over them. Inputs are columns: price[i], equity[i] and
   * exposure[i] in quote units, time[i] in microseconds, reason[i]. What is not written stays as it is.
   */
  decide(batch, at) {
    const { count, rows, row, market, marketAt, time, reason, equity, target, urgency, wakeAt, alertBelow } =
      batch;
    for (let i = 0; i < count; i++) {
      if (standsDown(batch, i)) continue;
      const r = row[i]; // where this agent's row begins: rows[r + AgentField.x], rows[r + at.x]
      const seen = marketAt[i]; // where the snapshot begins that has reached it: market[seen + MarketField.x]
      const mark = market[seen + MarketField.mark]; // in ticks; price[i] is the same in quote units

      if ((reason[i] & WakeReason.timer) === 0) {
        // An alert: it fired because the mark touched the stop within the last window.
        if (market[seen + MarketField.low] <= rows[r + at.stopTicks]) {
          target[i] = 0;
          urgency[i] = Urgency.forced | Urgency.reduceOnly;
          rows[r + at.stopTicks] = -1;
        }
        continue; // the timer set at the last bar still runs
      }

      // A bar: remember its close, and average the last ones.
      const bars = rows[r + at.bars];
      const barCount = rows[r + at.barCount];
      rows[r + at.closes + (barCount % BARS_MAX)] = mark;
      rows[r + at.barCount] = barCount + 1;
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      let sum = 0;
      for (let k = 0; k < bars; k++) sum += rows[r + at.closes + ((barCount - k + BARS_MAX) % BARS_MAX)];

      const isUp = barCount + 1 >= bars && mark * bars > sum;
      target[i] = isUp ? rows[r + at.leverage] * equity[i] : 0;
      // Alerts are prices in ticks, on the mark; they fire once. -1 clears one.
      const stop = isUp ? Math.floor(mark * (1 - rows[r + at.stopFraction])) : -1;
      rows[r + at.stopTicks] = stop;
      alertBelow[i] = stop;
    }
  },
});
