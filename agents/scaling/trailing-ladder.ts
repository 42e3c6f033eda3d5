/** A trader whose stops are rungs that follow the best price at fixed distances. */
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
  entryParams,
  keepLeft,
  standsDown,
  startCycle,
} from '../parts/index.js';

/** Keeps a price that is on a level, but for rounding, on it: fraction of the price. */
const SLACK = 1e-9;
/** Part of the initial position below which nothing is left. */
const LEFT_MIN = 1e-9;

const trailSource = 'assumption: 1, 2, 3 %; 0 for none';
const shareSource = 'assumption: the shares of the stop ladder';

export const trailingLadder = defineStrategy({
  name: 'trailing-ladder',
  family: 'scaling',
  doc:
    'Closes fractions of its initial position as the price falls by fixed fractions from its ' +
    'best since the entry: trailing stops, which gather right beneath a run-up.',
  source: 'practice: trailing stop orders of exchanges and brokers',
  params: {
    ...entryParams,
    trail1: {
      doc: 'First rung, distance from the best price', unit: 'fraction', min: 0, max: 0.99,
      default: 0.01, source: trailSource,
    },
    trail2: {
      doc: 'Second rung', unit: 'fraction', min: 0, max: 0.99, default: 0.02, source: trailSource,
    },
    trail3: {
      doc: 'Third rung', unit: 'fraction', min: 0, max: 0.99, default: 0.03, source: trailSource,
    },
    share1: {
      doc: 'Part of the initial position closed at the first rung', unit: 'fraction', min: 0,
      max: 1, default: 0.5, source: shareSource,
    },
    share2: {
      doc: 'Part closed at the second', unit: 'fraction', min: 0, max: 1, default: 0.3,
      source: shareSource,
    },
    share3: {
      doc: 'Part closed at the third', unit: 'fraction', min: 0, max: 1, default: 0.2,
      source: shareSource,
    },
    trailStep: {
      doc: 'Rise of the best price that moves the rungs before its clock does', unit: 'fraction',
      min: 1e-5, max: 0.1, default: 0.001, source: 'assumption',
    },
  },
  state: {
    ...cycleState,
    best: { doc: 'Best price since the entry, times the side', unit: 'ticks', initial: 0 },
    fired: { doc: 'Bits of the rungs that fired', unit: '1', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.fill | WakeOn.liquidated,
  gainSign: 1,
  exitTrigger: 'a fall from its best price',
  examples: [
    {
      card: 'A10',
      doc: 'Rungs 1, 2 and 3 % below the high: the third has moved up with it',
      prices: [100, 102, 104, 102.96, 101.92, 103, 106, 102.83, 102.82],
      position: 1,
      entry: 100,
      expect: [
        { field: 'targetPositionUnits', values: [1, 1, 1, 0.5, 0.2, 0.2, 0.2, 0.2, 0] },
      ],
    },
    {
      card: 'A10',
      doc: 'Its own short entry, and a gap through every rung',
      prices: [100, 96, 99.5],
      set: { direction: -1, leverage: 0.1 },
      expect: [{ field: 'targetPositionUnits', values: [-100, -100, 0] }],
    },
  ],
  start(batch, at) {
    startCycle(batch, at.phase, at.entryMicros);
  },
  decide(batch, at) {
    const { count, rows, row, time, reason, equity, target, urgency, wakeAt } = batch;
    const { alertBelow, alertAbove, market, marketAt } = batch;
    const { phase, reentryMicros, direction, leverage, trail1, share1, trailStep } = at;
    const { best, fired } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const ticks = market[marketAt[i] + MarketField.mark];
      const timer = (reason[i] & WakeReason.timer) !== 0;
      const c = r + phase;
      const step = cycleStep(batch, i, c, r + reentryMicros);
      const period = rows[r + AgentField.periodMicros];
      if (timer) wakeAt[i] = period > 0 ? time[i] + period : Infinity;
      if (step === CycleStep.over) {
        // Nothing to watch until the next entry, if there is one.
        const pause = rows[r + reentryMicros];
        wakeAt[i] = pause > 0 ? time[i] + pause : Infinity;
        alertBelow[i] = -1;
        alertAbove[i] = -1;
        continue;
      }
      if (step === CycleStep.enter) {
        rows[c + Cycle.phase] = CyclePhase.asked;
        target[i] = rows[r + direction] * rows[r + leverage] * equity[i];
        urgency[i] = Urgency.forced;
        continue;
      }
      if (step === CycleStep.idle) continue;

      const d = rows[c + Cycle.side];
      const slack = SLACK * ticks;
      let worst = d * ticks;
      let most = worst;
      if ((reason[i] & WakeReason.alert) !== 0) {
        // An alert speaks of the window's extremes: the mark may have come back since.
        const high = market[marketAt[i] + MarketField.high];
        const low = market[marketAt[i] + MarketField.low];
        worst = Math.min(worst, d > 0 ? low : -high);
        most = Math.max(most, d > 0 ? high : -low);
      }
      if (step === CycleStep.opened) {
        rows[r + best] = d * ticks;
        rows[r + fired] = 0;
      }
      // The order of a window's extremes is unknown: rungs are tested where they were before it.
      const bestBefore = rows[r + best];
      const bestNow = Math.max(bestBefore, most);
      rows[r + best] = bestNow;
      const leftBefore = rows[c + Cycle.left];
      let left = leftBefore;
      let bits = rows[r + fired] | 0;
      // Highest rung left, ticks times the side.
      let nearest = -Infinity;
      // The three of a kind are declared one after the other, so they follow in the row.
      for (let k = 0; k < 3; k++) {
        const trail = rows[r + trail1 + k];
        if (!(trail > 0) || (bits & (1 << k)) !== 0) continue;
        if (worst <= bestBefore - trail * Math.abs(bestBefore) + slack) {
          bits |= 1 << k;
          const share = rows[r + share1 + k];
          left = left - share < LEFT_MIN ? 0 : left - share;
        } else {
          nearest = Math.max(nearest, bestNow - trail * Math.abs(bestNow));
        }
      }
      rows[r + fired] = bits;
      rows[c + Cycle.left] = left;
      // Its clock asks again after a refused order.
      if (left < leftBefore || timer) keepLeft(batch, i, c);

      // Alerts stay until they fire: nothing changes them while the best price stands.
      const same = bestNow === bestBefore && left === leftBefore && step === CycleStep.holds;
      if (same && reason[i] === WakeReason.timer) continue;
      const stopTicks = Math.floor(nearest + slack);
      const moreTicks = Math.ceil(bestNow + rows[r + trailStep] * Math.abs(bestNow));
      const below = d > 0 ? stopTicks : -moreTicks;
      const above = d > 0 ? moreTicks : -stopTicks;
      alertBelow[i] = left > 0 && below > 0 ? below : -1;
      alertAbove[i] = left > 0 && above < Infinity ? above : -1;
    }
  },
});
