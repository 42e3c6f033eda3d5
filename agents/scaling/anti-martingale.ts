/** Anti-martingale (Paroli): doubles the stake after each win, starts over after a loss. */
import {
  AgentField,
  defineStrategy,
  Urgency,
  WakeOn,
  WakeReason,
} from '../../sim/strategy/index.js';
import {
  betOutcome,
  BetOutcome,
  betState,
  standsDown,
  startClock,
  watchBarriers,
} from '../parts/index.js';

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
    ...betState,
    wins: { doc: 'Wins in a row', unit: '1', initial: 0 },
    baseQuote: { doc: 'Base stake of this run of bets', unit: 'quote', initial: 0 },
    multiple: { doc: 'Stake over the base stake', unit: '1', initial: 0 },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  bets: { barrier: 'barrier', side: 'side' },
  gainSign: 1,
  exitTrigger: 'the barrier against it',
  examples: [
    {
      card: 'A3',
      doc: 'Stakes over the base stake: doubled by a win, back after a loss or three wins',
      outcomes: [1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 1],
      expect: [{ field: 'state.multiple', values: [1, 2, 4, 1, 2, 4, 1, 2, 1, 1, 1] }],
    },
    {
      card: 'A3',
      doc: 'A run of three wins is worth seven base stakes of 1 % of equity',
      outcomes: [1, 1, 1, 0],
      expect: [
        { field: 'equityQuote', values: [100_000, 101_000, 103_000, 107_000] },
        { field: 'targetNotionalQuote', values: [50_000, 100_000, 200_000, 53_500] },
      ],
    },
  ],
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, reason, price, equity, target, urgency, wakeAt } = batch;
    const { entryPrice, side, wins, baseQuote, multiple } = at;
    const { riskFraction, multiplier, winsMax, barrier, direction, flipOnLoss, leverageScale } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const p = price[i];
      const outcome = betOutcome(batch, i, r + entryPrice, r + barrier);
      if (outcome !== BetOutcome.open) {
        let won = 0;
        if (outcome === BetOutcome.first) {
          rows[r + side] = rows[r + direction];
        } else if (outcome === BetOutcome.won) {
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
        rows[r + entryPrice] = p;
        urgency[i] = Urgency.forced;
      }
      const stake = rows[r + leverageScale] * rows[r + baseQuote] * rows[r + multiple];
      target[i] = (rows[r + side] * stake * p) / (rows[r + barrier] * rows[r + entryPrice]);
      watchBarriers(batch, i, r + entryPrice, r + barrier);
      if ((reason[i] & WakeReason.timer) !== 0) {
        wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
      }
    }
  },
});
