/** Pyramiding: enters on a breakout and adds to winners, all units under one stop. */
import {
  AgentField,
  defineStrategy,
  MarketField,
  Urgency,
  WakeOn,
  WakeReason,
  type StateSpec,
} from '../sim/strategy/index.js';
import { startClock } from './clock.js';
import { standsDown } from './ruin.js';

/** Keeps a price that is on a level, but for rounding, on it: fraction of the price. */
const SLACK = 1e-9;
/** Longest channel, bars: each bar's high and low is a state variable. */
const BARS_MAX = 20;

/** Declares the bars of a ring after its first: they follow it in the row. */
function ringAfter(name: string, doc: string): Record<never, StateSpec> {
  const specs: Record<string, StateSpec> = {};
  for (let k = 1; k < BARS_MAX; k++) specs[`${name}${k}`] = { doc, unit: 'quote', initial: 0 };
  return specs;
}

export const pyramiding = defineStrategy({
  name: 'pyramiding',
  family: 'scaling',
  doc:
    'Buys one unit when the price breaks the high of the last bars, adds one at each half ' +
    'average range of favourable move, stops all of them two ranges from the last fill, and ' +
    'leaves on a shorter opposite breakout; mirrored on the short side.',
  source:
    'Original Turtle Rules (Dennis & Eckhardt), Faith 2003. Differs: a bar is what the agent saw ' +
    'at its wakes, not every trade',
  params: {
    riskFraction: {
      doc: 'Part of equity one average range moves a unit by', unit: 'fraction', min: 0, max: 1,
      default: 0.01, source: 'Original Turtle Rules',
    },
    unitsMax: {
      doc: 'Units at most', unit: '1', min: 1, max: 20, default: 4, integer: true,
      source: 'Original Turtle Rules',
    },
    addRanges: {
      doc: 'Move between units, average ranges', unit: '1', min: 0.01, max: 100, default: 0.5,
      source: 'Original Turtle Rules',
    },
    stopRanges: {
      doc: 'Stop below the last fill, average ranges', unit: '1', min: 0.01, max: 100, default: 2,
      source: 'Original Turtle Rules',
    },
    entryBars: {
      doc: 'Bars of the entry channel', unit: 'bars', min: 2, max: BARS_MAX, default: 20,
      integer: true, source: 'Original Turtle Rules, system 1',
    },
    exitBars: {
      doc: 'Bars of the exit channel', unit: 'bars', min: 1, max: BARS_MAX, default: 10,
      integer: true, source: 'Original Turtle Rules, system 1',
    },
    rangeBars: {
      doc: "Bars of Wilder's average true range", unit: 'bars', min: 1, max: 1000, default: 20,
      integer: true, source: 'Original Turtle Rules',
    },
    allowShort: {
      doc: 'Also sells breakouts below when 1',
      unit: '1', min: 0, max: 1, default: 1, integer: true,
      source: 'Original Turtle Rules',
    },
    leverageScale: {
      doc: 'Multiplies the unit', unit: 'leverage', min: 0, max: 1000, default: 1,
      source: 'assumption',
    },
  },
  state: {
    bars: { doc: 'Bars completed', unit: 'bars', initial: 0 },
    slot: { doc: 'Place of the next bar in the rings', unit: '1', initial: 0 },
    barHigh: { doc: 'Highest price seen in this bar', unit: 'quote', initial: 0 },
    barLow: { doc: 'Lowest price seen in this bar', unit: 'quote', initial: 0 },
    lastClose: { doc: 'Price at the end of the last bar', unit: 'quote', initial: 0 },
    averageRange: { doc: "Wilder's average true range", unit: 'quote', initial: 0 },
    entryHigh: { doc: 'Top of the entry channel', unit: 'quote', initial: 0 },
    entryLow: { doc: 'Bottom of the entry channel', unit: 'quote', initial: 0 },
    exitHigh: { doc: 'Top of the exit channel', unit: 'quote', initial: 0 },
    exitLow: { doc: 'Bottom of the exit channel', unit: 'quote', initial: 0 },
    units: { doc: 'Units held', unit: '1', initial: 0 },
    side: { doc: 'Side of the position', unit: '1', initial: 0 },
    unitLots: { doc: 'Size of a unit, fixed at the entry', unit: 'lots', initial: 0 },
    entryRange: { doc: 'Average range at the entry', unit: 'quote', initial: 0 },
    lastFill: { doc: 'Price of the last unit', unit: 'quote', initial: 0 },
    stop: { doc: 'Common stop', unit: 'quote', initial: 0 },
    high0: { doc: 'High of a past bar', unit: 'quote', initial: 0 },
    ...ringAfter('high', 'High of a past bar'),
    low0: { doc: 'Low of a past bar', unit: 'quote', initial: 0 },
    ...ringAfter('low', 'Low of a past bar'),
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  exitTrigger: 'the common stop, or the shorter opposite breakout',
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, reason, price, equity, target, urgency, wakeAt } = batch;
    const { alertBelow, alertAbove, economics, market, marketAt } = batch;
    const { quotePerTick } = economics;
    const { riskFraction, unitsMax, addRanges, stopRanges, entryBars, allowShort } = at;
    const { bars, barHigh, barLow, averageRange, entryHigh, entryLow, exitHigh, exitLow } = at;
    const { units, side, unitLots, entryRange, lastFill, stop, leverageScale } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) {
        rows[r + units] = 0;
        continue;
      }
      const p = price[i];
      let held = rows[r + units];
      let d = rows[r + side];
      const warm = rows[r + bars] >= rows[r + entryBars];
      if (held > 0) {
        let worst = p;
        if ((reason[i] & WakeReason.alert) !== 0) {
          // A touched stop is a stop, even when the mark has come back since.
          const extreme = d > 0 ? MarketField.low : MarketField.high;
          worst = d * Math.min(d * p, d * market[marketAt[i] + extreme] * quotePerTick);
        }
        const stopped = d * (worst - rows[r + stop]) <= SLACK * p;
        const reversed = warm && (d > 0 ? p < rows[r + exitLow] : p > rows[r + exitHigh]);
        if (stopped || reversed) {
          held = 0;
          urgency[i] = Urgency.forced | Urgency.reduceOnly;
        } else if (
          held < rows[r + unitsMax] &&
          d * (p - rows[r + lastFill]) >= rows[r + addRanges] * rows[r + entryRange] - SLACK * p
        ) {
          held++;
          const level = d * p - rows[r + stopRanges] * rows[r + entryRange];
          rows[r + lastFill] = p;
          rows[r + stop] = d * Math.max(d * rows[r + stop], level);
          urgency[i] = Urgency.forced;
        }
        rows[r + units] = held;
      } else if (warm && rows[r + averageRange] > 0) {
        const broken = p > rows[r + entryHigh] ? 1 : p < rows[r + entryLow] ? -1 : 0;
        if (broken > 0 || (broken < 0 && rows[r + allowShort] !== 0)) {
          const range = rows[r + averageRange];
          const risk = rows[r + riskFraction] * rows[r + leverageScale] * equity[i];
          const lots = Math.floor(economics.lotsOf((risk * p) / range, p / quotePerTick));
          if (lots > 0) {
            d = broken;
            held = 1;
            rows[r + units] = 1;
            rows[r + side] = d;
            rows[r + unitLots] = lots;
            rows[r + entryRange] = range;
            rows[r + lastFill] = p;
            rows[r + stop] = p - d * rows[r + stopRanges] * range;
            urgency[i] = Urgency.forced;
          }
        }
      }
      target[i] = economics.exposureQuote(d * held * rows[r + unitLots], p / quotePerTick);

      // A bar: extremes of what was seen, the true range, and the channels of the bars before.
      rows[r + barHigh] = Math.max(rows[r + barHigh], p);
      rows[r + barLow] = rows[r + barLow] > 0 ? Math.min(rows[r + barLow], p) : p;
      if ((reason[i] & WakeReason.timer) !== 0) {
        closeBar(rows, r, p, at);
        wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      }

      if (held > 0) {
        const add = held < rows[r + unitsMax];
        const addAt = rows[r + lastFill] + d * rows[r + addRanges] * rows[r + entryRange];
        const slackTicks = (SLACK * p) / quotePerTick;
        const addTicks = addAt / quotePerTick;
        const stopTicks = rows[r + stop] / quotePerTick;
        if (d > 0) {
          alertAbove[i] = add ? Math.ceil(addTicks - slackTicks) : -1;
          alertBelow[i] = Math.max(Math.floor(stopTicks + slackTicks), -1);
        } else {
          alertBelow[i] = add ? Math.max(Math.floor(addTicks + slackTicks), -1) : -1;
          alertAbove[i] = Math.ceil(stopTicks - slackTicks);
        }
      } else if (rows[r + bars] >= rows[r + entryBars]) {
        alertAbove[i] = Math.round(rows[r + entryHigh] / quotePerTick) + 1;
        alertBelow[i] =
          rows[r + allowShort] !== 0 ? Math.round(rows[r + entryLow] / quotePerTick) - 1 : -1;
      }
    }
  },
});

type Offsets = Readonly<
  Record<
    | 'bars' | 'slot' | 'barHigh' | 'barLow' | 'lastClose' | 'averageRange' | 'rangeBars'
    | 'entryHigh' | 'entryLow' | 'exitHigh' | 'exitLow' | 'entryBars' | 'exitBars'
    | 'high0' | 'low0',
    number
  >
>;

/** Ends the bar that is open: O(1), and O(bars) when a channel's extreme leaves it. */
function closeBar(rows: Float64Array, r: number, close: number, at: Offsets): void {
  const high = rows[r + at.barHigh];
  const low = rows[r + at.barLow];
  const last = rows[r + at.lastClose];
  const done = rows[r + at.bars] + 1;
  rows[r + at.bars] = done;
  rows[r + at.lastClose] = close;
  // The next bar opens at this close.
  rows[r + at.barHigh] = close;
  rows[r + at.barLow] = close;
  if (last > 0) {
    const range = Math.max(high, last) - Math.min(low, last);
    const weight = Math.min(done - 1, rows[r + at.rangeBars]);
    rows[r + at.averageRange] += (range - rows[r + at.averageRange]) / weight;
  }
  const slot = rows[r + at.slot];
  rows[r + at.high0 + slot] = high;
  rows[r + at.low0 + slot] = low;
  rows[r + at.slot] = slot + 1 === BARS_MAX ? 0 : slot + 1;
  const entryCount = Math.min(rows[r + at.entryBars], done);
  const exitCount = Math.min(rows[r + at.exitBars], done);
  const from = r + at.high0;
  const fromLow = r + at.low0;
  let top = high;
  let bottom = low;
  let exitTop = high;
  let exitBottom = low;
  let k = slot;
  for (let n = 1; n < Math.max(entryCount, exitCount); n++) {
    k = k === 0 ? BARS_MAX - 1 : k - 1;
    if (n < entryCount) {
      top = Math.max(top, rows[from + k]);
      bottom = Math.min(bottom, rows[fromLow + k]);
    }
    if (n < exitCount) {
      exitTop = Math.max(exitTop, rows[from + k]);
      exitBottom = Math.min(exitBottom, rows[fromLow + k]);
    }
  }
  rows[r + at.entryHigh] = top;
  rows[r + at.entryLow] = bottom;
  rows[r + at.exitHigh] = exitTop;
  rows[r + at.exitLow] = exitBottom;
}
