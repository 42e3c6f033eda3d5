/** Scaling out: takes profit in parts at multiples of the risk, then trails a stop for the rest. */
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
/** Both targets hit. */
const ALL_FIRED = 3;

export const scalingOut = defineStrategy({
  name: 'scaling-out',
  family: 'scaling',
  doc:
    'Closes shares of its initial position at multiples of R, the distance of its entry from its ' +
    'stop; the first moves the stop to the entry, and what is left after the last trails its ' +
    'best price by average ranges.',
  source: 'practice: R multiples, after Tharp 1998',
  params: {
    ...entryParams,
    stopDistance: {
      doc: 'Distance of the first stop from the entry: R', unit: 'fraction', min: 1e-5, max: 0.99,
      default: 0.02, source: 'assumption',
    },
    target1: {
      doc: 'First target, multiples of R', unit: '1', min: 0.01, max: 100, default: 1,
      source: 'assumption',
    },
    target2: {
      doc: 'Second target, multiples of R', unit: '1', min: 0.01, max: 100, default: 2,
      source: 'assumption',
    },
    share1: {
      doc: 'Part of the initial position closed at the first target', unit: 'fraction', min: 0,
      max: 1, default: 1 / 3, source: 'assumption',
    },
    share2: {
      doc: 'Part closed at the second; the rest trails', unit: 'fraction', min: 0, max: 1,
      default: 1 / 3, source: 'assumption',
    },
    trailRanges: {
      doc: 'Distance of the trailing stop, average ranges', unit: '1', min: 0.01, max: 100,
      default: 3, source: 'assumption',
    },
    rangeBars: {
      doc: "Bars of Wilder's average true range", unit: 'bars', min: 1, max: 1000, default: 20,
      integer: true, source: 'practice: 14 to 20',
    },
    trailStep: {
      doc: 'Rise of the best price that moves the trailing stop between two bars', unit: 'fraction',
      min: 1e-5, max: 0.1, default: 0.001, source: 'assumption',
    },
  },
  state: {
    ...cycleState,
    stop: { doc: 'Stop, times the side', unit: 'ticks', initial: 0 },
    best: { doc: 'Best price since the entry, times the side', unit: 'ticks', initial: 0 },
    fired: { doc: 'Bits of the targets hit', unit: '1', initial: 0 },
    bookedQuote: {
      doc: 'Profit taken at its levels; as the next, exact for a linear contract',
      unit: 'quote', initial: 0,
    },
    lockedQuote: {
      doc: 'Profit of the whole trade if its stop fills at its level', unit: 'quote', initial: 0,
    },
    averageRange: { doc: "Wilder's average true range", unit: 'ticks', initial: 0 },
    bars: { doc: 'Bars begun', unit: 'bars', initial: 0 },
    barHigh: { doc: 'Highest price since the last bar ended', unit: 'ticks', initial: 0 },
    barLow: { doc: 'Lowest price since the last bar ended', unit: 'ticks', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.fill | WakeOn.liquidated,
  gainSign: 1,
  exitTrigger: 'its targets, then a trailing stop',
  examples: [
    {
      card: 'A2',
      doc: '300 units, R = 2: 200 locked in after the first target, 600 after the second',
      prices: [100, 102, 104, 103, 100],
      position: 300,
      entry: 100,
      expect: [
        { field: 'orderUnits', values: [0, -100, -100, 0, -100] },
        { field: 'state.lockedQuote', values: [-600, 200, 600, 600, 600] },
        { field: 'equityQuote', from: 4, values: [100_600] },
      ],
    },
    {
      card: 'A2',
      doc: 'The last third trails its high by three average ranges of 2',
      prices: [100, 102, 104, 106, 108, 110, 104.5, 104],
      set: { leverage: 0.3 },
      expect: [
        { field: 'targetPositionUnits', values: [300, 200, 100, 100, 100, 100, 100, 0] },
        { field: 'state.lockedQuote', from: 2, values: [600, 600, 800, 1000, 1000, 1000] },
      ],
    },
    {
      card: 'A2',
      doc: 'Short: the stop at 102, before the first target',
      prices: [100, 99, 102],
      position: -300,
      entry: 100,
      expect: [
        { field: 'orderUnits', values: [0, 0, 300] },
        { field: 'equityQuote', from: 2, values: [99_400] },
      ],
    },
  ],
  start(batch, at) {
    startCycle(batch, at.phase, at.entryMicros);
  },
  decide(batch, at) {
    const { count, rows, row, time, reason, equity, target, urgency, wakeAt } = batch;
    const { alertBelow, alertAbove, market, marketAt, economics } = batch;
    const { phase, reentryMicros, direction, leverage, stopDistance, target1, share1 } = at;
    const { stop, best, fired, bookedQuote, lockedQuote, averageRange, bars } = at;
    const { barHigh, barLow, rangeBars, trailRanges, trailStep } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const ticks = market[marketAt[i] + MarketField.mark];
      const timer = (reason[i] & WakeReason.timer) !== 0;
      const c = r + phase;
      const step = cycleStep(batch, i, c, r + reentryMicros);

      // A bar begins at the close of the last, so its height is its true range.
      const barTop = rows[r + bars] > 0 ? Math.max(rows[r + barHigh], ticks) : ticks;
      const barBottom = rows[r + bars] > 0 ? Math.min(rows[r + barLow], ticks) : ticks;
      rows[r + barHigh] = timer ? ticks : barTop;
      rows[r + barLow] = timer ? ticks : barBottom;
      if (timer) {
        const done = rows[r + bars];
        const average = rows[r + averageRange];
        const weight = Math.max(Math.min(done, rows[r + rangeBars]), 1);
        rows[r + averageRange] = average + (barTop - barBottom - average) / weight;
        rows[r + bars] = done + 1;
        const period = rows[r + AgentField.periodMicros];
        wakeAt[i] = period > 0 ? time[i] + period : Infinity;
      }

      if (step === CycleStep.over) {
        const pause = rows[r + reentryMicros];
        alertBelow[i] = -1;
        alertAbove[i] = -1;
        if (!(pause > 0)) {
          rows[c + Cycle.nextMicros] = Infinity;
          wakeAt[i] = Infinity;
        } else if (!(rows[r + AgentField.periodMicros] > 0)) {
          wakeAt[i] = time[i] + pause;
        }
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
      const entry = rows[c + Cycle.entryTicks];
      const risk = entry * rows[r + stopDistance];
      const slack = SLACK * ticks;
      if (step === CycleStep.opened) {
        rows[r + stop] = d * entry - risk;
        rows[r + best] = d * ticks;
        rows[r + fired] = 0;
        rows[r + bookedQuote] = 0;
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
      rows[r + best] = Math.max(rows[r + best], most);
      const leftBefore = rows[c + Cycle.left];
      const stopBefore = rows[r + stop];
      let left = leftBefore;
      let bits = rows[r + fired] | 0;
      // Nearest target not yet hit, ticks times the side.
      let nearest = Infinity;
      const riskQuote = Math.abs(
        economics.exposureQuote(rows[c + Cycle.initialLots], entry) * rows[r + stopDistance],
      );
      if (left > 0 && worst <= stopBefore + slack) {
        rows[r + bookedQuote] += (left * riskQuote * (stopBefore - d * entry)) / risk;
        left = 0;
      } else if (left > 0) {
        // The two of a kind are declared one after the other, so they follow in the row.
        for (let k = 0; k < 2; k++) {
          const multiple = rows[r + target1 + k];
          const level = d * entry + multiple * risk;
          if ((bits & (1 << k)) !== 0) continue;
          if (most >= level - slack) {
            const share = Math.min(rows[r + share1 + k], left);
            bits |= 1 << k;
            left = left - share < LEFT_MIN ? 0 : left - share;
            rows[r + bookedQuote] += share * multiple * riskQuote;
          } else {
            nearest = Math.min(nearest, level);
          }
        }
        let stopAt = stopBefore;
        if (bits !== 0) stopAt = Math.max(stopAt, d * entry);
        if (bits === ALL_FIRED) {
          // Until its first bar is complete, R is its range.
          const range = rows[r + bars] > 1 ? rows[r + averageRange] : risk;
          stopAt = Math.max(stopAt, rows[r + best] - rows[r + trailRanges] * range);
          nearest = rows[r + best] + rows[r + trailStep] * Math.abs(rows[r + best]);
        }
        rows[r + stop] = stopAt;
      }
      rows[r + fired] = bits;
      rows[c + Cycle.left] = left;
      rows[r + lockedQuote] =
        rows[r + bookedQuote] + (left * riskQuote * (rows[r + stop] - d * entry)) / risk;
      // Its clock asks again after a refused order.
      if (left < leftBefore || timer) keepLeft(batch, i, c);

      if (timer && reason[i] === WakeReason.timer && left === leftBefore) {
        if (step === CycleStep.holds && rows[r + stop] === stopBefore) continue;
      }
      const stopTicks = Math.floor(rows[r + stop] + slack);
      const targetTicks = Math.ceil(nearest - slack);
      const below = d > 0 ? stopTicks : -targetTicks;
      const above = d > 0 ? targetTicks : -stopTicks;
      alertBelow[i] = left > 0 && below > 0 ? below : -1;
      alertAbove[i] = left > 0 && above < Infinity ? above : -1;
    }
  },
});
