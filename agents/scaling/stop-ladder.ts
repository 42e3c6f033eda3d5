/** A trader whose stops and take-profits are rungs of a ladder around its entry. */
import {
  AgentField,
  defineStrategy,
  MarketField,
  TriggerSource,
  Urgency,
  WakeOn,
  WakeReason,
} from '../../sim/strategy/index.js';
import { entryParams, standsDown } from '../parts/index.js';

/** Life of the ladder: waiting to enter, laid, spent. */
const PHASE = { waiting: 0, laid: 1, spent: 2 } as const;
/** Part of the initial position below which nothing is left. */
const LEFT_MIN = 1e-9;

const stopSource = 'assumption: -1, -2, -3 %';
const profitSource = 'assumption: mirrors the stops; 0 for none';

export const stopLadder = defineStrategy({
  name: 'stop-ladder',
  family: 'scaling',
  doc:
    'Closes fractions of its initial position as the mark passes the rungs of a ladder: stops ' +
    'against it, take-profits with it; it sleeps on price alerts in between. Rungs may instead ' +
    'watch the last trade or the index, at which only its clock looks.',
  source: 'Osler 2003, 2005 for where orders cluster',
  params: {
    ...entryParams,
    stop1: {
      doc: 'First stop, distance from the anchor', unit: 'fraction', min: 0, max: 0.99,
      default: 0.01, source: stopSource,
    },
    stop2: {
      doc: 'Second stop', unit: 'fraction', min: 0, max: 0.99, default: 0.02, source: stopSource,
    },
    stop3: {
      doc: 'Third stop', unit: 'fraction', min: 0, max: 0.99, default: 0.03, source: stopSource,
    },
    profit1: {
      doc: 'First take-profit, distance from the anchor', unit: 'fraction', min: 0, max: 10,
      default: 0.01, source: profitSource,
    },
    profit2: {
      doc: 'Second take-profit', unit: 'fraction', min: 0, max: 10, default: 0.02,
      source: profitSource,
    },
    profit3: {
      doc: 'Third take-profit', unit: 'fraction', min: 0, max: 10, default: 0.03,
      source: profitSource,
    },
    share1: {
      doc: 'Part of the initial position closed at a first rung', unit: 'fraction', min: 0, max: 1,
      default: 0.5, source: 'assumption',
    },
    share2: {
      doc: 'Part closed at a second rung', unit: 'fraction', min: 0, max: 1, default: 0.3,
      source: 'assumption',
    },
    share3: {
      doc: 'Part closed at a third rung', unit: 'fraction', min: 0, max: 1, default: 0.2,
      source: 'assumption',
    },
    roundTicks: {
      doc: 'Grid of round prices: stops lie one tick beyond it, take-profits on it; 0 for none',
      unit: 'ticks', min: 0, max: 1e7, default: 0, integer: true,
      source: 'Osler 2003; draw 0 or the grid, about 30 % on it',
    },
    roundShare: {
      doc: 'Probability that an agent uses the grid of round prices', unit: 'fraction', min: 0,
      max: 1, default: 1, source: 'Osler 2003: about 0.3 where roundTicks itself is not drawn',
    },
    triggerSource: {
      doc: 'Price its rungs watch: 0 last trade, 1 mark, 2 index', unit: '1', min: 0, max: 2,
      default: TriggerSource.mark, integer: true, source: 'practice: venues offer all three',
    },
  },
  state: {
    phase: { doc: '0 waiting, 1 laid, 2 spent', unit: '1', initial: PHASE.waiting },
    anchorTicks: { doc: 'Price the rungs are measured from', unit: 'ticks', initial: 0 },
    side: { doc: 'Side of the position the ladder guards', unit: '1', initial: 0 },
    initialLots: { doc: 'Position when the first rung fired', unit: 'lots', initial: 0 },
    left: { doc: 'Part of the initial position kept', unit: 'fraction', initial: 1 },
    fired: {
      doc: 'Bits of the rungs that fired: stops 0-2, take-profits 3-5', unit: '1', initial: 0,
    },
    wantedLots: { doc: 'Size it asked to be left with', unit: 'lots', initial: 0 },
    nearStop: { doc: 'Nearest stop left, times the side', unit: 'ticks', initial: 0 },
    nearProfit: { doc: 'Nearest take-profit left, times the side', unit: 'ticks', initial: 0 },
    gridTicks: { doc: 'Grid of round prices it uses; 0 for none', unit: 'ticks', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.liquidated,
  gainSign: 1,
  exitTrigger: 'its stop levels',
  examples: [
    {
      card: 'A10',
      doc: 'Stops at 99, 98 and 97; the gap from 99 to 97 fires two',
      position: 1,
      set: { profit1: 0, profit2: 0, profit3: 0 },
      expect: [{ field: 'targetPositionUnits', values: [1, 1, 1, 1, 0.5, 0, 0, 0, 0, 0] }],
    },
    {
      card: 'A10',
      doc: 'Rungs that watch the index, while the mark stands still',
      prices: [100, 100, 100, 100, 100],
      index: [100, 101, 99, 98.5, 97],
      position: 1,
      set: { profit1: 0, profit2: 0, profit3: 0, triggerSource: TriggerSource.index },
      expect: [{ field: 'targetPositionUnits', values: [1, 1, 0.5, 0.5, 0] }],
    },
    {
      card: 'A10',
      doc: 'Rungs that watch the mark, while the index falls',
      prices: [100, 100, 100],
      index: [100, 98, 90],
      position: 1,
      expect: [{ field: 'targetPositionUnits', values: [1, 1, 1] }],
    },
  ],
  start(batch, at) {
    const { count, rows, row, wakeAt, random } = batch;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      const share = rows[r + at.roundShare];
      let grid = rows[r + at.roundTicks];
      if (grid > 0 && share < 1) {
        const { keyHigh, keyLow, draws } = AgentField;
        const drawn = random.uniform(rows[r + keyHigh], rows[r + keyLow], rows[r + draws]++);
        if (drawn >= share) grid = 0;
      }
      rows[r + at.gridTicks] = grid;
      wakeAt[i] = rows[r + AgentField.position] !== 0 ? 0 : rows[r + at.entryMicros];
    }
  },
  decide(batch, at) {
    const { count, rows, row, time, reason, equity, target, urgency, wakeAt } = batch;
    const { alertBelow, alertAbove, market, marketAt, economics } = batch;
    const { phase, anchorTicks, side, initialLots, left, fired, stop1, profit1, share1 } = at;
    const { gridTicks, reentryMicros, leverage, direction, triggerSource } = at;
    const { wantedLots, nearStop, nearProfit } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const seen = marketAt[i];
      // The snapshot holds last trade, mark and index in the order of `TriggerSource`.
      const source = rows[r + triggerSource];
      const ticks = market[seen + MarketField.last + source];
      const held = rows[r + AgentField.position] + rows[r + AgentField.pending];
      const period = rows[r + AgentField.periodMicros];
      const signed = rows[r + side] * ticks;
      if (
        signed > rows[r + nearStop] && signed < rows[r + nearProfit] &&
        reason[i] === WakeReason.timer && held !== 0 && rows[r + phase] === PHASE.laid &&
        rows[r + side] * held <= rows[r + wantedLots]
      ) {
        // Its clock found it between two rungs, alerts set, orders filled: nothing to do.
        wakeAt[i] = time[i] + period;
        continue;
      }

      if (rows[r + phase] !== PHASE.laid) {
        // Lays a ladder under the position it has, or enters first.
        rows[r + phase] = PHASE.laid;
        rows[r + anchorTicks] = ticks;
        rows[r + initialLots] = 0;
        rows[r + left] = 1;
        rows[r + fired] = 0;
        rows[r + wantedLots] = Infinity;
        rows[r + side] = Math.sign(held);
        if (held === 0) {
          rows[r + side] = Math.sign(rows[r + direction]);
          target[i] = rows[r + direction] * rows[r + leverage] * equity[i];
          urgency[i] = Urgency.forced;
        }
      } else if (held === 0) {
        // Never filled, or closed by someone else: this ladder is over.
        rows[r + left] = 0;
      }

      const d = rows[r + side];
      const anchor = rows[r + anchorTicks];
      const grid = rows[r + gridTicks];
      // An alert speaks of the mark's extremes in the window: it may have come back since.
      const touched = (reason[i] & WakeReason.alert) !== 0 && source === TriggerSource.mark;
      const high = touched ? Math.max(market[seen + MarketField.high], ticks) : ticks;
      const low = touched ? Math.min(market[seen + MarketField.low], ticks) : ticks;
      const worst = d > 0 ? low : -high;
      const best = d > 0 ? high : -low;
      const before = rows[r + fired] | 0;
      let bits = before;
      let kept = rows[r + left];
      // Nearest rungs not yet passed, in ticks times the side.
      let nearStopTicks = -Infinity;
      let nearProfitTicks = Infinity;
      // The three of a kind are declared one after the other, so they follow in the row.
      for (let k = 0; k < 3; k++) {
        const share = rows[r + share1 + k];
        const stop = rungTicks(d, anchor * (1 - d * rows[r + stop1 + k]), grid, 1);
        if (rows[r + stop1 + k] > 0 && (bits & (1 << k)) === 0) {
          if (worst <= stop) {
            bits |= 1 << k;
            kept -= share;
          } else if (stop > nearStopTicks) {
            nearStopTicks = stop;
          }
        }
        const profit = -rungTicks(-d, anchor * (1 + d * rows[r + profit1 + k]), grid, 0);
        if (rows[r + profit1 + k] > 0 && (bits & (8 << k)) === 0) {
          if (best >= profit) {
            bits |= 8 << k;
            kept -= share;
          } else if (profit < nearProfitTicks) {
            nearProfitTicks = profit;
          }
        }
      }

      if (bits !== 0 && held !== 0) {
        if (rows[r + initialLots] === 0) rows[r + initialLots] = held;
        kept = kept < LEFT_MIN ? 0 : kept;
        const lots = rows[r + initialLots] * kept;
        rows[r + wantedLots] = Math.abs(lots) * (1 + LEFT_MIN);
        target[i] = economics.exposureQuote(lots, market[seen + MarketField.mark]);
        urgency[i] = Urgency.forced | Urgency.reduceOnly;
      }
      rows[r + fired] = bits;
      rows[r + nearStop] = nearStopTicks;
      rows[r + nearProfit] = nearProfitTicks;
      rows[r + left] = kept;

      // Its clock asks again after a refused order; without one, the ladder is over at once.
      if (kept <= 0 && (held === 0 || !(period > 0))) {
        rows[r + phase] = PHASE.spent;
        const pause = rows[r + reentryMicros];
        wakeAt[i] = pause > 0 ? time[i] + pause : Infinity;
        alertBelow[i] = -1;
        alertAbove[i] = -1;
      } else {
        wakeAt[i] = period > 0 ? time[i] + period : Infinity;
        const below = d > 0 ? nearStopTicks : -nearProfitTicks;
        const above = d > 0 ? nearProfitTicks : -nearStopTicks;
        const alerts = source === TriggerSource.mark;
        alertBelow[i] = alerts && below > 0 ? below : -1;
        alertAbove[i] = alerts && above < Infinity ? above : -1;
      }
    }
  },
});

/**
 * Returns a rung's trigger price times the side, ticks: rounded away from the position, or with a
 * grid, `beyond` ticks past the round price that lies further away.
 */
function rungTicks(d: number, levelTicks: number, grid: number, beyond: number): number {
  // The slack keeps a level that is a whole tick, but for rounding, on that tick.
  const level = d * levelTicks;
  if (grid > 0) return Math.floor(level / grid + 1e-9) * grid - beyond;
  return Math.floor(level + 1e-6);
}
