/** Anti-martingale (Paroli): doubles the stake after each win, starts over after a loss. */
import {
  AgentField,
  defineStrategy,
  MarketField,
  Urgency,
  WakeOn,
  WakeReason,
} from '../../sim/strategy/index.js';
import { standsDown, startClock } from '../parts/index.js';

/** Keeps a price that is on a barrier, but for rounding, on it. */
const SLACK = 1e-9;

export const antiMartingale = defineStrategy({
  name: 'anti-martingale',
  family: 'scaling',
  doc:
    'Bets that the price reaches entry x (1 + barrier) before entry x (1 - barrier); the amount ' +
    'at risk is multiplied after a win, and back to its base after a loss or a full run of ' +
    'wins.',
  source: 'Paroli betting; growth and ruin in Thorp 1969',
  params: {
    riskFraction: {
      doc: 'Base stake: part of equity lost at the barrier', unit: 'fraction', min: 0, max: 1,
      default: 0.01, source: 'practice: 1 %',
    },
    multiplier: {
      doc: 'Factor on the stake after a win',
      unit: '1', min: 1, max: 10, default: 2, source: 'Paroli',
    },
    winsMax: {
      doc: 'Consecutive wins after which the stake starts over',
      unit: '1', min: 1, max: 20, default: 3,
      integer: true, source: 'Paroli',
    },
    barrier: {
      doc: 'Distance of both barriers from the entry', unit: 'fraction', min: 1e-5, max: 0.9,
      default: 0.02, source: 'assumption',
    },
    direction: {
      doc: 'Side of the first bet: 1 long, -1 short', unit: '1', min: -1, max: 1, default: 1,
      source: 'assumption',
    },
    flipOnLoss: {
      doc: 'Changes side after a loss when 1', unit: '1', min: 0, max: 1, default: 0, integer: true,
      source: 'assumption',
    },
    leverageScale: {
      doc: 'Multiplies every stake',
      unit: 'leverage', min: 0, max: 1000, default: 1, source: 'assumption',
    },
  },
  state: {
    entryPrice: { doc: 'Price the bet began at; 0 before the first', unit: 'quote', initial: 0 },
    side: { doc: 'Side of the bet', unit: '1', initial: 0 },
    wins: { doc: 'Wins in a row', unit: '1', initial: 0 },
    baseQuote: { doc: 'Base stake of this run of bets', unit: 'quote', initial: 0 },
    multiple: { doc: 'Stake over the base stake', unit: '1', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  exitTrigger: 'the barrier against it',
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, reason, price, equity, target, urgency, wakeAt } = batch;
    const { alertBelow, alertAbove, market, marketAt } = batch;
    const { quotePerTick } = batch.economics;
    const ticksPerQuote = 1 / quotePerTick;
    const { entryPrice, side, wins, baseQuote, multiple } = at;
    const { riskFraction, multiplier, winsMax, barrier, direction, flipOnLoss, leverageScale } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const p = price[i];
      const distance = rows[r + barrier];
      let entry = rows[r + entryPrice];
      let high = p;
      let low = p;
      if ((reason[i] & WakeReason.alert) !== 0) {
        // An alert speaks of the window's extremes: the mark may have come back since.
        high = Math.max(high, market[marketAt[i] + MarketField.high] * quotePerTick);
        low = Math.min(low, market[marketAt[i] + MarketField.low] * quotePerTick);
      }
      const above = high >= entry * (1 + distance - SLACK);
      const below = low <= entry * (1 - distance + SLACK);
      if (above || below) {
        let won = 0;
        if (entry === 0) {
          rows[r + side] = rows[r + direction];
        } else if (rows[r + side] > 0 ? !below : !above) {
          // Both barriers in one window count as a loss.
          won = rows[r + wins] + 1;
          if (won >= rows[r + winsMax]) won = 0;
        } else {
          rows[r + side] *= 1 - 2 * rows[r + flipOnLoss];
        }
        rows[r + wins] = won;
        if (won === 0) {
          rows[r + baseQuote] = rows[r + riskFraction] * equity[i];
          rows[r + multiple] = 1;
        } else {
          rows[r + multiple] *= rows[r + multiplier];
        }
        entry = p;
        rows[r + entryPrice] = p;
        urgency[i] = Urgency.forced;
      }
      const stake = rows[r + leverageScale] * rows[r + baseQuote] * rows[r + multiple];
      target[i] = (rows[r + side] * stake * p) / (distance * entry);
      alertAbove[i] = Math.ceil(entry * (1 + distance - SLACK) * ticksPerQuote);
      alertBelow[i] = Math.floor(entry * (1 - distance + SLACK) * ticksPerQuote);
      if ((reason[i] & WakeReason.timer) !== 0) {
        wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      }
    }
  },
});
