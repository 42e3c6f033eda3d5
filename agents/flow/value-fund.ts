/** The leveraged value fund: buys below value up to a leverage ceiling, with other people's money. */
import { exp } from '../../sim/kernel/index.js';
import { AgentField, defineStrategy, MarketField, Urgency, WakeOn } from '../../sim/strategy/index.js';
import { standsDown, startClock } from '../parts/index.js';

const paper = 'Thurner, Farmer & Geanakoplos 2012';

export const valueFund = defineStrategy({
  name: 'value-fund',
  family: 'flow',
  doc:
    'Long only: holds wealth x min(aggressiveness x m, leverage) while m = (value - price) / ' +
    'value is positive; investors add or withdraw money after its returns; closes when little ' +
    'of its wealth is left and starts again after a pause.',
  source:
    `${paper}. Differs: m is relative to value; investors' money stays outside the account, so ` +
    'that wealth = equity + net flows, and the wrapper still caps leverage on equity',
  params: {
    aggressiveness: {
      doc: 'Leverage per unit of relative mispricing', unit: '1', min: 0, max: 1e4, default: 20,
      source: `${paper}: 5 to 50`,
    },
    leverage: {
      doc: 'Largest leverage on wealth', unit: 'leverage', min: 0, max: 100, default: 5,
      source: `${paper}: 1 to 15`,
    },
    bias: {
      doc: 'Log error of its fair value; draw it per agent', unit: '1', min: -1, max: 1,
      default: 0, source: 'assumption: the paper has none',
    },
    performanceWeight: {
      doc: 'Weight of the newest return in the performance investors look at', unit: 'fraction',
      min: 0, max: 1, default: 0.1, source: paper,
    },
    flowSensitivity: {
      doc: 'Flow a bar, part of wealth, per unit of performance above the benchmark; 0 for none',
      unit: '1', min: 0, max: 100, default: 0.15, source: paper,
    },
    benchmark: {
      doc: 'Return a bar that investors are content with', unit: '1', min: -1, max: 1,
      default: 0.005, source: paper,
    },
    ruinShare: {
      doc: 'Part of its first wealth below which it closes', unit: 'fraction', min: 0, max: 0.99,
      default: 0.1, source: paper,
    },
    pauseBars: {
      doc: 'Bars until it starts again, with its first wealth', unit: 'bars', min: 1, max: 1e9,
      default: 100, integer: true, source: paper,
    },
  },
  state: {
    outside: { doc: "Investors' net money outside the account", unit: 'quote', initial: 0 },
    recentReturn: { doc: 'Moving average of its returns a bar', unit: '1', initial: 0 },
    wealth: { doc: 'Wealth at the last bar; 0 before', unit: 'quote', initial: 0 },
    lastEquity: { doc: 'Equity at the last bar', unit: 'quote', initial: 0 },
    pause: { doc: 'Bars until it starts again; 0 while it trades', unit: 'bars', initial: 0 },
    valueFactor: { doc: 'Its fair value over the index', unit: '1', initial: 1 },
    mispricing: { doc: '(value - price) / value at the last bar', unit: '1', initial: 0 },
    defaults: { doc: 'Times it closed for want of wealth', unit: '1', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: -1,
  gain: {
    formula: 'b (m N - (1 - m) W) - N, which is (L^2 - b) W; at the cap l (l - 1) W',
    evaluate({ equity, exposure, leverageMax, of }) {
      const m = of('mispricing');
      const wealth = equity + of('outside');
      const steep = of('aggressiveness');
      const cap = of('leverage');
      const simple = of('pause') === 0 && of('wealth') > 0 && cap * wealth < leverageMax * equity;
      if (!simple) return { down: NaN, up: NaN };
      // What the target moves by per unit of return, less what the position does by itself.
      const free = steep * (m * exposure - (1 - m) * wealth) - exposure;
      const capped = (cap - 1) * exposure;
      return {
        down: m < 0 ? 0 : steep * m < cap ? free : capped,
        up: m <= 0 ? 0 : steep * m <= cap ? free : capped,
      };
    },
  },
  exitTrigger: 'its leverage ceiling, where it sells into falls; ruin; redemptions',
  examples: [
    {
      card: 'B5',
      doc: 'Buys the fall until the ceiling, then sells into it: b = 20, l = 5, no flows',
      prices: [100, 90, 75, 70],
      index: [100, 100, 100, 100],
      set: { flowSensitivity: 0 },
      expect: [
        { field: 'targetLeverage', values: [0, 2, 5, 5] },
        { field: 'gain.down', values: [-2e6, -1.6e6, 1_333_333.333333, 888_888.888889], tolerance: 0.01 },
      ],
    },
  ],
  start(batch, at) {
    const { count, rows, row } = batch;
    for (let i = 0; i < count; i++) rows[row[i] + at.valueFactor] = exp(rows[row[i] + at.bias]);
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, target, urgency, wakeAt, market, marketAt } = batch;
    const { aggressiveness, leverage, performanceWeight, flowSensitivity, benchmark } = at;
    const { ruinShare, pauseBars, outside, recentReturn, wealth, lastEquity, pause } = at;
    const { valueFactor, mispricing, defaults } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      const first = rows[r + AgentField.initialEquityQuote];
      if (rows[r + pause] > 0) {
        rows[r + pause]--;
        target[i] = 0;
        if (rows[r + pause] > 0) continue;
        // New investors make up what is missing, or take what is too much.
        rows[r + outside] = first - equity[i];
        rows[r + recentReturn] = 0;
        rows[r + wealth] = 0;
      }
      const before = rows[r + wealth];
      const now = equity[i] + rows[r + outside];
      if (now < rows[r + ruinShare] * first) {
        rows[r + pause] = rows[r + pauseBars];
        rows[r + wealth] = 0;
        rows[r + defaults]++;
        target[i] = 0;
        urgency[i] = Urgency.forced | Urgency.reduceOnly;
        continue;
      }
      const fair = market[marketAt[i] + MarketField.index] * rows[r + valueFactor];
      const m = (fair - market[marketAt[i] + MarketField.mark]) / fair;
      rows[r + mispricing] = m;
      const wanted = Math.min(rows[r + aggressiveness] * m, rows[r + leverage]);
      target[i] = Math.max(wanted, 0) * now;
      // Investors act after the market has cleared, on what the fund made of its last wealth.
      let flow = 0;
      if (before > 0) {
        const gained = (equity[i] - rows[r + lastEquity]) / before;
        const average = rows[r + recentReturn];
        const seen = average + rows[r + performanceWeight] * (gained - average);
        rows[r + recentReturn] = seen;
        flow = Math.max(rows[r + flowSensitivity] * (seen - rows[r + benchmark]), -1) * now;
      }
      rows[r + outside] += flow;
      rows[r + wealth] = now + flow;
      rows[r + lastEquity] = equity[i];
    }
  },
});
