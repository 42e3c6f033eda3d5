/** Fixed fractional: every trade risks the same part of equity at its stop. */
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
  keepLeft,
  standsDown,
  startCycle,
} from '../parts/index.js';

/** Keeps a price that is on a level, but for rounding, on it: fraction of the price. */
const SLACK = 1e-9;

export const fixedFractional = defineStrategy({
  name: 'fixed-fractional',
  family: 'scaling',
  doc:
    'Trades f x equity / |entry - stop| lots, so that its stop costs the part f of equity; ' +
    'leaves at the stop or at a multiple of that distance, then trades again.',
  source: 'Vince 1990; Thorp 1969 for betting a fixed part of wealth',
  params: {
    riskFraction: {
      doc: 'Part of equity lost at the stop', unit: 'fraction', min: 0, max: 1, default: 0.01,
      source: 'practice: 1 %',
    },
    stopDistance: {
      doc: 'Distance of the stop from the entry', unit: 'fraction', min: 1e-5, max: 0.99,
      default: 0.03, source: 'assumption',
    },
    profitMultiple: {
      doc: 'Take-profit, multiples of that distance; 0 for none', unit: '1', min: 0, max: 1000,
      default: 2, source: 'assumption',
    },
    direction: {
      doc: "Side of its trades: 1 long, -1 short, 0 the last bar's", unit: '1', min: -1, max: 1,
      default: 0, source: 'assumption',
    },
    entryMicros: {
      doc: 'Time of its first trade, at the earliest',
      unit: 'microseconds', min: 0, max: 1e15, default: 0, source: 'assumption',
    },
    pauseMicros: {
      doc: 'Pause between two trades, at the least',
      unit: 'microseconds', min: 0, max: 1e15, default: 0, source: 'assumption',
    },
    leverageScale: {
      doc: 'Multiplies every trade',
      unit: 'leverage', min: 0, max: 1000, default: 1, source: 'assumption',
    },
  },
  state: {
    ...cycleState,
    stop: { doc: 'Stop, times the side; 0 without a trade', unit: 'ticks', initial: 0 },
    profit: { doc: 'Take-profit, times the side', unit: 'ticks', initial: 0 },
    lastTicks: { doc: 'Price of the last bar; 0 before', unit: 'ticks', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.fill | WakeOn.liquidated,
  gainSign: 1,
  exitTrigger: 'its stop or take-profit',
  examples: [
    {
      card: 'A5',
      doc: '1 % of 100,000 at risk between 100 and 97: 333.33 units, and 1,000 lost at the stop',
      prices: [100, 98, 97],
      set: { direction: 1 },
      expect: [
        { field: 'orderUnits', values: [1000 / 3, 0, -1000 / 3] },
        { field: 'equityQuote', from: 2, values: [99_000] },
      ],
    },
    {
      card: 'A5',
      doc: 'Short after a falling bar; the take-profit lies at twice the risk',
      prices: [101, 100, 102, 94],
      expect: [
        { field: 'orderUnits', values: [0, -1000 / 3, 0, 1000 / 3] },
        { field: 'equityQuote', from: 3, values: [102_000] },
      ],
    },
  ],
  start(batch, at) {
    startCycle(batch, at.phase, at.entryMicros);
  },
  decide(batch, at) {
    const { count, rows, row, time, reason, equity, target, urgency, wakeAt } = batch;
    const { alertBelow, alertAbove, market, marketAt } = batch;
    const { phase, pauseMicros, direction, riskFraction, stopDistance, profitMultiple } = at;
    const { leverageScale, stop, profit, lastTicks } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const ticks = market[marketAt[i] + MarketField.mark];
      const timer = (reason[i] & WakeReason.timer) !== 0;
      const c = r + phase;
      const distance = rows[r + stopDistance];
      const slack = SLACK * ticks;
      const step = cycleStep(batch, i, c, r + pauseMicros);
      let moved = 0;
      if (timer) {
        moved = rows[r + lastTicks] > 0 ? Math.sign(ticks - rows[r + lastTicks]) : 0;
        rows[r + lastTicks] = ticks;
        const period = rows[r + AgentField.periodMicros];
        wakeAt[i] = period > 0 ? time[i] + period : Infinity;
      }

      if (step === CycleStep.over) {
        rows[r + stop] = 0;
        alertBelow[i] = -1;
        alertAbove[i] = -1;
        // Without a clock, the end of the pause wakes it.
        if (!(rows[r + AgentField.periodMicros] > 0)) wakeAt[i] = rows[c + Cycle.nextMicros];
        continue;
      }
      if (step === CycleStep.enter) {
        const d = rows[r + direction] !== 0 ? Math.sign(rows[r + direction]) : moved;
        if (d === 0) continue;
        rows[c + Cycle.phase] = CyclePhase.asked;
        rows[r + stop] = d * ticks - distance * ticks;
        rows[r + profit] = d * ticks + distance * rows[r + profitMultiple] * ticks;
        const risk = rows[r + leverageScale] * rows[r + riskFraction] * equity[i];
        target[i] = (d * risk) / distance;
        urgency[i] = Urgency.forced;
        continue;
      }
      if (step === CycleStep.idle) continue;

      const d = rows[c + Cycle.side];
      if (step === CycleStep.opened && rows[r + stop] === 0) {
        // A position it was given.
        const entry = rows[c + Cycle.entryTicks];
        rows[r + stop] = d * entry - distance * entry;
        rows[r + profit] = d * entry + distance * rows[r + profitMultiple] * entry;
      }
      let worst = d * ticks;
      let most = worst;
      if ((reason[i] & WakeReason.alert) !== 0) {
        // An alert speaks of the window's extremes: the mark may have come back since.
        const high = market[marketAt[i] + MarketField.high];
        const low = market[marketAt[i] + MarketField.low];
        worst = Math.min(worst, d > 0 ? low : -high);
        most = Math.max(most, d > 0 ? high : -low);
      }
      const aims = rows[r + profitMultiple] > 0;
      const leaves =
        worst <= rows[r + stop] + slack || (aims && most >= rows[r + profit] - slack);
      if (leaves) rows[c + Cycle.left] = 0;
      // Its clock asks again after a refused order.
      if (leaves || timer) keepLeft(batch, i, c);

      if (reason[i] === WakeReason.timer && step === CycleStep.holds && !leaves) continue;
      const open = rows[c + Cycle.left] > 0;
      const stopTicks = Math.floor(rows[r + stop] + slack);
      const profitTicks = aims ? Math.ceil(rows[r + profit] - slack) : Infinity;
      const below = d > 0 ? stopTicks : -profitTicks;
      const above = d > 0 ? profitTicks : -stopTicks;
      alertBelow[i] = open && below > 0 ? below : -1;
      alertAbove[i] = open && above < Infinity ? above : -1;
    }
  },
});
