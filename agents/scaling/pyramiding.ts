/** Pyramiding: enters on a breakout and adds to winners, all units under one stop. */
import {
  AgentField,
  defineStrategy,
  MarketField,
  Urgency,
  WakeOn,
  WakeReason,
} from '../../sim/strategy/index.js';
import {
  Channel,
  CHANNEL_BARS_MAX,
  channelState,
  closeBar,
  seePrice,
  standsDown,
  startClock,
  watchEntry,
  watchExit,
} from '../parts/index.js';

/** Keeps a price that is on a level, but for rounding, on it: fraction of the price. */
const SLACK = 1e-9;
/** Above every price. */
const NEVER_TICKS = 1e9;
/** Twenty bars 2 apart, their high 99, then a breakout to 100 and three more units. */
const BREAKOUT = [
  97, 99, 97, 99, 97, 99, 97, 99, 97, 99, 97, 99, 97, 99, 97, 99, 97, 99, 97, 99,
  100, 101, 102, 103,
];

export const pyramiding = defineStrategy({
  name: 'pyramiding',
  family: 'scaling',
  doc:
    'Buys one unit when the price breaks the high of the last bars, adds one at each half ' +
    'average range of favourable move, stops all of them two ranges from the last fill, and ' +
    'leaves on a shorter opposite breakout; mirrored on the short side. Units may grow or ' +
    'shrink geometrically.',
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
    unitRatio: {
      doc: 'Size of a unit over the one before: 1 flat, less upright, more inverted',
      unit: '1', min: 0.1, max: 3, default: 1, source: 'Original Turtle Rules: flat',
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
      doc: 'Bars of the entry channel', unit: 'bars', min: 2, max: CHANNEL_BARS_MAX, default: 20,
      integer: true, source: 'Original Turtle Rules, system 1',
    },
    exitBars: {
      doc: 'Bars of the exit channel', unit: 'bars', min: 1, max: CHANNEL_BARS_MAX, default: 10,
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
    units: { doc: 'Units held', unit: '1', initial: 0 },
    side: { doc: 'Side of the position', unit: '1', initial: 0 },
    unitLots: { doc: 'Size of the next unit', unit: 'lots', initial: 0 },
    totalLots: { doc: 'Size of all units held', unit: 'lots', initial: 0 },
    entryRange: { doc: 'Average range at the entry', unit: 'ticks', initial: 0 },
    lastFill: { doc: 'Price of the last unit', unit: 'ticks', initial: 0 },
    stop: { doc: 'Common stop', unit: 'ticks', initial: 0 },
    ...channelState,
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  exitTrigger: 'the common stop, or the shorter opposite breakout',
  examples: [
    {
      card: 'A1',
      doc: 'Four units filled at their triggers lose 5 % of equity at the common stop',
      prices: [...BREAKOUT, 99],
      expect: [
        { field: 'targetPositionUnits', from: 19, values: [0, 500, 1000, 1500, 2000, 0] },
        { field: 'state.units', from: 19, values: [0, 1, 2, 3, 4, 0] },
        { field: 'equityQuote', from: 23, values: [103_000, 95_000] },
      ],
    },
    {
      card: 'A1',
      doc: 'An upright pyramid: each unit half of the one before',
      prices: BREAKOUT,
      set: { unitRatio: 0.5 },
      expect: [{ field: 'orderUnits', from: 20, values: [500, 250, 125, 62.5] }],
    },
    {
      card: 'A1',
      doc: 'An inverted pyramid: each unit twice the one before',
      prices: BREAKOUT,
      set: { unitRatio: 2 },
      expect: [{ field: 'orderUnits', from: 20, values: [500, 1000, 2000, 4000] }],
    },
  ],
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, reason, equity, target, urgency, wakeAt } = batch;
    const { alertBelow, alertAbove, economics, market, marketAt } = batch;
    const { riskFraction, unitsMax, addRanges, stopRanges, entryBars, allowShort } = at;
    const { units, side, unitLots, entryRange, lastFill, stop, leverageScale, bars } = at;
    const { unitRatio, totalLots } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) {
        if (rows[r + units] > 0) watchEntry(rows, r + bars, r + entryBars);
        rows[r + units] = 0;
        rows[r + totalLots] = 0;
        continue;
      }
      // A mark in whole ticks.
      const p = market[marketAt[i] + MarketField.mark] | 0;
      const c = r + bars;
      let held = rows[r + units];
      let d = rows[r + side];
      const warm = rows[c + Channel.bars] >= rows[r + entryBars];
      if (held > 0) {
        const range = rows[r + entryRange];
        const stopAt = rows[r + stop];
        let worst = d * p;
        if ((reason[i] & WakeReason.alert) !== 0) {
          // A touched stop is a stop, even when the mark has come back since.
          const extreme = market[marketAt[i] + (d > 0 ? MarketField.low : MarketField.high)];
          worst = Math.min(worst, d * extreme);
        }
        if (worst <= d * stopAt + SLACK * p || d * (p - rows[c + Channel.exitLevel]) < 0) {
          held = 0;
          rows[r + totalLots] = 0;
          watchEntry(rows, c, r + entryBars);
          urgency[i] = Urgency.forced | Urgency.reduceOnly;
        } else if (
          held < rows[r + unitsMax] &&
          d * (p - rows[r + lastFill]) >= rows[r + addRanges] * range - SLACK * p
        ) {
          held++;
          rows[r + totalLots] += rows[r + unitLots];
          rows[r + unitLots] *= rows[r + unitRatio];
          rows[r + lastFill] = p;
          rows[r + stop] = d * Math.max(d * stopAt, d * p - rows[r + stopRanges] * range);
          urgency[i] = Urgency.forced;
        }
        rows[r + units] = held;
      } else if (
        // What the open bar has seen counts too: after a stop-out that breakout is over.
        warm &&
        ((p > rows[c + Channel.entryHigh] && p > rows[c + Channel.barHigh]) ||
          (p < rows[c + Channel.entryLow] && p < rows[c + Channel.barLow]))
      ) {
        const broken = p > rows[c + Channel.entryHigh] ? 1 : -1;
        const range = rows[c + Channel.averageRange];
        const risk = rows[r + riskFraction] * rows[r + leverageScale] * equity[i];
        const lots = Math.floor(economics.lotsOf((risk * p) / range, p));
        if (lots > 0 && range > 0 && (broken > 0 || rows[r + allowShort] !== 0)) {
          d = broken;
          held = 1;
          rows[r + units] = 1;
          rows[r + side] = d;
          watchExit(rows, c, r + entryBars, d | 0);
          rows[r + totalLots] = lots;
          rows[r + unitLots] = lots * rows[r + unitRatio];
          rows[r + entryRange] = range;
          rows[r + lastFill] = p;
          rows[r + stop] = p - d * rows[r + stopRanges] * range;
          urgency[i] = Urgency.forced;
        }
      }
      target[i] = economics.exposureQuote(d * rows[r + totalLots], p);

      // Alerts stay until they fire, so they are set anew only when something changed.
      let renews = urgency[i] !== 0 || (reason[i] & WakeReason.alert) !== 0;
      if ((reason[i] & WakeReason.timer) !== 0) {
        const changed = closeBar(rows, c, r + entryBars, held > 0 ? d | 0 : 0, p);
        renews ||= held === 0 && (changed || rows[c + Channel.bars] === rows[r + entryBars]);
        wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      } else {
        seePrice(rows, c, p);
      }
      if (!renews) continue;
      if (held > 0) {
        // Times the side: the next unit lies above, the common stop below.
        const gap = rows[r + addRanges] * rows[r + entryRange];
        const add = Math.ceil(d * rows[r + lastFill] + gap - SLACK * p);
        const stopTicks = Math.floor(d * rows[r + stop] + SLACK * p);
        const next = held < rows[r + unitsMax] ? add : NEVER_TICKS;
        alertAbove[i] = none(Math.max(d * next, d * stopTicks));
        alertBelow[i] = none(Math.min(d * next, d * stopTicks));
      } else if (rows[c + Channel.bars] >= rows[r + entryBars]) {
        const high = Math.max(rows[c + Channel.entryHigh], rows[c + Channel.barHigh]);
        const low = Math.min(rows[c + Channel.entryLow], rows[c + Channel.barLow]);
        alertAbove[i] = high + 1;
        alertBelow[i] = rows[r + allowShort] !== 0 ? low - 1 : -1;
      }
    }
  },
});

/** Returns an alert level, or -1 where there is no price. */
function none(ticks: number): number {
  return ticks > 0 && ticks < NEVER_TICKS ? ticks : -1;
}
