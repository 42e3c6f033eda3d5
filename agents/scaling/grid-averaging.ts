/** Grid averaging, the martingale of markets: buys more at each rung further down, never stops. */
import {
  AgentField,
  defineStrategy,
  MarketField,
  Urgency,
  WakeOn,
  WakeReason,
} from '../../sim/strategy/index.js';
import {
  Cycle,
  CyclePhase,
  cycleState,
  CycleStep,
  cycleStep,
  entryTicks,
  keepLeft,
  standsDown,
  startCycle,
} from '../parts/index.js';

/** Keeps a price that is on a level, but for rounding, on it: fraction of the price. */
const SLACK = 1e-9;

export const gridAveraging = defineStrategy({
  name: 'grid-averaging',
  family: 'scaling',
  doc:
    'Buys a geometrically growing amount each time the price is a further step below its first ' +
    'fill, and sells all a little above its average entry; it has no stop but liquidation. ' +
    'Mirrored on the short side.',
  source: 'practice: grid and "dollar-cost averaging" bots of retail venues',
  params: {
    leverage: {
      doc: 'Exposure of the first rung over equity', unit: 'leverage', min: 0, max: 150,
      default: 0.1, source: 'assumption',
    },
    ratio: {
      doc: 'Size of a rung over the one before', unit: '1', min: 1, max: 10, default: 2,
      source: 'practice: doubling',
    },
    spacing: {
      doc: 'Step between rungs, fraction of the rung before', unit: 'fraction', min: 1e-5,
      max: 0.5, default: 0.01, source: 'assumption',
    },
    takeProfit: {
      doc: 'Distance of the take-profit from the average entry', unit: 'fraction', min: 1e-5,
      max: 1, default: 0.005, source: 'assumption',
    },
    rungsMax: {
      doc: 'Rungs at most, with the first', unit: '1', min: 1, max: 20, default: 6, integer: true,
      source: 'assumption: 5 to 8',
    },
    direction: {
      doc: 'Side: 1 buys falls, -1 sells rises', unit: '1', min: -1, max: 1, default: 1,
      source: 'assumption',
    },
    entryMicros: {
      doc: 'Time of its first grid, at the earliest',
      unit: 'microseconds', min: 0, max: 1e15, default: 0, source: 'assumption',
    },
    pauseMicros: {
      doc: 'Pause between a closed grid and the next, at the least',
      unit: 'microseconds', min: 0, max: 1e15, default: 0, source: 'assumption',
    },
  },
  state: {
    ...cycleState,
    rungs: { doc: 'Rungs passed, with the first', unit: '1', initial: 0 },
    nextLevel: { doc: 'Next rung, times the side', unit: 'ticks', initial: 0 },
    nextLots: { doc: 'Size of the next rung', unit: 'lots', initial: 0 },
    averageEntry: { doc: 'Average entry as reported', unit: 'quote', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.fill | WakeOn.liquidated,
  gainSign: -1,
  exitTrigger: 'its take-profit, else liquidation of the whole grid',
  examples: [
    {
      card: 'A4',
      doc: 'Five rungs 1 % apart, each twice the last, then the take-profit',
      prices: [100, 99, 98.01, 97.0299, 96.059601, 97, 97.4],
      set: { leverage: 0.001, rungsMax: 5 },
      expect: [
        { field: 'orderUnits', values: [1, 2, 4, 8, 16, 0, -31] },
        { field: 'state.averageEntry', from: 4, values: [96.878478, 96.878478] },
        { field: 'equityQuote', from: 6, values: [100_016.167184] },
      ],
    },
    {
      card: 'A4',
      doc: 'Sells rises; a gap over two rungs fires both',
      prices: [100, 102.01, 101],
      set: { leverage: 0.001, direction: -1 },
      expect: [
        { field: 'orderUnits', values: [-1, -6, 7] },
        { field: 'state.averageEntry', values: [100, 712.06 / 7] },
      ],
    },
  ],
  start(batch, at) {
    startCycle(batch, at.phase, at.entryMicros);
  },
  decide(batch, at) {
    const { count, rows, row, time, reason, equity, target, urgency, wakeAt } = batch;
    const { alertBelow, alertAbove, market, marketAt, economics } = batch;
    const { phase, pauseMicros, direction, leverage, ratio, spacing, takeProfit, rungsMax } = at;
    const { rungs, nextLevel, nextLots, averageEntry } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const ticks = market[marketAt[i] + MarketField.mark];
      const timer = (reason[i] & WakeReason.timer) !== 0;
      const c = r + phase;
      const step = cycleStep(batch, i, c, r + pauseMicros);
      const period = rows[r + AgentField.periodMicros];
      if (timer) wakeAt[i] = period > 0 ? time[i] + period : Infinity;
      if (step === CycleStep.over) {
        rows[r + rungs] = 0;
        alertBelow[i] = -1;
        alertAbove[i] = -1;
        // Without a clock, the end of the pause wakes it.
        if (!(period > 0)) wakeAt[i] = rows[c + Cycle.nextMicros];
        continue;
      }
      if (step === CycleStep.enter) {
        rows[c + Cycle.phase] = CyclePhase.asked;
        target[i] = Math.sign(rows[r + direction]) * rows[r + leverage] * equity[i];
        urgency[i] = Urgency.forced;
        continue;
      }
      if (step === CycleStep.idle) continue;

      const d = rows[c + Cycle.side];
      const slack = SLACK * ticks;
      if (step === CycleStep.opened) {
        const entry = rows[c + Cycle.entryTicks];
        rows[r + rungs] = 1;
        rows[r + nextLevel] = d * entry - rows[r + spacing] * entry;
        rows[r + nextLots] = rows[c + Cycle.initialLots] * rows[r + ratio];
      }
      const average = entryTicks(batch, i);
      rows[r + averageEntry] = average * economics.quotePerTick;
      const profit = d * average + rows[r + takeProfit] * average;
      let worst = d * ticks;
      let most = worst;
      if ((reason[i] & WakeReason.alert) !== 0) {
        // An alert speaks of the window's extremes: the mark may have come back since.
        const high = market[marketAt[i] + MarketField.high];
        const low = market[marketAt[i] + MarketField.low];
        worst = Math.min(worst, d > 0 ? low : -high);
        most = Math.max(most, d > 0 ? high : -low);
      }
      let wanted = 0;
      let passed = rows[r + rungs];
      if (rows[c + Cycle.left] > 0) {
        while (passed < rows[r + rungsMax] && worst <= rows[r + nextLevel] + slack) {
          passed++;
          wanted += rows[r + nextLots];
          rows[r + nextLots] *= rows[r + ratio];
          rows[r + nextLevel] *= 1 - d * rows[r + spacing];
        }
        rows[r + rungs] = passed;
        if (wanted > 0) {
          const held = rows[r + AgentField.position] + rows[r + AgentField.pending];
          target[i] = economics.exposureQuote(held + d * wanted, ticks);
          urgency[i] = Urgency.forced;
        } else if (most >= profit - slack) {
          rows[c + Cycle.left] = 0;
          keepLeft(batch, i, c);
        }
      } else if (timer) {
        // Asks again after a refused order.
        keepLeft(batch, i, c);
      }

      // Alerts stay until they fire: its clock alone changes none.
      if (reason[i] === WakeReason.timer && step === CycleStep.holds && urgency[i] === 0) continue;
      const open = rows[c + Cycle.left] > 0;
      const rungTicks =
        passed < rows[r + rungsMax] ? Math.floor(rows[r + nextLevel] + slack) : -Infinity;
      const profitTicks = Math.ceil(profit - slack);
      const below = d > 0 ? rungTicks : -profitTicks;
      const above = d > 0 ? profitTicks : -rungTicks;
      alertBelow[i] = open && below > 0 ? below : -1;
      alertAbove[i] = open && above < Infinity ? above : -1;
    }
  },
});
